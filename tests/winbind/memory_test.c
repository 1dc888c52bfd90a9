/* SPDX-License-Identifier: MIT */
/* memory_test.c - questions to winbind when memory ends. */

#include "config.h"

#include "accounts/accounts.h"
#include "fake_wbclient.h"
#include "identity/identity.h"
#include "run_out.h"
#include "suite.h"
#include "winbind/domain.h"
#include "winbind_socket.h"

static const struct settings settings = {.winbind_timeout = 60};

static void begin(void)
{
    winbind_socket_make();
    fake_winbind_begin();
}

static enum ntlm_error log_in(void)
{
    static const uint8_t response[44];
    const struct ntlm_logon logon = {.kind = NTLM_RESPONSE_V2,
                                     .user = "alice",
                                     .domain = "EXAMPLE",
                                     .workstation = "DESK",
                                     .nt_response = ntlm_bytes(response, sizeof(response))};
    struct account_reply reply = {.user = NULL};
    struct accounts *accounts;
    enum ntlm_error error = accounts_open(&settings, NULL, &accounts);

    if (!error)
        error = accounts_logon(accounts, &settings, &logon, &reply);
    inconsistent |= (!error) != (reply.user != NULL && reply.sids != NULL);
    account_reply_clear(&reply);
    accounts_close(accounts);
    return error;
}

static enum ntlm_error find_user(void)
{
    struct identity *identity;
    enum ntlm_error error = identity_find(&settings, NULL, NULL, NULL, &identity);

    inconsistent |= (!error) != (identity != NULL);
    identity_release(identity);
    return error;
}

static struct identity *alice;

static enum ntlm_error answer(void)
{
    struct ntlm_writer out = {0};
    uint8_t session_key[16];
    struct ntlm_secret secret;
    enum ntlm_error error;

    identity_secret(alice, &secret);
    error = secret.respond(secret.arg, ntlm_bytes("one", 3), ntlm_bytes("two", 3), &out,
                           session_key);
    ntlm_writer_clear(&out);
    return error;
}

static enum ntlm_error get_domain(void)
{
    const struct winbind_domain *domain;
    enum ntlm_error error = winbind_domain_get(60, &domain);

    inconsistent |= (!error) != (domain != NULL);
    winbind_domain_put(domain);
    return error;
}

START_TEST(a_logon_is_answered_or_memory_ended)
{
    run_out(log_in, NTLM_OK);
}
END_TEST

START_TEST(a_user_is_found_or_memory_ended)
{
    run_out(find_user, NTLM_OK);
}
END_TEST

START_TEST(a_challenge_is_answered_or_memory_ended)
{
    ck_assert_int_eq(identity_find(&settings, NULL, "alice", "", &alice), NTLM_OK);
    run_out(answer, NTLM_OK);
    identity_release(alice);
}
END_TEST

START_TEST(the_domain_is_known_or_memory_ended)
{
    run_out(get_domain, NTLM_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("winbind memory");
    TCase *cases = tcase_create("memory");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_test(cases, a_logon_is_answered_or_memory_ended);
    tcase_add_test(cases, a_user_is_found_or_memory_ended);
    tcase_add_test(cases, a_challenge_is_answered_or_memory_ended);
    tcase_add_test(cases, the_domain_is_known_or_memory_ended);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
