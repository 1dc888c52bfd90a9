/* SPDX-License-Identifier: MIT */
/* winbind_fixture.c - asks the stand-in, and moves the clock on. */

#include "config.h"

#include "winbind_fixture.h"

#include <string.h>

#include "suite.h"
#include "support/failure.h"

time_t later;
const struct settings no_settings;

int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    int status = __real_clock_gettime(clock, time);

    if (clock == CLOCK_MONOTONIC_COARSE)
        time->tv_sec += later;
    return status;
}

struct settings asking(enum account_source first, unsigned count)
{
    return (struct settings){.account_sources = {count, {first, !first}},
                             .winbind_timeout = 60};
}

struct accounts *open_accounts(const struct settings *settings)
{
    struct accounts *accounts;

    ck_assert_int_eq(accounts_open(settings, NULL, &accounts), NTLM_OK);
    return accounts;
}

struct accounts *open_winbind(void)
{
    const struct settings settings = asking(ACCOUNTS_IN_WINBIND, 1);

    return open_accounts(&settings);
}

struct ntlm_logon logon_of(const char *user, const char *domain)
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

enum ntlm_error log_in(struct accounts *accounts, const char *user)
{
    const struct ntlm_logon logon = logon_of(user, "EXAMPLE");
    struct account_reply reply;
    enum ntlm_error error = accounts_logon(accounts, &no_settings, &logon, &reply);

    ck_assert((!error) == (reply.user != NULL));
    account_reply_clear(&reply);
    return error;
}

void assert_detail(enum ntlm_error error, const char *part)
{
    const char *detail = failure_detail(error);

    ck_assert_ptr_nonnull(detail);
    ck_assert_msg(strstr(detail, part), "\"%s\" without \"%s\"", detail, part);
}

/* Nothing is left of the test before: its connections are given up, its
 * domain's time is over. */
void begin(void)
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
