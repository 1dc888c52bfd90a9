/* SPDX-License-Identifier: MIT */
/* web_accounts.c - see web_accounts.h. */

#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <gssapi/gssapi_ext.h>

#include "web_accounts.h"

#define DOMAIN "DEMO"
#define CHANGING_USER "carol"
#define STEADY_COUNT 8
#define STATES_MAX 1024

static char ntlm_der[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
static char spnego_der[] = "\x2b\x06\x01\x05\x05\x02";
gss_OID_desc web_ntlm = {sizeof(ntlm_der) - 1, ntlm_der};
gss_OID_desc web_spnego = {sizeof(spnego_der) - 1, spnego_der};

struct person {
    char user[16], password[32];
    gss_cred_id_t right, wrong;
};

struct accounts {
    const char *tool, *path;
    enum change how;
    struct person steady[STEADY_COUNT], stranger;
    /* CHANGING_USER's credential before all changes, and after each. */
    gss_cred_id_t changing[STATES_MAX / 2 + 1];
    /* Twice the number of changes; one more while one is being made. */
    atomic_uint state;
    pthread_t thread;
    pthread_mutex_t lock; /* of `over` */
    pthread_cond_t stop;
    bool over;
};

void die(const char *what)
{
    fprintf(stderr, "web: %s\n", what);
    exit(EXIT_FAILURE);
}

static gss_cred_id_t credential_of(const char *user, const char *password)
{
    gss_OID mechs[] = {&web_ntlm, &web_spnego};
    gss_OID_desc both[] = {*mechs[0], *mechs[1]};
    gss_OID_set_desc wanted = {2, both}, negotiated = {1, &web_ntlm};
    char name[64];
    gss_buffer_desc text = {(size_t)snprintf(name, sizeof(name), DOMAIN "\\%s", user), name};
    gss_buffer_desc secret = {strlen(password), (void *)(uintptr_t)password};
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    gss_name_t who;
    OM_uint32 minor;

    if (gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, &who))
        die("there is no name");
    if (gss_acquire_cred_with_password(&minor, who, &secret, GSS_C_INDEFINITE, &wanted,
                                       GSS_C_INITIATE, &credential, NULL, NULL) ||
        gss_set_neg_mechs(&minor, credential, &negotiated))
        die("there is no credential");
    gss_release_name(&minor, &who);
    return credential;
}

static void password_after(unsigned changes, char password[32])
{
    snprintf(password, 32, "after %u changes", changes);
}

static gss_cred_id_t changed_credential(unsigned changes)
{
    char password[32];

    password_after(changes, password);
    return credential_of(CHANGING_USER, password);
}

/* All accounts as they are after so many changes, for who has the file now. */
static void write_text(const struct accounts *accounts, const char *path, unsigned changes)
{
    FILE *file = fopen(path, "w");
    char password[32];
    struct stat now;

    if (!file || fchmod(fileno(file), 0600) ||
        (stat(accounts->path, &now) == 0 && fchown(fileno(file), now.st_uid, now.st_gid)))
        die("a new account file cannot be written");
    password_after(changes, password);
    for (unsigned i = 0; i < changes % 16; i++)
        fprintf(file, "OTHER:user%u:password\n", i);
    for (size_t i = 0; i < STEADY_COUNT; i++)
        fprintf(file, DOMAIN ":%s:%s\n", accounts->steady[i].user,
                accounts->steady[i].password);
    if (fprintf(file, DOMAIN ":" CHANGING_USER ":%s\n", password) < 0 || fclose(file))
        die("a new account file cannot be written");
}

/* Runs the tool, with the password as its standard input. */
static void run_tool(char *const *arguments, const char *password)
{
    int ends[2], status;
    pid_t child;

    if (pipe(ends))
        die("there is no pipe");
    child = fork();
    if (child == 0) {
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv(arguments[0], arguments);
        _exit(127);
    }
    close(ends[0]);
    dprintf(ends[1], "%s\n", password);
    close(ends[1]);
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        die("gss-negotiate account has failed");
}

static void add_with_tool(const struct accounts *accounts, unsigned changes)
{
    char password[32];
    char *arguments[] = {(char *)(uintptr_t)accounts->tool,
                         (char[]){"account"},
                         (char[]){"add"},
                         (char[]){"--replace"},
                         (char[]){"--file"},
                         (char *)(uintptr_t)accounts->path,
                         (char[]){DOMAIN "\\" CHANGING_USER},
                         NULL};

    password_after(changes, password);
    run_tool(arguments, password);
}

static void replace(const struct accounts *accounts, unsigned changes)
{
    char path[4096];
    char *import[] = {(char *)(uintptr_t)accounts->tool,
                      (char[]){"account"},
                      (char[]){"import"},
                      path,
                      (char *)(uintptr_t)accounts->path,
                      NULL};

    snprintf(path, sizeof(path), "%s.new", accounts->path);
    write_text(accounts, path, changes);
    if (accounts->how == CHANGE_DATABASE)
        run_tool(import, "");
    else if (rename(path, accounts->path))
        die("the account file cannot be replaced");
}

