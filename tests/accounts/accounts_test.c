/* SPDX-License-Identifier: MIT */
/* accounts_test.c - who is let in and who isn't, what is said about it, and
 * that no password or hash is among it. */

#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "ntlm/keys.h"
#include "ntlm/text.h"
#include "scratch.h"
#include "suite.h"
#include "support/failure.h"
#include "support/trace.h"

#define LM_HEX "e52cac67419a9a224a3b108f3fa6cb6d"
#define NT_HEX "a4f49c406510bdcab6824ee7c30fd852" /* of "Password" */
#define NO_HEX "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"

static struct settings logon_settings; /* those of now, at each logon */

/* A client that answers a challenge with its password. */
struct client {
    struct ntlm_logon logon;
    uint8_t *user, *domain; /* UTF-16LE */
    uint8_t response[64];
    uint8_t nt_hash[16], ntowfv2[16];
};

static void client_begin(struct client *client, enum ntlm_response_kind kind, const char *user,
                         const char *domain, const char *password)
{
    static const uint8_t challenge[8] = {1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    size_t user_len, domain_len;

    *client = (struct client){.logon = {.kind = kind,
                                        .user = user,
                                        .domain = domain,
                                        .workstation = "WS",
                                        .server_name = "SERVER",
                                        .server_domain = "SERVER"}};
    memcpy(client->logon.server_challenge, challenge, sizeof(challenge));
    ck_assert_int_eq(ntlm_text_to_utf16(user, strlen(user), &client->user, &user_len), NTLM_OK);
    ck_assert_int_eq(ntlm_text_to_utf16(domain, strlen(domain), &client->domain, &domain_len),
                     NTLM_OK);
    client->logon.user_utf16 = ntlm_bytes(client->user, user_len);
    client->logon.domain_utf16 = ntlm_bytes(client->domain, domain_len);
    ck_assert_int_eq(ntlm_nt_hash(password, strlen(password), client->nt_hash), NTLM_OK);
}

static void client_end(struct client *client)
{
    free(client->user);
    free(client->domain);
}

/* NTLMv2: NTProofStr, then a blob that nobody looks into here. */
static void prove(struct client *client)
{
    struct ntlm_bytes blob = ntlm_bytes(client->response + 16, 48);

    client->response[16] = client->response[17] = 1;
    ck_assert_int_eq(ntlm_ntowfv2(client->nt_hash, client->logon.user_utf16,
                                  client->logon.domain_utf16, client->ntowfv2),
                     NTLM_OK);
    ck_assert_int_eq(
        ntlm_v2_proof(client->ntowfv2, client->logon.server_challenge, blob, client->response),
        NTLM_OK);
    client->logon.nt_response = ntlm_bytes(client->response, 64);
}

static void answer_v2(struct client *client, const char *user, const char *domain,
                      const char *password)
{
    client_begin(client, NTLM_RESPONSE_V2, user, domain, password);
    prove(client);
}

static struct accounts *open_file(const char *text)
{
    const struct settings settings = {0};
    struct accounts *accounts;

    ck_assert_int_eq(accounts_open(&settings, scratch_write("accounts", text), &accounts),
                     NTLM_OK);
    return accounts;
}

/* The answer to an NTLMv2 logon. */
static enum ntlm_error logon(struct accounts *accounts, const char *user, const char *domain,
                             const char *password)
{
    struct account_reply reply;
    struct client client;
    enum ntlm_error error;

    answer_v2(&client, user, domain, password);
    error = accounts_logon(accounts, &logon_settings, &client.logon, &reply);
    ck_assert((!error) == (reply.user != NULL));
    account_reply_clear(&reply);
    client_end(&client);
    return error;
}

/* The account file's name between two texts. */
static const char *with_file(const char *before, const char *after)
{
    static char expected[400];

    snprintf(expected, sizeof(expected), "%s%s%s", before, scratch_path("accounts"), after);
    return expected;
}

START_TEST(the_right_password_gives_the_key_and_the_accounts_own_name)
{
    struct accounts *accounts = open_file("Dom:Alice:Password\n");
    struct account_reply reply;
    struct client client;
    uint8_t key[16];

    answer_v2(&client, "ALICE", "DOM", "Password");
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply), NTLM_OK);
    ck_assert_str_eq(reply.user, "Alice");
    ck_assert_str_eq(reply.domain, "Dom");
    ck_assert_int_eq(ntlm_v2_base_key(client.ntowfv2, client.response, key), NTLM_OK);
    ck_assert_mem_eq(reply.keys.base_key, key, sizeof(key));
    account_reply_clear(&reply);
    ck_assert_ptr_null(reply.user);
    client_end(&client);
    accounts_close(accounts);
}
END_TEST

