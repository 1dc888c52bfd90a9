/* SPDX-License-Identifier: MIT */
/* status.c - the one table that says which SSPI status a GSSAPI failure is.
 *
 * Some major statuses tell all; of the others the minor status decides, and a
 * minor status means something only together with its mechanism. The trouble
 * is that MIT's mechglue does not hand out a mechanism's own number: it maps
 * (mechanism, number) to a number that is unique in the process. The first
 * mechanism to use a number keeps it; whoever uses it afterwards gets one from
 * 100001 on. A failure inside SPNEGO passes the mechglue twice, as Kerberos'
 * (which keeps the number) and as SPNEGO's (which then cannot), so through
 * Negotiate it is the rule, not the exception, that the number is not the
 * mechanism's.
 *
 * gss_display_status sees through this: SPNEGO gives the text of the status
 * within. So a minor status is the one in the table either when it is that
 * number, or when both numbers have the same text, asked in the same thread:
 * a text may hold details ("Server HTTP/x@Y not found"), but these are
 * kept by thread and number, so they are the same for both. A number that no
 * mechanism used yet has no text and matches nothing. */

#include "config.h"

#include "status.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "package.h"

enum family {
    ANY_MINOR, /* the major status alone decides */
    SYSTEM,    /* errno values, which any mechanism may give */
    KERBEROS,  /* com_err codes of libkrb5, krb5.h */
    NTLM,      /* codes of the mechanism module that has NTLM's OID */
    SPNEGO     /* codes of gss-negotiate's SPNEGO; MIT's has none of its own for this */
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define ANY_MAJOR UINT32_MAX

/* The base of NTLM's codes. The other module of that mechanism that there is
 * (gss-ntlmssp) numbers its own from the same base, up to 29; from 40 on they
 * are gss-negotiate's. Of those below only the first is used, beside a failure
 * that is no token's: the other module's 1 is a token that cannot be decoded. */
#define NTLM_CODE(number) (0x4e540000 + (number))

/* The base of the codes of gss-negotiate's SPNEGO. */
#define SPNEGO_CODE(number) (0x53504e00 + (number))

struct rule {
    OM_uint32 major;
    enum family family;
    int32_t minor;
    SECURITY_STATUS status;
};

/* The first that fits. */
static const struct rule rules[] = {
    /* majors that tell all */
    {GSS_S_DEFECTIVE_TOKEN, ANY_MINOR, 0, SEC_E_INVALID_TOKEN},
    {GSS_S_BAD_SIG, ANY_MINOR, 0, SEC_E_MESSAGE_ALTERED},
    {GSS_S_BAD_BINDINGS, ANY_MINOR, 0, SEC_E_BAD_BINDINGS},
    {GSS_S_BAD_QOP, ANY_MINOR, 0, SEC_E_QOP_NOT_SUPPORTED},
    {GSS_S_BAD_MECH, ANY_MINOR, 0, SEC_E_SECPKG_NOT_FOUND},
    {GSS_S_CONTEXT_EXPIRED, ANY_MINOR, 0, SEC_E_CONTEXT_EXPIRED},
    {GSS_S_NO_CONTEXT, ANY_MINOR, 0, SEC_E_INVALID_HANDLE},
    {GSS_S_UNAVAILABLE, ANY_MINOR, 0, SEC_E_UNSUPPORTED_FUNCTION},
    {GSS_S_DUPLICATE_ELEMENT, ANY_MINOR, 0, SEC_E_UNKNOWN_CREDENTIALS},

    {ANY_MAJOR, SYSTEM, ENOMEM, SEC_E_INSUFFICIENT_MEMORY},
    {ANY_MAJOR, NTLM, NTLM_CODE(1), SEC_E_INSUFFICIENT_MEMORY},
    {ANY_MAJOR, SPNEGO, SPNEGO_CODE(1), SEC_E_INSUFFICIENT_MEMORY},

    /* Kerberos: the service is not known (RFC 4120 7.5.9) */
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, SEC_E_TARGET_UNKNOWN},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_SERVICE_EXP, SEC_E_TARGET_UNKNOWN},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_SERVICE_REVOKED, SEC_E_TARGET_UNKNOWN},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_SERVICE_NOTYET, SEC_E_TARGET_UNKNOWN},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_SERVER_NOMATCH, SEC_E_TARGET_UNKNOWN},
    {ANY_MAJOR, KERBEROS, KRB5_SNAME_UNSUPP_NAMETYPE, SEC_E_TARGET_UNKNOWN},
    {ANY_MAJOR, KERBEROS, KRB5_ERR_BAD_HOSTNAME, SEC_E_TARGET_UNKNOWN},
    /* the user is not known, or the password is wrong, or the account may not */
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_PREAUTH_FAILED, SEC_E_LOGON_DENIED},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, SEC_E_LOGON_DENIED},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_NAME_EXP, SEC_E_LOGON_DENIED},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_CLIENT_REVOKED, SEC_E_LOGON_DENIED},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_CLIENT_NOTYET, SEC_E_LOGON_DENIED},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_KEY_EXP, SEC_E_LOGON_DENIED},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_NULL_KEY, SEC_E_LOGON_DENIED},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_POLICY, SEC_E_LOGON_DENIED},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_PREAUTH_REQUIRED, SEC_E_LOGON_DENIED},
    {ANY_MAJOR, KERBEROS, KRB5_PREAUTH_FAILED, SEC_E_LOGON_DENIED},
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_BAD_INTEGRITY, SEC_E_LOGON_DENIED},
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_REPEAT, SEC_E_LOGON_DENIED},
    /* nobody can be asked */
    {ANY_MAJOR, KERBEROS, KRB5_KDC_UNREACH, SEC_E_NO_AUTHENTICATING_AUTHORITY},
    {ANY_MAJOR, KERBEROS, KRB5_REALM_UNKNOWN, SEC_E_NO_AUTHENTICATING_AUTHORITY},
    {ANY_MAJOR, KERBEROS, KRB5_REALM_CANT_RESOLVE, SEC_E_NO_AUTHENTICATING_AUTHORITY},
    {ANY_MAJOR, KERBEROS, KRB5_ERR_HOST_REALM_UNKNOWN, SEC_E_NO_AUTHENTICATING_AUTHORITY},
    {ANY_MAJOR, KERBEROS, KRB5_CONFIG_NODEFREALM, SEC_E_NO_AUTHENTICATING_AUTHORITY},
    {ANY_MAJOR, KERBEROS, KRB5_CONFIG_CANTOPEN, SEC_E_NO_AUTHENTICATING_AUTHORITY},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_SVC_UNAVAILABLE, SEC_E_NO_AUTHENTICATING_AUTHORITY},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_WRONG_REALM, SEC_E_NO_AUTHENTICATING_AUTHORITY},
    /* someone else is there than was named (a server that cannot decrypt the
     * ticket answers AP_ERR_MODIFIED) */
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_MODIFIED, SEC_E_WRONG_PRINCIPAL},
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_NOT_US, SEC_E_WRONG_PRINCIPAL},
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_WRONG_PRINC, SEC_E_WRONG_PRINCIPAL},
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_BADMATCH, SEC_E_WRONG_PRINCIPAL},
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_MUT_FAIL, SEC_E_WRONG_PRINCIPAL},
    /* time */
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_SKEW, SEC_E_TIME_SKEW},
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_TKT_NYV, SEC_E_TIME_SKEW},
    {ANY_MAJOR, KERBEROS, KRB5_KDCREP_SKEW, SEC_E_TIME_SKEW},
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_TKT_EXPIRED, SEC_E_CONTEXT_EXPIRED},
    /* nothing to log in with, no key to accept with */
    {ANY_MAJOR, KERBEROS, KRB5_CC_NOTFOUND, SEC_E_NO_CREDENTIALS},
    {ANY_MAJOR, KERBEROS, KRB5_CC_END, SEC_E_NO_CREDENTIALS},
    {ANY_MAJOR, KERBEROS, KRB5_FCC_NOFILE, SEC_E_NO_CREDENTIALS},
    {ANY_MAJOR, KERBEROS, KRB5_KT_NOTFOUND, SEC_E_NO_CREDENTIALS},
    {ANY_MAJOR, KERBEROS, KRB5_KT_END, SEC_E_NO_CREDENTIALS},
    {ANY_MAJOR, KERBEROS, KRB5_KT_KVNONOTFOUND, SEC_E_NO_CREDENTIALS},
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_NOKEY, SEC_E_NO_CREDENTIALS},
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_BADKEYVER, SEC_E_NO_CREDENTIALS},
    {ANY_MAJOR, KERBEROS, KRB5KDC_ERR_ETYPE_NOSUPP, SEC_E_KDC_UNKNOWN_ETYPE},

    /* NTLM: refusals */
    {ANY_MAJOR, NTLM, NTLM_CODE(40), SEC_E_LOGON_DENIED}, /* user or password */
    {ANY_MAJOR, NTLM, NTLM_CODE(41), SEC_E_LOGON_DENIED}, /* disabled */
    {ANY_MAJOR, NTLM, NTLM_CODE(42), SEC_E_LOGON_DENIED}, /* expired */
    {ANY_MAJOR, NTLM, NTLM_CODE(43), SEC_E_LOGON_DENIED}, /* locked */
    {ANY_MAJOR, NTLM, NTLM_CODE(44), SEC_E_LOGON_DENIED}, /* password expired */
    {ANY_MAJOR, NTLM, NTLM_CODE(45), SEC_E_LOGON_DENIED}, /* NTLMv1 */
    {ANY_MAJOR, NTLM, NTLM_CODE(46), SEC_E_LOGON_DENIED}, /* LM */
    {ANY_MAJOR, NTLM, NTLM_CODE(47), SEC_E_LOGON_DENIED}, /* anonymous */
    {ANY_MAJOR, NTLM, NTLM_CODE(57), SEC_E_LOGON_DENIED}, /* a replay */
    {ANY_MAJOR, NTLM, NTLM_CODE(58), SEC_E_LOGON_DENIED}, /* a reflection */
    {ANY_MAJOR, NTLM, NTLM_CODE(60), SEC_E_LOGON_DENIED}, /* NTLMv2 */
    {ANY_MAJOR, NTLM, NTLM_CODE(62), SEC_E_LOGON_DENIED}, /* by the domain controller */
    {ANY_MAJOR, NTLM, NTLM_CODE(74), SEC_E_LOGON_DENIED}, /* NTLMv1, of winbind's */
    /* [MS-NLMP] 3.1.5.1.2: a server that does not say its names */
    {ANY_MAJOR, NTLM, NTLM_CODE(75), SEC_E_LOGON_DENIED},
    /* [MS-NLMP] 3.2.5.1.2: a MIC that is not right */
    {ANY_MAJOR, NTLM, NTLM_CODE(48), SEC_E_MESSAGE_ALTERED},
    {ANY_MAJOR, NTLM, NTLM_CODE(49), SEC_E_MESSAGE_ALTERED},
    {ANY_MAJOR, NTLM, NTLM_CODE(50), SEC_E_BAD_BINDINGS},
    {ANY_MAJOR, NTLM, NTLM_CODE(51), SEC_E_BAD_BINDINGS},
    {ANY_MAJOR, NTLM, NTLM_CODE(52), SEC_E_WRONG_PRINCIPAL},
    {ANY_MAJOR, NTLM, NTLM_CODE(59), SEC_E_TIME_SKEW},
    /* [MS-NLMP] 3.1.5.1.2, 3.2.5.1.2: protection that was required and is not
     * to be had */
    {ANY_MAJOR, NTLM, NTLM_CODE(53), SEC_E_UNSUPPORTED_FUNCTION},
    {ANY_MAJOR, NTLM, NTLM_CODE(54), SEC_E_UNSUPPORTED_FUNCTION},
    {ANY_MAJOR, NTLM, NTLM_CODE(55), SEC_E_UNSUPPORTED_FUNCTION},
    {ANY_MAJOR, NTLM, NTLM_CODE(56), SEC_E_UNSUPPORTED_FUNCTION},
    {ANY_MAJOR, NTLM, NTLM_CODE(71), SEC_E_UNSUPPORTED_FUNCTION},
    {ANY_MAJOR, NTLM, NTLM_CODE(76), SEC_E_UNSUPPORTED_FUNCTION}, /* datagrams */
    {ANY_MAJOR, NTLM, NTLM_CODE(83), SEC_E_UNSUPPORTED_FUNCTION},
    /* [MS-NLMP] 3.1.5.1.1, 3.2.5.1.1: ClientBlocked, ServerBlock */
    {ANY_MAJOR, NTLM, NTLM_CODE(9), SEC_E_UNSUPPORTED_FUNCTION},
    {ANY_MAJOR, NTLM, NTLM_CODE(10), SEC_E_UNSUPPORTED_FUNCTION},
    {ANY_MAJOR, NTLM, NTLM_CODE(63), SEC_E_UNSUPPORTED_FUNCTION},
    {ANY_MAJOR, NTLM, NTLM_CODE(73), SEC_E_UNSUPPORTED_FUNCTION},
    {ANY_MAJOR, NTLM, NTLM_CODE(79), SEC_E_UNSUPPORTED_FUNCTION},
    {ANY_MAJOR, NTLM, NTLM_CODE(77), SEC_E_UNSUPPORTED_FUNCTION}, /* winbind's flags */
    {ANY_MAJOR, NTLM, NTLM_CODE(78), SEC_E_UNSUPPORTED_FUNCTION}, /* of nobody */
    {ANY_MAJOR, NTLM, NTLM_CODE(70), SEC_E_NO_CREDENTIALS},
    {ANY_MAJOR, NTLM, NTLM_CODE(72), SEC_E_NO_CREDENTIALS},  /* no LM hash */
    {ANY_MAJOR, NTLM, NTLM_CODE(30), SEC_E_OUT_OF_SEQUENCE}, /* complete already */
    {ANY_MAJOR, NTLM, NTLM_CODE(81), SEC_E_OUT_OF_SEQUENCE},
    {ANY_MAJOR, NTLM, NTLM_CODE(86), SEC_E_INVALID_PARAMETER}, /* a message too large */
    {ANY_MAJOR, NTLM, NTLM_CODE(126), SEC_E_NO_IMPERSONATION}, /* no local user */
    {ANY_MAJOR, NTLM, NTLM_CODE(100), SEC_E_NO_AUTHENTICATING_AUTHORITY},
    {ANY_MAJOR, NTLM, NTLM_CODE(107), SEC_E_NO_AUTHENTICATING_AUTHORITY},

    /* SPNEGO's own, where no mechanism gave a reason that is above */
    {ANY_MAJOR, SPNEGO, SPNEGO_CODE(2), SEC_E_NO_CREDENTIALS},
    {ANY_MAJOR, SPNEGO, SPNEGO_CODE(9), SEC_E_LOGON_DENIED},     /* the peer rejects */
    {ANY_MAJOR, SPNEGO, SPNEGO_CODE(16), SEC_E_OUT_OF_SEQUENCE}, /* complete already */
    {ANY_MAJOR, SPNEGO, SPNEGO_CODE(19), SEC_E_NO_AUTHENTICATING_AUTHORITY}, /* no KDC */
    {ANY_MAJOR, SPNEGO, SPNEGO_CODE(20), SEC_E_UNSUPPORTED_FUNCTION},        /* no protection */

    /* majors that tell little, when the minor says no more */
    {GSS_S_NO_CRED, ANY_MINOR, 0, SEC_E_NO_CREDENTIALS},
    {GSS_S_CREDENTIALS_EXPIRED, ANY_MINOR, 0, SEC_E_NO_CREDENTIALS},
    {GSS_S_DEFECTIVE_CREDENTIAL, ANY_MINOR, 0, SEC_E_UNKNOWN_CREDENTIALS},
    {GSS_S_BAD_NAME, ANY_MINOR, 0, SEC_E_TARGET_UNKNOWN},
    {GSS_S_BAD_NAMETYPE, ANY_MINOR, 0, SEC_E_TARGET_UNKNOWN},
    {GSS_S_UNAUTHORIZED, ANY_MINOR, 0, SEC_E_LOGON_DENIED},
    {ANY_MAJOR, ANY_MINOR, 0, SEC_E_INTERNAL_ERROR},
};

