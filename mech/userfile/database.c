/* SPDX-License-Identifier: MIT */
/* database.c - see database.h. */

#include "config.h"

#include "userfile/database.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ntlm/secret.h"
#include "support/failure.h"
#include "userfile/lmdb.h"
#include "userfile/path.h"

#define ATTEMPTS 100       /* while others change the file */
#define DAMAGED_ATTEMPTS 5 /* it may be about to be put in order */
#define FIRST_ATTEMPTS 10
#define PAUSE_TIME 1000000L /* nanoseconds between these */

/* Reads the first byte again where there was none, or a signal came: in the meantime the
 * file may have been written. */
static ssize_t read_first(int fd, uint8_t *first)
{
    ssize_t len = -1;
    struct stat st;

    for (int i = 0; i < FIRST_ATTEMPTS; i++) {
        len = pread(fd, first, 1, 0);
        if (len > 0 || (len < 0 && errno != EINTR) ||
            (len == 0 && fstat(fd, &st) == 0 && st.st_size == 0))
            break;
    }
    return len;
}

enum ntlm_error database_is(const char *path, int fd, bool *is)
{
    uint8_t first;
    ssize_t len = read_first(fd, &first);

    *is = len == 1 && lmdb_begins_with(first);
    if (len < 0)
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s: %s", path, strerror(errno));
    return NTLM_OK;
}

enum ntlm_error database_open(const char *path, const struct fingerprint *expected, int *fd,
                              off_t *size, bool *same)
{
    struct fingerprint now;
    char text[PATH_REASON_SIZE];
    const char *why = NULL;
    struct stat st;

    *same = false;
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*fd < 0)
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s: %s", path, strerror(errno));
    if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode)) {
        fingerprint_status(&st, &now);
        *size = st.st_size;
        why = path_unsafe(path, &st, text);
        *same = !why && fingerprint_same_place(&now, expected);
    }
    if (!*same) {
        close(*fd);
        *fd = -1;
    }
    return why ? fail(NTLM_ERR_FILE_INSECURE, "%s %s", path, why) : NTLM_OK;
}

/* What is read of one state of a database. It may be called again, if it was not. */
struct job {
    enum lmdb_result (*run)(struct job *job, struct lmdb *lmdb);
    void *arg;
    off_t size;            /* of the file, if it is known already, for the first attempt */
    enum ntlm_error error; /* any that has nothing to do with the file */
};

static enum lmdb_result damaged(struct lmdb *lmdb, const char *fault)
{
    lmdb->fault = fault;
    return LMDB_DAMAGED;
}

/* An error of a record: of the file, or of the job. */
static enum lmdb_result result_of(struct job *job, struct lmdb *lmdb, enum ntlm_error error)
{
    if (error == NTLM_ERR_FILE_UNREADABLE)
        return damaged(lmdb, "an entry of it is damaged");
    job->error = error;
    return LMDB_OK;
}

static enum lmdb_result attempt(struct job *job, int fd, struct lmdb *lmdb, bool *whole)
{
    struct stat st = {.st_size = job->size};
    enum lmdb_result result = LMDB_UNREADABLE;

    *lmdb = (struct lmdb){.fd = -1};
    *whole = true;
    job->error = NTLM_OK;
    job->size = 0;
    if (st.st_size > 0 || fstat(fd, &st) == 0)
        result = lmdb_open(lmdb, fd, st.st_size);
    if (!result) {
        result = job->run(job, lmdb);
        *whole = lmdb_is_whole(lmdb);
    }
    return result;
}

static enum ntlm_error error_of(const char *path, const struct job *job,
                                enum lmdb_result result, const char *fault)
{
    switch (result) {
    case LMDB_DAMAGED:
        return fail(NTLM_ERR_FILE_UNREADABLE,
                    "the account database %s is damaged: %s; put a copy in its place, or make "
                    "it again (gss-negotiate account import)",
                    path, fault);
    case LMDB_UNREADABLE:
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s: %s", path, strerror(errno));
    case LMDB_NO_MEMORY:
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    default:
        return job->error && job->error != NTLM_ERR_NO_SUCH_LINE ? fail(job->error, NULL)
                                                                 : job->error;
    }
}

