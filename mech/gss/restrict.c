/* SPDX-License-Identifier: MIT */
/* restrict.c - see restrict.h. What the settings say is settings/'s. */

#include "config.h"

#include "gss/restrict.h"

#include <stdlib.h>

#include "audit/audit.h"
#include "gss/target.h"
#include "ntlm/fips.h"
#include "ntlm/text.h"
#include "support/failure.h"
#include "support/host.h"
#include "support/system.h"
#include "support/trace.h"

/* Whether NTLM may be used at all. */
static enum ntlm_error check_fips(const struct settings *settings)
{
    enum ntlm_error error;
    bool on;

    if (settings->allow_in_fips_mode)
        return NTLM_OK;
    error = system_fips_mode(&on);
    if (error)
        return error;
    if (on)
        return fail(NTLM_ERR_FIPS_MODE, "the kernel is, too");
    error = ntlm_fips_mode(&on);
    if (!error && on)
        error = NTLM_ERR_FIPS_MODE;
    return error ? fail(error, NULL) : NTLM_OK;
}

enum ntlm_error restrict_initiator(const struct settings *settings)
{
    enum ntlm_error error = check_fips(settings);

    if (error)
        return error;
    if (settings->restrict_sending_ntlm != RESTRICTION_DENY ||
        settings->client_allowed_ntlm_servers[0])
        return NTLM_OK;
    return fail(NTLM_ERR_SENDING_RESTRICTED, "client_allowed_ntlm_servers names no server");
}

enum ntlm_error restrict_acceptor(const struct settings *settings)
{
    enum ntlm_error error = check_fips(settings);

    if (error)
        return error;
    if (settings->restrict_receiving_ntlm != RESTRICTION_DENY)
        return NTLM_OK;
    return fail(NTLM_ERR_RECEIVING_RESTRICTED, NULL);
}

static enum ntlm_error look_up(const struct settings *settings, const char *host, bool *allowed)
{
    char *upper;
    enum ntlm_error error = ntlm_text_upper(host, &upper);

    if (error)
        return error;
    *allowed = false;
    for (char **pattern = settings->client_allowed_ntlm_servers; *pattern && !*allowed;
         pattern++)
        *allowed = host_matches(*pattern, upper);
    free(upper);
    return NTLM_OK;
}

static enum ntlm_error judge(const struct settings *settings, const char *host,
                             const struct name *source)
{
    bool allowed;
    enum ntlm_error error = look_up(settings, host, &allowed);

    if (error || allowed)
        return error;
    if (settings->restrict_sending_ntlm == RESTRICTION_AUDIT) {
        trace("restrict_sending_ntlm = audit: deny would refuse NTLM to %s",
              *host ? host : "a server without a name");
        if (source && source->kind == NAME_USER)
            audit_sending(host, source->user, source->domain);
        else
            audit_sending(host, NULL, NULL);
        return NTLM_OK;
    }
    if (!*host)
        return fail(NTLM_ERR_SENDING_RESTRICTED, "the program names no server");
    return fail(NTLM_ERR_SENDING_RESTRICTED, "client_allowed_ntlm_servers does not name %s",
                host);
}

enum ntlm_error restrict_target(const struct settings *settings, const struct name *target,
                                const struct name *source)
{
    enum ntlm_error error = check_fips(settings);
    char *host;

    if (error)
        return error;
    if (settings->restrict_sending_ntlm == RESTRICTION_ALLOW)
        return NTLM_OK;
    host = target_host(target);
    if (!host)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = judge(settings, host, source);
    free(host);
    return error;
}

void restrict_audit(const struct settings *settings, const struct ntlm_logon *logon)
{
    if (settings->restrict_receiving_ntlm == RESTRICTION_AUDIT)
        trace("restrict_receiving_ntlm = audit: deny would refuse the login of %s\\%s at %s",
              logon->domain, logon->user, logon->workstation);
}
