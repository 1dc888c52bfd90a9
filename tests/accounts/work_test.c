/* SPDX-License-Identifier: MIT */
/* work_test.c - who logs in without success cannot tell by the time that it takes
 * whether there is such a user. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "accounts_fixture.h"
#include "database_fixture.h"
#include "work.h"

/* How a client may try to log in. */
struct attempt {
    enum ntlm_response_kind kind;
    const char *suffix; /* behind the user */
    const char *domain, *password;
};

/* An NTLMv2 response is made with the password; the others have no more than their
 * length, and are wrong. */
static void client_begin_attempt(struct client *client, const struct attempt *attempt,
                                 const char *user)
{
    static const uint8_t response[24] = {1};
    struct ntlm_logon *logon = &client->logon;

    client_begin(client, attempt->kind, user, attempt->domain, attempt->password);
    if (attempt->kind == NTLM_RESPONSE_V2) {
        client_prove(client);
        return;
    }
    logon->lm_response = ntlm_bytes(response, sizeof(response));
    logon->nt_response =
        ntlm_bytes(response, attempt->kind == NTLM_RESPONSE_LM ? 0 : sizeof(response));
}

/* What is asked of the libraries, and how long the reason is that is written. */
static struct work work_once(struct accounts *accounts, const struct attempt *attempt,
                             const char *name, size_t *said)
{
    struct client client;
    struct account_reply reply;
    struct work work;
    enum ntlm_error error;
    char user[64];

    snprintf(user, sizeof(user), "%s%s", name, attempt->suffix);
    client_begin_attempt(&client, attempt, user);
    work_begin();
    error = accounts_logon(accounts, &logon_settings, &client.logon, &reply);
    work = work_done();
    ck_assert_int_eq(error, NTLM_ERR_LOGON_DENIED);
    *said = strlen(failure_detail(error));
    client_end(&client);
    return work;
}

/* The same, when no look at the file or its directories, which is due once a second, was
 * among it. */
static struct work work_for(struct accounts *accounts, const struct attempt *attempt,
                            const char *name, size_t *said)
{
    struct work least = work_once(accounts, attempt, name, said);

    for (int i = 0; i < 2; i++) {
        struct work again = work_once(accounts, attempt, name, said);

        if (again.allocations < least.allocations)
            least = again;
    }
    return least;
}

/* Names that are not ASCII: only those need libunistring, whose calls are counted. */
static void same_work(struct accounts *accounts, const struct attempt *attempt)
{
    static const char *const users[] = {"ñallo", "ñohas", "émpty", "ñoDOM",
                                        "ļocal", "ðisab", "ļocke", "ħashe"};
    size_t said, said_first;
    struct work first = work_for(accounts, attempt, "älice", &said_first);

    ck_assert_uint_gt(first.digests + first.blocks, 0);
    ck_assert_uint_gt(first.letters, 0);
    for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
        struct work other = work_for(accounts, attempt, users[i], &said);

        assert_same_work(&other, &first);
        ck_assert_uint_eq(said, said_first);
    }
}

#define ACCOUNTS                                                                               \
    "DOM:älice:Password\nñohas:1:" NO_HEX ":" NO_HEX "\nDOM:émpty:\n"                         \
    ":ñoDOM:Password\n.:ļocal:Password\n"                                                    \
    "DOM\\ðisab:1:" LM_HEX ":" NT_HEX ":[UD         ]\n"                                       \
    "DOM\\ļocke:1:" LM_HEX ":" NT_HEX ":[UL         ]\n"                                       \
    "DOM\\ħashe:1:" NO_HEX ":" NT_HEX ":[U          ]\n"

static const enum ntlm_response_kind kinds[] = {NTLM_RESPONSE_V2, NTLM_RESPONSE_V1,
                                                NTLM_RESPONSE_V1_ESS, NTLM_RESPONSE_LM};

static void same_work_for_all(struct accounts *accounts, enum ntlm_response_kind kind)
{
    char *aliases[] = {(char[]){"DOM"}, (char[]){"dom.example"}, NULL};
    static const struct {
        const char *suffix, *domain;
    } names[] = {{"", "DOM"},         {"", "OTHER"},        {"", ""},    {"", "."},
                 {"", "dom.example"}, {"@dom.example", ""}, {"@DOM", ""}};
    struct attempt attempt = {.kind = kind};

    logon_settings.domain_aliases = aliases;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        for (int longer = 0; longer < 2; longer++) {
            attempt.suffix = names[i].suffix;
            attempt.domain = names[i].domain;
            attempt.password = longer ? "a wrong password of more than fourteen" : "wrong";
            work_for(accounts, &attempt, "älice", &(size_t){0}); /* reads the file */
            same_work(accounts, &attempt);
        }
    logon_settings.domain_aliases = NULL;
    accounts_close(accounts);
}

START_TEST(an_unknown_user_costs_the_same_work_as_a_wrong_password)
{
    same_work_for_all(accounts_of(ACCOUNTS), kinds[_i]);
}
END_TEST

START_TEST(so_does_one_of_a_database)
{
    struct accounts *accounts;

    if (skipped_without_databases("so_does_one_of_a_database"))
        return;
    ck_assert(!accounts_open(&logon_settings, database_of("database", ACCOUNTS), &accounts));
    same_work_for_all(accounts, kinds[_i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("accounts work");
    TCase *cases = tcase_create("work");

    scratch_begin();
    tcase_add_loop_test(cases, an_unknown_user_costs_the_same_work_as_a_wrong_password, 0,
                        sizeof(kinds) / sizeof(kinds[0]));
    tcase_add_loop_test(cases, so_does_one_of_a_database, 0, sizeof(kinds) / sizeof(kinds[0]));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
