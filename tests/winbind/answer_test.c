/* SPDX-License-Identifier: MIT */
/* answer_test.c - a libwbclient whose calls fail, one at a time, and whose answers are odd:
 * nobody is let in or answered for by mistake, the error says whose it is, and every block
 * goes back. Answers that make sense are in logon_test.c, user_test.c and domain_test.c. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "identity/identity.h"
#include "scratch.h"
#include "suite.h"
#include "support/failure.h"
#include "winbind/domain.h"
#include "winbind_fixture.h"

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
#define ERRORS (WBC_ERR_PWD_CHANGE_FAILED + 1)
#define LONG 300

static const char *long_name(void)
{
    static char name[LONG + 1];

    memset(name, 'n', LONG);
    return name;
}

/* ---- what is asked ---- */

static enum ntlm_error log_in_alice(void)
{
    struct accounts *accounts = open_winbind();
    enum ntlm_error error = log_in(accounts, "alice");

    accounts_close(accounts);
    return error;
}

/* One that was known before may still be. */
static enum ntlm_error get_domain(void)
{
    static bool known;
    const struct winbind_domain *domain;
    enum ntlm_error error;

    later += 60;
    error = winbind_domain_get(60, &domain);
    ck_assert((!error) == (domain != NULL));
    if (error) {
        ck_assert(!known);
        return error;
    }
    ck_assert(known || !fake_winbind_failed());
    known = true;
    ck_assert_str_eq(domain->netbios_computer, "BOX");
    ck_assert_str_eq(domain->netbios_domain, "EXAMPLE");
    winbind_domain_put(domain);
    return fake_winbind_failed() ? NTLM_ERR_NO_AUTHORITY : NTLM_OK;
}

static const struct settings settings = {.winbind_timeout = 60};

static enum ntlm_error find(const char *user, const char *domain, struct identity **identity)
{
    enum ntlm_error error = identity_find(&settings, NULL, user, domain, identity);

    ck_assert((!error) == (*identity != NULL));
    if (error)
        return error;
    ck_assert_str_eq(identity_user(*identity), "alice");
    ck_assert_str_eq(identity_domain(*identity), "EXAMPLE");
    return NTLM_OK;
}

static enum ntlm_error find_and_let_go(const char *user, const char *domain)
{
    struct identity *identity;
    enum ntlm_error error = find(user, domain, &identity);

    identity_release(identity);
    return error;
}

static enum ntlm_error find_own(void)
{
    return find_and_let_go(NULL, NULL);
}

static enum ntlm_error find_by_name(void)
{
    return find_and_let_go("alice", "EXAMPLE");
}

static enum ntlm_error find_by_dns_name(void)
{
    return find_and_let_go("alice", "example.test");
}

/* Of a user who was found before all went wrong. */
static struct identity *alice;

static enum ntlm_error respond(void)
{
    static const uint8_t nothing[16];
    struct ntlm_writer out = {0};
    uint8_t session_key[16] = {0};
    struct ntlm_secret secret;
    enum ntlm_error error;

    identity_secret(alice, &secret);
    error = secret.respond(secret.arg, ntlm_bytes("one", 3), ntlm_bytes("two", 3), &out,
                           session_key);
    ck_assert((!error) == (out.len > 0));
    ck_assert((!error) == (memcmp(session_key, nothing, 16) != 0));
    ntlm_writer_clear(&out);
    return error;
}

static const struct question {
    const char *name;
    enum ntlm_error (*ask)(void);
    enum ntlm_error refused; /* what it ends with when an answer is none */
} questions[] = {
    {"the domain", get_domain, NTLM_ERR_NO_AUTHORITY},
    {"a logon", log_in_alice, NTLM_ERR_NO_AUTHORITY},
    {"the process's user", find_own, NTLM_ERR_NO_IDENTITY},
    {"a user", find_by_name, NTLM_ERR_NO_IDENTITY},
    {"a user of the domain's DNS name", find_by_dns_name, NTLM_ERR_NO_IDENTITY},
    {"a response", respond, NTLM_ERR_NO_IDENTITY},
};

/* Nothing is open that was asked before. */
static void hang_up(void)
{
    fake_winbind()->result = WBC_ERR_WINBIND_NOT_AVAILABLE;
    log_in_alice();
    fake_winbind_begin();
}

