/* winbind_test.c - logons that winbind answers: what it is asked, what is made
 * of its answers, and that it may be missing, hang, or be asked by many
 * threads and by forked processes. winbind is a stand-in here; a real one, with
 * a domain controller behind it, is asked by tests/interop/domain.sh. */

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "failure.h"
#include "fake_wbclient.h"
#include "ntlm/keys.h"
#include "scratch.h"
#include "suite.h"
#include "winbind/domain.h"
#include "winbind_socket.h"

#define NOT_THERE "no winbind runs here (it has no socket " WINBIND_SOCKET ")"

/* Seconds that the clock by which a domain ages is ahead of the real one. */
static time_t later;

int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    int status = __real_clock_gettime(clock, time);

    if (clock == CLOCK_MONOTONIC_COARSE)
        time->tv_sec += later;
    return status;
}

static struct settings asking(enum account_source first, size_t count)
{
    return (struct settings){
        .source_count = count,
        .sources = {first, first == ACCOUNTS_IN_FILE ? ACCOUNTS_IN_WINBIND : ACCOUNTS_IN_FILE},
        .winbind_timeout = 60};
}

static struct accounts *open_accounts(const struct settings *settings)
{
    struct accounts *accounts;

    ck_assert_int_eq(accounts_open(settings, NULL, &accounts), NTLM_OK);
    return accounts;
}

static struct accounts *open_winbind(void)
{
    const struct settings settings = asking(ACCOUNTS_IN_WINBIND, 1);

    return open_accounts(&settings);
}

/* An NTLMv2 logon that no account file's password was used for. */
static struct ntlm_logon logon_of(const char *user, const char *domain)
{
    static const uint8_t response[44] = {'p', 'r', 'o', 'o', 'f'}, lm[24];
    static uint8_t user_utf16[1024], domain_utf16[1024];
    struct ntlm_logon logon = {.kind = NTLM_RESPONSE_V2,
                               .user = user,
                               .domain = domain,
                               .workstation = "DESK",
                               .server_name = "BOX",
                               .server_domain = "EXAMPLE",
                               .user_utf16 = ntlm_bytes(user_utf16, 2 * strlen(user)),
                               .domain_utf16 = ntlm_bytes(domain_utf16, 2 * strlen(domain)),
                               .server_challenge = {1, 2, 3, 4, 5, 6, 7, 8},
                               .lm_response = ntlm_bytes(lm, sizeof(lm)),
                               .nt_response = ntlm_bytes(response, sizeof(response))};

    return logon;
}

static enum ntlm_error log_in(struct accounts *accounts, const char *user)
{
    const struct ntlm_logon logon = logon_of(user, "EXAMPLE");
    struct account_reply reply;
    enum ntlm_error error = accounts_logon(accounts, &logon, &reply);

    ck_assert((error == NTLM_OK) == (reply.user != NULL));
    account_reply_clear(&reply);
    return error;
}

static void assert_particular(enum ntlm_error error, const char *part)
{
    const char *particular = failure_particular(error);

    ck_assert_ptr_nonnull(particular);
    ck_assert_msg(strstr(particular, part), "\"%s\" without \"%s\"", particular, part);
}

/* Nothing is left of the test before: its connections are given up, its
 * domain's time is over. */
static void begin(void)
{
    struct accounts *accounts;

    fake_winbind_hang(false);
    winbind_socket_make();
    accounts = open_winbind();
    fake_winbind()->result = WBC_ERR_WINBIND_NOT_AVAILABLE;
    for (int i = 0; i < 8; i++)
        log_in(accounts, "nobody");
    accounts_close(accounts);
    later += 60;
    fake_winbind_begin();
}

START_TEST(without_a_socket_there_are_no_accounts_unless_winbind_is_listed)
{
    const struct settings standard = {.winbind_timeout = 60};
    struct accounts *accounts;

    winbind_socket_remove();
    ck_assert_int_eq(accounts_open(&standard, NULL, &accounts), NTLM_ERR_NO_ACCOUNTS);
    accounts = open_winbind();
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_particular(NTLM_ERR_NO_AUTHORITY, NOT_THERE);
    ck_assert_ptr_null(accounts_domain(accounts));
    ck_assert_uint_eq(fake_winbind()->connections, 0);
    winbind_socket_make();
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_file_in_the_sockets_place_is_no_winbind)
{
    const struct settings standard = {.winbind_timeout = 60};
    struct accounts *accounts;

    scratch_write(WINBIND_SOCKET, "");
    ck_assert_int_eq(accounts_open(&standard, NULL, &accounts), NTLM_ERR_NO_ACCOUNTS);
}
END_TEST

