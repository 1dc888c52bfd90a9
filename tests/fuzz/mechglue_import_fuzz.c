/* SPDX-License-Identifier: MIT */
/* mechglue_import_fuzz.c - contexts and credentials that somebody exported, or that look
 * like it, given to MIT's mechglue and by it to our two modules, and to libsspi. What is
 * taken is the same once it was exported and imported again. */

#include "config.h"

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <sspi.h>

#include "context_buffer.h"
#include "handle.h"
#include "place.h"
#include "target.h"

static const gss_OID_desc spnego = {6, (void *)(uintptr_t) "\x2b\x06\x01\x05\x05\x02"};
static const gss_OID_desc ntlmssp = {
    10, (void *)(uintptr_t) "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};

/* The module finds this one first. An export may say that megabytes of a stream are used
 * up, which takes milliseconds to reach; and what is sealed by whom is not looked at here. */
void RC4(void *key, size_t len, const unsigned char *in, unsigned char *out)
    __attribute__((visibility("default")));

void RC4(void *key, size_t len, const unsigned char *in, unsigned char *out)
{
    (void)key;
    if (out != in && len > 0)
        memmove(out, in, len);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    gss_OID_set mechs;
    OM_uint32 minor;

    (void)argc;
    (void)argv;
    place_world(MECH_CONFIG);
    setenv("NTLMUSER", "CORP\\alice", 1);
    MUST(gss_indicate_mechs(&minor, &mechs) == GSS_S_COMPLETE); /* the modules are loaded */
    gss_release_oid_set(&minor, &mechs);
    return 0;
}

/* A mechanism's token as the mechglue has it: behind the mechanism's identifier. A
 * credential's also has its length. */
static void enclose(const gss_OID_desc *mech, bool measured, gss_buffer_t token)
{
    const size_t head = 4 + mech->length + (measured ? 4 : 0);
    uint8_t *block = calloc(head + token->length, 1);

    MUST(block);
    block[3] = (uint8_t)mech->length;
    memcpy(block + 4, mech->elements, mech->length);
    if (measured) {
        block[head - 2] = (uint8_t)(token->length >> 8);
        block[head - 1] = (uint8_t)token->length;
    }
    if (token->length > 0)
        memcpy(block + head, token->value, token->length);
    free(token->value);
    *token = (gss_buffer_desc){head + token->length, block};
}

/* What is behind the mechanism's identifier. The mechglue names an interposer now by its
 * own, now by the one that it stands for. */
static gss_buffer_desc inner(gss_buffer_t token)
{
    const uint8_t *bytes = token->value;

    MUST(token->length > 4 && token->length - 4 > bytes[3]);
    return (gss_buffer_desc){token->length - 4 - bytes[3],
                             (uint8_t *)token->value + 4 + bytes[3]};
}

static bool same(gss_buffer_t first, gss_buffer_t second)
{
    gss_buffer_desc one = inner(first), other = inner(second);

    return one.length == other.length && memcmp(one.value, other.value, one.length) == 0;
}

static void use_context(gss_ctx_id_t context)
{
    gss_buffer_desc text = {4, (void *)(uintptr_t) "text"}, out;
    gss_name_t source, target;
    OM_uint32 minor;

    if (gss_inquire_context(&minor, context, &source, &target, NULL, NULL, NULL, NULL, NULL) ==
        GSS_S_COMPLETE) {
        gss_release_name(&minor, &source);
        gss_release_name(&minor, &target);
    }
    if (gss_wrap(&minor, context, 1, GSS_C_QOP_DEFAULT, &text, NULL, &out) == GSS_S_COMPLETE)
        gss_release_buffer(&minor, &out);
}

static void import_context(gss_buffer_t token)
{
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc first, second;
    OM_uint32 minor;

    if (gss_import_sec_context(&minor, token, &context) != GSS_S_COMPLETE) {
        MUST(context == GSS_C_NO_CONTEXT);
        return;
    }
    MUST(gss_export_sec_context(&minor, &context, &first) == GSS_S_COMPLETE);
    MUST(gss_import_sec_context(&minor, &first, &context) == GSS_S_COMPLETE);
    MUST(gss_export_sec_context(&minor, &context, &second) == GSS_S_COMPLETE);
    MUST(same(&first, &second));
    MUST(gss_import_sec_context(&minor, &second, &context) == GSS_S_COMPLETE);
    use_context(context);
    gss_release_buffer(&minor, &first);
    gss_release_buffer(&minor, &second);
    gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
}

static void import_credential(gss_buffer_t token)
{
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL, again;
    gss_buffer_desc first, second;
    OM_uint32 minor;

    if (gss_import_cred(&minor, token, &credential) != GSS_S_COMPLETE) {
        MUST(credential == GSS_C_NO_CREDENTIAL);
        return;
    }
    if (gss_export_cred(&minor, credential, &first) == GSS_S_COMPLETE) {
        MUST(gss_import_cred(&minor, &first, &again) == GSS_S_COMPLETE);
        MUST(gss_export_cred(&minor, again, &second) == GSS_S_COMPLETE);
        MUST(same(&first, &second));
        gss_release_buffer(&minor, &first);
        gss_release_buffer(&minor, &second);
        gss_release_cred(&minor, &again);
    }
    gss_release_cred(&minor, &credential);
}

static void look_at(CtxtHandle *context)
{
    static const ULONG attributes[] = {SECPKG_ATTR_SIZES, SECPKG_ATTR_FLAGS,
                                       SECPKG_ATTR_LIFESPAN};
    union {
        SecPkgContext_Sizes sizes;
        SecPkgContext_Flags flags;
        SecPkgContext_Lifespan lifespan;
    } answer;
    SecPkgContext_NamesA names;

    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        QueryContextAttributesA(context, attributes[i], &answer);
    if (QueryContextAttributesA(context, SECPKG_ATTR_NAMES, &names) == SEC_E_OK)
        MUST(FreeContextBuffer(names.sUserName) == SEC_E_OK);
}

/* By libsspi. */
static void import_packed(gss_buffer_t token, bool negotiate)
{
    char *package = (char *)(uintptr_t)(negotiate ? "Negotiate" : "NTLM");
    SecBuffer packed = {(ULONG)token->length, SECBUFFER_EMPTY, token->value};
    SecBuffer again = {0, SECBUFFER_EMPTY, NULL};
    CtxtHandle context, copy;

    if (ImportSecurityContextA(package, &packed, NULL, &context) != SEC_E_OK)
        return;
    look_at(&context);
    MUST(ExportSecurityContext(&context, SECPKG_CONTEXT_EXPORT_DELETE_OLD, &again, NULL) ==
         SEC_E_OK);
    MUST(ImportSecurityContextA(package, &again, NULL, &copy) == SEC_E_OK);
    MUST(FreeContextBuffer(again.pvBuffer) == SEC_E_OK);
    MUST(DeleteSecurityContext(&copy) == SEC_E_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const uint8_t how = take_byte(&in);
    const bool credential = (how & 3) == 1;
    gss_buffer_desc token = {in.left, exact_copy(in.at, in.left)};

    if (how & 4)
        enclose(&ntlmssp, credential, &token);
    if (how & 8)
        enclose(&spnego, credential, &token);
    if (credential)
        import_credential(&token);
    else if ((how & 3) == 0)
        import_context(&token);
    else
        import_packed(&token, how & 1);
    free(token.value);
    MUST(handle_count() == 0 && context_buffer_count() == 0);
    return 0;
}
