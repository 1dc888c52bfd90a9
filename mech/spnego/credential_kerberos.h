/* SPDX-License-Identifier: MIT */
/* credential_kerberos.h - a credential of Kerberos' alone by a password, within
 * kerberos_timeout: for libsspi, which acquires each mechanism's by itself. */

#ifndef SPNEGO_CREDENTIAL_KERBEROS_H
#define SPNEGO_CREDENTIAL_KERBEROS_H

#include "spnego/credential.h"

/* `value` is one byte that is not 0 where another mechanism is there to go on, the name's
 * type and its text, each after its length (4 bytes, big-endian), and the password, without
 * a NUL. On a failure *minor is Kerberos' own status, or SPNEGO_ERR_KDC_SILENT.
 * GSS_S_UNAVAILABLE: there is no bound, and the KDC was not asked. */
OM_uint32 credential_make_kerberos(OM_uint32 *minor, gss_buffer_t value, gss_cred_id_t *handle);

#endif