START_TEST(where_no_file_is_named_a_running_winbind_is_the_source)
{
    char *file = strdup(scratch_write("accounts", "EXAMPLE:carol:pw\n"));
    struct settings settings = {.winbind_timeout = 60};
    struct accounts *accounts = open_accounts(&settings);

    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    accounts_close(accounts);
    settings.account_file = file;
    accounts = open_accounts(&settings);
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_LOGON_DENIED);
    ck_assert_uint_eq(fake_winbind()->logons, 1);
    accounts_close(accounts);
    free(file);
}
END_TEST

START_TEST(the_callers_own_file_is_the_only_source)
{
    const struct settings settings = asking(ACCOUNTS_IN_WINBIND, 1);
    struct accounts *accounts;

    ck_assert_int_eq(accounts_open(&settings, scratch_write("accounts", "D:u:p\n"), &accounts),
                     NTLM_OK);
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_LOGON_DENIED);
    ck_assert_ptr_null(accounts_domain(accounts));
    ck_assert_uint_eq(fake_winbind()->connections, 0);
    accounts_close(accounts);
}
END_TEST

START_TEST(winbind_is_asked_with_all_that_the_client_sent)
{
    static const uint8_t challenge[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct accounts *accounts = open_winbind();
    const struct fake_winbind *fake = fake_winbind();
    const struct ntlm_logon logon = logon_of("alice", "EXAMPLE");

    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    ck_assert_str_eq(fake->asked_account, "alice");
    ck_assert_str_eq(fake->asked_domain, "EXAMPLE");
    ck_assert_str_eq(fake->asked_workstation, "DESK");
    ck_assert_uint_eq(fake->level, WBC_AUTH_USER_LEVEL_RESPONSE);
    ck_assert_uint_eq(fake->parameter_control, 0x820);
    ck_assert_mem_eq(fake->challenge, challenge, 8);
    ck_assert_uint_eq(fake->nt_len, logon.nt_response.len);
    ck_assert_mem_eq(fake->nt_response, logon.nt_response.data, fake->nt_len);
    ck_assert_uint_eq(fake->lm_len, 24);
    accounts_close(accounts);
}
END_TEST

START_TEST(with_ntlmv1_and_extended_session_security_the_challenge_is_the_one_answered)
{
    static const uint8_t client[24] = {9, 8, 7, 6, 5, 4, 3, 2}, response[24];
    struct accounts *accounts = open_winbind();
    struct ntlm_logon logon = logon_of("alice", "EXAMPLE");
    struct account_reply reply;
    uint8_t expected[8];

    logon.kind = NTLM_RESPONSE_V1_ESS;
    logon.nt_response = ntlm_bytes(response, sizeof(response));
    logon.lm_response = ntlm_bytes(client, sizeof(client));
    ck_assert_int_eq(accounts_logon(accounts, &logon, &reply), NTLM_OK);
    ck_assert_int_eq(ntlm_v1_ess_challenge(logon.server_challenge, client, expected), NTLM_OK);
    ck_assert_mem_eq(fake_winbind()->challenge, expected, 8);
    ck_assert_uint_eq(fake_winbind()->nt_len, 24);
    ck_assert_uint_eq(fake_winbind()->lm_len, 0);
    account_reply_clear(&reply);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_yes_gives_the_keys_the_true_name_and_the_sids)
{
    struct accounts *accounts = open_winbind();
    const struct ntlm_logon logon = logon_of("ALICE@example.test", "");
    struct account_reply reply;

    ck_assert_int_eq(accounts_logon(accounts, &logon, &reply), NTLM_OK);
    ck_assert_str_eq(reply.user, "Alice");
    ck_assert_str_eq(reply.domain, "EXAMPLE");
    ck_assert_mem_eq(reply.keys.base_key, "0123456789abcde", 16);
    ck_assert(!reply.keys.has_lm_key);
    ck_assert_str_eq(reply.sids[0], "S-1-5-21-0");
    ck_assert_str_eq(reply.sids[1], "S-1-5-21-1");
    ck_assert_str_eq(reply.sids[2], "S-1-5-21-2");
    ck_assert_ptr_null(reply.sids[3]);
    account_reply_clear(&reply);
    memcpy(fake_winbind()->lm_session_key, "lmlmlmlm", 8);
    fake_winbind()->sid_count = 0;
    ck_assert_int_eq(accounts_logon(accounts, &logon, &reply), NTLM_OK);
    ck_assert(reply.keys.has_lm_key);
    ck_assert_mem_eq(reply.keys.lm_key, "lmlmlmlm", 8);
    ck_assert_ptr_null(reply.sids[0]);
    account_reply_clear(&reply);
    accounts_close(accounts);
}
END_TEST

static const struct {
    uint32_t status;
    const char *name;
    enum ntlm_error error;
} refusals[] = {
    {0xc0000064, "NT_STATUS_NO_SUCH_USER", NTLM_ERR_LOGON_DENIED},
    {0xc000006a, "NT_STATUS_WRONG_PASSWORD", NTLM_ERR_LOGON_DENIED},
    {0xc000006d, "NT_STATUS_LOGON_FAILURE", NTLM_ERR_LOGON_DENIED},
    {0xc0000072, "NT_STATUS_ACCOUNT_DISABLED", NTLM_ERR_ACCOUNT_DISABLED},
    {0xc0000193, "NT_STATUS_ACCOUNT_EXPIRED", NTLM_ERR_ACCOUNT_EXPIRED},
    {0xc0000234, "NT_STATUS_ACCOUNT_LOCKED_OUT", NTLM_ERR_ACCOUNT_LOCKED},
    {0xc0000071, "NT_STATUS_PASSWORD_EXPIRED", NTLM_ERR_PASSWORD_EXPIRED},
    {0xc0000224, "NT_STATUS_PASSWORD_MUST_CHANGE", NTLM_ERR_PASSWORD_EXPIRED},
    {0xc000005e, "NT_STATUS_NO_LOGON_SERVERS", NTLM_ERR_NO_AUTHORITY},
    {0xc0000233, "NT_STATUS_DOMAIN_CONTROLLER_NOT_FOUND", NTLM_ERR_NO_AUTHORITY},
    {0xc000018d, "NT_STATUS_TRUSTED_RELATIONSHIP_FAILURE", NTLM_ERR_NO_AUTHORITY},
    {0xc000006f, "NT_STATUS_INVALID_LOGON_HOURS", NTLM_ERR_LOGON_REFUSED},
    {0xc0000413, "NT_STATUS_AUTHENTICATION_FIREWALL_FAILED", NTLM_ERR_LOGON_REFUSED},
};

START_TEST(each_refusal_of_the_domain_controller_has_its_error)
{
    struct accounts *accounts = open_winbind();

    fake_winbind()->result = WBC_ERR_AUTH_ERROR;
    fake_winbind()->nt_status = refusals[_i].status;
    fake_winbind()->nt_string = refusals[_i].name;
    ck_assert_int_eq(log_in(accounts, "bob"), refusals[_i].error);
    assert_particular(refusals[_i].error, "\"EXAMPLE\\bob\"");
    if (refusals[_i].status != 0xc0000064)
        assert_particular(refusals[_i].error, refusals[_i].name);
    accounts_close(accounts);
}
END_TEST

START_TEST(answers_that_make_no_sense_let_nobody_in)
{
    struct accounts *accounts = open_winbind();
    struct fake_winbind *fake = fake_winbind();

    fake->result = WBC_ERR_INVALID_PARAM;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_particular(NTLM_ERR_NO_AUTHORITY, "WBC_ERR_INVALID_PARAM");
    fake->result = WBC_ERR_SUCCESS;
    fake->account = NULL;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    fake_winbind_begin();
    fake->user_flags = WBC_AUTH_USER_INFO_GUEST;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_LOGON_DENIED);
    fake_winbind_begin();
    memset(fake->user_session_key, 0, sizeof(fake->user_session_key));
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_LOGON_DENIED);
    assert_particular(NTLM_ERR_LOGON_DENIED, "guest");
    accounts_close(accounts);
}
END_TEST