static bool is_right(const struct question *question, enum ntlm_error error, wbcErr result,
                     const char *failed)
{
    if (!failed)
        return !error;
    if (strcmp(failed, "wbcCtxCreate") == 0)
        return error == NTLM_ERR_OUT_OF_MEMORY || question->ask == get_domain;
    if (strcmp(failed, "wbcAddNamedBlob") == 0 && result == WBC_ERR_SUCCESS)
        return true; /* the answer is to no question, and winbind's to give */
    if (result == WBC_ERR_NO_MEMORY && strcmp(failed, "wbcSidToStringBuf") != 0)
        return error == NTLM_ERR_OUT_OF_MEMORY || question->ask == get_domain;
    return error == question->refused ||
           (question->ask == respond && error == NTLM_ERR_NO_AUTHORITY);
}

/* How many calls there were. */
static unsigned fail_each(const struct question *question, wbcErr result, bool late)
{
    unsigned n = 0;

    for (const char *failed = "none yet"; failed; n++) {
        enum ntlm_error error;

        hang_up();
        fake_winbind_fail((struct fake_failure){.call = n + 1, .result = result, .late = late});
        error = question->ask();
        failed = fake_winbind_failed();
        ck_assert_msg(is_right(question, error, result, failed),
                      "%s, call %u, %s, with result %u: %#x", question->name, n + 1, failed,
                      result, (unsigned)error);
        ck_assert_msg(fake_winbind_blocks() == 0, "%s, call %u, %s, with result %u: %u blocks",
                      question->name, n + 1, failed, result, fake_winbind_blocks());
        ck_assert_uint_lt(n, 20);
    }
    return n - 1;
}

START_TEST(whichever_call_fails)
{
    const struct question *question = &questions[_i];
    unsigned calls = 0;

    if (question->ask == respond)
        ck_assert_int_eq(find("alice", "EXAMPLE", &alice), NTLM_OK);
    for (int result = WBC_ERR_SUCCESS; result < ERRORS; result++) {
        calls += fail_each(question, (wbcErr)result, false);
        if (result != WBC_ERR_SUCCESS)
            calls += fail_each(question, (wbcErr)result, true);
    }
    printf("# %s: %u calls of libwbclient failed\n", question->name, calls);
    ck_assert_uint_ge(calls, 2 * (2 * ERRORS - 1));
    if (question->ask == respond)
        identity_release(alice);
}
END_TEST

/* ---- accounts ---- */

static void no_sids(struct wbcAuthUserInfo *info)
{
    free(info->sids);
    info->sids = NULL;
}

static void no_sids_and_many(struct wbcAuthUserInfo *info)
{
    no_sids(info);
    info->num_sids = UINT32_MAX;
}

static void no_account(struct wbcAuthUserInfo *info)
{
    free(info->account_name);
    info->account_name = NULL;
}

static void no_domain(struct wbcAuthUserInfo *info)
{
    free(info->domain_name);
    info->domain_name = NULL;
}

static void empty_account(struct wbcAuthUserInfo *info)
{
    *info->account_name = '\0';
}

static void empty_domain(struct wbcAuthUserInfo *info)
{
    *info->domain_name = '\0';
}

static void no_key(struct wbcAuthUserInfo *info)
{
    memset(info->user_session_key, 0, sizeof(info->user_session_key));
}

static void guest(struct wbcAuthUserInfo *info)
{
    info->user_flags |= WBC_AUTH_USER_INFO_GUEST;
}

static const struct {
    void (*spoil)(struct wbcAuthUserInfo *info);
    enum ntlm_error error;
    const char *why;
} accounts_of_none[] = {
    {no_sids, NTLM_ERR_NO_AUTHORITY, "the groups of \"EXAMPLE\\alice\""},
    {no_sids_and_many, NTLM_ERR_NO_AUTHORITY, "the groups of \"EXAMPLE\\alice\""},
    {no_account, NTLM_ERR_NO_AUTHORITY, "the account name of \"EXAMPLE\\alice\""},
    {no_domain, NTLM_ERR_NO_AUTHORITY, "the account name of \"EXAMPLE\\alice\""},
    {empty_account, NTLM_ERR_NO_AUTHORITY, "the account name of \"EXAMPLE\\alice\""},
    {empty_domain, NTLM_ERR_NO_AUTHORITY, "the account name of \"EXAMPLE\\alice\""},
    {no_key, NTLM_ERR_LOGON_DENIED, "guest"},
    {guest, NTLM_ERR_LOGON_DENIED, "guest"},
};

