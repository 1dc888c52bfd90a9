/* SPDX-License-Identifier: MIT */
/* credential_export.c - moving a credential to another process
 * (gss_export_cred of gssapi_ext.h). The token holds the password's hashes:
 * it is a secret. Settings and accounts are the importing process' own; only
 * an account file that the cred store named goes along, by its name. */

#include "config.h"

#include <stdlib.h>

#include "gss/credential.h"
#include "gss/module.h"
#include "gss/serial.h"
#include "gss/status.h"
#include "ntlm/secret.h"
#include "support/failure.h"
#include "support/outputs.h"

EXPORTED OM_uint32 gss_export_cred(OM_uint32 *minor, gss_cred_id_t handle, gss_buffer_t token)
{
    const struct credential *credential = (const struct credential *)handle;
    struct ntlm_writer out = {0};
    enum ntlm_error error;
    uint8_t *bytes;
    size_t len;

    EMPTY(token);
    if (!token || !credential)
        return status_bad_call(minor, GSS_S_CALL_BAD_STRUCTURE,
                               "the token or the credential is NULL");
    ntlm_write32(&out, SERIAL_CREDENTIAL);
    ntlm_write32(&out, (uint32_t)credential->usage);
    ntlm_write32(&out, credential->neg_flags);
    ntlm_write8(&out, credential->no_ci_flags);
    ntlm_write8(&out, credential->anonymous);
    ntlm_write8(&out, credential->knows_hosts);
    ntlm_write8(&out, credential->identity != NULL);
    serial_write_name(&out, credential->name);
    serial_write_name(&out, credential->acceptor_name);
    serial_write_text(&out, credential->account_file);
    if (credential->identity)
        identity_export(credential->identity, &out);
    error = ntlm_writer_take(&out, &bytes, &len);
    ntlm_writer_clear(&out);
    ntlm_cleanse_stack();
    if (error)
        return status_of(minor, error);
    token->value = bytes;
    token->length = len;
    return status_of(minor, NTLM_OK);
}

/* What belongs to this process: settings, and the source of accounts. */
static enum ntlm_error settle(struct credential *made)
{
    enum ntlm_error error = settings_get(&made->settings);

    return error || made->usage == GSS_C_INITIATE ? error : credential_open_accounts(made);
}

/* Whether the fields that were read fit each other. */
static bool plausible(const struct credential *made, struct ntlm_bytes booleans)
{
    for (size_t i = 0; i < booleans.len; i++)
        if (booleans.data[i] > 1)
            return false;
    if (made->usage != GSS_C_INITIATE && made->usage != GSS_C_ACCEPT &&
        made->usage != GSS_C_BOTH)
        return false;
    return made->name && (made->usage == GSS_C_INITIATE || made->acceptor_name);
}

static enum ntlm_error read_credential(struct ntlm_reader *in, struct credential *made)
{
    struct ntlm_bytes booleans;
    enum ntlm_error error = NTLM_OK;

    if (ntlm_read32(in) != SERIAL_CREDENTIAL)
        return NTLM_ERR_BAD_EXPORT;
    made->usage = (gss_cred_usage_t)ntlm_read32(in);
    made->neg_flags = ntlm_read32(in);
    booleans = ntlm_read_bytes(in, 4);
    made->name = serial_read_name(in);
    made->acceptor_name = serial_read_name(in);
    made->account_file = serial_read_text(in);
    if (in->error)
        return in->error == NTLM_ERR_OUT_OF_MEMORY ? in->error : NTLM_ERR_BAD_EXPORT;
    if (!plausible(made, booleans))
        return NTLM_ERR_BAD_EXPORT;
    made->no_ci_flags = booleans.data[0];
    made->anonymous = booleans.data[1];
    made->knows_hosts = booleans.data[2];
    if (booleans.data[3])
        error = identity_import(in, &made->identity);
    if (!error && ntlm_reader_left(in) > 0)
        error = NTLM_ERR_BAD_EXPORT;
    return error ? error : settle(made);
}

EXPORTED OM_uint32 gss_import_cred(OM_uint32 *minor, gss_buffer_t token, gss_cred_id_t *handle)
{
    struct credential *made;
    struct ntlm_reader in;
    enum ntlm_error error;

    EMPTY(handle);
    if (!buffer_readable(token) || !handle)
        return status_bad_call(minor, GSS_S_CALL_BAD_STRUCTURE,
                               "the token or the credential is NULL");
    made = calloc(1, sizeof(*made));
    if (!made)
        return status_of(minor, NTLM_ERR_OUT_OF_MEMORY);
    ntlm_reader_init(&in, ntlm_bytes(token->value, token->length));
    error = read_credential(&in, made);
    ntlm_cleanse_stack();
    if (!error) {
        *handle = (gss_cred_id_t)made;
        return status_of(minor, NTLM_OK);
    }
    credential_free(made);
    return status_of(minor, error == NTLM_ERR_BAD_EXPORT ? fail(error, NULL) : error);
}
