/* SPDX-License-Identifier: MIT */
/* oids.c - the object identifiers that SPNEGO must know by name. */

#include "config.h"

#include "spnego/oids.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OID(name, der) const gss_OID_desc name = {sizeof(der) - 1, (void *)(uintptr_t)(der)}

OID(oid_spnego, "\x2b\x06\x01\x05\x05\x02");
OID(oid_krb5, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02");
OID(oid_krb5_ms, "\x2a\x86\x48\x82\xf7\x12\x01\x02\x02");
OID(oid_krb5_old, "\x2b\x05\x01\x05\x02");
OID(oid_iakerb, "\x2b\x06\x01\x05\x02\x05");
OID(oid_ntlmssp, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a");
OID(oid_require_mic, "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x02");
OID(oid_reset_crypto, "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x03");
OID(oid_no_ci_flags, "\x2a\x85\x70\x2b\x0d\x1d");
OID(oid_add_iakerb, "\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x01");
OID(oid_make_kerberos, "\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x02");

bool oid_same(gss_const_OID a, gss_const_OID b)
{
    return a && b && a->length == b->length && memcmp(a->elements, b->elements, a->length) == 0;
}

bool oid_is_kerberos(gss_const_OID mech)
{
    return oid_same(mech, &oid_krb5) || oid_same(mech, &oid_krb5_ms) ||
           oid_same(mech, &oid_krb5_old);
}

static bool may_be_negoex(gss_const_OID mech)
{
    return !oid_is_kerberos(mech) && !oid_same(mech, &oid_ntlmssp) &&
           !oid_same(mech, &oid_iakerb);
}

bool oid_some_may_be_negoex(const gss_OID_set_desc *mechs)
{
    for (size_t i = 0; i < mechs->count; i++)
        if (may_be_negoex(&mechs->elements[i]))
            return true;
    return false;
}

bool oid_same_mech(gss_const_OID a, gss_const_OID b)
{
    return oid_same(a, b) || (oid_is_kerberos(a) && oid_is_kerberos(b));
}

/* X.660: the first number of an identifier holds two arcs. */
static void write_numbers(gss_const_OID oid, char *out, size_t size)
{
    const uint8_t *bytes = oid->elements;
    uint64_t number = 0;
    size_t used = 0;

    out[0] = '\0';
    for (OM_uint32 i = 0; i < oid->length && used < size; i++) {
        number = number << 7 | (bytes[i] & 0x7f);
        if (bytes[i] >= 0x80)
            continue;
        if (used == 0) {
            uint64_t first = number < 80 ? number / 40 : 2;

            used =
                (size_t)snprintf(out, size, "%" PRIu64 ".%" PRIu64, first, number - 40 * first);
        } else {
            used += (size_t)snprintf(out + used, size - used, ".%" PRIu64, number);
        }
        number = 0;
    }
}

const char *oid_name(gss_const_OID mech, char out[OID_NAME_SIZE])
{
    if (oid_is_kerberos(mech))
        return "Kerberos";
    if (oid_same(mech, &oid_ntlmssp))
        return "NTLM";
    if (oid_same(mech, &oid_iakerb))
        return "IAKERB";
    write_numbers(mech, out, OID_NAME_SIZE);
    return out;
}