START_TEST(the_peers_domain_is_not_taken_for_the_accounts)
{
    struct accounts *accounts = open_file(":alice:Password\n");
    struct account_reply reply;
    struct client client;

    answer_v2(&client, "alice", "ADMINS", "Password");
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply), NTLM_OK);
    ck_assert_str_eq(reply.domain, "");
    account_reply_clear(&reply);
    client_end(&client);
    accounts_close(accounts);
}
END_TEST

START_TEST(names_and_passwords_need_not_be_ascii)
{
    struct accounts *accounts = open_file("D\xc3\xb6m:J\xc3\xbcrgen:p\xc3\xa4ss\n");

    ck_assert_int_eq(logon(accounts, "j\xc3\x9crgen", "D\xc3\xb6m", "p\xc3\xa4ss"), NTLM_OK);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_wrong_password_and_an_unknown_user_get_the_same_answer)
{
    struct accounts *accounts = open_file("DOM:alice:Password\n");

    ck_assert_int_eq(logon(accounts, "alice", "DOM", "Passwort"), NTLM_ERR_LOGON_DENIED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_LOGON_DENIED),
                     with_file("wrong password for \"DOM\\alice\" (account file ", ")"));
    ck_assert_int_eq(logon(accounts, "mallory", "DOM", "Password"), NTLM_ERR_LOGON_DENIED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_LOGON_DENIED),
                     with_file("unknown user named \"DOM\\mallory\" (account file ", ")"));
    ck_assert_int_eq(logon(accounts, "mallory", "", "Password"), NTLM_ERR_LOGON_DENIED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_LOGON_DENIED),
                     with_file("unknown user named \"mallory\" (account file ", ")"));
    accounts_close(accounts);
}
END_TEST

/* How much of each kind of work a thread has done: without a clock, what the time of
 * an answer is made of. The linker leads those calls here (--wrap). */
static _Thread_local struct work {
    unsigned texts, comparisons, hashes, proofs, copies;
} work;

size_t __real_printable(const char *text, char *out, size_t out_size);
size_t __wrap_printable(const char *text, char *out, size_t out_size);
bool __real_ntlm_text_same(const char *a, const char *b);
bool __wrap_ntlm_text_same(const char *a, const char *b);
enum ntlm_error __real_ntlm_siphash(const uint8_t key[16], struct ntlm_bytes text,
                                    uint8_t out[8]);
enum ntlm_error __wrap_ntlm_siphash(const uint8_t key[16], struct ntlm_bytes text,
                                    uint8_t out[8]);
enum ntlm_error __real_ntlm_v2_proof(const uint8_t ntowfv2[16],
                                     const uint8_t server_challenge[8], struct ntlm_bytes temp,
                                     uint8_t proof[16]);
enum ntlm_error __wrap_ntlm_v2_proof(const uint8_t ntowfv2[16],
                                     const uint8_t server_challenge[8], struct ntlm_bytes temp,
                                     uint8_t proof[16]);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);

size_t __wrap_printable(const char *text, char *out, size_t out_size)
{
    work.texts++;
    return __real_printable(text, out, out_size);
}

bool __wrap_ntlm_text_same(const char *a, const char *b)
{
    work.comparisons++;
    return __real_ntlm_text_same(a, b);
}

enum ntlm_error __wrap_ntlm_siphash(const uint8_t key[16], struct ntlm_bytes text,
                                    uint8_t out[8])
{
    work.hashes++;
    return __real_ntlm_siphash(key, text, out);
}

enum ntlm_error __wrap_ntlm_v2_proof(const uint8_t ntowfv2[16],
                                     const uint8_t server_challenge[8], struct ntlm_bytes temp,
                                     uint8_t proof[16])
{
    work.proofs++;
    return __real_ntlm_v2_proof(ntowfv2, server_challenge, temp, proof);
}

char *__wrap_strdup(const char *text)
{
    work.copies++;
    return __real_strdup(text);
}

/* What is done, and how long the reason is that is written, for a user of five
 * letters and a wrong password. */
