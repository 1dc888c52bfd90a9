/* SPDX-License-Identifier: MIT */
/* oids.h - the object identifiers this module knows, and the sets and buffers that
 * GSSAPI callers get. The module makes these itself and does not link the mechglue:
 * a function that it leaves out would then be found in the mechglue's library.
 *
 * What goes out is malloc'd, as gss_release_oid_set, gss_release_buffer and
 * gss_release_buffer_set free it. */

#ifndef GSS_OIDS_H
#define GSS_OIDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

extern const gss_OID_desc oid_ntlmssp; /* 1.3.6.1.4.1.311.2.2.10 */

/* name types (RFC 2744 4, RFC 1964 2) */
extern const gss_OID_desc oid_nt_user_name, oid_nt_machine_uid_name, oid_nt_string_uid_name,
    oid_nt_hostbased_service, oid_nt_hostbased_service_x, oid_nt_anonymous, oid_nt_export_name,
    oid_nt_composite_export, oid_nt_krb5_principal, oid_nt_krb5_enterprise;

/* options and inquiries */
extern const gss_OID_desc oid_set_sequence;       /* 1.3.6.1.4.1.7165.655.1.1 */
extern const gss_OID_desc oid_spnego_require_mic; /* ….2 */
extern const gss_OID_desc oid_reset_crypto;       /* ….3 */
extern const gss_OID_desc oid_set_debug_file;     /* ….4 */
extern const gss_OID_desc oid_set_neg_flags;      /* ….5 */
extern const gss_OID_desc oid_record_refusal;     /* 1.3.6.1.4.1.32473.4178.3, ours */
extern const gss_OID_desc oid_no_ci_flags;        /* 1.2.752.43.13.29 */
extern const gss_OID_desc oid_sspi_session_key;   /* 1.2.840.113554.1.2.2.5.5 */
extern const gss_OID_desc oid_sasl_ssf;           /* 1.2.840.113554.1.2.2.5.15 */

bool oid_same(gss_const_OID a, gss_const_OID b); /* NULL equals nothing */

/* For the many out parameters that GSSAPI types without const: the caller
 * gets our static object and must leave it as it is. */
static inline gss_OID oid_out(const gss_OID_desc *oid)
{
    return (gss_OID)(uintptr_t)oid;
}

/* Whether a caller gave a buffer whose bytes can be read; no bytes may be at NULL. */
static inline bool buffer_readable(gss_const_buffer_t buffer)
{
    return buffer && (buffer->value || buffer->length == 0);
}

/* Each gives GSS_S_COMPLETE, or GSS_S_FAILURE and an empty result when memory
 * ends; the caller sets the minor status. */
OM_uint32 oid_set_of(gss_OID_set *set, const gss_OID_desc *const *oids, size_t count);
/* Adds a NUL behind. No bytes give a NULL value: MIT's gss_release_buffer does
 * not free what has no length. */
OM_uint32 buffer_of(gss_buffer_t out, const void *data, size_t len);
OM_uint32 buffer_set_of(gss_buffer_set_t *set, const void *data, size_t len);

/* Appends a copy to a set that there is already; on failure the set is as it
 * was. */
OM_uint32 buffer_set_add(gss_buffer_set_t set, const void *data, size_t len);
void buffer_set_free(gss_buffer_set_t *set); /* it becomes GSS_C_NO_BUFFER_SET */

#endif
