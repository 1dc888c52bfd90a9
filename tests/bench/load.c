/* SPDX-License-Identifier: MIT */
/* load.c - what a server of many logins holds: memory of contexts that are begun and never
 * finished, and of many logins one after the other, with messages, while the account file
 * is replaced every second. A login that fails then is a failure of this program.
 *
 *   usage: load CONTEXTS LOGINS      with GSS_MECH_CONFIG and NTLM_USER_FILE set */

#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

static char ntlm_der[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
static gss_OID_desc ntlm = {sizeof(ntlm_der) - 1, ntlm_der};
static gss_OID_set_desc mechs = {1, &ntlm};
static gss_cred_id_t initiator, acceptor;
static gss_name_t target;

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "load: %s\n", what);
    exit(EXIT_FAILURE);
}

/* Memory of this process, in bytes. */
static size_t resident(void)
{
    unsigned long size = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    must(file && fscanf(file, "%lu %lu", &size, &pages) == 2, "/proc/self/statm");
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static gss_cred_id_t acquire(gss_cred_usage_t usage)
{
    gss_cred_id_t credential;
    OM_uint32 minor;

    must(gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs, usage, &credential,
                          NULL, NULL) == GSS_S_COMPLETE,
         "there is no credential");
    return credential;
}

static OM_uint32 initiate(gss_ctx_id_t *context, gss_buffer_t in, gss_buffer_t out)
{
    OM_uint32 minor;

    return gss_init_sec_context(&minor, initiator, context, target, &ntlm, GSS_C_CONF_FLAG, 0,
                                GSS_C_NO_CHANNEL_BINDINGS, in, NULL, out, NULL, NULL);
}

static OM_uint32 accept_token(gss_ctx_id_t *context, gss_buffer_t in, gss_buffer_t out)
{
    OM_uint32 minor;

    return gss_accept_sec_context(&minor, context, acceptor, in, GSS_C_NO_CHANNEL_BINDINGS,
                                  NULL, NULL, out, NULL, NULL, NULL);
}

/* Clients that send their first token and are not heard of again. */
static void hold(size_t count)
{
    gss_ctx_id_t client = GSS_C_NO_CONTEXT, *servers = calloc(count, sizeof(*servers));
    gss_buffer_desc first, answer;
    size_t before, held;
    OM_uint32 minor;

    must(servers != NULL, "there is not enough memory");
    must(initiate(&client, GSS_C_NO_BUFFER, &first) == GSS_S_CONTINUE_NEEDED, "no token");
    before = resident();
    for (size_t i = 0; i < count; i++) {
        must(accept_token(&servers[i], &first, &answer) == GSS_S_CONTINUE_NEEDED, "no answer");
        gss_release_buffer(&minor, &answer);
    }
    held = resident() - before;
    for (size_t i = 0; i < count; i++)
        gss_delete_sec_context(&minor, &servers[i], GSS_C_NO_BUFFER);
    printf("%zu half-open contexts held %zu bytes each; %zu MB in all\n", count, held / count,
           held >> 20);
    gss_delete_sec_context(&minor, &client, GSS_C_NO_BUFFER);
    gss_release_buffer(&minor, &first);
    free(servers);
}

/* Messages both ways. */
static bool talk(gss_ctx_id_t from, gss_ctx_id_t to)
{
    static char bytes[] = "a message of no great length, as most of them are";
    gss_buffer_desc text = {sizeof(bytes), bytes}, token, out = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;
    bool arrived;

    if (gss_wrap(&minor, from, 1, GSS_C_QOP_DEFAULT, &text, NULL, &token) != GSS_S_COMPLETE)
        return false;
    arrived = gss_unwrap(&minor, to, &token, &out, NULL, NULL) == GSS_S_COMPLETE &&
              out.length == text.length && memcmp(out.value, bytes, sizeof(bytes)) == 0;
    gss_release_buffer(&minor, &token);
    gss_release_buffer(&minor, &out);
    return arrived;
}

static bool log_in(void)
{
    gss_ctx_id_t client = GSS_C_NO_CONTEXT, server = GSS_C_NO_CONTEXT;
    gss_buffer_desc tokens[4] = {GSS_C_EMPTY_BUFFER};
    OM_uint32 minor;
    bool good = initiate(&client, GSS_C_NO_BUFFER, &tokens[0]) == GSS_S_CONTINUE_NEEDED &&
                accept_token(&server, &tokens[0], &tokens[1]) == GSS_S_CONTINUE_NEEDED &&
                initiate(&client, &tokens[1], &tokens[2]) == GSS_S_COMPLETE &&
                accept_token(&server, &tokens[2], &tokens[3]) == GSS_S_COMPLETE &&
                talk(client, server) && talk(server, client);

    for (size_t i = 0; i < 4; i++)
        gss_release_buffer(&minor, &tokens[i]);
    gss_delete_sec_context(&minor, &client, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &server, GSS_C_NO_BUFFER);
    return good;
}

static atomic_bool over;
static unsigned replaced;

/* Puts a new account file in the old one's place every second, with one account more. */
static void *replace_accounts(void *arg)
{
    const char *path = getenv("NTLM_USER_FILE");
    char line[256] = "", new_path[4096];
    FILE *file = fopen(path, "r");

    must(file != NULL, "no account file");
    while (fgets(line, sizeof(line), file)) /* the last is who logs in */
        continue;
    fclose(file);
    snprintf(new_path, sizeof(new_path), "%s.new", path);
    for (; !atomic_load(&over); replaced++) {
        file = fopen(new_path, "w");
        must(file && fchmod(fileno(file), 0600) == 0, "no new account file");
        for (unsigned i = 0; i <= replaced % 1000; i++)
            fprintf(file, "OTHER:user%u:password\n", i);
        must(fprintf(file, "%s", line) > 0 && fclose(file) == 0 && rename(new_path, path) == 0,
             "the account file cannot be replaced");
        sleep(1);
    }
    return arg;
}

static void soak(size_t count)
{
    size_t failures = 0, begun, ended;
    pthread_t writer;

    must(pthread_create(&writer, NULL, replace_accounts, NULL) == 0, "no thread");
    for (size_t i = 0; i < count / 10; i++)
        failures += !log_in();
    begun = resident();
    for (size_t i = count / 10; i < count; i++)
        failures += !log_in();
    ended = resident();
    atomic_store(&over, true);
    pthread_join(writer, NULL);
    printf("%zu logins with messages, %zu failed, the account file replaced %u times; "
           "%zu KB after a tenth of them, %zu KB at the end\n",
           count, failures, replaced, begun >> 10, ended >> 10);
    must(failures == 0, "a login failed that should not");
    must(ended < begun + begun / 10 + (1 << 20), "memory grew");
}

int main(int argc, char **argv)
{
    static char service[] = "HTTP@localhost";
    gss_buffer_desc text = {sizeof(service) - 1, service};
    OM_uint32 minor;

    must(argc == 3, "usage: load CONTEXTS LOGINS");
    must(gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &target) == GSS_S_COMPLETE,
         "no name");
    initiator = acquire(GSS_C_INITIATE);
    acceptor = acquire(GSS_C_ACCEPT);
    soak(strtoul(argv[2], NULL, 10)); /* before there is memory that was used once */
    hold(strtoul(argv[1], NULL, 10));
    gss_release_cred(&minor, &initiator);
    gss_release_cred(&minor, &acceptor);
    gss_release_name(&minor, &target);
    return EXIT_SUCCESS;
}