static struct work work_for(struct accounts *accounts, const char *user, const char *domain,
                            size_t *said)
{
    struct client client;
    struct account_reply reply;

    answer_v2(&client, user, domain, "wrong");
    work = (struct work){0};
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply),
                     NTLM_ERR_LOGON_DENIED);
    *said = strlen(failure_detail(NTLM_ERR_LOGON_DENIED));
    client_end(&client);
    return work;
}

static void same_work(struct accounts *accounts, const char *domain)
{
    static const char *const users[] = {"mallo", "nohas", "empty", "noDOM", "local"};
    size_t said, said_first;
    struct work first = work_for(accounts, "alice", domain, &said_first);

    ck_assert_uint_eq(first.texts, 1);
    ck_assert_uint_gt(first.comparisons, 0);
    ck_assert_uint_gt(first.hashes, 0);
    ck_assert_uint_gt(first.proofs, 0);
    for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
        struct work other = work_for(accounts, users[i], domain, &said);

        ck_assert_uint_eq(other.texts, first.texts);
        ck_assert_uint_eq(other.comparisons, first.comparisons);
        ck_assert_uint_eq(other.hashes, first.hashes);
        ck_assert_uint_eq(other.proofs, first.proofs);
        ck_assert_uint_eq(other.copies, first.copies);
        ck_assert_uint_eq(said, said_first);
    }
}

START_TEST(an_unknown_user_costs_the_same_work_as_a_wrong_password)
{
    struct accounts *accounts =
        open_file("DOM:alice:Password\nnohas:1:" NO_HEX ":" NO_HEX "\nDOM:empty:\n"
                  ":noDOM:Password\n.:local:Password\n");

    work_for(accounts, "alice", "DOM", &(size_t){0}); /* reads the file */
    same_work(accounts, "DOM");
    same_work(accounts, "OTHER");
    same_work(accounts, "");
    accounts_close(accounts);
}
END_TEST

START_TEST(the_hash_that_stands_in_for_a_missing_one_lets_nobody_in)
{
    static const char *const users[] = {"mallory", "bob"};
    struct accounts *accounts = open_file("DOM:alice:Password\nbob:1:" NO_HEX ":" NO_HEX "\n");

    for (size_t i = 0; i < 2; i++) {
        struct account_reply reply;
        struct client client;

        answer_v2(&client, users[i], "DOM", "");
        memset(client.nt_hash, 0, sizeof(client.nt_hash));
        prove(&client);
        ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply),
                         NTLM_ERR_LOGON_DENIED);
        client_end(&client);
    }
    accounts_close(accounts);
}
END_TEST

START_TEST(a_peers_name_cannot_steer_a_terminal)
{
    struct accounts *accounts = open_file("DOM:alice:Password\n");

    ck_assert_int_eq(logon(accounts, "x\x1b[2J\n", "D\r", "pw"), NTLM_ERR_LOGON_DENIED);
    ck_assert_str_eq(
        failure_detail(NTLM_ERR_LOGON_DENIED),
        with_file("unknown user named \"D\\x0d\\x\\x1b[2J\\x0a\" (account file ", ")"));
    accounts_close(accounts);
}
END_TEST

START_TEST(that_an_account_is_disabled_is_told_to_its_owner_alone)
{
    struct accounts *accounts = open_file("alice:1:" LM_HEX ":" NT_HEX ":[UD]:LCT-0:\n");

    ck_assert_int_eq(logon(accounts, "alice", "DOM", "wrong"), NTLM_ERR_LOGON_DENIED);
    ck_assert_int_eq(logon(accounts, "alice", "DOM", "Password"), NTLM_ERR_ACCOUNT_DISABLED);
    ck_assert_ptr_nonnull(failure_detail(NTLM_ERR_ACCOUNT_DISABLED));
    accounts_close(accounts);
}
END_TEST

START_TEST(that_an_account_is_locked_is_told_to_its_owner_alone)
{
    struct accounts *accounts = open_file("alice:1:" LM_HEX ":" NT_HEX ":[UL]:LCT-0:\n"
                                          "bob:2:" LM_HEX ":" NT_HEX ":[UDL]:LCT-0:\n");

    ck_assert_int_eq(logon(accounts, "alice", "DOM", "wrong"), NTLM_ERR_LOGON_DENIED);
    ck_assert_int_eq(logon(accounts, "alice", "DOM", "Password"), NTLM_ERR_ACCOUNT_LOCKED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_ACCOUNT_LOCKED),
                     "\"DOM\\alice\" gave the right password");
    ck_assert_int_eq(logon(accounts, "bob", "DOM", "Password"), NTLM_ERR_ACCOUNT_DISABLED);
    accounts_close(accounts);
}
END_TEST