/* What an acceptor answers to an initiator's ticket is about that acceptor: it does
 * not have the key that the KDC gave the principal. (Before there is a ticket, the
 * first of these codes is a wrong password.) */
static const struct rule answer_rules[] = {
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_BAD_INTEGRITY, SEC_E_WRONG_PRINCIPAL},
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_NOKEY, SEC_E_WRONG_PRINCIPAL},
    {ANY_MAJOR, KERBEROS, KRB5KRB_AP_ERR_BADKEYVER, SEC_E_WRONG_PRINCIPAL},
};

static bool is_one_of(gss_const_OID mech, gss_const_OID const *oids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gss_oid_equal(mech, oids[i]))
            return true;
    return false;
}

/* May a minor status from this mechanism be one of that family? SPNEGO's may
 * be anything within, and so may one from before a mechanism was chosen. */
static bool gives(gss_const_OID mech, enum family family)
{
    const gss_const_OID kerberos[] = {gss_mech_krb5, gss_mech_krb5_old, gss_mech_krb5_wrong,
                                      gss_mech_iakerb};

    if (!mech || family == SYSTEM || gss_oid_equal(mech, package_of(PACKAGE_NEGOTIATE)->mech))
        return true;
    if (family == SPNEGO)
        return false;
    if (family == NTLM)
        return gss_oid_equal(mech, package_of(PACKAGE_NTLM)->mech);
    return is_one_of(mech, kerberos, sizeof(kerberos) / sizeof(kerberos[0]));
}

