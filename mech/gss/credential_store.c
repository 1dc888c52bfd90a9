/* SPDX-License-Identifier: MIT */
/* credential_store.c - gss_store_cred (RFC 5588) and gss_store_cred_into (MIT's
 * gssapi_ext.h): what a credential logs in as becomes a login of this user, as by
 * gss-negotiate login. What accepts logins is not stored: accounts are the
 * administrator's.
 *
 * default_cred makes it the one that is chosen among the logins for the same servers;
 * overwrite_cred replaces the login of the same user for the same servers. */

#include "config.h"

#include <string.h>

#include "gss/credential.h"
#include "gss/module.h"
#include "gss/status.h"
#include "identity/logins.h"
#include "support/outputs.h"
#include "support/trace.h"

/* What the credential store says of where and how to store. */
struct store {
    const char *target, *lifetime, *keyring;
    bool is_ours; /* it is the default store, or has an element that is meant for NTLM */
};

static void read_store(gss_const_key_value_set_t elements, struct store *store)
{
    const struct {
        const char *key;
        const char **value;
    } known[] = {
        {"ntlmssp_target", &store->target},
        {"ntlmssp_lifetime", &store->lifetime},
        {"ntlmssp_keyring", &store->keyring},
    };

    *store = (struct store){.is_ours = !elements || elements->count == 0};
    for (OM_uint32 i = 0; elements && i < elements->count; i++)
        for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
            if (strcmp(elements->elements[i].key, known[k].key) == 0) {
                *known[k].value = elements->elements[i].value;
                store->is_ours = true;
            }
}

static enum ntlm_error read_keyring(const struct settings *settings, const char *text,
                                    enum login_keyring *keyring)
{
    *keyring = (enum login_keyring)settings->login_keyring;
    if (settings->login_keyring == LOGIN_KEYRING_OFF)
        return fail(NTLM_ERR_NO_KEYRING, "login_keyring is off");
    if (!text)
        return NTLM_OK;
    if (login_keyring_of(text, keyring))
        return NTLM_OK;
    return fail(NTLM_ERR_BAD_ARGUMENT, "ntlmssp_keyring is session or persistent");
}

static enum ntlm_error read_lifetime(const char *text, uint32_t *lifetime)
{
    *lifetime = LOGIN_LIFETIME_DEFAULT;
    if (!text || login_lifetime_of(text, lifetime))
        return NTLM_OK;
    return fail(NTLM_ERR_BAD_ARGUMENT, "ntlmssp_lifetime is a number of seconds");
}

static enum ntlm_error store_identity(const struct credential *credential,
                                      const struct store *store, OM_uint32 overwrite,
                                      OM_uint32 make_default)
{
    struct login_request request = {
        .target = store->target, .overwrite = overwrite != 0, .preferred = make_default != 0};
    const struct settings *settings;
    enum ntlm_error error = settings_get(&settings);

    if (error)
        return error;
    error = read_keyring(settings, store->keyring, &request.keyring);
    if (!error)
        error = read_lifetime(store->lifetime, &request.lifetime);
    if (!error)
        error = logins_store(settings, credential->identity, &request);
    settings_put(settings);
    return error;
}

EXPORTED OM_uint32 gss_store_cred_into(OM_uint32 *minor, gss_cred_id_t handle,
                                       gss_cred_usage_t usage, const gss_OID mech,
                                       OM_uint32 overwrite, OM_uint32 make_default,
                                       gss_const_key_value_set_t elements, gss_OID_set *stored,
                                       gss_cred_usage_t *stored_usage)
{
    static const gss_OID_desc *const mechs[] = {&oid_ntlmssp};
    const struct credential *credential = (const struct credential *)handle;
    struct store store;
    enum ntlm_error error;

    (void)mech; /* the mechglue calls us for ours only */
    EMPTY(stored);
    EMPTY(stored_usage);
    if (!credential)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ, "the credential is NULL");
    read_store(elements, &store);
    if (!store.is_ours || usage == GSS_C_ACCEPT)
        return status_as(minor, GSS_S_UNAVAILABLE, NTLM_ERR_UNKNOWN_OPTION);
    if (!credential->identity)
        return status_of(minor, fail(NTLM_ERR_NOT_INITIATOR, NULL));
    error = store_identity(credential, &store, overwrite, make_default);
    if (error)
        return status_of(minor, error);
    if (stored && oid_set_of(stored, mechs, 1) != GSS_S_COMPLETE)
        return status_of(minor, fail(NTLM_ERR_OUT_OF_MEMORY, NULL));
    if (stored_usage)
        *stored_usage = GSS_C_INITIATE;
    return status_of(minor, NTLM_OK);
}

EXPORTED OM_uint32 gss_store_cred(OM_uint32 *minor, gss_cred_id_t handle,
                                  gss_cred_usage_t usage, const gss_OID mech,
                                  OM_uint32 overwrite, OM_uint32 make_default,
                                  gss_OID_set *stored, gss_cred_usage_t *stored_usage)
{
    return gss_store_cred_into(minor, handle, usage, mech, overwrite, make_default,
                               GSS_C_NO_CRED_STORE, stored, stored_usage);
}