START_TEST(a_winbind_that_does_not_listen_is_told_from_one_that_forbids_it)
{
    struct accounts *accounts = open_winbind();

    fake_winbind()->result = WBC_ERR_WINBIND_NOT_AVAILABLE;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_particular(NTLM_ERR_NO_AUTHORITY, "winbind does not answer (" WINBIND_SOCKET ")");
    fake_winbind()->ping_result = WBC_ERR_SUCCESS;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_particular(NTLM_ERR_NO_AUTHORITY, "winbindd_priv");
    accounts_close(accounts);
}
END_TEST

/* libwbclient would cut it off, and ask for another user. */
START_TEST(a_name_that_is_too_long_for_winbind_is_nobodys)
{
    struct accounts *accounts = open_winbind();
    char name[257];

    memset(name, 'a', sizeof(name) - 1);
    name[256] = '\0';
    ck_assert_int_eq(log_in(accounts, name), NTLM_ERR_LOGON_DENIED);
    ck_assert_uint_eq(fake_winbind()->logons, 0);
    name[255] = '\0';
    ck_assert_int_eq(log_in(accounts, name), NTLM_OK);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_user_unknown_to_the_first_source_is_asked_of_the_next)
{
    char *file = strdup(scratch_write("accounts", "EXAMPLE:carol:pw\n"));
    struct settings settings = asking(ACCOUNTS_IN_FILE, 2);
    struct accounts *accounts;

    settings.account_file = file;
    accounts = open_accounts(&settings);
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    ck_assert_int_eq(log_in(accounts, "carol"), NTLM_ERR_LOGON_DENIED);
    assert_particular(NTLM_ERR_LOGON_DENIED, "wrong password for \"EXAMPLE\\carol\"");
    ck_assert_uint_eq(fake_winbind()->logons, 1);
    accounts_close(accounts);
    free(file);
}
END_TEST

