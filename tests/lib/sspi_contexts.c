/* SPDX-License-Identifier: MIT */
/* sspi_contexts.c - exchanges for tests, by GSSAPI alone. */

#include "config.h"

#include "sspi_contexts.h"

#include <stdio.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "context.h"
#include "scratch.h"
#include "sspi_tickets.h"
#include "suite.h"

#define PASSWORD "Secret 123"
#define NO_ESS_FLAGS 0xe0008207u /* 128, KEY_EXCH, 56, ALWAYS_SIGN, NTLM, UNICODE… */

static const char *const *users;

static const struct {
    const char *service;
    enum package_id package, chosen;
} kinds[CONTEXTS_KINDS] = {
    [CONTEXTS_NTLM] = {"HTTP@localhost", PACKAGE_NTLM, PACKAGE_NTLM},
    [CONTEXTS_NTLM_OLD] = {"HTTP@localhost", PACKAGE_NTLM, PACKAGE_NTLM},
    [CONTEXTS_NEGOTIATE_NTLM] = {"HTTP@localhost", PACKAGE_NEGOTIATE, PACKAGE_NTLM},
    [CONTEXTS_KERBEROS] = {"aes@localhost", PACKAGE_KERBEROS, PACKAGE_KERBEROS},
    [CONTEXTS_KERBEROS_RC4] = {"rc4@localhost", PACKAGE_KERBEROS, PACKAGE_KERBEROS},
    [CONTEXTS_NEGOTIATE_KERBEROS] = {"aes@localhost", PACKAGE_NEGOTIATE, PACKAGE_KERBEROS},
};

bool contexts_is_ntlm(enum contexts_kind kind)
{
    return kinds[kind].chosen == PACKAGE_NTLM;
}

void contexts_begin(const char *const *names)
{
    scratch_begin();
    users = names;
}

/* Once in a process, and so in each test that Check forks. */
static void make_world(void)
{
    static bool made;
    char lines[1024] = "", file[160];

    if (made)
        return;
    made = true;
    for (const char *const *user = users; *user; user++)
        strcat(strcat(strcat(lines, "DOMAIN:"), *user), ":" PASSWORD "\n");
    setenv("NTLM_USER_FILE", scratch_write("accounts", lines), 1);
    setenv("NETBIOS_DOMAIN_NAME", "DOMAIN", 1);
    setenv("GSS_MECH_CONFIG", getenv("MECHANISM") ? getenv("MECHANISM") : MECH_CONFIG, 1);
    setenv("KRB5_CONFIG",
           scratch_write("krb5.conf", "[libdefaults]\n"
                                      " default_realm = TEST\n"
                                      " dns_canonicalize_hostname = false\n"
                                      " dns_lookup_kdc = false\n"
                                      " allow_weak_crypto = true\n"
                                      "[realms]\n TEST = {\n }\n"
                                      "[domain_realm]\n localhost = TEST\n"
                                      "[ntlmssp]\n require_ess = false\n"
                                      " allowed_system_accounts = nobody daemon\n"),
           1);
    snprintf(file, sizeof(file), "FILE:%s", scratch_path("tickets"));
    setenv("KRB5CCNAME", file, 1);
    snprintf(file, sizeof(file), "FILE:%s", scratch_path("keys"));
    setenv("KRB5_KTNAME", file, 1);
    setenv("KRB5_CLIENT_KTNAME", "FILE:/nonexistent", 1);
    setenv("KRB5RCACHENAME", "none:", 1);
    unsetenv("NTLMUSER");
    unsetenv("LM_COMPAT_LEVEL");
    tickets_begin(users[0]);
    tickets_add("aes/localhost", ENCTYPE_AES256_CTS_HMAC_SHA1_96);
    tickets_add("rc4/localhost", ENCTYPE_ARCFOUR_HMAC);
}

static gss_name_t import(const char *text, gss_OID type)
{
    gss_buffer_desc buffer = {strlen(text), (void *)(uintptr_t)text};
    gss_name_t name;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_import_name(&minor, &buffer, type, &name), GSS_S_COMPLETE);
    return name;
}

gss_name_t contexts_service(enum contexts_kind kind)
{
    make_world();
    return import(kinds[kind].service, GSS_C_NT_HOSTBASED_SERVICE);
}

/* NTLM's by name; Kerberos' is whom the tickets are for. */
static gss_cred_id_t acquire(enum contexts_kind kind, const char *user)
{
    gss_OID_desc mech = *package_of(kinds[kind].package)->mech;
    gss_OID_set_desc mechs = {1, &mech};
    gss_name_t name = GSS_C_NO_NAME;
    gss_cred_id_t credential;
    char text[128];
    OM_uint32 minor;

    snprintf(text, sizeof(text), "DOMAIN\\%s", user);
    if (contexts_is_ntlm(kind))
        name = import(text, GSS_C_NT_USER_NAME);
    ck_assert_uint_eq(gss_acquire_cred(&minor, name, GSS_C_INDEFINITE, &mechs, GSS_C_INITIATE,
                                       &credential, NULL, NULL),
                      GSS_S_COMPLETE);
    gss_release_name(&minor, &name);
    return credential;
}

