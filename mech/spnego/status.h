/* SPDX-License-Identifier: MIT */
/* status.h - SPNEGO's own minor statuses, and the reasons of the mechanisms that
 * it tried. A mechanism's minor status goes to the caller as it is; the mechglue
 * knows whose it is. */

#ifndef SPNEGO_STATUS_H
#define SPNEGO_STATUS_H

#include <gssapi/gssapi.h>

/* The numbers are in nobody else's range: com_err's tables begin elsewhere. They
 * are few and fixed, since the mechglue never forgets one. */
enum spnego_error {
    SPNEGO_OK = 0,
    SPNEGO_ERR_NO_MEMORY = 0x53504e01,
    SPNEGO_ERR_NO_CREDENTIAL,  /* no mechanism has a credential */
    SPNEGO_ERR_NO_MECHANISM,   /* none could begin, as initiator */
    SPNEGO_ERR_NONE_IN_COMMON, /* the lists of both sides share none */
    SPNEGO_ERR_MECHANISM,      /* the one that was chosen failed, others before it */
    SPNEGO_ERR_BAD_TOKEN,
    SPNEGO_ERR_UNEXPECTED_TOKEN, /* well formed, but not what is due now */
    SPNEGO_ERR_NO_TOKEN,         /* the peer owes the mechanism a token */
    SPNEGO_ERR_REJECTED,
    SPNEGO_ERR_BAD_CHOICE, /* a mechanism that we did not offer, or a second choice */
    SPNEGO_ERR_BAD_STATE,  /* negState is not what it can be now */
    SPNEGO_ERR_MIC_MISSING,
    SPNEGO_ERR_MIC_WRONG,
    SPNEGO_ERR_MIC_UNEXPECTED,
    SPNEGO_ERR_NOT_COMPLETE,
    SPNEGO_ERR_COMPLETE,
    SPNEGO_ERR_BAD_NAME,
    SPNEGO_ERR_BAD_SETTING,
    SPNEGO_ERR_KDC_SILENT,
    SPNEGO_ERR_NO_PROTECTION, /* integrity or confidentiality, as asked for */
    SPNEGO_ERR_END,
};

/* Records the detail (NULL format: none) for this thread, traces it, sets *minor
 * and returns `major`. No secrets. */
OM_uint32 status_fail(OM_uint32 *minor, OM_uint32 major, enum spnego_error error,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));

/* GSS_S_FAILURE for lack of memory. */
OM_uint32 status_no_memory(OM_uint32 *minor);

/* Adds to *reasons (malloc'd, NULL: none yet) why this mechanism fell out:
 * "Kerberos: Cannot find KDC for realm ...". Without memory, nothing is added. */
void reasons_add(char **reasons, gss_const_OID mech, OM_uint32 major, OM_uint32 minor);
/* The same with a text of our own. */
void reasons_add_text(char **reasons, gss_const_OID mech, const char *text);
/* Puts other reasons behind *reasons, or before it. Without memory, nothing is added. */
void reasons_join(char **reasons, const char *further);
void reasons_precede(char **reasons, const char *first);

#endif
