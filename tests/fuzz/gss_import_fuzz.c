/* SPDX-License-Identifier: MIT */
/* gss_import_fuzz.c - contexts, credentials and names that somebody exported, or that look
 * like it, and names as programs write them. What is taken is the same once it was
 * exported and imported again, and can be used. */

#include "config.h"

#include "door.h"
#include "ntlm/cipher_state.h"

/* Positions in a stream that an export may have, and that cost milliseconds to reach:
 * beyond this, the stream is elsewhere (--wrap), but says that it is there. */
#define SEEK_MASK ((uint64_t)0xfff)

enum ntlm_error __real_ntlm_cipher_state_seek(struct ntlm_cipher_state *state,
                                              uint64_t position);
enum ntlm_error __wrap_ntlm_cipher_state_seek(struct ntlm_cipher_state *state,
                                              uint64_t position);

enum ntlm_error __wrap_ntlm_cipher_state_seek(struct ntlm_cipher_state *state,
                                              uint64_t position)
{
    enum ntlm_error error = __real_ntlm_cipher_state_seek(state, position & SEEK_MASK);

    state->position = position;
    return error;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    door_begin();
    return 0;
}

static void use_context(gss_ctx_id_t *context)
{
    gss_buffer_desc text = door_text("text"), token, out = GSS_C_EMPTY_BUFFER;
    gss_name_t source, target;
    gss_buffer_set_t set;
    OM_uint32 minor;

    if (gss_inquire_context(&minor, *context, &source, &target, NULL, NULL, NULL, NULL, NULL) ==
        GSS_S_COMPLETE) {
        gss_release_name(&minor, &source);
        gss_release_name(&minor, &target);
    }
    if (gss_inquire_sec_context_by_oid(&minor, *context, oid_out(&oid_sspi_session_key),
                                       &set) == GSS_S_COMPLETE)
        buffer_set_free(&set);
    if (gss_wrap(&minor, *context, 1, GSS_C_QOP_DEFAULT, &text, NULL, &token) ==
        GSS_S_COMPLETE) {
        gss_unwrap(&minor, *context, &token, &out, NULL, NULL);
        door_release(&token);
        door_release(&out);
    }
}

static void import_context(gss_buffer_t token)
{
    gss_ctx_id_t context;
    gss_buffer_desc first, second;
    OM_uint32 minor;

    if (gss_import_sec_context(&minor, token, &context) != GSS_S_COMPLETE) {
        MUST(context == GSS_C_NO_CONTEXT && minor != 0);
        return;
    }
    MUST(gss_export_sec_context(&minor, &context, &first) == GSS_S_COMPLETE);
    MUST(gss_import_sec_context(&minor, &first, &context) == GSS_S_COMPLETE);
    MUST(gss_export_sec_context(&minor, &context, &second) == GSS_S_COMPLETE);
    MUST(first.length == second.length && memcmp(first.value, second.value, first.length) == 0);
    MUST(gss_import_sec_context(&minor, &second, &context) == GSS_S_COMPLETE);
    use_context(&context);
    door_release(&first);
    door_release(&second);
    gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
}

static void import_credential(gss_buffer_t token)
{
    gss_cred_id_t credential, again;
    gss_buffer_desc first, second;
    gss_OID_set mechs;
    gss_name_t name;
    OM_uint32 minor;

    if (gss_import_cred(&minor, token, &credential) != GSS_S_COMPLETE) {
        MUST(credential == GSS_C_NO_CREDENTIAL && minor != 0);
        return;
    }
    if (gss_inquire_cred(&minor, credential, &name, NULL, NULL, &mechs) == GSS_S_COMPLETE) {
        gss_release_name(&minor, &name);
        door_release_set(&mechs);
    }
    MUST(gss_export_cred(&minor, credential, &first) == GSS_S_COMPLETE);
    MUST(gss_import_cred(&minor, &first, &again) == GSS_S_COMPLETE);
    MUST(gss_export_cred(&minor, again, &second) == GSS_S_COMPLETE);
    MUST(first.length == second.length && memcmp(first.value, second.value, first.length) == 0);
    door_release(&first);
    door_release(&second);
    gss_release_cred(&minor, &credential);
    gss_release_cred(&minor, &again);
}

/* By one of the ways to export it, if there is one. */
static void export_and_import(gss_name_t name, bool composite, bool nobody)
{
    gss_buffer_desc token;
    OM_uint32 minor, major;
    gss_name_t again;
    int same;

    major = composite ? gss_export_name_composite(&minor, name, &token)
                      : gss_export_name(&minor, name, &token);
    if (major != GSS_S_COMPLETE) {
        MUST(token.length == 0);
        return;
    }
    MUST(gss_import_name(&minor, &token,
                         oid_out(composite ? &oid_nt_composite_export : &oid_nt_export_name),
                         &again) == GSS_S_COMPLETE);
    MUST(gss_compare_name(&minor, name, again, &same) == GSS_S_COMPLETE);
    MUST(same || nobody);
    gss_release_name(&minor, &again);
    door_release(&token);
}

static void import_name(gss_buffer_t text, uint8_t type)
{
    static const gss_OID_desc *const types[] = {
        &oid_nt_export_name,       &oid_nt_composite_export,
        &oid_nt_user_name,         NULL,
        &oid_nt_hostbased_service, &oid_nt_krb5_principal,
        &oid_nt_anonymous,         &oid_nt_krb5_enterprise};
    gss_buffer_desc shown;
    gss_name_t name, copy;
    OM_uint32 minor;
    bool nobody;
    gss_OID of;
    int same;

    if (gss_import_name(&minor, text, oid_out(types[type & 7]), &name) != GSS_S_COMPLETE) {
        MUST(name == GSS_C_NO_NAME && minor != 0);
        return;
    }
    MUST(gss_display_name(&minor, name, &shown, &of) == GSS_S_COMPLETE);
    MUST((shown.length > 0) == (shown.value != NULL)); /* else nobody frees it */
    door_release(&shown);
    MUST(gss_duplicate_name(&minor, name, &copy) == GSS_S_COMPLETE);
    MUST(gss_compare_name(&minor, name, copy, &same) == GSS_S_COMPLETE);
    nobody = oid_same(of, &oid_nt_anonymous); /* who is the same as nobody (RFC 2743) */
    MUST(same || nobody);
    export_and_import(copy, true, nobody);
    export_and_import(copy, false, nobody);
    gss_release_name(&minor, &name);
    gss_release_name(&minor, &copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const uint8_t what = take_byte(&in);
    gss_buffer_desc token = door_bytes(exact_copy(in.at, in.left), in.left);

    if ((what & 3) == 0)
        import_context(&token);
    else if ((what & 3) == 1)
        import_credential(&token);
    else
        import_name(&token, what >> 2);
    free(token.value);
    return 0;
}
