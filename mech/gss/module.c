/* SPDX-License-Identifier: MIT */
/* module.c - what the mechanism says of itself: its OID, its attributes
 * (RFC 5587), its SASL name (RFC 5801), and which objects are its own. */

#include "config.h"

#include "gss/module.h"

#include <stdlib.h>
#include <string.h>

#include "gss/oids.h"
#include "gss/status.h"
#include "support/failure.h"
#include "support/outputs.h"

/* RFC 5801 3.1: "GS2-" and 55 bits of the OID's SHA-1 in base 32. */
#define SASL_NAME "GS2-QUHS4VZGIKU"
/* As gss-ntlmssp has it: mod_auth_gssapi shows it to pages as GSS_MECH. */
#define MECH_NAME "NTLM"
#define MECH_DESCRIPTION "NTLM, the Windows challenge-response mechanism ([MS-NLMP])"

/* 1.3.6.1.5.5.13.N */
#define ATTRIBUTE(der)                                                                         \
    {                                                                                          \
        7, (void *)(uintptr_t)("\x2b\x06\x01\x05\x05\x0d" der)                                 \
    }

/* What of RFC 5587 holds. What does not, and why: ITOK_FRAMED (tokens begin
 * with NTLMSSP, not with an OID), AUTH_TARG and its kin (servers prove
 * nothing), DELEG_CRED, PROT_READY (keys come with the last token), PFS.
 * NOT_DFLT_MECH or DEPRECATED would take NTLM out of SPNEGO. */
static const gss_OID_desc ma_mech_concrete = ATTRIBUTE("\x01"),
                          ma_auth_init = ATTRIBUTE("\x0a"),
                          ma_auth_init_init =
                              ATTRIBUTE("\x0c"), /* with the password itself, no ticket */
    ma_auth_init_anon = ATTRIBUTE("\x0e"), ma_integ_prot = ATTRIBUTE("\x11"),
                          ma_conf_prot = ATTRIBUTE("\x12"), ma_mic = ATTRIBUTE("\x13"),
                          ma_wrap = ATTRIBUTE("\x14"), ma_replay_det = ATTRIBUTE("\x16"),
                          ma_oos_det = ATTRIBUTE("\x17"), ma_cbindings = ATTRIBUTE("\x18"),
                          ma_ctx_trans = ATTRIBUTE("\x1b");

static bool is_ours(gss_const_OID mech)
{
    return !mech || oid_same(mech, &oid_ntlmssp);
}

static OM_uint32 status_of_made(OM_uint32 *minor, OM_uint32 made)
{
    return status_of(minor,
                     made == GSS_S_COMPLETE ? NTLM_OK : fail(NTLM_ERR_OUT_OF_MEMORY, NULL));
}

EXPORTED OM_uint32 gss_indicate_mechs(OM_uint32 *minor, gss_OID_set *mechs)
{
    static const gss_OID_desc *const ours[] = {&oid_ntlmssp};

    EMPTY(mechs);
    if (!mechs)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_WRITE,
                               "the pointer for the mechanisms is NULL");
    return status_of_made(minor, oid_set_of(mechs, ours, 1));
}

/* The mechglue fills in which attributes it knows (known stays NULL). */
EXPORTED OM_uint32 gss_inquire_attrs_for_mech(OM_uint32 *minor, gss_const_OID mech,
                                              gss_OID_set *attributes, gss_OID_set *known)
{
    static const gss_OID_desc *const held[] = {
        &ma_mech_concrete,
        &ma_auth_init,
        &ma_auth_init_init,
        &ma_auth_init_anon,
        &ma_integ_prot,
        &ma_conf_prot,
        &ma_mic,
        &ma_wrap,
        &ma_replay_det,
        &ma_oos_det,
        &ma_cbindings,
        &ma_ctx_trans,
    };

    EMPTY(attributes);
    EMPTY(known);
    if (!is_ours(mech))
        return status_as(minor, GSS_S_BAD_MECH, NTLM_OK);
    if (!attributes)
        return status_of(minor, NTLM_OK);
    return status_of_made(minor, oid_set_of(attributes, held, sizeof(held) / sizeof(held[0])));
}

EXPORTED OM_uint32 gss_inquire_saslname_for_mech(OM_uint32 *minor, const gss_OID mech,
                                                 gss_buffer_t sasl_name, gss_buffer_t mech_name,
                                                 gss_buffer_t description)
{
    static const char *const texts[] = {SASL_NAME, MECH_NAME, MECH_DESCRIPTION};
    const gss_buffer_t results[] = {sasl_name, mech_name, description};
    OM_uint32 made = GSS_S_COMPLETE;

    for (size_t i = 0; i < 3; i++)
        EMPTY(results[i]);
    if (!is_ours(mech))
        return status_as(minor, GSS_S_BAD_MECH, NTLM_OK);
    for (size_t i = 0; i < 3 && made == GSS_S_COMPLETE; i++)
        if (results[i])
            made = buffer_of(results[i], texts[i], strlen(texts[i]));
    for (size_t i = 0; i < 3 && made != GSS_S_COMPLETE; i++)
        if (results[i]) {
            free(results[i]->value);
            *results[i] = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
        }
    return status_of_made(minor, made);
}

/* GSS_S_BAD_MECH is the mechglue's sign to ask the next mechanism. */
EXPORTED OM_uint32 gss_inquire_mech_for_saslname(OM_uint32 *minor, const gss_buffer_t sasl_name,
                                                 gss_OID *mech)
{
    EMPTY(mech);
    if (!buffer_readable(sasl_name))
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ, "the SASL name is NULL");
    if (sasl_name->length != strlen(SASL_NAME) ||
        memcmp(sasl_name->value, SASL_NAME, sasl_name->length) != 0)
        return status_as(minor, GSS_S_BAD_MECH, NTLM_OK);
    if (mech)
        *mech = oid_out(&oid_ntlmssp);
    return status_of(minor, NTLM_OK);
}

/* The mechglue frees the types that gss_display_name gave (gss_release_name
 * calls gss_release_oid), and only this keeps it from freeing static ones. */
EXPORTED OM_uint32 gss_internal_release_oid(OM_uint32 *minor, gss_OID *oid)
{
    static const gss_OID_desc *const given[] = {
        &oid_ntlmssp,
        &oid_nt_user_name,
        &oid_nt_hostbased_service,
        &oid_nt_anonymous,
    };

    for (size_t i = 0; oid && i < sizeof(given) / sizeof(given[0]); i++)
        if (*oid == given[i]) {
            *oid = GSS_C_NO_OID;
            return status_of(minor, NTLM_OK);
        }
    return status_as(minor, GSS_S_CONTINUE_NEEDED, NTLM_OK);
}
