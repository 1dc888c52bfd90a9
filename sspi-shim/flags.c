/* SPDX-License-Identifier: MIT */
/* flags.c - the tables of context flags. */

#include "config.h"

#include "flags.h"

#include <stddef.h>

#include <gssapi/gssapi_ext.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct flag {
    ULONG request, result; /* SSPI's; 0 where it has none */
    OM_uint32 gss;
};

static const struct flag isc[] = {
    {ISC_REQ_DELEGATE, ISC_RET_DELEGATE, GSS_C_DELEG_FLAG},
    {ISC_REQ_MUTUAL_AUTH, ISC_RET_MUTUAL_AUTH, GSS_C_MUTUAL_FLAG},
    {ISC_REQ_REPLAY_DETECT, ISC_RET_REPLAY_DETECT, GSS_C_REPLAY_FLAG},
    {ISC_REQ_SEQUENCE_DETECT, ISC_RET_SEQUENCE_DETECT, GSS_C_SEQUENCE_FLAG},
    {ISC_REQ_CONFIDENTIALITY, ISC_RET_CONFIDENTIALITY, GSS_C_CONF_FLAG},
    {ISC_REQ_INTEGRITY, ISC_RET_INTEGRITY, GSS_C_INTEG_FLAG},
    {ISC_REQ_USE_DCE_STYLE, ISC_RET_USED_DCE_STYLE, GSS_C_DCE_STYLE},
    {ISC_REQ_DATAGRAM, ISC_RET_DATAGRAM, FLAGS_GSS_DATAGRAM},
    {ISC_REQ_EXTENDED_ERROR, ISC_RET_EXTENDED_ERROR, GSS_C_EXTENDED_ERROR_FLAG},
    {ISC_REQ_IDENTIFY, ISC_RET_IDENTIFY, GSS_C_IDENTIFY_FLAG},
    {ISC_REQ_NULL_SESSION, ISC_RET_NULL_SESSION, GSS_C_ANON_FLAG},
    {ISC_REQ_UNVERIFIED_TARGET_NAME, 0, FLAGS_GSS_UNVERIFIED_TARGET},
};

/* ALLOW_MISSING_BINDINGS and PROXY_BINDINGS are not flags of the context: they
 * say which bindings gss_accept_sec_context is given. */
static const struct flag asc[] = {
    {ASC_REQ_DELEGATE, ASC_RET_DELEGATE, GSS_C_DELEG_FLAG},
    {ASC_REQ_MUTUAL_AUTH, ASC_RET_MUTUAL_AUTH, GSS_C_MUTUAL_FLAG},
    {ASC_REQ_REPLAY_DETECT, ASC_RET_REPLAY_DETECT, GSS_C_REPLAY_FLAG},
    {ASC_REQ_SEQUENCE_DETECT, ASC_RET_SEQUENCE_DETECT, GSS_C_SEQUENCE_FLAG},
    {ASC_REQ_CONFIDENTIALITY, ASC_RET_CONFIDENTIALITY, GSS_C_CONF_FLAG},
    {ASC_REQ_INTEGRITY, ASC_RET_INTEGRITY, GSS_C_INTEG_FLAG},
    {ASC_REQ_USE_DCE_STYLE, ASC_RET_USED_DCE_STYLE, GSS_C_DCE_STYLE},
    {ASC_REQ_DATAGRAM, ASC_RET_DATAGRAM, FLAGS_GSS_DATAGRAM},
    {ASC_REQ_EXTENDED_ERROR, ASC_RET_EXTENDED_ERROR, GSS_C_EXTENDED_ERROR_FLAG},
    {ASC_REQ_IDENTIFY, ASC_RET_IDENTIFY, GSS_C_IDENTIFY_FLAG},
    {ASC_REQ_ALLOW_NULL_SESSION, ASC_RET_NULL_SESSION, GSS_C_ANON_FLAG},
};

