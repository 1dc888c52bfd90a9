/* SPDX-License-Identifier: MIT */
/* credman_test.c - what programs with a store of credentials look up there and
 * put there, whose host a target is, and when another password helps. */

#include "config.h"

#include "sspi_authidentity_fixture.h"
#include "suite.h"

START_TEST(a_store_is_asked_by_target_or_user)
{
    PCWSTR target;
    ULONG type;

    ck_assert_int_eq(SspiPrepareForCredRead(&alice_of_corp, u"www.corp", &type, &target),
                     SEC_E_OK);
    ck_assert_uint_eq(type, 2);
    is_text(target, u"www.corp");
    SspiFreeAuthIdentity((PVOID)(uintptr_t)target);
    ck_assert_int_eq(SspiPrepareForCredRead(&alice_of_corp, NULL, &type, &target), SEC_E_OK);
    is_text(target, u"CORP\\alice");
    SspiFreeAuthIdentity((PVOID)(uintptr_t)target);
    ck_assert_int_eq(SspiPrepareForCredRead(NULL, u"www", &type, &target),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(target);
    ck_assert_int_eq(SspiPrepareForCredRead(&alice_of_corp, u"www", NULL, &target),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(SspiPrepareForCredRead(&alice_of_corp, u"www", &type, NULL),
                     SEC_E_INVALID_PARAMETER);
    nothing_is_left();
}
END_TEST

static void stores(PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque, PCWSTR expected_user,
                   const char *expected_blob, ULONG expected_size)
{
    PCWSTR target, user;
    PUCHAR blob;
    ULONG type, size;

    ck_assert_int_eq(
        SspiPrepareForCredWrite(opaque, u"www", &type, &target, &user, &blob, &size), SEC_E_OK);
    ck_assert_uint_eq(type, 2);
    is_text(target, u"www");
    is_text(user, expected_user);
    ck_assert_uint_eq(size, expected_size);
    if (expected_blob)
        ck_assert_mem_eq(blob, expected_blob, size);
    else
        ck_assert_ptr_null(blob);
    SspiLocalFree((PVOID)(uintptr_t)target);
    SspiLocalFree((PVOID)(uintptr_t)user);
    SspiLocalFree(blob);
    SspiFreeAuthIdentity(opaque);
}

START_TEST(a_store_is_given_user_and_password)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE nobody = made_of_nothing();
    PCWSTR target, user;
    PUCHAR blob;
    ULONG type, size;

    stores(made(u"alice", u"CORP", u"pw"), u"CORP\\alice", "p\0w", 4);
    stores(made(u"CORP\\alice", u"OTHER", u""), u"CORP\\alice", "", 0);
    stores(made(u"alice@corp", NULL, NULL), u"alice@corp", NULL, 0);
    stores(made(u"alice", NULL, NULL), u"alice", NULL, 0);
    stores(made(NULL, u"CORP", NULL), NULL, NULL, 0);
    stores(made(u"", u"CORP", NULL), NULL, NULL, 0);
    /* no target and no user to take for one */
    ck_assert_int_eq(SspiPrepareForCredWrite(nobody, NULL, &type, &target, &user, &blob, &size),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(target);
    ck_assert_ptr_null(user);
    ck_assert_ptr_null(blob);
    SspiFreeAuthIdentity(nobody);
    nothing_is_left();
}
END_TEST

/* Each place for an answer is needed, and without one the others are empty. */
START_TEST(what_is_stored_needs_its_places)
{
    PCWSTR target = u"before", user = u"before";
    PUCHAR blob = (PUCHAR)&blob;
    ULONG type = 7, size = 7;

    for (int none = 0; none < 5; none++)
        ck_assert_int_eq(
            SspiPrepareForCredWrite(&alice_of_corp, u"www", none == 0 ? NULL : &type,
                                    none == 1 ? NULL : &target, none == 2 ? NULL : &user,
                                    none == 3 ? NULL : &blob, none == 4 ? NULL : &size),
            SEC_E_INVALID_PARAMETER);
    ck_assert_uint_eq(type, 0);
    ck_assert_ptr_null(target);
    ck_assert_ptr_null(user);
    ck_assert_ptr_null(blob);
    ck_assert_uint_eq(size, 0);
    nothing_is_left();
}
END_TEST

START_TEST(a_target_has_a_host)
{
    static const struct {
        PCWSTR target, host;
    } exchanges[] = {{u"HTTP/www.corp", u"www.corp"},
                     {u"HTTP/www.corp:8080", u"www.corp"},
                     {u"ldap/dc.corp/corp", u"dc.corp"},
                     {u"www.corp", u"www.corp"},
                     {u"HTTP/[2001:db8::1]:80", u"[2001:db8::1]"},
                     {u"HTTP/[2001:db8::1]", u"[2001:db8::1]"},
                     {u"HTTP/2001:db8::1", u"2001:db8::1"},
                     {u"HTTP/", u""},
                     {u"", u""}};
    WCHAR *host;

    for (size_t i = 0; i < sizeof(exchanges) / sizeof(exchanges[0]); i++) {
        ck_assert_int_eq(SspiGetTargetHostName(exchanges[i].target, &host), SEC_E_OK);
        is_text(host, exchanges[i].host);
        SspiLocalFree(host);
    }
    ck_assert_int_eq(SspiGetTargetHostName(NULL, &host), SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(host);
    ck_assert_int_eq(SspiGetTargetHostName(u"www", NULL), SEC_E_INVALID_PARAMETER);
    nothing_is_left();
}
END_TEST

START_TEST(a_refused_logon_asks_for_another_password)
{
    ck_assert_uint_eq(SspiIsPromptingNeeded((ULONG)SEC_E_LOGON_DENIED), TRUE);
    ck_assert_uint_eq(SspiIsPromptingNeeded((ULONG)SEC_E_NO_CREDENTIALS), TRUE);
    ck_assert_uint_eq(SspiIsPromptingNeeded(0xC000006D), TRUE);
    ck_assert_uint_eq(SspiIsPromptingNeeded(1326), TRUE);
    ck_assert_uint_eq(SspiIsPromptingNeeded((ULONG)SEC_E_OK), FALSE);
    ck_assert_uint_eq(SspiIsPromptingNeeded((ULONG)SEC_E_INVALID_TOKEN), FALSE);
    ck_assert_uint_eq(SspiIsPromptingNeeded((ULONG)SEC_E_TARGET_UNKNOWN), FALSE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi credman");
    TCase *cases = tcase_create("credman");

    tcase_add_test(cases, a_store_is_asked_by_target_or_user);
    tcase_add_test(cases, a_store_is_given_user_and_password);
    tcase_add_test(cases, what_is_stored_needs_its_places);
    tcase_add_test(cases, a_target_has_a_host);
    tcase_add_test(cases, a_refused_logon_asks_for_another_password);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
