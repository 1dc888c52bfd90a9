/* SPDX-License-Identifier: MIT */
/* login.c - see login.h. */

#include "config.h"

#include "login.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <gssapi/gssapi_ext.h>

static char ntlm_der[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
static gss_OID_desc ntlm = {sizeof(ntlm_der) - 1, ntlm_der};
static gss_OID_set_desc mechs = {1, &ntlm};

void die(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(EXIT_FAILURE);
}

static void must(OM_uint32 major, OM_uint32 minor, const char *what)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 more = 0, ignored;

    if (!GSS_ERROR(major))
        return;
    gss_display_status(&ignored, minor, GSS_C_MECH_CODE, &ntlm, &more, &text);
    fprintf(stderr, "%.*s\n", (int)text.length, (char *)text.value);
    die(what);
}

static gss_name_t import(const char *text, gss_OID type)
{
    gss_buffer_desc buffer = {strlen(text), (void *)(uintptr_t)text};
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 minor, major = gss_import_name(&minor, &buffer, type, &name);

    must(major, minor, "a name cannot be imported");
    return name;
}

gss_cred_id_t server_with(const char *path)
{
    gss_key_value_element_desc file = {"ntlmssp_keyfile", path};
    gss_key_value_set_desc store = {1, &file};
    gss_cred_id_t server = GSS_C_NO_CREDENTIAL;
    OM_uint32 minor,
        major = gss_acquire_cred_from(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs,
                                      GSS_C_ACCEPT, &store, &server, NULL, NULL);

    must(major, minor, "the acceptor has no credential");
    return server;
}

static gss_cred_id_t client_of(unsigned long number)
{
    char account[64], secret[32];
    gss_cred_id_t client = GSS_C_NO_CREDENTIAL;
    OM_uint32 minor, major;
    gss_name_t name;

    snprintf(account, sizeof(account), ACCOUNT_FORMAT, '\\', number);
    snprintf(secret, sizeof(secret), PASSWORD_FORMAT, number);
    name = import(account, GSS_C_NT_USER_NAME);
    major = gss_acquire_cred_with_password(
        &minor, name, &(gss_buffer_desc){strlen(secret), secret}, GSS_C_INDEFINITE, &mechs,
        GSS_C_INITIATE, &client, NULL, NULL);
    must(major, minor, "the initiator has no credential");
    gss_release_name(&minor, &name);
    return client;
}

/* One side's call; its major status, and its time is added to *taken. */
static OM_uint32 accept_token(gss_cred_id_t server, gss_ctx_id_t *context, gss_buffer_t token,
                              gss_buffer_t reply, double (*clock)(void), double *taken)
{
    double start = clock();
    OM_uint32 minor, major = gss_accept_sec_context(&minor, context, server, token, NULL, NULL,
                                                    NULL, reply, NULL, NULL, NULL);

    *taken += clock() - start;
    return major;
}

static void initiate(gss_cred_id_t client, gss_ctx_id_t *context, gss_buffer_t token,
                     gss_buffer_t reply)
{
    static const OM_uint32 flags = GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG;
    gss_name_t target = import("HTTP@localhost", GSS_C_NT_HOSTBASED_SERVICE);
    OM_uint32 minor, major = gss_init_sec_context(&minor, client, context, target, &ntlm, flags,
                                                  0, NULL, token, NULL, reply, NULL, NULL);

    must(major, minor, "a logon cannot be begun");
    gss_release_name(&minor, &target);
}

bool log_in(gss_cred_id_t server, unsigned long number, double (*clock)(void), double *taken)
{
    gss_buffer_desc negotiate = GSS_C_EMPTY_BUFFER, challenge = GSS_C_EMPTY_BUFFER,
                    authenticate = GSS_C_EMPTY_BUFFER, none = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t ours = GSS_C_NO_CONTEXT, theirs = GSS_C_NO_CONTEXT;
    gss_cred_id_t client = client_of(number);
    OM_uint32 minor, major;

    *taken = 0;
    initiate(client, &ours, GSS_C_NO_BUFFER, &negotiate);
    major = accept_token(server, &theirs, &negotiate, &challenge, clock, taken);
    if (!GSS_ERROR(major)) {
        initiate(client, &ours, &challenge, &authenticate);
        major = accept_token(server, &theirs, &authenticate, &none, clock, taken);
    }
    gss_release_buffer(&minor, &negotiate);
    gss_release_buffer(&minor, &challenge);
    gss_release_buffer(&minor, &authenticate);
    gss_delete_sec_context(&minor, &ours, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &theirs, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &client);
    return major == GSS_S_COMPLETE;
}

void write_text(const char *path, unsigned long count)
{
    FILE *file = fopen(path, "w");

    if (!file)
        die("the account file cannot be written");
    for (unsigned long i = 0; i < count; i++)
        fprintf(file, ACCOUNT_FORMAT ":" PASSWORD_FORMAT "\n", ':', i, i);
    if (fclose(file) != 0 || chmod(path, 0600) != 0)
        die("the account file cannot be written");
}
