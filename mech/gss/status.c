/* SPDX-License-Identifier: MIT */
/* status.c - from this module's errors to GSSAPI's statuses. Their texts are
 * display_status.c's.
 *
 * The major statuses, by the wording of RFC 2743 2.1 to 2.3:
 *
 *   the token is malformed, or not what is due now   GSS_S_DEFECTIVE_TOKEN
 *   a message integrity code or signature is wrong   GSS_S_BAD_SIG
 *   channel bindings differ or are missing           GSS_S_BAD_BINDINGS
 *   nothing to log in with, nothing to check against GSS_S_NO_CRED
 *   the credential's own file or secret is unsound   GSS_S_DEFECTIVE_CREDENTIAL
 *   its time is over                                 GSS_S_CREDENTIALS_EXPIRED
 *   it is stored already                             GSS_S_DUPLICATE_ELEMENT
 *   an administrator forbids NTLM                    GSS_S_UNAUTHORIZED
 *   the context is dead, or not complete yet         GSS_S_NO_CONTEXT
 *   an option, protection or store that is not there GSS_S_UNAVAILABLE, bare:
 *                                                    the mechglue and Cyrus
 *                                                    SASL compare with it
 *   every other refusal of a peer, and every failure GSS_S_FAILURE
 *
 * A denied logon is GSS_S_FAILURE: GSS_S_DEFECTIVE_CREDENTIAL would speak of
 * the acceptor's own credential, and GSS_S_NO_CRED would have SPNEGO and
 * applications look for another. What happened is for the minor status to
 * say. */

#include "config.h"

#include "gss/status.h"

