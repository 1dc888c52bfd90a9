/* SPDX-License-Identifier: MIT */
/* gss_caller_fuzz.c - what a program says to the module's GSSAPI functions beside tokens:
 * names and their attributes, users of the system, passwords, credential stores, options
 * and SASL mechanisms. A failure gives nothing, and says why. */

#include "config.h"

#include <pwd.h>

#include "door.h"
#include "gss/name.h"

#define WORDS 4
#define CALLS 5

static gss_cred_id_t credential;
static struct door_ends ends;

int __wrap_getpwnam_r(const char *name, struct passwd *entry, char *room, size_t size,
                      struct passwd **found);

/* The system has one user (--wrap). */
int __wrap_getpwnam_r(const char *name, struct passwd *entry, char *room, size_t size,
                      struct passwd **found)
{
    static char user[] = "alice", empty[] = "";

    (void)room;
    (void)size;
    *entry = (struct passwd){.pw_name = user,
                             .pw_passwd = empty,
                             .pw_uid = 1000,
                             .pw_dir = empty,
                             .pw_shell = empty};
    *found = strcmp(name, user) == 0 ? entry : NULL;
    return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    OM_uint32 minor;

    (void)argc;
    (void)argv;
    door_begin();
    MUST(gss_acquire_cred_from(&minor, GSS_C_NO_NAME, 0, GSS_C_NO_OID_SET, GSS_C_INITIATE,
                               GSS_C_NO_CRED_STORE, &credential, NULL, NULL) == GSS_S_COMPLETE);
    door_log_in(GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | GSS_C_SEQUENCE_FLAG, &ends);
    return 0;
}

/* Up to a NUL, in a block of just its size; without the NUL. */
static gss_buffer_desc take_word(struct input *in)
{
    const uint8_t *end = in->left > 0 ? memchr(in->at, 0, in->left) : NULL;
    size_t len;
    const uint8_t *bytes = take_bytes(in, end ? (size_t)(end - in->at) : in->left, &len);

    take_byte(in);
    return door_bytes(exact_copy(bytes, len), len);
}

static char *text_of(gss_buffer_t word)
{
    char *text = strndup(word->length ? word->value : "", word->length);

    MUST(text);
    return text;
}

static void must_have_failed(OM_uint32 major, OM_uint32 minor, gss_buffer_t out)
{
    MUST(GSS_ERROR(major) && (!out || (out->length == 0 && !out->value)));
    MUST(minor != 0 || GSS_ROUTINE_ERROR(major) != GSS_S_FAILURE);
}

static gss_name_t take_name(gss_buffer_t text, uint8_t how)
{
    const gss_OID_desc *const types[] = {&oid_nt_user_name, &oid_nt_hostbased_service, NULL,
                                         &oid_nt_composite_export};
    gss_name_t name;
    OM_uint32 minor;

    return gss_import_name(&minor, text, oid_out(types[how & 3]), &name) == GSS_S_COMPLETE
               ? name
               : GSS_C_NO_NAME;
}

static void ask_for_attribute(gss_name_t name, gss_buffer_t attribute)
{
    int authenticated, complete, more = -1;

    for (unsigned i = 0; i < 64 && more != 0; i++) {
        gss_buffer_desc value = GSS_C_EMPTY_BUFFER, shown = GSS_C_EMPTY_BUFFER;
        OM_uint32 minor, major = gss_get_name_attribute(&minor, name, attribute, &authenticated,
                                                        &complete, &value, &shown, &more);

        if (major != GSS_S_COMPLETE) {
            must_have_failed(major, minor, &value);
            MUST(more == 0);
        }
        door_release(&value);
        door_release(&shown);
    }
    MUST(more == 0);
}

static void look_at_name(gss_name_t name, gss_buffer_t word)
{
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    gss_buffer_set_t attributes = GSS_C_NO_BUFFER_SET;
    OM_uint32 minor, major;
    gss_OID mech;
    int is_mn;

    ask_for_attribute(name, word);
    major = gss_inquire_name(&minor, name, &is_mn, &mech, &attributes);
    if (major == GSS_S_COMPLETE && attributes) {
        for (size_t i = 0; i < attributes->count; i++)
            ask_for_attribute(name, &attributes->elements[i]);
        buffer_set_free(&attributes);
    }
    major = gss_localname(&minor, name, NTLMSSP, &out);
    if (major != GSS_S_COMPLETE)
        must_have_failed(major, minor, &out);
    else
        MUST(gssspi_authorize_localname(&minor, name, &out, GSS_C_NO_OID) == GSS_S_COMPLETE);
    door_release(&out);
    major = gssspi_authorize_localname(&minor, name, word, oid_out(&oid_nt_user_name));
    MUST(major != GSS_S_COMPLETE || word->length == strlen("alice"));
    gss_display_name_ext(&minor, name, oid_out(&oid_nt_hostbased_service), &out);
    door_release(&out);
}

