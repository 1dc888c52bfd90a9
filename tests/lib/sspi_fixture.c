/* SPDX-License-Identifier: MIT */
/* sspi_fixture.c - see sspi_machine.h. */

#include "config.h"

#include "sspi_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "package.h"
#include "scratch.h"
#include "suite.h"

#define MAX_LEGS 10

static void set_up(void)
{
    setenv("GSS_MECH_CONFIG", getenv("MECHANISM") ? getenv("MECHANISM") : MECH_CONFIG, 1);
    setenv("KRB5_CONFIG",
           scratch_write("krb5.conf", "[libdefaults]\ndefault_realm = HOME.TEST\n"
                                      "dns_lookup_kdc = false\ndns_lookup_realm = false\n"
                                      "dns_canonicalize_hostname = false\n"),
           1);
    setenv("KRB5CCNAME", scratch_path("no-tickets"), 1);
    setenv("KRB5_KTNAME", scratch_path("no-keys"), 1);
    setenv("KRB5_CLIENT_KTNAME", scratch_path("no-client-keys"), 1);
    setenv("KRB5RCACHENAME", "none:", 1);
    setenv("NETBIOS_COMPUTER_NAME", "SERVER", 1);
    setenv("NTLM_LOGIN_KEYRING", "off", 1); /* whoever runs this may be logged in */
    unsetenv("NTLMUSER");
    fixture_forget_accounts();
}

TCase *fixture_case(const char *name)
{
    TCase *cases = tcase_create(name);

    scratch_begin();
    tcase_add_checked_fixture(cases, set_up, NULL);
    return cases;
}

/* The first line is the client's. */
void fixture_accounts(const char *lines)
{
    char domain[64], user[64], name[130];

    setenv("NTLM_USER_FILE", scratch_write("accounts", lines), 1);
    if (sscanf(lines, "%63[^:]:%63[^:]:", domain, user) != 2)
        return;
    snprintf(name, sizeof(name), "%s\\%s", domain, user);
    setenv("NTLMUSER", name, 1);
}

void fixture_forget_accounts(void)
{
    unsetenv("NTLM_USER_FILE");
    unsetenv("NTLMUSER");
}

void fixture_settings(const char *file, const char *lines)
{
    char text[512];

    snprintf(text, sizeof(text), "[ntlmssp]\n%s", lines);
    setenv("KRB5_CONFIG", scratch_write(file, text), 1);
}

static gss_name_t import_service(void)
{
    static char service[] = "HTTP@server";
    gss_buffer_desc text = {strlen(service), service};
    gss_name_t name;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &name),
                      GSS_S_COMPLETE);
    return name;
}

static OM_uint32 last_flags;

static OM_uint32 initiate(gss_cred_id_t cred, gss_const_OID mech, gss_ctx_id_t *context,
                          gss_buffer_t in, gss_buffer_t out)
{
    gss_name_t target = import_service();
    OM_uint32 minor, major;

    major = gss_init_sec_context(&minor, cred, context, target, (gss_OID)(uintptr_t)mech, 0, 0,
                                 GSS_C_NO_CHANNEL_BINDINGS, in, NULL, out, &last_flags, NULL);
    gss_release_name(&minor, &target);
    return major;
}

static void show(gss_name_t name, char *text, size_t size)
{
    gss_buffer_desc shown;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_display_name(&minor, name, &shown, NULL), GSS_S_COMPLETE);
    snprintf(text, size, "%.*s", (int)shown.length, (const char *)shown.value);
    gss_release_buffer(&minor, &shown);
    gss_release_name(&minor, &name);
}

const char *fixture_log_in(gss_cred_id_t initiator, gss_cred_id_t acceptor, gss_const_OID mech)
{
    static char who[256];
    gss_ctx_id_t from = GSS_C_NO_CONTEXT, to = GSS_C_NO_CONTEXT;
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER, reply = GSS_C_EMPTY_BUFFER;
    OM_uint32 ours = GSS_S_CONTINUE_NEEDED, theirs = GSS_S_CONTINUE_NEEDED, minor;
    gss_name_t source = GSS_C_NO_NAME;

    for (int i = 0; i < MAX_LEGS && (ours | theirs) & GSS_S_CONTINUE_NEEDED; i++) {
        ours = initiate(initiator, mech, &from, &reply, &token);
        gss_release_buffer(&minor, &reply);
        if (GSS_ERROR(ours) || token.length == 0)
            break;
        gss_release_name(&minor, &source);
        theirs =
            gss_accept_sec_context(&minor, &to, acceptor, &token, GSS_C_NO_CHANNEL_BINDINGS,
                                   &source, NULL, &reply, NULL, NULL, NULL);
        gss_release_buffer(&minor, &token);
        if (GSS_ERROR(theirs))
            break;
    }
    gss_release_buffer(&minor, &token);
    gss_release_buffer(&minor, &reply);
    gss_delete_sec_context(&minor, &from, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &to, GSS_C_NO_BUFFER);
    if (ours == GSS_S_COMPLETE && theirs == GSS_S_COMPLETE) {
        show(source, who, sizeof(who));
        return who;
    }
    gss_release_name(&minor, &source);
    return NULL;
}

OM_uint32 fixture_flags(void)
{
    return last_flags;
}

bool fixture_offers(gss_cred_id_t initiator, gss_const_OID mech)
{
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;
    bool offered;

    initiate(initiator, package_of(PACKAGE_NEGOTIATE)->mech, &context, GSS_C_NO_BUFFER, &token);
    gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
    offered = token.length > 0 &&
              memmem(token.value, token.length, mech->elements, mech->length) != NULL;
    gss_release_buffer(&minor, &token);
    return offered;
}