/* Runs the job on one state of the database, in as many attempts at most. */
static enum ntlm_error try_run(const char *path, int fd, struct job *job, int attempts)
{
    const struct timespec pause = {.tv_nsec = PAUSE_TIME};
    enum lmdb_result result = LMDB_OK;
    const char *fault = NULL;
    bool whole = false;

    for (int i = 0, bad = 0; i < attempts && bad < DAMAGED_ATTEMPTS; i++) {
        struct lmdb lmdb;
        int code;

        result = attempt(job, fd, &lmdb, &whole);
        code = errno;
        fault = lmdb.fault;
        lmdb_close(&lmdb);
        errno = code;
        if (whole && result != LMDB_DAMAGED)
            break;
        if (whole && ++bad < DAMAGED_ATTEMPTS)
            nanosleep(&pause, NULL);
    }
    if (!whole && result != LMDB_DAMAGED)
        return fail(NTLM_ERR_FILE_UNREADABLE,
                    "the account database %s changes too often to be read", path);
    return error_of(path, job, result, fault);
}

static enum ntlm_error run(const char *path, int fd, struct job *job)
{
    return try_run(path, fd, job, ATTEMPTS);
}

static enum lmdb_result read_header(struct job *job, struct lmdb *lmdb,
                                    struct record_header *header)
{
    const uint8_t *value;
    size_t len;
    enum lmdb_result result = lmdb_get(lmdb, (const uint8_t *)RECORD_HEADER_KEY,
                                       RECORD_HEADER_KEY_SIZE, &value, &len);

    if (result == LMDB_NOT_FOUND)
        return damaged(lmdb, "it has no header, so it is not of gss-negotiate");
    return result ? result : result_of(job, lmdb, record_header_read(value, len, header));
}

static enum lmdb_result check_header(struct job *job, struct lmdb *lmdb)
{
    return read_header(job, lmdb, job->arg);
}

enum ntlm_error database_check(const char *path, int fd, struct record_header *header)
{
    struct job job = {.run = check_header, .arg = header};

    return run(path, fd, &job);
}

/* A search for the account of a query. */
struct search {
    const struct lookups *lookups;
    struct record_key key; /* of what is looked up now */
    bool found;
    struct record_key best_key;
    struct record best; /* the account; a stand-in for it until one is found */
};

/* Makes the key of the account that a user's entry tells of: the first with this user that
 * has a domain. Where there is no such entry, one is looked up that cannot be right, so
 * that the time is the same. */
static enum lmdb_result follow_user(struct lmdb *lmdb, struct record_key *key, bool *there)
{
    const uint8_t *domain;
    size_t len;
    enum lmdb_result result = lmdb_get(lmdb, key->bytes, key->len, &domain, &len);

    *there = result == LMDB_OK;
    if (result && result != LMDB_NOT_FOUND)
        return result;
    if (key->len + 1 + len > sizeof(key->bytes))
        return *there ? damaged(lmdb, "an entry of it is too long") : LMDB_OK;
    key->bytes[key->len++] = 0;
    if (len > 0)
        memcpy(key->bytes + key->len, domain, len);
    key->len += len;
    return LMDB_OK;
}

/* Looks one name up. The lookups come from the last to the first, which counts. */
static enum lmdb_result look_up(struct search *search, struct lmdb *lmdb,
                                const struct lookup *lookup)
{
    const bool any = lookup->any_domain;
    bool there = true;
    const uint8_t *value;
    size_t len;
    enum lmdb_result result = LMDB_OK;

    if (!record_key(lookup->name.user, any ? NULL : lookup->name.domain, &search->key))
        return LMDB_OK; /* no database has such a name */
    if (any)
        result = follow_user(lmdb, &search->key, &there);
    if (!result)
        result = lmdb_get(lmdb, search->key.bytes, search->key.len, &value, &len);
    if (result == LMDB_NOT_FOUND)
        return any && there ? damaged(lmdb, "a user of it has no account") : LMDB_OK;
    if (result || !there)
        return result;
    if (len > sizeof(search->best.bytes))
        return damaged(lmdb, "an entry of it is too long");
    search->best_key = search->key;
    memcpy(search->best.bytes, value, len);
    search->best.len = len;
    search->found = true;
    return LMDB_OK;
}

static enum lmdb_result look_up_all(struct job *job, struct lmdb *lmdb)
{
    struct search *search = job->arg;
    enum lmdb_result result = LMDB_OK;

