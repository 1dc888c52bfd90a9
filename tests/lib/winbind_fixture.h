/* SPDX-License-Identifier: MIT */
/* winbind_fixture.h - servers whose accounts are winbind's: opening them, and logons
 * at them. winbind is a stand-in here; a real one, with a domain controller behind
 * it, is asked by tests/interop/domain.sh. */

#ifndef WINBIND_FIXTURE_H
#define WINBIND_FIXTURE_H

#include <time.h>

#include "accounts/accounts.h"
#include "fake_wbclient.h"
#include "winbind_socket.h"

/* Seconds that the clock by which a domain ages is ahead of the real one. */
extern time_t later;

/* For logons. */
extern const struct settings no_settings;

/* For each test, first: nothing is left of the test before. */
void begin(void);

/* Settings that list this source, and with a count of 2 the other one after it. */
struct settings asking(enum account_source first, unsigned count);
struct accounts *open_accounts(const struct settings *settings);
struct accounts *open_winbind(void);

/* An NTLMv2 logon that no account file's password was used for. */
struct ntlm_logon logon_of(const char *user, const char *domain);
/* What comes of such a logon, of a user of the domain EXAMPLE. */
enum ntlm_error log_in(struct accounts *accounts, const char *user);

/* This thread's detail of that error has this in it. */
void assert_detail(enum ntlm_error error, const char *part);

#endif
