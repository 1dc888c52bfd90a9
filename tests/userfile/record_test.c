/* SPDX-License-Identifier: MIT */
/* record_test.c - account databases that are LMDB's, whole, and have entries that
 * gss-negotiate does not make. Files that LMDB would not make: lmdb_test.c. */

#include "config.h"

#include <fcntl.h>
#include <lmdb.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "suite.h"
#include "support/failure.h"
#include "userfile/database.h"
#include "userfile_query.h"

/* An entry: alice's account of DOM, her user's, or the header; and what becomes of it. */
struct entry {
    enum { NONE, HEADER, ACCOUNT, USER } kind;
    const char *key;        /* another one, with a NUL at its end */
    size_t cut, at, longer; /* the value's bytes left out, the one that is changed (0: none;
                             * counted from the end, beginning with 1), and those added */
    uint64_t accounts;      /* the header's number */
};

static const char *path;

static void fill(const struct entry *entry, struct record_key *key, uint8_t *value, size_t *len)
{
    char user[] = "alice", domain[] = "DOM";
    const struct account alice = {.user = user, .domain = domain, .has_nt_hash = true};
    const struct record_header header = {.accounts = entry->accounts, .added = 1};
    struct record record = {.len = 3, .bytes = "DOM"};

    ck_assert(record_key(user, entry->kind == ACCOUNT ? domain : NULL, key));
    if (entry->kind == HEADER) {
        *key = (struct record_key){.len = 1};
        ck_assert_int_eq(record_header_make(&header, &record), NTLM_OK);
    } else if (entry->kind == ACCOUNT) {
        ck_assert_int_eq(record_make(key, &alice, 1, &record), NTLM_OK);
    }
    if (entry->key) {
        key->len = strlen(entry->key) + 1;
        memcpy(key->bytes, entry->key, key->len);
    }
    record.len -= entry->cut;
    memcpy(value, record.bytes, record.len);
    memset(value + record.len, 'x', entry->longer);
    *len = record.len + entry->longer;
    if (entry->at > 0)
        value[*len - entry->at] ^= 0x40;
}