START_TEST(an_account_without_a_password_is_denied_even_the_empty_one)
{
    struct accounts *accounts = open_file("a:1:" NO_HEX ":" NO_HEX ":[U]:LCT-0:\n"
                                          "b:2:" LM_HEX ":" NT_HEX ":[NU]:LCT-0:\n");

    ck_assert_int_eq(logon(accounts, "a", "", ""), NTLM_ERR_LOGON_DENIED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_LOGON_DENIED),
                     with_file("missing NT hash of \"a\" (account file ", ")"));
    ck_assert_int_eq(logon(accounts, "b", "", ""), NTLM_ERR_LOGON_DENIED);
    ck_assert_int_eq(logon(accounts, "b", "", "Password"), NTLM_ERR_LOGON_DENIED);
    accounts_close(accounts);
}
END_TEST

#define EMPTY_HEX "31D6CFE0D16AE931B73C59D7E0C089C0" /* the NT hash of "" */

START_TEST(an_empty_password_is_no_login_unless_a_setting_allows_it)
{
    struct accounts *accounts = open_file("DOM:guest:\n"
                                          "hashed:1:" NO_HEX ":" EMPTY_HEX ":[U]:LCT-0:\n");

    ck_assert_int_eq(logon(accounts, "guest", "DOM", ""), NTLM_ERR_LOGON_DENIED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_LOGON_DENIED),
                     with_file("empty password for \"DOM\\guest\" (account file ", ")"));
    ck_assert_int_eq(logon(accounts, "hashed", "DOM", ""), NTLM_ERR_LOGON_DENIED);
    logon_settings.allow_empty_passwords = true;
    ck_assert_int_eq(logon(accounts, "guest", "DOM", ""), NTLM_OK);
    ck_assert_int_eq(logon(accounts, "hashed", "DOM", ""), NTLM_OK);
    ck_assert_int_eq(logon(accounts, "guest", "DOM", "x"), NTLM_ERR_LOGON_DENIED);
    logon_settings.allow_empty_passwords = false;
    accounts_close(accounts);
}
END_TEST

#define EMPTY_LM_HEX "AAD3B435B51404EEAAD3B435B51404EE" /* the LM hash of "" */

START_TEST(the_lm_hash_of_no_password_is_none)
{
    struct accounts *accounts = open_file("alice:1:" EMPTY_LM_HEX ":" NT_HEX ":[U]:LCT-0:\n");
    struct account_reply reply;
    struct client client;
    uint8_t lm_hash[16];

    ck_assert_int_eq(ntlm_lm_hash("", 0, lm_hash), NTLM_OK);
    client_begin(&client, NTLM_RESPONSE_LM, "alice", "DOM", "");
    ntlm_v1_response(lm_hash, client.logon.server_challenge, client.response);
    client.logon.nt_response = ntlm_bytes(NULL, 0);
    client.logon.lm_response = ntlm_bytes(client.response, 24);
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply),
                     NTLM_ERR_LOGON_DENIED);
    client_end(&client);
    accounts_close(accounts);
}
END_TEST

START_TEST(ntlmv1_and_lm_are_answered_from_their_hashes)
{
    struct accounts *accounts = open_file("DOM:alice:Password\nbob:1:" NO_HEX ":" NT_HEX "\n");
    struct account_reply reply;
    struct client client;
    uint8_t lm_hash[16];

    ck_assert_int_eq(ntlm_lm_hash("Password", 8, lm_hash), NTLM_OK);
    client_begin(&client, NTLM_RESPONSE_V1, "alice", "DOM", "Password");
    ntlm_v1_response(client.nt_hash, client.logon.server_challenge, client.response);
    client.logon.nt_response = ntlm_bytes(client.response, 24);
    client.logon.lm_response = client.logon.nt_response;
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply), NTLM_OK);
    ck_assert(reply.keys.has_lm_key);
    ck_assert_mem_eq(reply.keys.lm_key, lm_hash, sizeof(reply.keys.lm_key));
    account_reply_clear(&reply);
    client.logon.kind = NTLM_RESPONSE_LM;
    client.logon.nt_response = ntlm_bytes(NULL, 0);
    ntlm_v1_response(lm_hash, client.logon.server_challenge, client.response);
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply), NTLM_OK);
    account_reply_clear(&reply);
    client.logon.user = "bob"; /* who has no LM hash */
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply),
                     NTLM_ERR_LOGON_DENIED);
    client_end(&client);
    accounts_close(accounts);
}
END_TEST

