/* SPDX-License-Identifier: MIT */
/* cred_option.h - what mech_spnego.so makes credentials by that GSSAPI has no call for.
 * Without a credential the mechglue gives no option to SPNEGO: so one is imported. */

#ifndef SHIM_CRED_OPTION_H
#define SHIM_CRED_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include <gssapi/gssapi.h>

/* gss_import_cred: a credential of SPNEGO's that the option makes by its value. MIT's
 * SPNEGO takes the option for a mechanism that is not there: GSS_S_BAD_MECH. */
OM_uint32 cred_option_import(OM_uint32 *minor, gss_const_OID option,
                             const gss_buffer_desc *value, gss_cred_id_t *cred);

/* A number as both have it: four bytes, big-endian. Behind it is what these return. */
uint8_t *cred_option_put_number(uint8_t *at, size_t number);
/* Bytes behind their number. */
uint8_t *cred_option_put(uint8_t *at, const void *bytes, size_t length);

#endif