static void write_database(const struct entry entries[3])
{
    static uint8_t value[4096];
    static unsigned number;
    char name[32];
    struct record_key key;
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    size_t len;

    /* each has a name of its own: that one is a database is remembered */
    snprintf(name, sizeof(name), "database-%u", number++);
    path = scratch_path(name);
    unlink(path);
    ck_assert_int_eq(mdb_env_create(&env), 0);
    ck_assert_int_eq(mdb_env_open(env, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0600), 0);
    ck_assert_int_eq(mdb_txn_begin(env, NULL, 0, &txn), 0);
    ck_assert_int_eq(mdb_dbi_open(txn, NULL, 0, &dbi), 0);
    for (int i = 0; i < 3 && entries[i].kind != NONE; i++) {
        MDB_val where, what;

        fill(&entries[i], &key, value, &len);
        where = (MDB_val){.mv_size = key.len, .mv_data = key.bytes};
        what = (MDB_val){.mv_size = len, .mv_data = value};
        ck_assert_int_eq(mdb_put(txn, dbi, &where, &what, 0), 0);
    }
    ck_assert_int_eq(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

/* What each walk comes to: NTLM_OK, or what `take` says. */
static enum ntlm_error answer;
static unsigned taken;

static enum ntlm_error take(void *arg, const struct account *account, uint64_t added)
{
    (void)arg;
    ck_assert_str_eq(account->user, "alice");
    ck_assert_uint_eq(added, 1);
    taken++;
    return answer;
}

static enum ntlm_error walk(void)
{
    struct record_header header;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum ntlm_error error = database_for_each(path, fd, take, NULL, &header);

    close(fd);
    return error;
}

static const char *find(const char *domain)
{
    struct account account;
    enum ntlm_error error = userfile_find(path, &QUERY("alice", domain), &account);

    account_clear(&account);
    return !error                           ? ""
           : error == NTLM_ERR_NO_SUCH_LINE ? "no such line"
                                            : failure_detail(error);
}

/* What is said of a walk, of alice of DOM, and of alice of any domain; "": all is well. */
static const struct {
    struct entry entries[3];
    const char *walk, *domain, *any;
} rows[] = {
    {{{.kind = HEADER, .accounts = 1}, {.kind = ACCOUNT}, {.kind = USER}}, "", "", ""},
    {{{.kind = HEADER}}, "", "no such line", "no such line"},
    {{{.kind = HEADER, .accounts = 1}, {.kind = ACCOUNT}}, "", "", "no such line"},
    {{{.kind = HEADER, .accounts = 2}, {.kind = ACCOUNT}, {.kind = USER}},
     "not as many accounts as it says",
     "",
     ""},
    {{{.kind = ACCOUNT}, {.kind = USER}},
     "it has no header",
     "it has no header",
     "it has no header"},
    {{{.kind = HEADER, .at = 1}, {.kind = ACCOUNT}}, "damaged", "damaged", "damaged"},
    {{{.kind = HEADER, .at = 30}, {.kind = ACCOUNT}}, "damaged", "damaged", "damaged"},
    {{{.kind = HEADER, .cut = 1}, {.kind = ACCOUNT}}, "damaged", "damaged", "damaged"},
    {{{.kind = HEADER, .longer = 1}, {.kind = ACCOUNT}}, "damaged", "damaged", "damaged"},
    {{{.kind = HEADER}, {.kind = USER}}, "", "no such line", "a user of it has no account"},
    {{{.kind = HEADER, .accounts = 1}, {.kind = ACCOUNT}, {.kind = USER, .longer = 600}},
     "",
     "",
     "an entry of it is too long"},
    {{{.kind = HEADER, .accounts = 1}, {.kind = ACCOUNT, .longer = 600}, {.kind = USER}},
     "an entry of it is damaged",
     "an entry of it is too long",
     "an entry of it is too long"},
    {{{.kind = HEADER, .accounts = 1}, {.kind = ACCOUNT, .cut = 30}, {.kind = USER}},
     "damaged",
     "damaged",
     "damaged"},
    {{{.kind = HEADER, .accounts = 1}, {.kind = ACCOUNT, .at = 1}, {.kind = USER}},
     "damaged",
     "damaged",
     "damaged"},
    {{{.kind = HEADER, .accounts = 1}, {.kind = ACCOUNT, .at = 9}, {.kind = USER}},
     "damaged",
     "damaged",
     "damaged"},
    {{{.kind = HEADER, .accounts = 1}, {.kind = ACCOUNT, .at = 15}, {.kind = USER}},
     "damaged",
     "damaged",
     "damaged"},
    {{{.kind = HEADER, .accounts = 1}, {.kind = ACCOUNT, .at = 60}, {.kind = USER}},
     "damaged",
     "damaged",
     "damaged"},
    {{{.kind = HEADER, .accounts = 1}, {.kind = ACCOUNT, .longer = 1}, {.kind = USER}},
     "damaged",
     "damaged",
     "damaged"},
};

START_TEST(entries_are_read_with_care)
{
    const char *said[3];
    const char *const wanted[] = {rows[_i].walk, rows[_i].domain, rows[_i].any};
    enum ntlm_error error;

    answer = NTLM_OK;
    write_database(rows[_i].entries);
    error = walk();
    said[0] = strdup(error ? failure_detail(error) : "");
    said[1] = strdup(find("DOM"));
    said[2] = strdup(find(""));
    for (int i = 0; i < 3; i++) {
        ck_assert_msg(*wanted[i] ? strstr(said[i], wanted[i]) != NULL : !*said[i],
                      "%d: \"%s\" in place of \"%s\"", i, said[i], wanted[i]);
        free((char *)(uintptr_t)said[i]);
    }
}
END_TEST

START_TEST(a_walk_ends_where_who_takes_says_so)
{
    static const struct entry entries[3] = {
        {.kind = HEADER, .accounts = 2}, {.kind = ACCOUNT}, {.kind = ACCOUNT, .key = "BOB"}};

    write_database(entries);
    answer = NTLM_ERR_BAD_NAME;
    taken = 0;
    ck_assert_int_eq(walk(), NTLM_ERR_BAD_NAME);
    ck_assert_uint_eq(taken, 1);
}
END_TEST

/* Characters of one to four bytes, what is none, and names that have no key. */
static const struct {
    const char *user, *domain;
    size_t len; /* 0: there is no key */
} keys[] = {
    {"alice", "dom", 9},   {"alice", NULL, 5},        {"alice", "", 6},
    {"\xc3\xa9", NULL, 2}, {"\xe1\xba\x81", NULL, 3}, {"\xf0\x90\x90\xa8", NULL, 4},
    {"", NULL, 0},
};

START_TEST(a_name_has_one_key)
{
    static char longest[RECORD_NAMES_MOST + 2];
    struct record_key key;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        ck_assert(record_key(keys[i].user, keys[i].domain, &key) == (keys[i].len > 0));
        ck_assert_uint_eq(key.len, keys[i].len);
    }
    memset(longest, 'a', RECORD_NAMES_MOST + 1);
    ck_assert(!record_key(longest, NULL, &key));
    longest[RECORD_NAMES_MOST] = '\0';
    ck_assert(record_key(longest, NULL, &key));
    ck_assert(!record_key(longest, "", &key));
    ck_assert(!record_key("a", longest, &key));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("userfile record");
    TCase *cases = tcase_create("record");

    scratch_begin();
    tcase_add_loop_test(cases, entries_are_read_with_care, 0, sizeof(rows) / sizeof(rows[0]));
    tcase_add_test(cases, a_walk_ends_where_who_takes_says_so);
    tcase_add_test(cases, a_name_has_one_key);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
