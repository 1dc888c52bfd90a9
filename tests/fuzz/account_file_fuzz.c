/* SPDX-License-Identifier: MIT */
/* account_file_fuzz.c - account files of whatever bytes, and who is found in them: whom a
 * search from the first line on finds, with the same hashes, by any spelling. The input
 * is a file; before it there are two bytes that choose what is asked. */

#include "config.h"

#include "account_search.h"
#include "ntlm/text.h"
#include "target.h"
#include "userfile/index.h"
#include "userfile/load.h"
#include "userfile_query.h"

#define QUESTIONS 6

static void must_be(const struct account *account, const struct line *line, bool lm)
{
    struct account expected;

    MUST(!line_account(line, lm, &expected));
    MUST(strcmp(account->user, line->user) == 0 && strcmp(account->domain, line->domain) == 0);
    MUST(memcmp(account->nt_hash, expected.nt_hash, sizeof(expected.nt_hash)) == 0);
    MUST(memcmp(account->lm_hash, expected.lm_hash, sizeof(expected.lm_hash)) == 0);
    MUST(account->has_nt_hash == expected.has_nt_hash);
    MUST(account->has_lm_hash == expected.has_lm_hash);
    MUST(account->disabled == expected.disabled && account->locked == expected.locked);
    account_clear(&expected);
}

static void ask(const struct index *index, const struct lines *lines, bool lm, const char *user,
                const char *domain)
{
    const struct account_query query = query_of(user, domain, lm);
    const struct line *line = search_lines(lines, user, domain);
    struct account account;
    enum ntlm_error error = index_find(index, &query, &account);

    MUST(line ? !error : error == NTLM_ERR_NO_SUCH_LINE);
    if (line)
        must_be(&account, line, lm);
    else
        MUST(strcmp(account.user, user) == 0 && !account.empty_password);
    account_clear(&account);
}

/* A file's own names, in capitals, and names of others. */
static void ask_all(const struct index *index, const struct lines *lines, bool lm,
                    unsigned choice)
{
    static const char *const others[] = {"alice", "BOB@realm", "", "@", "x@y@z"};

    for (unsigned i = 0; i < QUESTIONS; i++) {
        const struct line *line =
            lines->count > 0 ? &lines->all[(choice + 7 * i) % lines->count] : NULL;
        const char *user = line ? line->user : others[(choice + i) % 5];
        char *upper;

        ask(index, lines, lm, user, i % 2 && line ? line->domain : "");
        ask(index, lines, lm, others[(choice + i) % 5], line ? line->domain : "REALM");
        MUST(!ntlm_text_upper(user, &upper));
        ask(index, lines, lm, upper, line ? line->domain : "");
        free(upper);
    }
}

static void ask_for_the_only_one(const struct index *index)
{
    struct account account;
    enum ntlm_error error = index_only_account(index, &account);

    MUST(!error || error == NTLM_ERR_NO_SUCH_LINE);
    MUST(error || index_count(index) == 1);
    account_clear(&account);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char copy[LINES_MOST + 1];
    static struct lines lines;
    struct input in = {data, size};
    const uint8_t how = take_byte(&in), choice = take_byte(&in);
    struct text text = {.size = in.left, .len = in.left};
    struct index *index;

    if (in.left > LINES_MOST)
        return 0;
    memcpy(copy, in.at, in.left);
    MUST(mapping_new(&text.memory, text.size + 1, false));
    text.data = text.memory.data;
    memcpy(text.data, in.at, in.left);
    if (how & 2)
        text_drop_unfinished_line(&text);
    take_lines(copy, text.len, &lines);
    MUST(!load_index("accounts", &text, how & 1, &index));
    MUST(!text.data && index_has_lm(index) == (how & 1));
    MUST(index_count(index) <= lines.count);
    ask_all(index, &lines, how & 1, choice);
    ask_for_the_only_one(index);
    index_free(index);
    return 0;
}
