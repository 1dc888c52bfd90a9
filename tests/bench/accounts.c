/* SPDX-License-Identifier: MIT */
/* accounts.c - what large account files cost an acceptor: logons a second with
 * few accounts and with many, the time to index the file, and the memory for that
 * over the file's own size. A logon is all that gss_accept_sec_context does for
 * it, for an account chosen at random; what the initiator does is not counted.
 *
 *   usage: accounts_bench [--rounds N]      medians of so many; by default 5 */

#include "config.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#define SIZES 4
static const unsigned long sizes[SIZES] = {1, 1000, 100000, 1000000};

#define ACCOUNT_FORMAT "EXAMPLE%cuser%07lu"
#define PASSWORD_FORMAT "secret%07lu"
#define ROUNDS_MAX 99
#define TURNS 40  /* a round */
#define LOGONS 50 /* a turn */

static char ntlm_der[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
static gss_OID_desc ntlm = {sizeof(ntlm_der) - 1, ntlm_der};
static gss_OID_set_desc mechs = {1, &ntlm};

static char directory[] = "/tmp/accounts_bench.XXXXXX";

struct world {
    unsigned long count;
    char path[64];
    gss_cred_id_t server;
    /* What was measured in each round, and in each turn. */
    double indexing[ROUNDS_MAX], logons[ROUNDS_MAX * TURNS], ratios[ROUNDS_MAX * TURNS];
    double memory; /* bytes an account, over the file */
};
static struct world worlds[SIZES];

static void remove_files(void)
{
    for (int i = 0; i < SIZES; i++)
        unlink(worlds[i].path);
    rmdir(directory);
}

static void die(const char *what)
{
    fprintf(stderr, "accounts_bench: %s\n", what);
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

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t allocated(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

/* A file that was changed just now is waited for by who reads it. */
static void rest(void)
{
    const struct timespec moment = {.tv_nsec = 50000000};

    nanosleep(&moment, NULL);
}

static void write_file(const struct world *world)
{
    FILE *file = fopen(world->path, "w");

    if (!file)
        die("the account file cannot be written");
    for (unsigned long i = 0; i < world->count; i++)
        fprintf(file, ACCOUNT_FORMAT ":" PASSWORD_FORMAT "\n", ':', i, i);
    if (fclose(file) != 0 || chmod(world->path, 0600) != 0)
        die("the account file cannot be written");
    rest();
}

static gss_name_t import(const char *text, gss_OID type)
{
    gss_buffer_desc buffer = {strlen(text), (void *)(uintptr_t)text};
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 minor, major = gss_import_name(&minor, &buffer, type, &name);

    must(major, minor, "a name cannot be imported");
    return name;
}

static gss_cred_id_t server_with(const char *path)
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

static double accept_token(gss_cred_id_t server, gss_ctx_id_t *context, gss_buffer_t token,
                           gss_buffer_t reply)
{
    double start = seconds();
    OM_uint32 minor, major = gss_accept_sec_context(&minor, context, server, token, NULL, NULL,
                                                    NULL, reply, NULL, NULL, NULL);

    must(major, minor, "a logon failed");
    return seconds() - start;
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

/* The acceptor's time for it, in seconds. */
static double log_in(gss_cred_id_t server, unsigned long number)
{
    gss_buffer_desc negotiate = GSS_C_EMPTY_BUFFER, challenge = GSS_C_EMPTY_BUFFER,
                    authenticate = GSS_C_EMPTY_BUFFER, none = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t ours = GSS_C_NO_CONTEXT, theirs = GSS_C_NO_CONTEXT;
    gss_cred_id_t client = client_of(number);
    OM_uint32 minor;
    double taken;

    initiate(client, &ours, GSS_C_NO_BUFFER, &negotiate);
    taken = accept_token(server, &theirs, &negotiate, &challenge);
    initiate(client, &ours, &challenge, &authenticate);
    taken += accept_token(server, &theirs, &authenticate, &none);
    gss_release_buffer(&minor, &negotiate);
    gss_release_buffer(&minor, &challenge);
    gss_release_buffer(&minor, &authenticate);
    gss_delete_sec_context(&minor, &ours, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &theirs, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &client);
    return taken;
}

/* Of the first logon after a change; the others' time is too short to tell. */
static double index_again(struct world *world)
{
    if (chmod(world->path, 0400) != 0 || chmod(world->path, 0600) != 0)
        die("the account file cannot be changed");
    rest();
    return log_in(world->server, 0);
}

static void begin(struct world *world, int number)
{
    size_t before;

    world->count = sizes[number];
    snprintf(world->path, sizeof(world->path), "%s/%lu", directory, world->count);
    write_file(world);
    world->server = server_with(world->path);
    before = allocated();
    log_in(world->server, 0);
    world->memory = (double)(allocated() - before) / (double)world->count;
}

static double logons_a_second(const struct world *world)
{
    double taken = 0;

    for (int i = 0; i < LOGONS; i++)
        taken += log_in(world->server, (unsigned long)rand() % world->count);
    return LOGONS / taken;
}

/* The files take turns, so that each suffers alike from what else this machine
 * does; turns in which it did most are none of the medians. */
static void measure(int round)
{
    for (int i = 0; i < SIZES; i++)
        worlds[i].indexing[round] = index_again(&worlds[i]);
    for (int turn = round * TURNS; turn < (round + 1) * TURNS; turn++)
        for (int i = 0; i < SIZES; i++) {
            worlds[i].logons[turn] = logons_a_second(&worlds[i]);
            worlds[i].ratios[turn] = worlds[i].logons[turn] / worlds[0].logons[turn];
        }
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof(*values), by_value);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static void print(int rounds)
{
    printf("%9s %9s %7s %9s %11s\n", "accounts", "logons/s", "to one", "index, s",
           "bytes each");
    for (int i = 0; i < SIZES; i++) {
        struct world *world = &worlds[i];
        char memory[16] = "-"; /* with one account it is the process' own */

        if (world->count > 1)
            snprintf(memory, sizeof(memory), "%.1f", world->memory);
        printf("%9lu %9.0f %7.2f %9.3f %11s\n", world->count,
               median(world->logons, rounds * TURNS), median(world->ratios, rounds * TURNS),
               median(world->indexing, rounds), memory);
    }
}

int main(int argc, char **argv)
{
    int rounds = argc == 3 && strcmp(argv[1], "--rounds") == 0 ? atoi(argv[2]) : 5;

    if ((argc != 1 && argc != 3) || rounds < 1 || rounds > ROUNDS_MAX) {
        fputs("usage: accounts_bench [--rounds N]\n", stderr);
        return 2;
    }
    setenv("GSS_MECH_CONFIG", GSS_MECH_CONF, 0);
    setenv("KRB5_CONFIG", "/dev/null", 0);
    if (!mkdtemp(directory))
        die("a directory cannot be made");
    atexit(remove_files);
    for (int i = 0; i < SIZES; i++)
        begin(&worlds[i], i);
    for (int round = 0; round < rounds; round++)
        measure(round);
    print(rounds);
    return EXIT_SUCCESS;
}