static OM_uint32 major_of(enum ntlm_error error)
{
    switch (error) {
    case NTLM_OK:
        return GSS_S_COMPLETE;

    case NTLM_ERR_BAD_ARGUMENT:
    case NTLM_ERR_BAD_IOV:
        return GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE;
    case NTLM_ERR_UNKNOWN_OPTION:
    case NTLM_ERR_NO_PROTECTION:
    case NTLM_ERR_NOT_DATAGRAM:
    case NTLM_ERR_NO_ATTRIBUTE:
    case NTLM_ERR_EXPORT_TOO_LATE:
    case NTLM_ERR_NO_KEYRING:
        return GSS_S_UNAVAILABLE;

    case NTLM_ERR_NOT_NTLM:
    case NTLM_ERR_WRONG_MESSAGE:
    case NTLM_ERR_TRUNCATED:
    case NTLM_ERR_TOO_LARGE:
    case NTLM_ERR_NAME_TOO_LONG:
    case NTLM_ERR_FIELD_OUTSIDE:
    case NTLM_ERR_BAD_TEXT:
    case NTLM_ERR_BAD_AV_PAIRS:
    case NTLM_ERR_BAD_RESPONSE:
    case NTLM_ERR_NO_CHARSET:
    case NTLM_ERR_MESSAGE_TRUNCATED:
    case NTLM_ERR_BAD_EXPORT:
        return GSS_S_DEFECTIVE_TOKEN;

    case NTLM_ERR_DEAD_CONTEXT:
    case NTLM_ERR_NOT_COMPLETE:
        return GSS_S_NO_CONTEXT;

    case NTLM_ERR_MIC_MISSING:
    case NTLM_ERR_MIC_WRONG:
    case NTLM_ERR_CHALLENGE_ALTERED:
    case NTLM_ERR_BAD_SIGNATURE:
        return GSS_S_BAD_SIG;
    case NTLM_ERR_BINDINGS_DIFFER:
    case NTLM_ERR_BINDINGS_MISSING:
        return GSS_S_BAD_BINDINGS;
    case NTLM_ERR_OUT_OF_SEQUENCE:
        return GSS_S_UNSEQ_TOKEN;
    case NTLM_ERR_BAD_QOP:
        return GSS_S_BAD_QOP;

    case NTLM_ERR_NO_IDENTITY:
    case NTLM_ERR_NO_ACCOUNTS:
    case NTLM_ERR_NO_SUCH_LINE:
    case NTLM_ERR_FILE_UNREADABLE:
    case NTLM_ERR_NOT_INITIATOR:
    case NTLM_ERR_NOT_ACCEPTOR:
        return GSS_S_NO_CRED;
    case NTLM_ERR_LOGIN_EXPIRED:
        return GSS_S_CREDENTIALS_EXPIRED;
    case NTLM_ERR_LOGIN_EXISTS:
        return GSS_S_DUPLICATE_ELEMENT;
    case NTLM_ERR_BAD_LOGIN:
    case NTLM_ERR_FILE_INSECURE:
    case NTLM_ERR_BAD_NT_HASH:
    case NTLM_ERR_BAD_PASSWORD_TEXT:
        return GSS_S_DEFECTIVE_CREDENTIAL;

    case NTLM_ERR_SENDING_RESTRICTED:
    case NTLM_ERR_RECEIVING_RESTRICTED:
    case NTLM_ERR_FIPS_MODE:
    case NTLM_ERR_FIPS_MODE_UNKNOWN:
        return GSS_S_UNAUTHORIZED;

    case NTLM_ERR_BAD_NAME:
        return GSS_S_BAD_NAME;
    case NTLM_ERR_BAD_NAME_TYPE:
        return GSS_S_BAD_NAMETYPE;

    case NTLM_ERR_OUT_OF_MEMORY:
    case NTLM_ERR_CRYPTO:
    case NTLM_ERR_NO_LEGACY_PROVIDER:
    case NTLM_ERR_RANDOM:
    case NTLM_ERR_BAD_SETTING:
    case NTLM_ERR_ALREADY_COMPLETE:
    case NTLM_ERR_LOGON_DENIED:
    case NTLM_ERR_ACCOUNT_DISABLED:
    case NTLM_ERR_ACCOUNT_EXPIRED:
    case NTLM_ERR_ACCOUNT_LOCKED:
    case NTLM_ERR_PASSWORD_EXPIRED:
    case NTLM_ERR_NTLMV1_REFUSED:
    case NTLM_ERR_LM_REFUSED:
    case NTLM_ERR_ANONYMOUS_REFUSED:
    case NTLM_ERR_TARGET_NAME:
    case NTLM_ERR_WEAK_NO_SIGN:
    case NTLM_ERR_WEAK_NO_SEAL:
    case NTLM_ERR_WEAK_NO_128:
    case NTLM_ERR_WEAK_NO_ESS:
    case NTLM_ERR_REPLAY:
    case NTLM_ERR_REFLECTION:
    case NTLM_ERR_TIME_SKEW:
    case NTLM_ERR_LOGON_REFUSED:
    case NTLM_ERR_SERVER_FLAGS:
    case NTLM_ERR_ANONYMOUS_PROTECTION:
    case NTLM_ERR_CLIENT_POLICY:
    case NTLM_ERR_EXTERNAL_NTLMV1:
    case NTLM_ERR_NO_SERVER_NAMES:
    case NTLM_ERR_NO_DATAGRAM:
    case NTLM_ERR_EXTERNAL_FLAGS:
    case NTLM_ERR_NO_LM_HASH:
    case NTLM_ERR_MESSAGE_TOO_LARGE:
    case NTLM_ERR_NO_AUTHORITY:
    case NTLM_ERR_NO_LOCAL_USER:
        return GSS_S_FAILURE;
    }
    return GSS_S_FAILURE;
}

OM_uint32 status_as(OM_uint32 *minor, OM_uint32 major, enum ntlm_error error)
{
    failure_returned(error);
    if (minor)
        *minor = (OM_uint32)error;
    return major;
}

OM_uint32 status_bad_call(OM_uint32 *minor, OM_uint32 calling_error, const char *what)
{
    return status_as(minor, calling_error | GSS_S_FAILURE,
                     fail(NTLM_ERR_BAD_ARGUMENT, "%s", what));
}

OM_uint32 status_of(OM_uint32 *minor, enum ntlm_error error)
{
    return status_as(minor, major_of(error), error);
}