/* The first line of the status' text; empty when it has none. */
static void get_text(OM_uint32 minor, gss_const_OID mech, gss_buffer_t text)
{
    OM_uint32 ignored, more = 0;

    if (gss_display_status(&ignored, minor, GSS_C_MECH_CODE, (gss_OID)(uintptr_t)mech, &more,
                           text) != GSS_S_COMPLETE) {
        text->length = 0;
        text->value = NULL;
    }
}

/* mech_spnego.so has the reason of each mechanism that it tried, "Kerberos: ...; NTLM:
 * ...". The first is the one that counts. */
static bool is_first_reason(const gss_buffer_desc *text, const gss_buffer_desc *its_text)
{
    static const char *const names[] = {"Kerberos: ", "NTLM: ", "IAKERB: "};
    const char *reasons = text->value;

    for (size_t i = 0; i < COUNT(names); i++) {
        size_t name_len = strlen(names[i]), len = name_len + its_text->length;

        if (its_text->length > 0 && text->length >= len &&
            memcmp(reasons, names[i], name_len) == 0 &&
            memcmp(reasons + name_len, its_text->value, its_text->length) == 0)
            return text->length == len || reasons[len] == ';';
    }
    return false;
}

static bool is_minor(OM_uint32 minor, const gss_buffer_desc *text, OM_uint32 wanted)
{
    gss_buffer_desc its_text = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored;
    bool same;

    if (minor == wanted)
        return true;
    if (text->length == 0)
        return false;
    get_text(wanted, GSS_C_NO_OID, &its_text);
    same = its_text.length == text->length &&
           memcmp(its_text.value, text->value, text->length) == 0;
    same = same || is_first_reason(text, &its_text);
    gss_release_buffer(&ignored, &its_text);
    return same;
}

