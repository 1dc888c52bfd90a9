/* SPDX-License-Identifier: MIT */
/* torn_test.c - an account database whose pages are written anew as fast as they can be,
 * while somebody looks accounts up in it: LMDB gives pages that its last two states do not
 * use to other keys. No account may be missed or mixed up. */

#include "config.h"

#include <lmdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "database_fixture.h"
#include "sanitized.h"
#include "scratch.h"
#include "suite.h"
#include "userfile/record.h"
#include "userfile_query.h"

#define USERS 3000
#define QUESTIONS 20000 /* some of which meet a change */
#define AT_ONCE 5       /* accounts that change together */

static const char *import_many(void)
{
    char *text = malloc(USERS * 32), *end = text;
    const char *path;

    for (int i = 0; i < USERS; i++)
        end += sprintf(end, "DOM:user%04d:pw\n", i);
    path = database_of("database", text);
    free(text);
    return path;
}

/* Puts the user there with a hash that begins with the name. */
static bool put(MDB_txn *txn, MDB_dbi dbi, int number, int version)
{
    char user[16], domain[] = "DOM";
    struct account account = {.user = user, .domain = domain, .has_nt_hash = true};
    struct record_key key;
    struct record record;
    MDB_val where, what;

    snprintf(user, sizeof(user), "user%04d", number);
    memset(account.nt_hash, version, sizeof(account.nt_hash));
    memcpy(account.nt_hash, user, 8);
    if (!record_key(user, domain, &key) || record_make(&key, &account, 1, &record))
        return false;
    where = (MDB_val){.mv_size = key.len, .mv_data = key.bytes};
    what = (MDB_val){.mv_size = record.len, .mv_data = record.bytes};
    return mdb_put(txn, dbi, &where, &what, 0) == 0;
}

/* In a process of its own, until it is killed. */
static void write_on(const char *path)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    bool good = mdb_env_create(&env) == 0 && mdb_env_set_mapsize(env, 64 << 20) == 0 &&
                mdb_env_open(env, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0600) == 0;

    for (int version = 0; good; version++) {
        good = mdb_txn_begin(env, NULL, 0, &txn) == 0 && mdb_dbi_open(txn, NULL, 0, &dbi) == 0;
        for (int i = 0; i < AT_ONCE && good; i++)
            good = put(txn, dbi, rand() % USERS, version);
        good = good && mdb_txn_commit(txn) == 0;
    }
    _exit(1);
}

START_TEST(no_account_is_missed_or_mixed_up)
{
    const char *path;
    char user[16];
    pid_t pid;

    if (is_sanitized()) {
        printf("ok - no account is missed # SKIP who reads is too slow for who writes\n");
        return;
    }
    path = import_many();
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        write_on(path);
    for (int i = 0; i < QUESTIONS; i++) {
        struct account account;

        snprintf(user, sizeof(user), "user%04d", rand() % USERS);
        ck_assert_int_eq(userfile_find(path, &QUERY(user, "DOM"), &account), NTLM_OK);
        ck_assert_str_eq(account.user, user);
        account_clear(&account);
    }
    ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), 0);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("userfile torn");
    TCase *cases = tcase_create("torn");

    scratch_begin();
    tcase_add_test(cases, no_account_is_missed_or_mixed_up);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
