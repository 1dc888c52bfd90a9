/* SPDX-License-Identifier: MIT */
/* gssapi_ntlmssp.h - what NTLM has beyond GSSAPI, under the names that programs written
 * for gss-ntlmssp include as <gssapi/gssapi_ntlmssp.h>. Each object identifier is given
 * as the bytes and the length of a gss_OID_desc. */

#ifndef GSSAPI_NTLMSSP_H
#define GSSAPI_NTLMSSP_H

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

/* The mechanism: 1.3.6.1.4.1.311.2.2.10 */
#define GSS_NTLMSSP_OID_STRING "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"
#define GSS_NTLMSSP_OID_LENGTH 10

/* What all extensions begin with: 1.3.6.1.4.1.7165.655.1 */
#define GSS_NTLMSSP_BASE_OID_STRING "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01"
#define GSS_NTLMSSP_BASE_OID_LENGTH 10

/* gss_set_sec_context_option: a datagram context's sequence number, four bytes in host
 * order. */
#define GSS_NTLMSSP_SET_SEQ_NUM_OID_STRING GSS_NTLMSSP_BASE_OID_STRING "\x01"
#define GSS_NTLMSSP_SET_SEQ_NUM_OID_LENGTH (GSS_NTLMSSP_BASE_OID_LENGTH + 1)

/* gss_inquire_sec_context_by_oid: one byte, 1 when SPNEGO must make a mechListMIC. */
#define GSS_SPNEGO_REQUIRE_MIC_OID_STRING GSS_NTLMSSP_BASE_OID_STRING "\x02"
#define GSS_SPNEGO_REQUIRE_MIC_OID_LENGTH (GSS_NTLMSSP_BASE_OID_LENGTH + 1)

/* gss_set_sec_context_option: starts a direction's cipher anew after a mechListMIC; four
 * bytes in host order, 0 for what is sent, 1 for what is received. */
#define GSS_NTLMSSP_RESET_CRYPTO_OID_STRING GSS_NTLMSSP_BASE_OID_STRING "\x03"
#define GSS_NTLMSSP_RESET_CRYPTO_OID_LENGTH (GSS_NTLMSSP_BASE_OID_LENGTH + 1)

/* gssspi_mech_invoke: the trace's file; no bytes switch it off. */
#define GSS_NTLMSSP_DEBUG_OID_STRING GSS_NTLMSSP_BASE_OID_STRING "\x04"
#define GSS_NTLMSSP_DEBUG_OID_LENGTH (GSS_NTLMSSP_BASE_OID_LENGTH + 1)

/* gss_set_cred_option: the NegotiateFlags that a credential's contexts start from, four
 * bytes in host order; no bytes give the module's own back.
 * gss_inquire_sec_context_by_oid: those that were agreed. */
#define GSS_NTLMSSP_NEG_FLAGS_OID_STRING GSS_NTLMSSP_BASE_OID_STRING "\x05"
#define GSS_NTLMSSP_NEG_FLAGS_OID_LENGTH (GSS_NTLMSSP_BASE_OID_LENGTH + 1)

/* gss_set_sec_context_option: the program refuses this client, which NTLM let in; its reason,
 * a text, goes into the record of logons. 1.3.6.1.4.1.32473.4178.3, which gss-ntlmssp has
 * not. */
#define GSS_NTLMSSP_RECORD_REFUSAL_OID_STRING "\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x03"
#define GSS_NTLMSSP_RECORD_REFUSAL_OID_LENGTH 11

/* Keys of a credential store (gss_acquire_cred_from). */
#define GSS_NTLMSSP_CS_DOMAIN "ntlmssp_domain"
#define GSS_NTLMSSP_CS_NTHASH "ntlmssp_nthash"
#define GSS_NTLMSSP_CS_PASSWORD "ntlmssp_password"
#define GSS_NTLMSSP_CS_KEYFILE "ntlmssp_keyfile"

/* gss_init_sec_context: connectionless NTLM. */
#define GSS_C_DATAGRAM_FLAG 0x10000

#endif