/* A failure, and which of its texts were asked for already. */
struct failure {
    OM_uint32 error, minor;
    gss_const_OID mech;
    gss_buffer_desc text;
};

static bool fits(const struct rule *rule, const struct failure *failure)
{
    if (rule->major != ANY_MAJOR && rule->major != failure->error)
        return false;
    return rule->family == ANY_MINOR ||
           (failure->minor != 0 && gives(failure->mech, rule->family) &&
            is_minor(failure->minor, &failure->text, (OM_uint32)rule->minor));
}

/* mech_spnego.so's minor status for the same. */
#define SPNEGO_REJECTED 0x53504e09

/* An acceptor that says "reject" and nothing else, once the mechanism is agreed
 * (RFC 4178 4.2.2), is 0 to MIT's SPNEGO. */
static bool is_rejection(const struct failure *failure)
{
    return failure->error == GSS_S_FAILURE &&
           package_of_mech(failure->mech) == package_of(PACKAGE_NEGOTIATE) &&
           (failure->minor == SPNEGO_REJECTED || is_minor(failure->minor, &failure->text, 0));
}

static SECURITY_STATUS status_of_error(struct failure *failure, bool of_answer)
{
    const struct rule *rule = NULL;
    OM_uint32 ignored;

    if (failure->minor != 0)
        get_text(failure->minor, failure->mech, &failure->text);
    if (of_answer && is_rejection(failure)) {
        gss_release_buffer(&ignored, &failure->text);
        return SEC_E_LOGON_DENIED;
    }
    for (size_t i = 0; of_answer && !rule && i < COUNT(answer_rules); i++)
        if (fits(&answer_rules[i], failure))
            rule = &answer_rules[i];
    if (!rule)
        for (rule = rules; !fits(rule, failure); rule++)
            ;
    gss_release_buffer(&ignored, &failure->text);
    return rule->status;
}