START_TEST(a_refusal_of_winbinds_is_not_asked_of_the_file)
{
    char *file = strdup(scratch_write("accounts", "EXAMPLE:carol:pw\n"));
    struct settings settings = asking(ACCOUNTS_IN_WINBIND, 2);
    struct accounts *accounts;

    settings.account_file = file;
    accounts = open_accounts(&settings);
    fake_winbind()->result = WBC_ERR_AUTH_ERROR;
    fake_winbind()->nt_status = 0xc000006a;
    ck_assert_int_eq(log_in(accounts, "dave"), NTLM_ERR_LOGON_DENIED);
    assert_particular(NTLM_ERR_LOGON_DENIED, "\"EXAMPLE\\dave\": no reason given");
    fake_winbind()->nt_status = 0xc0000064;
    ck_assert_int_eq(log_in(accounts, "dave"), NTLM_ERR_LOGON_DENIED);
    assert_particular(NTLM_ERR_LOGON_DENIED, file);
    fake_winbind()->result = WBC_ERR_WINBIND_NOT_AVAILABLE;
    ck_assert_int_eq(log_in(accounts, "dave"), NTLM_ERR_NO_AUTHORITY);
    accounts_close(accounts);
    free(file);
}
END_TEST

START_TEST(a_listed_file_that_is_not_named_is_passed_over)
{
    struct settings settings = asking(ACCOUNTS_IN_FILE, 2);
    struct accounts *accounts = open_accounts(&settings);

    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    accounts_close(accounts);
    settings = asking(ACCOUNTS_IN_FILE, 1);
    ck_assert_int_eq(accounts_open(&settings, NULL, &accounts), NTLM_ERR_NO_ACCOUNTS);
}
END_TEST

