/* SPDX-License-Identifier: MIT */
/* gss_fixture.h - the fixture that the GSSAPI tests live in: a directory with an
 * account file and a krb5.conf, an environment that names them, and short ways
 * to the objects that every test needs. All of it goes through MIT's mechglue,
 * as an application's calls do; the module is the build tree's own. */

#ifndef GSS_FIXTURE_H
#define GSS_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include "ntlm/error.h"
#include "suite.h"

/* The accounts that there are. Alice's line is the file's first. */
#define ACCOUNTS                                                                               \
    "# accounts\n"                                                                             \
    "TESTDOM:alice:Wonderland 7\n"                                                             \
    "TESTDOM:bob:\n"                                                                           \
    "TESTDOM:Zoë:Pässwörd €𝄞\n"                                                        \
    ":carol:looking:glass\n"

/* The minor status of the last call. */
extern OM_uint32 minor;

/* A test case in which each test has a fixture of its own. */
TCase *fixture_case(Suite *suite, const char *name);

/* A file of the fixture's directory; nothing is made. The text lives until the
 * test ends. */
const char *fixture_path(const char *name);
/* The same, with this content and mode. */
const char *fixture_file(const char *name, mode_t mode, const char *text);
/* The account file's name. NTLM_USER_FILE is set to it. */
const char *fixture_accounts(void);
/* [ntlmssp] has these lines from now on; NULL: none. */
void fixture_settings(const char *lines);

/* An object identifier of these bytes, for an initializer. */
#define OID(bytes)                                                                             \
    {                                                                                          \
        sizeof(bytes) - 1, (void *)(uintptr_t)(bytes)                                          \
    }

extern const gss_OID_desc ntlmssp_oid, spnego_oid, krb5_oid;
#define NTLMSSP ((gss_OID)(uintptr_t)&ntlmssp_oid)
#define SPNEGO ((gss_OID)(uintptr_t)&spnego_oid)
#define KRB5 ((gss_OID)(uintptr_t)&krb5_oid)

/* Names. All that these functions make is the caller's. */
gss_name_t name_of(const char *text, gss_OID type);
gss_name_t user_of(const char *text);    /* GSS_C_NT_USER_NAME; NULL: no name */
gss_name_t service_of(const char *text); /* GSS_C_NT_HOSTBASED_SERVICE */
void assert_name(gss_name_t name, const char *text, gss_OID type);

/* Credentials of one mechanism. A name of "" or NULL is none. */
#define STORE(...) ((const char *const[]){__VA_ARGS__, NULL})
OM_uint32 acquire_from(gss_OID mech, gss_cred_usage_t usage, gss_name_t name,
                       const char *const *store, gss_cred_id_t *credential);
gss_cred_id_t credential_of(gss_OID mech, gss_cred_usage_t usage, const char *user,
                            const char *const *store);
gss_cred_id_t credential_by_password(gss_OID mech, const char *user, const char *password);
void release(gss_cred_id_t credential);

/* A buffer over a string, or over bytes. */
gss_buffer_desc text_buffer(const char *text);
gss_buffer_desc bytes_buffer(const void *bytes, size_t len);
void assert_bytes(gss_buffer_desc buffer, const void *bytes, size_t len);
void release_buffer(gss_buffer_t buffer);

/* What gss_display_status makes of a minor status. Lives until the test ends. */
const char *status_text(OM_uint32 status, gss_OID mech);

#define assert_status(expected, call)                                                          \
    do {                                                                                       \
        OM_uint32 status_ = (call), expected_ = (expected);                                    \
        ck_assert_msg(status_ == expected_, "%s is %#x (%s), not %#x", #call, status_,         \
                      status_text(minor, NTLMSSP), expected_);                                 \
    } while (0)
#define assert_complete(call) assert_status(GSS_S_COMPLETE, call)

/* The minor status is this error of the module's. */
#define assert_minor(error)                                                                    \
    ck_assert_msg(minor == (OM_uint32)(error), "the minor status is \"%s\", not \"%s\"",       \
                  status_text(minor, NTLMSSP), ntlm_error_text(error))

#define assert_contains(text, part)                                                            \
    ck_assert_msg(strstr((text), (part)) != NULL, "\"%s\" does not say \"%s\"", (text), (part))

#endif