static SECURITY_STATUS find_status(OM_uint32 major, OM_uint32 minor, gss_const_OID mech,
                                   bool of_answer)
{
    struct failure failure = {GSS_ROUTINE_ERROR(major), minor, mech, GSS_C_EMPTY_BUFFER};

    /* GSSAPI's calling errors are bugs of this library, so they are internal errors. */
    if (GSS_CALLING_ERROR(major))
        return SEC_E_INTERNAL_ERROR;
    if (failure.error)
        return status_of_error(&failure, of_answer);
    if (major & (GSS_S_DUPLICATE_TOKEN | GSS_S_OLD_TOKEN | GSS_S_UNSEQ_TOKEN | GSS_S_GAP_TOKEN))
        return SEC_E_OUT_OF_SEQUENCE;
    return major & GSS_S_CONTINUE_NEEDED ? SEC_I_CONTINUE_NEEDED : SEC_E_OK;
}

SECURITY_STATUS status_of(OM_uint32 major, OM_uint32 minor, gss_const_OID mech)
{
    return find_status(major, minor, mech, false);
}

SECURITY_STATUS status_of_answer(OM_uint32 major, OM_uint32 minor, gss_const_OID mech)
{
    return find_status(major, minor, mech, true);
}

bool status_is(OM_uint32 minor, gss_const_OID mech, OM_uint32 code)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored;
    bool same;

    if (minor == 0)
        return code == 0;
    get_text(minor, mech, &text);
    same = is_minor(minor, &text, code);
    gss_release_buffer(&ignored, &text);
    return same;
}
