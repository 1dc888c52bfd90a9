/* SPDX-License-Identifier: MIT */
/* account_mutation_test.c - account files put together from what lines are made
 * of and what they should not have, always the same ones. Who is found in each,
 * and by which names, is compared with a search from its first line on. */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "account_search.h"
#include "scratch.h"
#include "suite.h"
#include "userfile_query.h"

#define ROUNDS 400 /* for each _i */
#define SEEDS 4
#define PIECES 120
#define ROOM LINES_MOST
#define FILES 40 /* more than the process keeps: none of them is a former one's next */
#define QUESTIONS 24

/* A file that was changed just now is left alone for a moment. These are never
 * changed: the linker leads that sleep here (--wrap). */
int __wrap_nanosleep(const struct timespec *wanted, struct timespec *left);

int __wrap_nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)wanted;
    (void)left;
    return 0;
}

/* xorshift64* */
static uint64_t state;

static size_t below(size_t limit)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (size_t)(state * 0x2545f4914f6cdd1d >> 33) % limit;
}

#define HASH "E52CAC67419A9A224A3B108F3FA6CB6D"
#define OTHER_HASH "a4f49c406510bdcab6824ee7c30fd852"
#define NO_HASH "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"

#define PIECE(text)                                                                            \
    {                                                                                          \
        text, sizeof(text) - 1                                                                 \
    }

static const struct {
    const char *text;
    size_t len;
} pieces[] = {
    PIECE(":"),
    PIECE(":"),
    PIECE("::"),
    PIECE("\n"),
    PIECE("\n"),
    PIECE("\r\n"),
    PIECE("\nDOM:alice:"),
    PIECE("\ndom:ALICE:other\n"),
    PIECE("\n:alice:open\n"),
    PIECE("\nREALM:bob:b:o:b\n"),
    PIECE("\n:bob@realm:whole\n"),
    PIECE("\nREALM:bob@home:pw\n"),
    PIECE("\nbob:1000:" HASH ":" OTHER_HASH ":[UX         ]:LCT-0:\n"),
    PIECE("\nAlice:0:" NO_HASH ":" OTHER_HASH ":[DUL"),
    PIECE("\ncarol:7:" NO_HASH ":" NO_HASH ":[N]\n"),
    PIECE("\nDOM:\xc3\xa9lodie:pw"),
    PIECE("\n\xc3\x89TAT:\xc3\x89lodie:pw\n"),
    PIECE("alice"),
    PIECE("Bob"),
    PIECE("DOM"),
    PIECE("@realm"),
    PIECE("1000"),
    PIECE(HASH),
    PIECE(NO_HASH),
    PIECE("]"),
    PIECE("#"),
    PIECE("\xef\xbb\xbf"),
    PIECE("\xff"),
    PIECE("\xc3"),
    PIECE("\xf0\x9d\x84\x9e"),
    PIECE("\0"),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct file {
    char text[ROOM + 1]; /* line_parse ends the last line behind it */
    size_t len;
};

static void make_file(struct file *file)
{
    file->len = 0;
    for (size_t count = below(PIECES); count > 0; count--) {
        size_t piece = below(COUNT(pieces));

        memcpy(file->text + file->len, pieces[piece].text, pieces[piece].len);
        file->len += pieces[piece].len;
    }
    for (size_t count = file->len > 0 ? below(4) : 0; count > 0; count--)
        file->text[below(file->len)] ^= (char)(1 << below(8));
    if (file->len > 0 && !file->text[0])
        file->text[0] = '#'; /* so does a database begin, and no text */
}

static void assert_is(const struct account *account, const struct line *line)
{
    struct account expected;

    ck_assert_int_eq(line_account(line, true, &expected), NTLM_OK);
    ck_assert_str_eq(account->user, line->user);
    ck_assert_str_eq(account->domain, line->domain);
    ck_assert_mem_eq(account->nt_hash, expected.nt_hash, sizeof(expected.nt_hash));
    ck_assert_mem_eq(account->lm_hash, expected.lm_hash, sizeof(expected.lm_hash));
    ck_assert_int_eq(account->has_nt_hash, expected.has_nt_hash);
    ck_assert_int_eq(account->has_lm_hash, expected.has_lm_hash);
    ck_assert_int_eq(account->disabled, expected.disabled);
    ck_assert_int_eq(account->locked, expected.locked);
    account_clear(&expected);
}

static void ask(const char *path, const struct lines *lines, const char *user,
                const char *domain)
{
    const struct line *line = search_lines(lines, user, domain);
    struct account account;
    enum ntlm_error error = userfile_find(path, &LM_QUERY(user, domain), &account);

    ck_assert_int_eq(error, line ? NTLM_OK : NTLM_ERR_NO_SUCH_LINE);
    if (line)
        assert_is(&account, line);
    account_clear(&account);
}

static const char *a_name(const struct lines *lines, bool user)
{
    static const char *const others[] = {"ALICE", "bob@Realm", "bob@home@realm", "@", "Dom",
                                         "REALM", "x"};
    const struct line *line = lines->count > 0 ? &lines->all[below(lines->count)] : NULL;

    if (!line || below(4) == 0)
        return others[below(COUNT(others))];
    return user ? line->user : line->domain;
}

/* _i: which of the files. */
START_TEST(who_is_found_is_who_a_search_finds)
{
    static struct file file;
    static struct lines lines;

    state = 0x9e3779b97f4a7c15 + (uint64_t)_i;
    for (unsigned round = 0; round < ROUNDS; round++) {
        char name[16];
        const char *path;

        snprintf(name, sizeof(name), "accounts-%u", round % FILES);
        make_file(&file);
        path = scratch_write_bytes(name, file.text, file.len);
        take_lines(file.text, file.len, &lines);
        for (unsigned question = 0; question < QUESTIONS; question++)
            ask(path, &lines, a_name(&lines, true), below(3) ? a_name(&lines, false) : "");
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("account mutation");
    TCase *cases = tcase_create("account mutation");

    scratch_begin();
    tcase_add_loop_test(cases, who_is_found_is_who_a_search_finds, 0, SEEDS);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