static void restrict_to(gss_cred_id_t credential, gss_const_OID mech)
{
    gss_OID_desc copy = *mech;
    gss_OID_set_desc mechs = {1, &copy};
    OM_uint32 minor;

    ck_assert_uint_eq(gss_set_neg_mechs(&minor, credential, &mechs), GSS_S_COMPLETE);
}

static void offer_flags(gss_cred_id_t *credential, uint32_t flags)
{
    static char neg_flags_der[] = "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x05";
    static gss_OID_desc neg_flags = {sizeof(neg_flags_der) - 1, neg_flags_der};
    gss_buffer_desc value = {sizeof(flags), &flags};
    OM_uint32 minor;

    ck_assert_uint_eq(gss_set_cred_option(&minor, credential, &neg_flags, &value),
                      GSS_S_COMPLETE);
}

static gss_cred_id_t client_credential(enum contexts_kind kind, const char *user)
{
    gss_cred_id_t credential = acquire(kind, user);

    if (kinds[kind].package == PACKAGE_NEGOTIATE)
        restrict_to(credential, package_of(kinds[kind].chosen)->mech);
    if (kind == CONTEXTS_NTLM_OLD)
        offer_flags(&credential, NO_ESS_FLAGS);
    return credential;
}

static struct context *new_context(bool initiator, enum contexts_kind kind)
{
    struct context *context = context_new(initiator, package_of(kinds[kind].package), NULL);

    ck_assert_ptr_nonnull(context);
    context->chosen = package_of(kinds[kind].chosen);
    return context;
}

static OM_uint32 initiate(struct context *context, gss_cred_id_t credential, gss_name_t target,
                          OM_uint32 flags, gss_buffer_t in, gss_buffer_t out)
{
    OM_uint32 minor, ignored;
    OM_uint32 major = gss_init_sec_context(&minor, credential, &context->gss, target,
                                           (gss_OID)(uintptr_t)context->package->mech, flags,
                                           GSS_C_INDEFINITE, GSS_C_NO_CHANNEL_BINDINGS, in,
                                           NULL, out, &context->gss_flags, NULL);

    gss_release_buffer(&ignored, in);
    ck_assert_msg(!GSS_ERROR(major), "gss_init_sec_context: %#x, %u", major, minor);
    return major;
}

static OM_uint32 accept(struct context *context, gss_buffer_t in, gss_buffer_t out)
{
    OM_uint32 minor, ignored;
    OM_uint32 major = gss_accept_sec_context(&minor, &context->gss, GSS_C_NO_CREDENTIAL, in,
                                             GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, out,
                                             &context->gss_flags, NULL, NULL);

    gss_release_buffer(&ignored, in);
    ck_assert_msg(!GSS_ERROR(major), "gss_accept_sec_context: %#x, %u", major, minor);
    return major;
}

static CtxtHandle publish(struct context *context)
{
    CtxtHandle handle;

    context->stage = CONTEXT_COMPLETE;
    ck_assert_int_eq(handle_open(&handle, &context->object), SEC_E_OK);
    return handle;
}

struct contexts contexts_make_as(enum contexts_kind kind, OM_uint32 flags, const char *user)
{
    struct context *client = new_context(true, kind), *server = new_context(false, kind);
    gss_buffer_desc to_client = GSS_C_EMPTY_BUFFER, to_server = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor, ours = GSS_S_CONTINUE_NEEDED, theirs = GSS_S_CONTINUE_NEEDED;
    gss_name_t target = contexts_service(kind);
    gss_cred_id_t credential = client_credential(kind, user);

    while (ours || theirs) {
        if (ours)
            ours = initiate(client, credential, target, flags, &to_client, &to_server);
        if (theirs)
            theirs = accept(server, &to_server, &to_client);
    }
    gss_release_buffer(&minor, &to_client);
    gss_release_cred(&minor, &credential);
    gss_release_name(&minor, &target);
    return (struct contexts){publish(client), publish(server)};
}

struct contexts contexts_make(enum contexts_kind kind, OM_uint32 flags)
{
    return contexts_make_as(kind, flags, users[0]);
}

void contexts_end(struct contexts *contexts)
{
    ck_assert_int_eq(DeleteSecurityContext(&contexts->client), SEC_E_OK);
    ck_assert_int_eq(DeleteSecurityContext(&contexts->server), SEC_E_OK);
}
