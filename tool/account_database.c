/* SPDX-License-Identifier: MIT */
/* account_database.c - one transaction of liblmdb's.
 *
 * It takes no lock of LMDB's own, and makes no lock file: account_file.h's lock keeps other
 * writers out, and readers see for themselves whether what they read is of one state
 * (userfile/lmdb.h). They take a file that is shorter than it says for one that was cut off.
 * LMDB lets the file grow when it needs a page, and may say so before; so the file is always
 * made longer than a change will need. */

#include "config.h"

#include "account_database.h"

#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ntlm/secret.h"
#include "translate.h"
#include "userfile/database.h"

#define SPARE_PAGES 256 /* more than a change of one account takes */

struct account_database {
    const char *path; /* for complaints; the account_file's */
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    struct record_header header;
};

static enum exit_status complain_of_code(const struct account_database *database, int code)
{
    if (code == MDB_MAP_FULL)
        return complain(STATUS_TROUBLE, _("%s was left as it was: it has grown too large"),
                        database->path);
    return complain(STATUS_TROUBLE, _("%s was left as it was: %s"), database->path,
                    mdb_strerror(code));
}

/* liblmdb has found a page that is not as it should be. It would abort. */
static void end_for_damage(MDB_env *env, const char *text)
{
    (void)env;
    complain(STATUS_TROUBLE, _("a database is damaged, and was left as it was: %s"), text);
    _exit(STATUS_TROUBLE);
}

/* Makes the file as long as the last page says, and `spare` pages longer. */
static int make_long(MDB_env *env, size_t spare)
{
    MDB_envinfo info;
    MDB_stat stat;
    struct stat st;
    int fd, code = mdb_env_info(env, &info);
    off_t needed;

    if (!code)
        code = mdb_env_stat(env, &stat);
    if (!code)
        code = mdb_env_get_fd(env, &fd);
    if (code)
        return code;
    needed = (off_t)(info.me_last_pgno + 1 + spare) * (off_t)stat.ms_psize;
    if (fstat(fd, &st) == 0 && (st.st_size >= needed || ftruncate(fd, needed) == 0))
        return 0;
    return errno;
}

static int get(struct account_database *database, const void *key, size_t key_len,
               MDB_val *value)
{
    MDB_val wanted = {.mv_data = (void *)(uintptr_t)key, .mv_size = key_len};

    return mdb_get(database->txn, database->dbi, &wanted, value);
}

static int put(struct account_database *database, const void *key, size_t key_len,
               const void *value, size_t len, unsigned flags)
{
    MDB_val where = {.mv_data = (void *)(uintptr_t)key, .mv_size = key_len};
    MDB_val what = {.mv_data = (void *)(uintptr_t)value, .mv_size = len};

    return mdb_put(database->txn, database->dbi, &where, &what, flags);
}

static enum exit_status read_header(struct account_database *database)
{
    MDB_stat stat;
    MDB_val value;
    int code = mdb_stat(database->txn, database->dbi, &stat);

    if (!code && stat.ms_entries == 0)
        return STATUS_OK; /* it is new */
    if (!code)
        code = get(database, RECORD_HEADER_KEY, RECORD_HEADER_KEY_SIZE, &value);
    if (code)
        return complain_of_code(database, code);
    if (record_header_read(value.mv_data, value.mv_size, &database->header))
        return complain(STATUS_TROUBLE, _("%s is no database of accounts, or it is damaged"),
                        database->path);
    return STATUS_OK;
}

static int open_environment(struct account_database *database, const char *path, size_t size)
{
    int code = mdb_env_create(&database->env);

    if (!code)
        code = mdb_env_set_assert(database->env, end_for_damage);
    if (!code)
        code = mdb_env_set_mapsize(database->env, size);
    if (!code)
        code = mdb_env_open(database->env, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOTLS, 0600);
    if (!code)
        code = make_long(database->env, SPARE_PAGES);
    if (!code)
        code = mdb_txn_begin(database->env, NULL, 0, &database->txn);
    return code ? code : mdb_dbi_open(database->txn, NULL, 0, &database->dbi);
}

/* liblmdb does not stand a file that is cut off. */
static enum exit_status check_file(const struct account_file *file, const char *name)
{
    struct record_header header;
    enum ntlm_error error = NTLM_OK;

    if (strcmp(name, file->name) == 0)
        error = database_check(file->path, file->fd, &header);
    return error ? complain_of(error) : STATUS_OK;
}

static enum exit_status begin(struct account_database *database,
                              const struct account_file *file, const char *name, size_t size)
{
    enum exit_status status = check_file(file, name);
    char *path = NULL;
    int code;

    if (status)
        return status;
    if (asprintf(&path, "%s%s", file->real_directory, name) < 0)
        return complain_of_memory();
    code = open_environment(database, path, size);
    free(path);
    return code ? complain_of_code(database, code) : read_header(database);
}

enum exit_status account_database_begin(const struct account_file *file, const char *name,
                                        size_t room, struct account_database **made)
{
    struct account_database *database = calloc(1, sizeof(*database));
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t size = (size_t)file->st.st_size + room + SPARE_PAGES * page;

    *made = database;
    if (!database)
        return complain_of_memory();
    database->path = file->path;
    return begin(database, file, name, (size + page - 1) / page * page);
}

void account_database_end(struct account_database *database)
{
    if (!database)
        return;
    if (database->txn)
        mdb_txn_abort(database->txn);
    if (database->env)
        mdb_env_close(database->env);
    free(database);
}

enum exit_status account_database_commit(struct account_database *database)
{
    struct record header;
    int code;