static void must_be_usable(gss_cred_id_t made)
{
    gss_name_t name;
    OM_uint32 minor;

    MUST(made != GSS_C_NO_CREDENTIAL);
    if (gss_inquire_cred(&minor, made, &name, NULL, NULL, NULL) == GSS_S_COMPLETE)
        gss_release_name(&minor, &name);
    gss_release_cred(&minor, &made);
}

static void acquire(gss_name_t name, gss_buffer_t word, uint8_t how)
{
    static const gss_cred_usage_t usages[] = {GSS_C_INITIATE, GSS_C_ACCEPT, GSS_C_BOTH, 7};
    gss_cred_id_t made = GSS_C_NO_CREDENTIAL;
    OM_uint32 minor,
        major = gssspi_acquire_cred_with_password(&minor, name, word, 0, GSS_C_NO_OID_SET,
                                                  usages[how & 3], &made, NULL, NULL);

    if (major == GSS_S_COMPLETE)
        must_be_usable(made);
    else
        MUST(made == GSS_C_NO_CREDENTIAL && minor != 0);
}

/* Words are keys and values in turn; a file is never one of the input's. */
static void acquire_from(gss_name_t name, gss_buffer_desc words[WORDS], uint8_t how)
{
    static const char *const keys[] = {"password", "ntlmssp_nthash", "ntlmssp_domain",
                                       "ntlmssp_keyfile"};
    gss_key_value_element_desc elements[WORDS];
    gss_key_value_set_desc store = {how >> 2 & 3, elements};
    gss_cred_id_t made = GSS_C_NO_CREDENTIAL;
    OM_uint32 minor, major;

    for (unsigned i = 0; i < store.count; i++) {
        const unsigned key = (how >> 4 & 3) + i;
        const bool file = (key & 3) == 3;

        elements[i].key = keys[key & 3];
        elements[i].value = file ? getenv("NTLM_USER_FILE") : text_of(&words[i]);
    }
    major = gss_acquire_cred_from(&minor, name, 0, GSS_C_NO_OID_SET,
                                  how & 1 ? GSS_C_ACCEPT : GSS_C_INITIATE, &store, &made, NULL,
                                  NULL);
    if (major == GSS_S_COMPLETE)
        must_be_usable(made);
    else
        MUST(made == GSS_C_NO_CREDENTIAL && minor != 0);
    for (unsigned i = 0; i < store.count; i++)
        if (strcmp(elements[i].key, "ntlmssp_keyfile") != 0)
            free((void *)(uintptr_t)elements[i].value);
}

static void set_options(gss_buffer_t word, uint8_t how)
{
    const gss_OID_desc *const options[] = {&oid_set_sequence, &oid_reset_crypto,
                                           &oid_set_neg_flags, &oid_spnego_require_mic};
    OM_uint32 minor;

    gss_set_sec_context_option(&minor, how & 4 ? &ends.server : &ends.client,
                               oid_out(options[how & 3]), word);
    gssspi_set_cred_option(&minor, &credential, oid_out(options[how & 3]), word);
    MUST(ends.client && ends.server && credential);
}

static void ask_for_mechanism(gss_buffer_t word)
{
    gss_OID mech = GSS_C_NO_OID;
    OM_uint32 minor, major = gss_inquire_mech_for_saslname(&minor, word, &mech);

    MUST(major == GSS_S_COMPLETE ? oid_same(mech, NTLMSSP) : mech == GSS_C_NO_OID);
}

static void call(gss_buffer_desc words[WORDS + 1], uint8_t what, uint8_t how)
{
    gss_name_t name = how & 128 ? GSS_C_NO_NAME : take_name(&words[0], how >> 2);
    OM_uint32 minor;

    if (what % CALLS == 0 && name)
        look_at_name(name, &words[1]);
    else if (what % CALLS == 1)
        acquire(name, &words[1], how);
    else if (what % CALLS == 2)
        acquire_from(name, words + 1, how);
    else if (what % CALLS == 3)
        set_options(&words[0], how);
    else if (what % CALLS == 4)
        ask_for_mechanism(&words[0]);
    gss_release_name(&minor, &name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const uint8_t what = take_byte(&in), how = take_byte(&in);
    gss_buffer_desc words[WORDS + 1];

    for (int i = 0; i <= WORDS; i++)
        words[i] = take_word(&in);
    call(words, what, how);
    for (int i = 0; i <= WORDS; i++)
        free(words[i].value);
    return 0;
}
