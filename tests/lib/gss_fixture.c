/* SPDX-License-Identifier: MIT */
/* gss_fixture.c - the fixture of the GSSAPI tests. */

#include "config.h"

#include "gss_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

const gss_OID_desc ntlmssp_oid = OID("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a");
const gss_OID_desc spnego_oid = OID("\x2b\x06\x01\x05\x05\x02");
const gss_OID_desc krb5_oid = OID("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02");

OM_uint32 minor;

/* What is to be removed, and freed, when the test ends. */
#define KEPT_MAX 256
static char directory[64];
static char *files[KEPT_MAX], *texts[KEPT_MAX];
static size_t file_count, text_count, settings_count;

static const char *keep_text(char *text)
{
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_lt(text_count, KEPT_MAX);
    texts[text_count++] = text;
    return text;
}

const char *fixture_path(const char *name)
{
    char *path;

    ck_assert_int_gt(asprintf(&path, "%s/%s", directory, name), 0);
    ck_assert_uint_lt(file_count, KEPT_MAX);
    files[file_count++] = path;
    return path;
}

const char *fixture_file(const char *name, mode_t mode, const char *text)
{
    const char *path = fixture_path(name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    ck_assert_int_eq(fchmod(fd, mode), 0);
    close(fd);
    return path;
}

const char *fixture_accounts(void)
{
    return getenv("NTLM_USER_FILE");
}

/* Under a new name each time: settings are read again at once when
 * KRB5_CONFIG differs, and after a while when only the file does. */
void fixture_settings(const char *lines)
{
    char name[32], *text;

    ck_assert_int_gt(asprintf(&text,
                              "[libdefaults]\n"
                              " default_realm = NOWHERE.TEST\n"
                              " dns_lookup_kdc = false\n"
                              " dns_lookup_realm = false\n"
                              " dns_canonicalize_hostname = false\n"
                              " rdns = false\n"
                              "[ntlmssp]\n%s\n",
                              lines ? lines : ""),
                     0);
    snprintf(name, sizeof(name), "krb5-%zu.conf", ++settings_count);
    setenv("KRB5_CONFIG", fixture_file(name, 0600, text), 1);
    free(text);
}

static void set_file_variable(const char *variable, const char *name)
{
    char value[128];

    snprintf(value, sizeof(value), "FILE:%s", fixture_path(name));
    setenv(variable, value, 1);
}

static void fixture_begin(void)
{
    static const char *const unwanted[] = {"NTLM_ACCOUNT_FILE", "LM_COMPAT_LEVEL", "NTLM_TRACE",
                                           "GSSNTLMSSP_DEBUG", "GSSNTLMSSP_SPNEGO"};
    const char *mechanism = getenv("MECHANISM"); /* as for tests/interop's scripts */

    for (size_t i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++)
        unsetenv(unwanted[i]);
    strcpy(directory, "/tmp/gsstest-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    setenv("GSS_MECH_CONFIG", mechanism ? mechanism : GSS_MECH_CONF, 1);
    setenv("NTLM_USER_FILE", fixture_file("accounts", 0600, ACCOUNTS), 1);
    setenv("NTLMUSER", "TESTDOM\\alice", 1);
    setenv("NETBIOS_COMPUTER_NAME", "TESTHOST", 1);
    setenv("NETBIOS_DOMAIN_NAME", "TESTDOM", 1);
    set_file_variable("KRB5CCNAME", "no-ccache");
    set_file_variable("KRB5_KTNAME", "no-keytab");
    set_file_variable("KRB5_CLIENT_KTNAME", "no-client-keytab");
    fixture_settings(NULL);
}

static void fixture_end(void)
{
    for (; file_count > 0; free(files[file_count]))
        unlink(files[--file_count]);
    for (; text_count > 0;)
        free(texts[--text_count]);
    ck_assert_int_eq(rmdir(directory), 0);
}

TCase *fixture_case(Suite *suite, const char *name)
{
    TCase *cases = tcase_create(name);

    tcase_add_checked_fixture(cases, fixture_begin, fixture_end);
    suite_add_tcase(suite, cases);
    return cases;
}

gss_buffer_desc bytes_buffer(const void *bytes, size_t len)
{
    return (gss_buffer_desc){.value = (void *)(uintptr_t)bytes, .length = len};
}

gss_buffer_desc text_buffer(const char *text)
{
    return bytes_buffer(text, strlen(text));
}

void assert_bytes(gss_buffer_desc buffer, const void *bytes, size_t len)
{
    ck_assert_uint_eq(buffer.length, len);
    if (len > 0)
        ck_assert_mem_eq(buffer.value, bytes, len);
}

void release_buffer(gss_buffer_t buffer)
{
    OM_uint32 ignored;

    gss_release_buffer(&ignored, buffer);
}

gss_name_t name_of(const char *text, gss_OID type)
{
    gss_buffer_desc buffer = text_buffer(text);
    gss_name_t name;

    assert_complete(gss_import_name(&minor, &buffer, type, &name));
    return name;
}

gss_name_t user_of(const char *text)
{
    return text && *text ? name_of(text, GSS_C_NT_USER_NAME) : GSS_C_NO_NAME;
}

gss_name_t service_of(const char *text)
{
    return name_of(text, GSS_C_NT_HOSTBASED_SERVICE);
}

void assert_name(gss_name_t name, const char *text, gss_OID type)
{
    gss_buffer_desc shown;
    gss_OID shown_type;

    ck_assert_ptr_nonnull(name);
    assert_complete(gss_display_name(&minor, name, &shown, &shown_type));
    ck_assert_msg(shown.length == strlen(text) && memcmp(shown.value, text, shown.length) == 0,
                  "the name is %.*s, not %s", (int)shown.length, (char *)shown.value, text);
    ck_assert(gss_oid_equal(shown_type, type));
    release_buffer(&shown);
}

OM_uint32 acquire_from(gss_OID mech, gss_cred_usage_t usage, gss_name_t name,
                       const char *const *store, gss_cred_id_t *credential)
{
    gss_OID_set_desc mechs = {1, mech};
    gss_key_value_element_desc elements[8];
    gss_key_value_set_desc set = {0, elements};

    for (; store && store[0]; store += 2)
        elements[set.count++] =
            (gss_key_value_element_desc){.key = store[0], .value = store[1]};
    return gss_acquire_cred_from(&minor, name, GSS_C_INDEFINITE, &mechs, usage,
                                 store ? &set : GSS_C_NO_CRED_STORE, credential, NULL, NULL);
}

gss_cred_id_t credential_of(gss_OID mech, gss_cred_usage_t usage, const char *user,
                            const char *const *store)
{
    gss_name_t name = user_of(user);
    gss_cred_id_t credential;
    OM_uint32 ignored;

    assert_complete(acquire_from(mech, usage, name, store, &credential));
    gss_release_name(&ignored, &name);
    return credential;
}

gss_cred_id_t credential_by_password(gss_OID mech, const char *user, const char *password)
{
    gss_OID_set_desc mechs = {1, mech};
    gss_buffer_desc secret = text_buffer(password);
    gss_name_t name = user_of(user);
    gss_cred_id_t credential;
    OM_uint32 ignored;

    assert_complete(gss_acquire_cred_with_password(&minor, name, &secret, GSS_C_INDEFINITE,
                                                   &mechs, GSS_C_INITIATE, &credential, NULL,
                                                   NULL));
    gss_release_name(&ignored, &name);
    return credential;
}

void release(gss_cred_id_t credential)
{
    OM_uint32 ignored;

    gss_release_cred(&ignored, &credential);
}

const char *status_text(OM_uint32 status, gss_OID mech)
{
    OM_uint32 ignored, more = 0;
    gss_buffer_desc shown;
    char *text;

    if (gss_display_status(&ignored, status, GSS_C_MECH_CODE, mech, &more, &shown) !=
        GSS_S_COMPLETE)
        return "no text";
    text = strndup(shown.value, shown.length);
    release_buffer(&shown);
    return keep_text(text);
}