    if (record_header_make(&database->header, &header))
        return complain_of(NTLM_ERR_CRYPTO);
    code =
        put(database, RECORD_HEADER_KEY, RECORD_HEADER_KEY_SIZE, header.bytes, header.len, 0);
    if (!code) {
        code = mdb_txn_commit(database->txn);
        database->txn = NULL;
    }
    if (!code)
        code = make_long(database->env, SPARE_PAGES);
    return code ? complain_of_code(database, code) : STATUS_OK;
}

/* The account is also found by its user alone if it is the first of this user's. */
static int put_user(struct account_database *database, const struct line *line,
                    const struct record_key *key)
{
    struct record_key user;
    int code;

    if (!*line->domain)
        return 0;
    record_key(line->user, NULL, &user);
    code = put(database, user.bytes, user.len, key->bytes + user.len + 1,
               key->len - user.len - 1, MDB_NOOVERWRITE);
    return code == MDB_KEYEXIST ? 0 : code;
}

static int put_account(struct account_database *database, const struct line *line,
                       const struct record_key *key, const struct account *account,
                       const MDB_val *before)
{
    struct record record;
    uint64_t added = before ? record_added(before->mv_data) : database->header.added;
    int code;

    if (record_make(key, account, added, &record))
        return EIO;
    code = put(database, key->bytes, key->len, record.bytes, record.len, 0);
    ntlm_cleanse(&record, sizeof(record));
    if (code || before)
        return code;
    database->header.added++;
    database->header.accounts++;
    return put_user(database, line, key);
}

/* Whether the account is there; *before is its record. */
static enum exit_status find(struct account_database *database, const struct record_key *key,
                             MDB_val *before, bool *there)
{
    int code = get(database, key->bytes, key->len, before);

    *there = code == 0;
    if (code && code != MDB_NOTFOUND)
        return complain_of_code(database, code);
    if (!code && record_check(key, before->mv_data, before->mv_size))
        return complain(STATUS_TROUBLE, _("%s was left as it was: an account of it is damaged"),
                        database->path);
    return STATUS_OK;
}

enum exit_status account_database_put(struct account_database *database,
                                      const struct line *line, bool lm, bool replace,
                                      enum put_result *result)
{
    char user[RECORD_NAMES_MOST + 1], domain[RECORD_NAMES_MOST + 1];
    struct account account = {.user = NULL};
    struct record_key key;
    enum exit_status status;
    enum ntlm_error error;
    MDB_val before;
    bool there;
    int code;

    *result = PUT_TOO_LONG;
    if (!record_key(line->user, line->domain, &key))
        return STATUS_OK;
    status = find(database, &key, &before, &there);
    *result = there && !replace ? PUT_EXISTS : PUT_DONE;
    if (status || *result == PUT_EXISTS)
        return status;
    error = line_account(line, lm || line->kind == LINE_SMBPASSWD, &account);
    account.user = strcpy(user, line->user);
    account.domain = strcpy(domain, line->domain);
    code = error ? 0 : put_account(database, line, &key, &account, there ? &before : NULL);
    ntlm_cleanse(&account, sizeof(account));
    if (error)
        return complain_of(error);
    return code ? complain_of_code(database, code) : STATUS_OK;
}

/* Which of the accounts of this user that have a domain was added first; its key begins
 * with that of the user and a NUL. *first has no size if there is none. */
static int find_first(struct account_database *database, const struct record_key *user,
                      MDB_val *first)
{
    uint8_t prefix[RECORD_KEY_MOST + 1];
    uint64_t least = UINT64_MAX;
    MDB_val key = {.mv_data = prefix, .mv_size = user->len + 1}, value;
    MDB_cursor *cursor;
    int code = mdb_cursor_open(database->txn, database->dbi, &cursor);

    *first = (MDB_val){.mv_size = 0};
    if (code)
        return code;
    memcpy(prefix, user->bytes, user->len);
    prefix[user->len] = 0;
    for (code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE); !code;
         code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        if (key.mv_size < user->len + 1 || memcmp(key.mv_data, prefix, user->len + 1) != 0)
            break;
        if (key.mv_size > user->len + 1 && record_added(value.mv_data) < least) {
            least = record_added(value.mv_data);
            *first = key;
        }
    }
    mdb_cursor_close(cursor);
    return code == MDB_NOTFOUND ? 0 : code;
}

/* The account found by the user alone is the next one of the user's. */
static int renew_user(struct account_database *database, const struct username *name)
{
    struct record_key user;
    MDB_val first, key;
    uint8_t domain[RECORD_KEY_MOST];
    size_t len;
    int code;

    record_key(name->user, NULL, &user);
    code = find_first(database, &user, &first);
    if (code)
        return code;
    if (first.mv_size == 0) {
        key = (MDB_val){.mv_data = user.bytes, .mv_size = user.len};
        return mdb_del(database->txn, database->dbi, &key, NULL);
    }
    len = first.mv_size - user.len - 1;
    memcpy(domain, (uint8_t *)first.mv_data + user.len + 1, len);
    return put(database, user.bytes, user.len, domain, len, 0);
}

enum exit_status account_database_remove(struct account_database *database,
                                         const struct username *name, bool *existed)
{
    struct record_key key;
    MDB_val value, where;
    enum exit_status status;
    int code;

    *existed = false;
    if (!record_key(name->user, name->domain, &key))
        return STATUS_OK;
    status = find(database, &key, &value, existed);
    if (status || !*existed)
        return status;
    where = (MDB_val){.mv_data = key.bytes, .mv_size = key.len};
    code = mdb_del(database->txn, database->dbi, &where, NULL);
    if (!code && *name->domain)
        code = renew_user(database, name);
    database->header.accounts--;
    return code ? complain_of_code(database, code) : STATUS_OK;
}
