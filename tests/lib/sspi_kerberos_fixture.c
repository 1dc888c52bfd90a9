/* SPDX-License-Identifier: MIT */
/* sspi_kerberos_fixture.c - gives the machine the tickets and the key. */

#include "config.h"

#include "sspi_kerberos_fixture.h"

#include "scratch.h"
#include "sspi_fixture.h"
#include "sspi_tickets.h"

const char *const packages[2] = {"Kerberos", "Negotiate"};

/* After the machine's own: alice has tickets, and the server a key. */
static void set_up(void)
{
    scratch_write("krb5.conf", "[libdefaults]\n"
                               " default_realm = HOME.TEST\n"
                               " dns_lookup_kdc = false\n"
                               " dns_lookup_realm = false\n"
                               " dns_canonicalize_hostname = false\n"
                               "[domain_realm]\n"
                               " .home.test = HOME.TEST\n");
    tickets_begin("alice@HOME.TEST");
    tickets_add(SERVICE, ENCTYPE_AES256_CTS_HMAC_SHA1_96);
}

struct exchange *exchange_of(const char *package, ULONG requested)
{
    struct exchange *exchange = exchange_new(package, NULL);

    exchange->client.requested = requested;
    return exchange;
}

TCase *kerberos_case(const char *name)
{
    TCase *cases = fixture_case(name);

    tcase_add_checked_fixture(cases, set_up, NULL);
    return cases;
}
