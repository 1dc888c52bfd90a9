/* SPDX-License-Identifier: MIT */
/* sspi_kdc_fixture.c - makes the realm, and its clients. */

#include "config.h"

#include "sspi_kdc_fixture.h"

#include <stdlib.h>

#include "kdc.h"
#include "scratch.h"
#include "sspi_fixture.h"
#include "sspi_identity_fields.h"

static const char realm[] = "addprinc -pw secret +requires_preauth alice\n"
                            "addprinc -pw secret +requires_preauth alice\\@mail.example\n"
                            "addprinc -pw secret +requires_preauth revoked\n"
                            "modprinc -allow_tix revoked\n"
                            "addprinc -pw secret -expire 2001-01-01 expired\n"
                            "addprinc -randkey HTTP/server.home.test\n"
                            "ktadd -k keys HTTP/server.home.test\n"
                            "addprinc -randkey HTTP/away.home.test\n";

static void begin(void)
{
    kdc_begin(realm);
}

static void set_up(void)
{
    kdc_configure();
    setenv("KRB5_KTNAME", scratch_path("keys"), 1);
}

void log_in(void)
{
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    kdc_log_in("alice", "secret");
}

static void begin_and_stop(void)
{
    kdc_begin(realm);
    log_in();
    kdc_end();
}

static void set_up_logged_in(void)
{
    set_up();
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
}

struct exchange *exchange_with(const char *package, const char *user, const char *password,
                               const char *list)
{
    SEC_WINNT_AUTH_IDENTITY_EXA ex =
        identity_of_fields((struct identity_fields){user, "HOME.TEST", password, list});

    fixture_accounts("HOME.TEST:alice:secret\n");
    return exchange_new(package, &ex);
}

TCase *kdc_case(void)
{
    TCase *cases = fixture_case("kdc");

    tcase_add_unchecked_fixture(cases, begin, kdc_end);
    tcase_add_checked_fixture(cases, set_up, NULL);
    return cases;
}

TCase *stopped_kdc_case(void)
{
    TCase *cases = fixture_case("stopped");

    tcase_add_unchecked_fixture(cases, begin_and_stop, kdc_end);
    tcase_add_checked_fixture(cases, set_up_logged_in, NULL);
    return cases;
}