START_TEST(user_at_realm_logs_in_with_the_name_as_it_was_sent)
{
    struct accounts *accounts = open_file("example.com:alice:Password\n");
    struct account_reply reply;
    struct client client;

    answer_v2(&client, "alice@example.com", "", "Password");
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply), NTLM_OK);
    ck_assert_str_eq(reply.user, "alice");
    ck_assert_str_eq(reply.domain, "example.com");
    account_reply_clear(&reply);
    client_end(&client);
    accounts_close(accounts);
}
END_TEST

/* The account that a logon finds, as DOMAIN\\user; "" for none. */
static const char *found(struct accounts *accounts, const char *user, const char *domain)
{
    static char name[100];
    struct account_reply reply;
    struct client client;

    *name = '\0';
    answer_v2(&client, user, domain, "Password");
    if (!accounts_logon(accounts, &logon_settings, &client.logon, &reply))
        snprintf(name, sizeof(name), "%s\\%s", reply.domain, reply.user);
    account_reply_clear(&reply);
    client_end(&client);
    return name;
}

/* As the settings have them: EXAMPLE=example.com corp.example=CORP CORP=Corp2 */
static char words[][16] = {"EXAMPLE", "example.com", "corp.example", "CORP", "CORP", "Corp2"};
static char *aliases[] = {words[0], words[1], words[2], words[3], words[4], words[5], NULL};

START_TEST(a_upn_finds_its_domains_user)
{
    struct accounts *accounts = open_file("EXAMPLE:alice:Password\nOTHER:bob:Password\n");

    ck_assert_str_eq(found(accounts, "alice@EXAMPLE", ""), "EXAMPLE\\alice");
    ck_assert_str_eq(found(accounts, "alice@example.com", ""), "");
    logon_settings.domain_aliases = aliases;
    ck_assert_str_eq(found(accounts, "alice@example.com", ""), "EXAMPLE\\alice");
    ck_assert_str_eq(found(accounts, "ALICE@Example.Com", ""), "EXAMPLE\\alice");
    ck_assert_str_eq(found(accounts, "alice@example.com", "EXAMPLE"), "EXAMPLE\\alice");
    ck_assert_str_eq(found(accounts, "alice@example.com", "OTHER"), "");
    ck_assert_str_eq(found(accounts, "bob@example.com", ""), "");
    ck_assert_str_eq(found(accounts, "@example.com", ""), "");
    ck_assert_str_eq(found(accounts, "alice@", ""), "");
    logon_settings.domain_aliases = NULL;
    accounts_close(accounts);
}
END_TEST

START_TEST(a_domains_aliases_find_its_accounts)
{
    struct accounts *accounts =
        open_file("EXAMPLE:alice:Password\ncorp.example:carol:Password\n");

    ck_assert_str_eq(found(accounts, "alice", "example.com"), "");
    logon_settings.domain_aliases = aliases;
    ck_assert_str_eq(found(accounts, "alice", "example.com"), "EXAMPLE\\alice");
    ck_assert_str_eq(found(accounts, "alice", "EXAMPLE"), "EXAMPLE\\alice");
    ck_assert_str_eq(found(accounts, "carol", "CORP2"), "corp.example\\carol");
    ck_assert_str_eq(found(accounts, "carol", "example.com"), "");
    ck_assert_str_eq(found(accounts, "alice", "CORP"), "");
    logon_settings.domain_aliases = NULL;
    accounts_close(accounts);
}
END_TEST