/* What the answer repeats of the request: GSSAPI never sees it. */
static const struct flag isc_echo[] = {
    {ISC_REQ_ALLOCATE_MEMORY, ISC_RET_ALLOCATED_MEMORY, 0},
    {ISC_REQ_USE_SUPPLIED_CREDS, ISC_RET_USED_SUPPLIED_CREDS, 0},
    {ISC_REQ_EXTENDED_ERROR, ISC_RET_EXTENDED_ERROR, 0},
    {ISC_REQ_DATAGRAM, ISC_RET_DATAGRAM, 0},
    {ISC_REQ_CONNECTION, ISC_RET_CONNECTION, 0},
    {ISC_REQ_STREAM, ISC_RET_STREAM, 0},
};

static const struct flag asc_echo[] = {
    {ASC_REQ_ALLOCATE_MEMORY, ASC_RET_ALLOCATED_MEMORY, 0},
    {ASC_REQ_EXTENDED_ERROR, ASC_RET_EXTENDED_ERROR, 0},
    {ASC_REQ_DATAGRAM, ASC_RET_DATAGRAM, 0},
    {ASC_REQ_CONNECTION, ASC_RET_CONNECTION, 0},
    {ASC_REQ_STREAM, ASC_RET_STREAM, 0},
};

static OM_uint32 to_gss(const struct flag *table, size_t count, ULONG request)
{
    OM_uint32 gss = 0;

    for (size_t i = 0; i < count; i++)
        if (request & table[i].request)
            gss |= table[i].gss;
    return gss;
}

static ULONG from_gss(const struct flag *table, size_t count, OM_uint32 gss)
{
    ULONG result = 0;

    for (size_t i = 0; i < count; i++)
        if (gss & table[i].gss)
            result |= table[i].result;
    return result;
}

static ULONG echo(const struct flag *table, size_t count, ULONG request)
{
    ULONG result = 0;

    for (size_t i = 0; i < count; i++)
        if (request & table[i].request)
            result |= table[i].result;
    return result;
}

/* Sealing without signing does not exist, and replay and sequence detection
 * need a signature to hang on. NO_INTEGRITY takes back what INTEGRITY asks
 * for, not what the others need. */
static OM_uint32 with_integrity(ULONG isc_req, OM_uint32 gss)
{
    if (isc_req & ISC_REQ_NO_INTEGRITY)
        gss &= ~(OM_uint32)GSS_C_INTEG_FLAG;
    if (gss & (GSS_C_CONF_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG))
        gss |= GSS_C_INTEG_FLAG;
    return gss;
}

SECURITY_STATUS flags_from_isc(ULONG isc_req, enum package_id package, OM_uint32 *gss)
{
    OM_uint32 wanted = to_gss(isc, COUNT(isc), isc_req);

    *gss = 0;
    if (isc_req & ISC_REQ_PROMPT_FOR_CREDS)
        return SEC_E_UNSUPPORTED_FUNCTION;
    if (package == PACKAGE_KERBEROS && (isc_req & ISC_REQ_NULL_SESSION))
        return SEC_E_UNSUPPORTED_FUNCTION;
    /* Datagrams have no NEGOTIATE, and SPNEGO's first token must carry one. */
    if (package == PACKAGE_NEGOTIATE)
        wanted &= ~(OM_uint32)FLAGS_GSS_DATAGRAM;
    if (package == PACKAGE_NTLM)
        wanted &= ~(OM_uint32)GSS_C_DELEG_FLAG;
    else if ((wanted & GSS_C_DELEG_FLAG) && !(wanted & GSS_C_MUTUAL_FLAG))
        return SEC_E_UNSUPPORTED_FUNCTION;
    *gss = with_integrity(isc_req, wanted);
    return SEC_E_OK;
}

OM_uint32 flags_from_asc(ULONG asc_req)
{
    return to_gss(asc, COUNT(asc), asc_req);
}

ULONG flags_to_isc(OM_uint32 gss, ULONG isc_req)
{
    return from_gss(isc, COUNT(isc), gss) | echo(isc_echo, COUNT(isc_echo), isc_req);
}

ULONG flags_to_asc(OM_uint32 gss, ULONG asc_req)
{
    return from_gss(asc, COUNT(asc), gss) | echo(asc_echo, COUNT(asc_echo), asc_req);
}
