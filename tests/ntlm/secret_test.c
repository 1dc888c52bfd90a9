/* SPDX-License-Identifier: MIT */
/* secret_test.c - secrets are compared, looked at and wiped whole, nothing is no trouble,
 * and what the protocol's parts give back has none in it: each by itself, as in a whole
 * login one wipe covers for another. */

#include "config.h"

#include "ntlm/secret.h"

#include <stdint.h>

#include "freed.h"
#include "ntlm/exchange.h"
#include "ntlm/respond.h"
#include "ntlm_exchange.h"
#include "secrets.h"
#include "suite.h"
#include "wiped.h"

START_TEST(secrets_are_compared_whole_and_cleansed_whole)
{
    uint8_t one[4] = {1, 2, 3, 4}, other[4] = {1, 2, 3, 5};
    static const uint8_t zeros[4];

    ck_assert(!ntlm_equal(one, other, 4));
    ck_assert(ntlm_equal(one, other, 3));
    ck_assert(ntlm_equal(one, other, 0));
    ntlm_cleanse(one, sizeof(one));
    ck_assert_mem_eq(one, zeros, sizeof(zeros));
}
END_TEST

START_TEST(zeros_are_zeros_to_the_last_byte)
{
    static const uint8_t zeros[4], last[4] = {0, 0, 0, 0x80}, first[4] = {1};

    ck_assert(ntlm_is_zero(zeros, sizeof(zeros)));
    ck_assert(!ntlm_is_zero(last, sizeof(last)));
    ck_assert(ntlm_is_zero(last, sizeof(last) - 1));
    ck_assert(!ntlm_is_zero(first, sizeof(first)));
}
END_TEST

START_TEST(nothing_is_equal_to_nothing_and_may_be_cleansed)
{
    ck_assert(ntlm_equal(NULL, NULL, 0));
    ck_assert(ntlm_is_zero(NULL, 0));
    ntlm_cleanse(NULL, 0);
}
END_TEST

static const struct secrets_account account = {"User", "Domain", "Wonderland 7"};

static struct exchange x;

static bool learn(void *arg)
{
    struct ntlm_bytes token = exchange_token(&x, AUTHENTICATE_SENT);

    (void)arg;
    secrets_add_session_key(ntlm_initiator_outcome(x.initiator)->session_key);
    return secrets_add_base_key(&account, token.data, token.len) &&
           secrets_add_account(&account);
}

START_TEST(what_is_written_is_wiped_where_it_was)
{
    uint8_t room[8];
    struct ntlm_writer out;

    ntlm_writer_begin_in(&out, room, sizeof(room));
    ntlm_write(&out, "secret", 6);
    ntlm_writer_clear(&out);
    ck_assert(ntlm_is_zero(room, 6));

    ntlm_writer_begin_in(&out, room, sizeof(room));
    ntlm_write(&out, "secret", 6);
    ntlm_write(&out, "grows", 5);
    ck_assert_ptr_ne(out.data, room);
    ck_assert_mem_eq(out.data, "secretgrows", 11);
    ck_assert(ntlm_is_zero(room, 6));
    ntlm_writer_clear(&out);
}
END_TEST

START_TEST(a_dead_exchange_has_no_key)
{
    struct ntlm_exchange exchange = {0};

    memset(&exchange.outcome, 7, sizeof(exchange.outcome));
    ck_assert(!ntlm_exchange_end_step(&exchange, NTLM_OK, NTLM_STAGE_DONE));
    ck_assert(!ntlm_is_zero(&exchange.outcome, sizeof(exchange.outcome)));
    ck_assert_int_eq(ntlm_exchange_end_step(&exchange, NTLM_ERR_MIC_WRONG, NTLM_STAGE_DONE),
                     NTLM_ERR_MIC_WRONG);
    ck_assert(ntlm_is_zero(&exchange.outcome, sizeof(exchange.outcome)));
}
END_TEST

