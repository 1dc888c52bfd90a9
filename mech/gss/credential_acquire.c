/* SPDX-License-Identifier: MIT */
/* credential_acquire.c - gss_acquire_cred and its kin (RFC 2744 5.2, the cred
 * store of MIT's gssapi_ext.h), gss_release_cred, gssspi_set_cred_option. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "gss/credential.h"
#include "gss/module.h"
#include "gss/status.h"
#include "ntlm/secret.h"
#include "support/outputs.h"
#include "support/trace.h"

/* Credential store keys that gss-ntlmssp has too. Those of other mechanisms (keytab,
 * ccache) are ignored. */
static void read_store(gss_const_key_value_set_t store, struct credential_request *request)
{
    const struct {
        const char *key;
        const char **value;
    } known[] = {
        {"password", &request->password},
        {"ntlmssp_password", &request->password},
        {"ntlmssp_nthash", &request->nt_hash},
        {"ntlmssp_domain", &request->domain},
        {"ntlmssp_keyfile", &request->account_file},
    };

    for (OM_uint32 i = 0; store && i < store->count; i++)
        for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
            if (strcmp(store->elements[i].key, known[k].key) == 0)
                *known[k].value = store->elements[i].value;
    if (request->password)
        request->password_len = strlen(request->password);
}

static const char *usage_text(gss_cred_usage_t usage)
{
    return usage == GSS_C_INITIATE ? "initiate" : usage == GSS_C_ACCEPT ? "accept" : "both";
}

static void trace_request(const struct credential_request *request, enum ntlm_error error)
{
    char *who;

    if (!trace_on())
        return;
    who = request->name ? name_text(request->name) : NULL;
    trace("credential for %s (%s): %s", who ? who : "the default", usage_text(request->usage),
          error ? ntlm_error_text(error) : "acquired");
    free(who);
}

static OM_uint32 acquire(OM_uint32 *minor, const struct credential_request *request,
                         gss_cred_id_t *out, gss_OID_set *actual_mechs, OM_uint32 *time_rec)
{
    static const gss_OID_desc *const mechs[] = {&oid_ntlmssp};
    struct credential *made = NULL;
    enum ntlm_error error;
    OM_uint32 major;

    EMPTY(out);
    EMPTY(actual_mechs);
    EMPTY(time_rec);
    if (!out)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_WRITE,
                               "the pointer for the credential is NULL");
    if (request->usage != GSS_C_INITIATE && request->usage != GSS_C_ACCEPT &&
        request->usage != GSS_C_BOTH)
        return status_of(
            minor, fail(NTLM_ERR_BAD_ARGUMENT, "unknown credential usage %d", request->usage));
    error = credential_make(request, &made);
    ntlm_cleanse_stack();
    trace_request(request, error);
    if (error)
        return status_of(minor, error);
    if (actual_mechs) {
        major = oid_set_of(actual_mechs, mechs, 1);
        if (major != GSS_S_COMPLETE) {
            credential_free(made);
            return status_as(minor, major, NTLM_ERR_OUT_OF_MEMORY);
        }
    }
    if (time_rec)
        *time_rec = credential_lifetime(made);
    *out = (gss_cred_id_t)made;
    return status_of(minor, NTLM_OK);
}

EXPORTED OM_uint32 gss_acquire_cred_from(OM_uint32 *minor, gss_name_t desired_name,
                                         OM_uint32 time_req, gss_OID_set desired_mechs,
                                         gss_cred_usage_t usage,
                                         gss_const_key_value_set_t store, gss_cred_id_t *out,
                                         gss_OID_set *actual_mechs, OM_uint32 *time_rec)
{
    struct credential_request request = {.usage = usage,
                                         .name = (const struct name *)desired_name};

    (void)time_req; /* what there is cannot be made to last longer */
    (void)desired_mechs;
    read_store(store, &request);
    return acquire(minor, &request, out, actual_mechs, time_rec);
}

EXPORTED OM_uint32 gss_acquire_cred(OM_uint32 *minor, gss_name_t desired_name,
                                    OM_uint32 time_req, gss_OID_set desired_mechs,
                                    gss_cred_usage_t usage, gss_cred_id_t *out,
                                    gss_OID_set *actual_mechs, OM_uint32 *time_rec)
{
    return gss_acquire_cred_from(minor, desired_name, time_req, desired_mechs, usage,
                                 GSS_C_NO_CRED_STORE, out, actual_mechs, time_rec);
}

EXPORTED OM_uint32 gssspi_acquire_cred_with_password(
    OM_uint32 *minor, const gss_name_t desired_name, const gss_buffer_t password,
    OM_uint32 time_req, const gss_OID_set desired_mechs, int usage, gss_cred_id_t *out,
    gss_OID_set *actual_mechs, OM_uint32 *time_rec)
{
    struct credential_request request = {.usage = usage,
                                         .name = (const struct name *)desired_name};

    (void)time_req;
    (void)desired_mechs;
    EMPTY(out);
    EMPTY(actual_mechs);
    EMPTY(time_rec);
    if (!buffer_readable(password))
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ, "the password is NULL");
    request.password = password->length ? password->value : "";
    request.password_len = password->length;
    return acquire(minor, &request, out, actual_mechs, time_rec);
}

EXPORTED OM_uint32 gss_release_cred(OM_uint32 *minor, gss_cred_id_t *credential)
{
    if (credential) {
        credential_free((struct credential *)*credential);
        *credential = GSS_C_NO_CREDENTIAL;
    }
    return status_of(minor, NTLM_OK);
}

static enum ntlm_error set_neg_flags(struct credential *credential, const gss_buffer_t value)
{
    if (!value || value->length == 0) { /* as gss-ntlmssp: back to our own */
        credential->neg_flags = 0;
        return NTLM_OK;
    }
    if (!buffer_readable(value) || value->length != sizeof(credential->neg_flags))
        return fail(NTLM_ERR_BAD_ARGUMENT, "negotiate flags are a four-byte integer");
    memcpy(&credential->neg_flags, value->value, sizeof(credential->neg_flags));
    return NTLM_OK;
}

EXPORTED OM_uint32 gssspi_set_cred_option(OM_uint32 *minor, gss_cred_id_t *handle,
                                          const gss_OID option, const gss_buffer_t value)
{
    struct credential *credential = handle ? (struct credential *)*handle : NULL;

    /* An unknown option gets exactly GSS_S_UNAVAILABLE: with any other status an
     * option that is meant for Kerberos alone would fail for the whole credential. */
    if (!credential)
        return status_of(minor, NTLM_ERR_UNKNOWN_OPTION);
    if (oid_same(option, &oid_no_ci_flags)) {
        credential->no_ci_flags = true;
        return status_of(minor, NTLM_OK);
    }
    if (oid_same(option, &oid_set_neg_flags))
        return status_of(minor, set_neg_flags(credential, value));
    return status_of(minor, NTLM_ERR_UNKNOWN_OPTION);
}
