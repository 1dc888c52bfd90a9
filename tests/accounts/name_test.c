/* SPDX-License-Identifier: MIT */
/* name_test.c - under which names an account of the file is found: a UPN, each name of
 * a domain, and those of this computer. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "accounts_fixture.h"

START_TEST(user_at_realm_logs_in_with_the_name_as_it_was_sent)
{
    struct accounts *accounts = accounts_of("example.com:alice:Password\n");
    struct account_reply reply;
    struct client client;

    client_begin_v2(&client, "alice@example.com", "", "Password");
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
    client_begin_v2(&client, user, domain, "Password");
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
    struct accounts *accounts = accounts_of("EXAMPLE:alice:Password\nOTHER:bob:Password\n");

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
        accounts_of("EXAMPLE:alice:Password\ncorp.example:carol:Password\n");

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
    struct accounts *accounts = accounts_of("EXAMPLE:alice:Password 2\nSERVER:alice:Password\n"
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

int main(void)
{
    Suite *suite = suite_create("accounts name");
    TCase *cases = tcase_create("name");

    scratch_begin();
    tcase_add_test(cases, user_at_realm_logs_in_with_the_name_as_it_was_sent);
    tcase_add_test(cases, a_upn_finds_its_domains_user);
    tcase_add_test(cases, a_domains_aliases_find_its_accounts);
    tcase_add_test(cases, a_dot_the_computers_name_and_no_domain_mean_local_accounts);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