START_TEST(an_account_that_lacks_something_is_nobodys)
{
    fake_winbind()->spoil_account = accounts_of_none[_i].spoil;
    ck_assert_int_eq(log_in_alice(), accounts_of_none[_i].error);
    assert_detail(accounts_of_none[_i].error, accounts_of_none[_i].why);
    ck_assert_uint_eq(fake_winbind_blocks(), 0);
    fake_winbind()->spoil_account = NULL;
    ck_assert_int_eq(log_in_alice(), NTLM_OK);
}
END_TEST

/* One that is cut off would be another's. */
START_TEST(a_long_name_of_an_account_is_whole)
{
    struct accounts *accounts = open_winbind();
    const struct ntlm_logon logon = logon_of("alice", "EXAMPLE");
    struct account_reply reply;

    fake_winbind()->account = fake_winbind()->domain = long_name();
    ck_assert_int_eq(accounts_logon(accounts, &no_settings, &logon, &reply), NTLM_OK);
    ck_assert_str_eq(reply.user, long_name());
    ck_assert_str_eq(reply.domain, long_name());
    account_reply_clear(&reply);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_refusal_without_words_is_one)
{
    const char *const texts[] = {NULL, "", "NT_STATUS_X", long_name()};
    struct fake_winbind *fake = fake_winbind();

    fake->result = WBC_ERR_AUTH_ERROR;
    for (int i = 0; i < COUNT(texts); i++) {
        fake->nt_status = 0xc000006a;
        fake->nt_string = texts[i];
        ck_assert_int_eq(log_in_alice(), NTLM_ERR_LOGON_DENIED);
        assert_detail(NTLM_ERR_LOGON_DENIED, i < 2   ? "\"EXAMPLE\\alice\": no reason given"
                                             : i < 3 ? "\"EXAMPLE\\alice\": NT_STATUS_X"
                                                     : "\"EXAMPLE\\alice\": nnnn");
        fake->nt_status = 0; /* which is a success elsewhere */
        ck_assert_int_eq(log_in_alice(), NTLM_ERR_LOGON_REFUSED);
    }
    fake->result = WBC_ERR_UNKNOWN_FAILURE;
    fake->wordless = true;
    ck_assert_int_eq(log_in_alice(), NTLM_ERR_NO_AUTHORITY);
    assert_detail(NTLM_ERR_NO_AUTHORITY, "winbind answered with error 2");
}
END_TEST

/* ---- users ---- */

static void assert_nobody(const char *user, const char *domain, const char *why)
{
    struct identity *identity;

    ck_assert_int_eq(find(user, domain, &identity), NTLM_ERR_NO_IDENTITY);
    assert_detail(NTLM_ERR_NO_IDENTITY, why);
    ck_assert_uint_eq(fake_winbind_blocks(), 0);
}

START_TEST(a_process_of_a_user_without_a_name_is_nobodys)
{
    fake_winbind()->own_user = "";
    assert_nobody(NULL, NULL, "does not run as a user of the domain");
    fake_winbind()->own_user = "alice";
    fake_winbind()->own_domain = ""; /* that of the machine, then */
    ck_assert_int_eq(find_own(), NTLM_OK);
    fake_winbind()->computer = fake_winbind()->domain = fake_winbind()->dns_domain = NULL;
    fake_winbind()->own_domain = "EXAMPLE";
    fake_winbind()->cached_user = NULL;
    assert_nobody("alice", "example.test", "winbind has no password");
}
END_TEST