START_TEST(a_cleared_response_is_zeros)
{
    struct ntlm_response response = {.base_key = {1}, .lm_key = {2}, .has_lm_key = true};

    ntlm_writer_begin_in(&response.lm_response, response.lm_room, sizeof(response.lm_room));
    ntlm_writer_begin_in(&response.nt_response, response.nt_room, sizeof(response.nt_room));
    ntlm_write(&response.nt_response, "proof", 5);
    ntlm_response_clear(&response);
    ck_assert(ntlm_is_zero(&response, sizeof(response)));
}
END_TEST

static void begin_with(unsigned lm_compat_level)
{
    exchange_begin(&x);
    x.password = x.account_password = account.password;
    x.client.lm_compat_level = lm_compat_level;
    x.server.lm_compat_level = 0;
}

/* Each variable that has a secret is wiped where its function ends: what is called next may
 * overwrite it, and may not. A function that comes to have more of them, or fewer, changes
 * these figures. */
START_TEST(each_copy_of_a_secret_is_wiped)
{
#define PASSWORDS "6 PASSWORD\n2 PASSWORD in UTF-16\n2 password in UTF-16\n"
#define MESSAGES                                                                               \
    "2 server signing for HMAC, outside\n2 server signing for HMAC, inside\n"                  \
    "4 server signing\n4 server sealing\n"                                                     \
    "2 client signing for HMAC, outside\n2 client signing for HMAC, inside\n"                  \
    "4 client signing\n4 client sealing\n"
#define NTLMV1_WITH_ESS                                                                        \
    "4 session key\n" MESSAGES "1 NTLMv1's session base key\n"                                 \
    "2 NTLMv1's session base key for HMAC, out\n"                                              \
    "4 NTLMv1's session base key for HMAC, ins\n2 NT hash\n" PASSWORDS
    static const struct {
        const char *secrets;
        unsigned others;
    } levels[] = {
        {"4 session key\n1 NTLMv1's session base key\n1 LM hash\n2 NT hash\n" PASSWORDS, 59},
        {NTLMV1_WITH_ESS, 75},
        {NTLMV1_WITH_ESS, 75},
        {"4 session key\n" MESSAGES "7 SessionBaseKey\n2 NTOWFv2 for HMAC, outside\n"
         "4 NTOWFv2 for HMAC, inside\n4 NTOWFv2\n2 NT hash for HMAC, outside\n"
         "4 NT hash for HMAC, inside\n" PASSWORDS,
         102}};

    if (skipped_sanitized("each_copy_of_a_secret_is_wiped"))
        return;
    begin_with((unsigned)_i);
    wiped_watch(true);
    ck_assert(!exchange_run(&x));
    assert_ends_agree(&x);
    secrets_forget();
    secrets_learn(learn, NULL);
    exchange_end(&x);
    wiped_watch(false);
    ck_assert_str_eq(wiped_secrets(), levels[_i].secrets);
    ck_assert_uint_eq(wiped_others(), levels[_i].others);
    wiped_forget();
}
END_TEST

/* Dead frames included: who calls these functions wipes them, too. _i: the level. */
START_TEST(an_exchange_leaves_no_secret)
{
    enum ntlm_error (*const steps[])(struct exchange *) = {
        exchange_negotiate, exchange_challenge, exchange_authenticate, exchange_accept};

    if (skipped_sanitized("an_exchange_leaves_no_secret"))
        return;
    begin_with((unsigned)_i);
    freed_watch(true);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        enum ntlm_error error = steps[i](&x);

        freed_stack();
        ck_assert(!error);
    }
    secrets_learn(learn, NULL);
    exchange_end(&x);
    freed_assert_clean();
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("secret");
    TCase *cases = tcase_create("secret");

    (void)argc;
    freed_begin(argv);
    tcase_add_test(cases, secrets_are_compared_whole_and_cleansed_whole);
    tcase_add_test(cases, zeros_are_zeros_to_the_last_byte);
    tcase_add_test(cases, nothing_is_equal_to_nothing_and_may_be_cleansed);
    tcase_add_test(cases, what_is_written_is_wiped_where_it_was);
    tcase_add_test(cases, a_dead_exchange_has_no_key);
    tcase_add_test(cases, a_cleared_response_is_zeros);
    tcase_add_loop_test(cases, each_copy_of_a_secret_is_wiped, 0, 4);
    tcase_add_loop_test(cases, an_exchange_leaves_no_secret, 0, 4);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