START_TEST(a_dot_the_computers_name_and_no_domain_mean_local_accounts)
{
    static char computer[] = "SERVER", host[] = "server.example.com";
    static const char *const local[] = {".", "server", "Server.example.com", ""};
    struct accounts *accounts = open_file("EXAMPLE:alice:Password 2\nSERVER:alice:Password\n"
                                          ".:dot:Password\n:any:Password\n");

    logon_settings.netbios_computer = computer;
    logon_settings.dns_computer = host;
    for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++) {
        ck_assert_str_eq(found(accounts, "alice", local[i]), "SERVER\\alice");
        ck_assert_str_eq(found(accounts, "dot", local[i]), "SERVER\\dot");
        ck_assert_str_eq(found(accounts, "any", local[i]), "\\any");
    }
    ck_assert_str_eq(found(accounts, "alice@server", ""), "SERVER\\alice");
    ck_assert_str_eq(found(accounts, "dot@server.example.com", ""), "SERVER\\dot");
    ck_assert_str_eq(found(accounts, "dot", "EXAMPLE"), "");
    logon_settings.netbios_computer = logon_settings.dns_computer = NULL;
    accounts_close(accounts);
}
END_TEST

START_TEST(without_a_file_there_are_no_accounts)
{
    const struct settings settings = {.account_sources = {1, {ACCOUNTS_IN_FILE}}};
    struct accounts *accounts;

    ck_assert_int_eq(accounts_open(&settings, NULL, &accounts), NTLM_ERR_NO_ACCOUNTS);
    ck_assert_ptr_null(accounts);
    accounts_close(accounts);
}
END_TEST

START_TEST(the_settings_name_the_file_unless_the_caller_does)
{
    char *named = strdup(scratch_write("settings-own", "DOM:s:Password\n"));
    const struct settings settings = {.account_file = named};
    struct accounts *accounts;

    ck_assert_int_eq(accounts_open(&settings, NULL, &accounts), NTLM_OK);
    ck_assert_int_eq(logon(accounts, "s", "DOM", "Password"), NTLM_OK);
    accounts_close(accounts);
    ck_assert_int_eq(
        accounts_open(&settings, scratch_write("callers", "DOM:c:Password\n"), &accounts),
        NTLM_OK);
    ck_assert_int_eq(logon(accounts, "s", "DOM", "Password"), NTLM_ERR_LOGON_DENIED);
    ck_assert_int_eq(logon(accounts, "c", "DOM", "Password"), NTLM_OK);
    accounts_close(accounts);
    free(named);
}
END_TEST

START_TEST(a_file_that_cannot_be_used_is_refused_when_opened)
{
    const char *path = scratch_write("unsafe", "DOM:u:pw\n");
    const struct settings settings = {0};
    struct accounts *accounts;

    ck_assert_int_eq(accounts_open(&settings, scratch_path("missing"), &accounts),
                     NTLM_ERR_FILE_UNREADABLE);
    ck_assert_int_eq(chmod(path, 0606), 0);
    ck_assert_int_eq(accounts_open(&settings, path, &accounts), NTLM_ERR_FILE_INSECURE);
    ck_assert_ptr_nonnull(strstr(failure_detail(NTLM_ERR_FILE_INSECURE), path));
}
END_TEST

START_TEST(a_file_is_followed_as_it_changes)
{
    struct accounts *accounts = open_file("DOM:alice:Password\n");

    scratch_write("accounts", "DOM:alice:changed\n");
    ck_assert_int_eq(logon(accounts, "alice", "DOM", "Password"), NTLM_ERR_LOGON_DENIED);
    ck_assert_int_eq(logon(accounts, "alice", "DOM", "changed"), NTLM_OK);
    ck_assert_int_eq(chmod(scratch_path("accounts"), 0606), 0);
    ck_assert_int_eq(logon(accounts, "alice", "DOM", "changed"), NTLM_ERR_FILE_INSECURE);
    unlink(scratch_path("accounts"));
    ck_assert_int_eq(logon(accounts, "alice", "DOM", "changed"), NTLM_ERR_FILE_UNREADABLE);
    accounts_close(accounts);
}
END_TEST