START_TEST(the_domain_is_asked_for_once_a_minute)
{
    struct accounts *accounts = open_winbind();
    const struct winbind_domain *domain = accounts_domain(accounts), *again;

    ck_assert_str_eq(domain->netbios_computer, "BOX");
    ck_assert_str_eq(domain->netbios_domain, "EXAMPLE");
    ck_assert_str_eq(domain->dns_domain, "example.test");
    fake_winbind()->domain = "OTHER";
    fake_winbind()->dns_domain = NULL;
    again = accounts_domain(accounts);
    ck_assert_ptr_eq(again, domain);
    winbind_domain_put(again);
    later += 60;
    again = accounts_domain(accounts);
    ck_assert_str_eq(again->netbios_domain, "OTHER");
    ck_assert_ptr_null(again->dns_domain);
    ck_assert_str_eq(domain->netbios_domain, "EXAMPLE");
    ck_assert_uint_eq(fake_winbind()->details, 2);
    winbind_domain_put(again);
    winbind_domain_put(domain);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_domain_that_is_known_stays_so_when_winbind_goes)
{
    struct accounts *accounts = open_winbind();
    const struct winbind_domain *domain;

    winbind_domain_put(accounts_domain(accounts));
    fake_winbind()->result = WBC_ERR_WINBIND_NOT_AVAILABLE;
    later += 60;
    for (int i = 0; i < 2; i++) {
        domain = accounts_domain(accounts);
        ck_assert_str_eq(domain->netbios_domain, "EXAMPLE");
        winbind_domain_put(domain);
    }
    ck_assert_uint_eq(fake_winbind()->details, 2);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_winbind_without_a_domain_gives_none)
{
    struct accounts *accounts = open_winbind();

    fake_winbind()->domain = NULL;
    ck_assert_ptr_null(accounts_domain(accounts));
    assert_particular(NTLM_ERR_NO_AUTHORITY, "what domain");
    accounts_close(accounts);
}
END_TEST

START_TEST(a_connection_is_kept_for_the_next_question)
{
    struct accounts *accounts = open_winbind();

    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    ck_assert_uint_eq(fake_winbind()->connections, 1);
    fake_winbind()->result = WBC_ERR_WINBIND_NOT_AVAILABLE;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    fake_winbind()->result = WBC_ERR_SUCCESS;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    ck_assert_uint_eq(fake_winbind()->connections, 2);
    accounts_close(accounts);
}
END_TEST

/* The child says that all is well by becoming true: at an exit of its own
 * valgrind would take what its parent's threads have in hand for lost. */
static void assert_in_child(bool (*good)(struct accounts *accounts), struct accounts *accounts)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        if (good(accounts))
            execlp("true", "true", NULL);
        _exit(1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

static bool connects_once(struct accounts *accounts)
{
    return log_in(accounts, "alice") == NTLM_OK && log_in(accounts, "alice") == NTLM_OK &&
           fake_winbind()->connections == 2;
}

START_TEST(a_forked_process_has_connections_of_its_own)
{
    struct accounts *accounts = open_winbind();

    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    assert_in_child(connects_once, accounts);
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    ck_assert_uint_eq(fake_winbind()->connections, 1);
    accounts_close(accounts);
}
END_TEST

enum { THREADS = 12, LOGONS = 40, PATIENT = 16 };

static void *log_in_often(void *arg)
{
    const struct winbind_domain *domain;

    for (int i = 0; i < LOGONS; i++) {
        ck_assert_int_eq(log_in(arg, "alice"), NTLM_OK);
        domain = accounts_domain(arg);
        ck_assert_str_eq(domain->netbios_domain, "EXAMPLE");
        winbind_domain_put(domain);
    }
    return NULL;
}

START_TEST(no_connection_is_used_by_two_threads_at_once)
{
    struct accounts *accounts = open_winbind();
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, log_in_often, accounts), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    ck_assert(!fake_winbind()->shared);
    ck_assert_uint_eq(fake_winbind()->logons, THREADS * LOGONS);
    accounts_close(accounts);
}
END_TEST

static void wait_until_waiting(unsigned count)
{
    while (fake_winbind_waiting() != count)
        usleep(1000);
}