/* libwbclient would cut it off, and ask for another's password. */
START_TEST(a_user_of_a_name_that_is_too_long_is_not_asked_for)
{
    static const struct {
        int user, domain;
    } lengths[] = {{LONG, 7}, {5, LONG}, {200, 55}};
    struct identity *identity;

    for (int i = 0; i < COUNT(lengths); i++) {
        const char *user = long_name() + LONG - lengths[i].user,
                   *domain = long_name() + LONG - lengths[i].domain;

        fake_winbind()->cached_user = user;
        fake_winbind()->domain = domain;
        assert_nobody(user, domain, "too long");
        fake_winbind()->own_user = user;
        fake_winbind()->own_domain = domain;
        assert_nobody(NULL, NULL, "too long");
        ck_assert_uint_eq(fake_winbind()->cache_questions, 0);
    }
    fake_winbind_begin();
    fake_winbind()->cached_user = long_name() + LONG - 247; /* with EXAMPLE and \\, 255 */
    ck_assert_int_eq(
        identity_find(&settings, NULL, fake_winbind()->cached_user, "EXAMPLE", &identity),
        NTLM_OK);
    identity_release(identity);
}
END_TEST

/* ---- responses ---- */

static void nameless(struct wbcCredentialCacheInfo *info)
{
    info->blobs[1].name = "other";
    info->num_blobs++; /* the name at the end is NULL */
}

static void no_blobs(struct wbcCredentialCacheInfo *info)
{
    wbcFreeMemory(info->blobs);
    info->blobs = NULL;
}

static void no_key_blob(struct wbcCredentialCacheInfo *info)
{
    free(info->blobs[1].blob.data);
    info->blobs[1].blob.data = NULL;
}

static void no_token_blob(struct wbcCredentialCacheInfo *info)
{
    free(info->blobs[0].blob.data);
    info->blobs[0].blob.data = NULL;
}

static void empty_token(struct wbcCredentialCacheInfo *info)
{
    info->blobs[0].blob.length = 0;
}

static void short_key(struct wbcCredentialCacheInfo *info)
{
    info->blobs[1].blob.length = 15;
}

/* Known to everybody. */
static void zero_key(struct wbcCredentialCacheInfo *info)
{
    memset(info->blobs[1].blob.data, 0, 16);
}

static void (*const no_responses[])(struct wbcCredentialCacheInfo *info) = {
    nameless, no_blobs, no_key_blob, no_token_blob, empty_token, short_key, zero_key};

START_TEST(a_response_that_lacks_something_is_none)
{
    ck_assert_int_eq(find("alice", "EXAMPLE", &alice), NTLM_OK);
    fake_winbind()->spoil_cached = no_responses[_i];
    ck_assert_int_eq(respond(), NTLM_ERR_NO_AUTHORITY);
    assert_detail(NTLM_ERR_NO_AUTHORITY, "winbind gave no response for \"EXAMPLE\\alice\"");
    ck_assert_uint_eq(fake_winbind_blocks(), 0);
    fake_winbind()->spoil_cached = NULL;
    ck_assert_int_eq(respond(), NTLM_OK);
    identity_release(alice);
}
END_TEST

/* ---- the domain ---- */

static const struct {
    const char *computer, *domain;
} no_domains[] = {{NULL, "EXAMPLE"}, {"", "EXAMPLE"}, {"BOX", NULL}, {"BOX", ""}, {"", ""}};

/* Before one is known. */
START_TEST(a_domain_without_a_name_is_none)
{
    fake_winbind()->computer = no_domains[_i].computer;
    fake_winbind()->domain = no_domains[_i].domain;
    ck_assert_int_eq(get_domain(), NTLM_ERR_NO_AUTHORITY);
    assert_detail(NTLM_ERR_NO_AUTHORITY, "does not tell the name of its domain");
    ck_assert_uint_eq(fake_winbind_blocks(), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("winbind answers");
    TCase *cases = tcase_create("answers");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_loop_test(cases, a_domain_without_a_name_is_none, 0, COUNT(no_domains));
    tcase_add_loop_test(cases, whichever_call_fails, 0, COUNT(questions));
    tcase_add_loop_test(cases, an_account_that_lacks_something_is_nobodys, 0,
                        COUNT(accounts_of_none));
    tcase_add_test(cases, a_long_name_of_an_account_is_whole);
    tcase_add_test(cases, a_refusal_without_words_is_one);
    tcase_add_test(cases, a_process_of_a_user_without_a_name_is_nobodys);
    tcase_add_test(cases, a_user_of_a_name_that_is_too_long_is_not_asked_for);
    tcase_add_loop_test(cases, a_response_that_lacks_something_is_none, 0, COUNT(no_responses));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
