/* SPDX-License-Identifier: MIT */
/* oids.h - the object identifiers that SPNEGO must know by name. Any other
 * mechanism is negotiated without being known. */

#ifndef SPNEGO_OIDS_H
#define SPNEGO_OIDS_H

#include <stdbool.h>
#include <stdint.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include "spnego/der.h"

extern const gss_OID_desc oid_spnego;   /* 1.3.6.1.5.5.2 */
extern const gss_OID_desc oid_krb5;     /* 1.2.840.113554.1.2.2 */
extern const gss_OID_desc oid_krb5_ms;  /* 1.2.840.48018.1.2.2: Windows' slip of a bit */
extern const gss_OID_desc oid_krb5_old; /* 1.3.5.1.5.2 */
extern const gss_OID_desc oid_iakerb;   /* 1.3.6.1.5.2.5 */
extern const gss_OID_desc oid_ntlmssp;  /* 1.3.6.1.4.1.311.2.2.10 */

/* options and inquiries */
extern const gss_OID_desc oid_require_mic;  /* 1.3.6.1.4.1.7165.655.1.2 */
extern const gss_OID_desc oid_reset_crypto; /* ….3 */
extern const gss_OID_desc oid_no_ci_flags;  /* 1.2.752.43.13.29 */
extern const gss_OID_desc oid_add_iakerb; /* 1.3.6.1.4.1.32473.4178.1, ours: gss_set_cred_option
                                           * adds IAKERB by "USER@REALM", NUL, PASSWORD */
extern const gss_OID_desc oid_make_kerberos; /* ….2, ours: gss_import_cred of SPNEGO makes one
                                              * as in credential_kerberos.h */

bool oid_same(gss_const_OID a, gss_const_OID b); /* NULL equals nothing */

/* Whether one of the mechanisms may negotiate by NegoEx: any may but Kerberos, IAKERB
 * and NTLM. Only the mechglue knows which do, and does not tell. */
bool oid_some_may_be_negoex(const gss_OID_set_desc *mechs);

/* Whether these name the same mechanism: equal, or both Kerberos, which has three
 * object identifiers. */
bool oid_same_mech(gss_const_OID a, gss_const_OID b);
bool oid_is_kerberos(gss_const_OID mech);

/* GSSAPI's parameters are without const; nobody writes to an identifier. */
static inline gss_OID oid_in(const gss_OID_desc *oid)
{
    return (gss_OID)(uintptr_t)oid;
}

static inline gss_OID_desc oid_of_bytes(struct der_bytes content)
{
    return (gss_OID_desc){(OM_uint32)content.len, (void *)(uintptr_t)content.data};
}

static inline struct der_bytes oid_bytes(gss_const_OID oid)
{
    return (struct der_bytes){oid->elements, oid->length};
}

/* What people call the mechanism: "Kerberos", "NTLM", or its numbers. In `out`
 * where they are made. */
#define OID_NAME_SIZE 64
const char *oid_name(gss_const_OID mech, char out[OID_NAME_SIZE]);

#endif