static void change(struct accounts *accounts)
{
    unsigned state = atomic_load(&accounts->state), changes = state / 2 + 1;

    if (state + 2 >= STATES_MAX)
        die("there are too many changes");
    accounts->changing[changes] = changed_credential(changes);
    atomic_store(&accounts->state, state + 1);
    if (accounts->how == CHANGE_BY_RENAME || changes % 2)
        replace(accounts, changes);
    else
        add_with_tool(accounts, changes);
    atomic_store(&accounts->state, state + 2);
}

static void *keep_changing(void *arg)
{
    struct accounts *accounts = arg;
    struct timespec end;

    clock_gettime(CLOCK_REALTIME, &end);
    pthread_mutex_lock(&accounts->lock);
    while (!accounts->over) {
        pthread_mutex_unlock(&accounts->lock);
        change(accounts);
        pthread_mutex_lock(&accounts->lock);
        end.tv_sec++;
        while (!accounts->over &&
               pthread_cond_timedwait(&accounts->stop, &accounts->lock, &end) != ETIMEDOUT)
            continue;
    }
    pthread_mutex_unlock(&accounts->lock);
    return NULL;
}

struct accounts *accounts_open(const char *tool, const char *path, enum change how)
{
    struct accounts *accounts = calloc(1, sizeof(*accounts));

    if (!accounts)
        die("there is not enough memory");
    accounts->tool = tool;
    accounts->path = path;
    accounts->how = how;
    pthread_mutex_init(&accounts->lock, NULL);
    pthread_cond_init(&accounts->stop, NULL);
    for (unsigned i = 0; i < STEADY_COUNT; i++) {
        struct person *person = &accounts->steady[i];

        snprintf(person->user, sizeof(person->user), "user%02u", i);
        snprintf(person->password, sizeof(person->password), "secret %02u", i);
        person->right = credential_of(person->user, person->password);
        person->wrong = credential_of(person->user, "another one");
    }
    snprintf(accounts->stranger.user, sizeof(accounts->stranger.user), "mallory");
    accounts->stranger.wrong = credential_of(accounts->stranger.user, "secret 00");
    accounts->changing[0] = changed_credential(0);
    if (how != CHANGE_NEVER) {
        replace(accounts, 0);
        change(accounts); /* so that there is a password before */
    }
    return accounts;
}

void accounts_close(struct accounts *accounts)
{
    OM_uint32 minor;

    for (unsigned i = 0; i < STEADY_COUNT; i++) {
        gss_release_cred(&minor, &accounts->steady[i].right);
        gss_release_cred(&minor, &accounts->steady[i].wrong);
    }
    gss_release_cred(&minor, &accounts->stranger.wrong);
    for (unsigned i = 0; i <= accounts_changes(accounts); i++)
        gss_release_cred(&minor, &accounts->changing[i]);
    pthread_mutex_destroy(&accounts->lock);
    pthread_cond_destroy(&accounts->stop);
    free(accounts);
}

void accounts_start(struct accounts *accounts)
{
    accounts->over = false;
    if (accounts->how != CHANGE_NEVER &&
        pthread_create(&accounts->thread, NULL, keep_changing, accounts))
        die("there is no thread");
}

void accounts_stop(struct accounts *accounts)
{
    if (accounts->how == CHANGE_NEVER)
        return;
    pthread_mutex_lock(&accounts->lock);
    accounts->over = true;
    pthread_cond_signal(&accounts->stop);
    pthread_mutex_unlock(&accounts->lock);
    pthread_join(accounts->thread, NULL);
}

unsigned accounts_changes(const struct accounts *accounts)
{
    return atomic_load(&accounts->state) / 2;
}

struct attempt accounts_attempt(const struct accounts *accounts, unsigned number)
{
    const struct person *person = &accounts->steady[number / 16 % STEADY_COUNT];
    unsigned state = atomic_load(&accounts->state);
    bool before = number % 16 == 7;

    switch (number % 16) {
    case 3:
    case 11:
        return (struct attempt){person->wrong, person->user, REFUSED, 0};
    case 5:
        person = &accounts->stranger;
        return (struct attempt){person->wrong, person->user, REFUSED, 0};
    case 7:
    case 15:
        if (accounts->how == CHANGE_NEVER)
            break;
        return (struct attempt){accounts->changing[state / 2 - before], CHANGING_USER,
                                before ? REFUSED : LET_IN, state};
    default:
        break;
    }
    return (struct attempt){person->right, person->user, LET_IN, 0};
}

enum verdict accounts_verdict(const struct accounts *accounts, const struct attempt *attempt)
{
    if (attempt->state != 0 &&
        (attempt->state % 2 != 0 || atomic_load(&accounts->state) != attempt->state))
        return EITHER;
    return attempt->expected;
}