    for (size_t i = search->lookups->count; i-- > 0 && !result;)
        result = look_up(search, lmdb, &search->lookups->all[i]);
    if (result)
        return result;
    return result_of(job, lmdb,
                     record_check(&search->best_key, search->best.bytes, search->best.len));
}

/* The stand-in: of nobody's, but as large as the account would be. */
static enum ntlm_error begin_search(struct search *search)
{
    const struct name *name = &search->lookups->all[0].name;
    char empty[] = "", user[RECORD_NAMES_MOST + 1], domain[RECORD_NAMES_MOST + 1];
    struct account nobody = {.user = empty, .domain = empty};

    search->found = false;
    if (record_key(name->user, name->domain, &search->best_key)) {
        nobody.user = strcpy(user, name->user);
        nobody.domain = strcpy(domain, name->domain);
    } else {
        search->best_key.len = 0;
    }
    return record_make(&search->best_key, &nobody, 0, &search->best);
}

static enum lmdb_result begin_and_look_up(struct job *job, struct lmdb *lmdb)
{
    struct search *search = job->arg;

    job->error = begin_search(search);
    return job->error ? LMDB_OK : look_up_all(job, lmdb);
}

enum ntlm_error database_find(const char *path, int fd, off_t size,
                              const struct account_query *query, struct account *account)
{
    const struct name name = {.user = query->user, .domain = query->domain};
    struct lookups lookups;
    struct search search = {.lookups = &lookups};
    struct job job = {.run = begin_and_look_up, .arg = &search, .size = size};
    enum ntlm_error error = lookups_make(query, &lookups);

    *account = (struct account){0};
    error = error ? fail(error, NULL) : run(path, fd, &job);
    if (!error) {
        error = record_read(search.best.bytes, search.found ? NULL : &name, account);
        account->has_lm_hash = account->has_lm_hash && query->lm;
        if (error)
            error = fail(error, NULL);
    }
    if (!error && !search.found)
        error = NTLM_ERR_NO_SUCH_LINE;
    ntlm_cleanse(&search, sizeof(search));
    lookups_clear(&lookups);
    return error;
}

/* A walk through all accounts, or to the first. */
struct visit {
    database_take *take;
    void *arg;
    struct record_header *header;
    uint64_t accounts;
    struct job *job;
    struct lmdb *lmdb;
};

static enum lmdb_result visit_account(struct visit *visit, const uint8_t *key, size_t key_len,
                                      const uint8_t *value, size_t len)
{
    struct job *job = visit->job;
    struct account account = {.user = NULL};
    struct record_key copy = {.len = key_len};
    enum lmdb_result result;

    memcpy(copy.bytes, key, key_len);
    result = result_of(job, visit->lmdb, record_check(&copy, value, len));
    if (!result && !job->error)
        job->error = record_read(value, NULL, &account);
    if (!result && !job->error)
        job->error = visit->take(visit->arg, &account, record_added(value));
    account_clear(&account);
    visit->accounts++;
    return result;
}

static enum lmdb_result visit_entry(void *arg, const uint8_t *key, size_t key_len,
                                    const uint8_t *value, size_t len)
{
    struct visit *visit = arg;

    if (key_len > RECORD_KEY_MOST)
        return damaged(visit->lmdb, "an entry of it is too long");
    if (visit->job->error || !record_is_account(key, key_len))
        return LMDB_OK;
    return visit_account(visit, key, key_len, value, len);
}

static enum lmdb_result visit_all(struct job *job, struct lmdb *lmdb)
{
    struct visit *visit = job->arg;
    enum lmdb_result result = read_header(job, lmdb, visit->header);

    visit->job = job;
    visit->lmdb = lmdb;
    visit->accounts = 0;
    if (!result && !job->error)
        result = lmdb_walk(lmdb, visit_entry, visit);
    if (!result && !job->error && visit->accounts != visit->header->accounts)
        result = damaged(lmdb, "it has not as many accounts as it says");
    return result;
}

enum ntlm_error database_for_each(const char *path, int fd, database_take *take, void *arg,
                                  struct record_header *header)
{
    struct visit visit = {.take = take, .arg = arg, .header = header};
    struct job job = {.run = visit_all, .arg = &visit};

    return try_run(path, fd, &job, 1);
}