START_TEST(neither_trace_nor_errors_show_a_secret)
{
    static const char *const secrets[] = {"s3cret", "Password", LM_HEX,
                                          NT_HEX,   "A4F49C",   "guess"};
    struct accounts *accounts;
    char said[2000] = "";

    unlink(scratch_path("log"));
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    accounts = open_file("DOM:alice:s3cret\nDOM::s3cret bad\nDOM s3cret\nDOM:\xff:s3cret\n"
                         "bob:1:" LM_HEX ":" NT_HEX ":[U]:LCT-0:\n"
                         "eve:1:" LM_HEX ":" NT_HEX ":[UD]:LCT-0:\n");
    ck_assert_int_eq(chmod(scratch_path("accounts"), 0644), 0);
    ck_assert_int_eq(logon(accounts, "alice", "DOM", "s3cret"), NTLM_OK);
    ck_assert_int_eq(logon(accounts, "bob", "DOM", "Password"), NTLM_OK);
    ck_assert_int_eq(logon(accounts, "alice", "DOM", "guess"), NTLM_ERR_LOGON_DENIED);
    strcat(said, failure_detail(NTLM_ERR_LOGON_DENIED));
    ck_assert_int_eq(logon(accounts, "carol", "DOM", "guess"), NTLM_ERR_LOGON_DENIED);
    strcat(said, failure_detail(NTLM_ERR_LOGON_DENIED));
    ck_assert_int_eq(logon(accounts, "eve", "DOM", "Password"), NTLM_ERR_ACCOUNT_DISABLED);
    strcat(said, failure_detail(NTLM_ERR_ACCOUNT_DISABLED));
    accounts_close(accounts);
    trace_open(NULL);
    ck_assert_ptr_nonnull(strstr(scratch_read("log"), "\"DOM\\alice\" logged in"));
    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
        ck_assert_ptr_null(strstr(scratch_read("log"), secrets[i]));
        ck_assert_ptr_null(strstr(said, secrets[i]));
    }
}
END_TEST

static void *log_in_often(void *arg)
{
    struct accounts *accounts = arg;

    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(logon(accounts, "alice", "DOM", "Password"), NTLM_OK);
        ck_assert_int_eq(logon(accounts, "alice", "DOM", "wrong"), NTLM_ERR_LOGON_DENIED);
    }
    accounts_close(accounts);
    return NULL;
}

START_TEST(many_threads_log_in_at_once_and_the_last_closes)
{
    struct accounts *accounts = open_file("DOM:alice:Password\n");
    pthread_t threads[4];

    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(
            pthread_create(&threads[i], NULL, log_in_often, accounts_ref(accounts)), 0);
    accounts_close(accounts);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}
END_TEST

static TCase *logon_cases(void)
{
    TCase *cases = tcase_create("logon");

    tcase_add_test(cases, the_right_password_gives_the_key_and_the_accounts_own_name);
    tcase_add_test(cases, the_peers_domain_is_not_taken_for_the_accounts);
    tcase_add_test(cases, names_and_passwords_need_not_be_ascii);
    tcase_add_test(cases, a_wrong_password_and_an_unknown_user_get_the_same_answer);
    tcase_add_test(cases, an_unknown_user_costs_the_same_work_as_a_wrong_password);
    tcase_add_test(cases, the_hash_that_stands_in_for_a_missing_one_lets_nobody_in);
    tcase_add_test(cases, a_peers_name_cannot_steer_a_terminal);
    tcase_add_test(cases, that_an_account_is_disabled_is_told_to_its_owner_alone);
    tcase_add_test(cases, that_an_account_is_locked_is_told_to_its_owner_alone);
    tcase_add_test(cases, an_account_without_a_password_is_denied_even_the_empty_one);
    tcase_add_test(cases, an_empty_password_is_no_login_unless_a_setting_allows_it);
    tcase_add_test(cases, the_lm_hash_of_no_password_is_none);
    tcase_add_test(cases, ntlmv1_and_lm_are_answered_from_their_hashes);
    tcase_add_test(cases, user_at_realm_logs_in_with_the_name_as_it_was_sent);
    tcase_add_test(cases, a_upn_finds_its_domains_user);
    tcase_add_test(cases, a_domains_aliases_find_its_accounts);
    tcase_add_test(cases, a_dot_the_computers_name_and_no_domain_mean_local_accounts);
    tcase_add_test(cases, neither_trace_nor_errors_show_a_secret);
    tcase_add_test(cases, many_threads_log_in_at_once_and_the_last_closes);
    return cases;
}

static TCase *source_cases(void)
{
    TCase *cases = tcase_create("source");

    tcase_add_test(cases, without_a_file_there_are_no_accounts);
    tcase_add_test(cases, the_settings_name_the_file_unless_the_caller_does);
    tcase_add_test(cases, a_file_that_cannot_be_used_is_refused_when_opened);
    tcase_add_test(cases, a_file_is_followed_as_it_changes);
    return cases;
}

int main(void)
{
    Suite *suite = suite_create("accounts");

    scratch_begin();
    suite_add_tcase(suite, logon_cases());
    suite_add_tcase(suite, source_cases());
    return suite_run(suite);
}