static void *find_it_hanging(void *arg)
{
    ck_assert_int_eq(log_in(arg, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_particular(NTLM_ERR_NO_AUTHORITY,
                      "winbind did not answer in 1 seconds (winbind_timeout)");
    return NULL;
}

/* As many questions as may be left behind hang afterwards. */
static struct accounts *hang_on_all(void)
{
    struct settings settings = asking(ACCOUNTS_IN_WINBIND, 1);
    pthread_t threads[PATIENT];
    struct accounts *accounts;

    settings.winbind_timeout = 1;
    accounts = open_accounts(&settings);
    fake_winbind_hang(true);
    for (int i = 0; i < PATIENT; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, find_it_hanging, accounts), 0);
    for (int i = 0; i < PATIENT; i++)
        pthread_join(threads[i], NULL);
    wait_until_waiting(PATIENT);
    return accounts;
}

START_TEST(a_winbind_that_hangs_is_not_waited_for_and_asked_again_when_it_is_back)
{
    struct accounts *accounts = hang_on_all();

    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_particular(NTLM_ERR_NO_AUTHORITY,
                      "winbind hangs: 16 earlier questions have no answer");
    ck_assert_uint_eq(fake_winbind_waiting(), PATIENT);
    fake_winbind_hang(false);
    while (log_in(accounts, "alice") != NTLM_OK)
        usleep(1000);
    wait_until_waiting(0);
    accounts_close(accounts);
}
END_TEST

#ifndef __SANITIZE_THREAD__ /* which forbids what this one does */
static bool is_let_in(struct accounts *accounts)
{
    fake_winbind_hang(false);
    for (int i = 0; i < 20; i++)
        if (log_in(accounts, "alice") != NTLM_OK)
            return false;
    return true;
}

START_TEST(questions_that_a_parent_left_behind_do_not_count_in_a_forked_process)
{
    struct accounts *accounts = hang_on_all();

    assert_in_child(is_let_in, accounts);
    fake_winbind_hang(false);
    wait_until_waiting(0);
    accounts_close(accounts);
}
END_TEST
#endif

int main(void)
{
    Suite *suite = suite_create("winbind");
    TCase *cases = tcase_create("answers");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, NULL);
    /* These two first: a domain that was known once stays so. */
    tcase_add_test(cases, without_a_socket_there_are_no_accounts_unless_winbind_is_listed);
    tcase_add_test(cases, a_winbind_without_a_domain_gives_none);
    tcase_add_test(cases, a_file_in_the_sockets_place_is_no_winbind);
    tcase_add_test(cases, where_no_file_is_named_a_running_winbind_is_the_source);
    tcase_add_test(cases, the_callers_own_file_is_the_only_source);
    tcase_add_test(cases, winbind_is_asked_with_all_that_the_client_sent);
    tcase_add_test(cases,
                   with_ntlmv1_and_extended_session_security_the_challenge_is_the_one_answered);
    tcase_add_test(cases, a_yes_gives_the_keys_the_true_name_and_the_sids);
    tcase_add_loop_test(cases, each_refusal_of_the_domain_controller_has_its_error, 0,
                        sizeof(refusals) / sizeof(refusals[0]));
    tcase_add_test(cases, answers_that_make_no_sense_let_nobody_in);
    tcase_add_test(cases, a_winbind_that_does_not_listen_is_told_from_one_that_forbids_it);
    tcase_add_test(cases, a_name_that_is_too_long_for_winbind_is_nobodys);
    tcase_add_test(cases, a_user_unknown_to_the_first_source_is_asked_of_the_next);
    tcase_add_test(cases, a_refusal_of_winbinds_is_not_asked_of_the_file);
    tcase_add_test(cases, a_listed_file_that_is_not_named_is_passed_over);
    tcase_add_test(cases, the_domain_is_asked_for_once_a_minute);
    tcase_add_test(cases, a_domain_that_is_known_stays_so_when_winbind_goes);
    suite_add_tcase(suite, cases);

    cases = tcase_create("connections");
    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_test(cases, a_connection_is_kept_for_the_next_question);
    tcase_add_test(cases, a_forked_process_has_connections_of_its_own);
    tcase_add_test(cases, no_connection_is_used_by_two_threads_at_once);
    tcase_add_test(cases,
                   a_winbind_that_hangs_is_not_waited_for_and_asked_again_when_it_is_back);
#ifndef __SANITIZE_THREAD__
    tcase_add_test(cases, questions_that_a_parent_left_behind_do_not_count_in_a_forked_process);
#endif
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
