/* SPDX-License-Identifier: MIT */
/* authidentity_test.c - identities in a caller's hands: made of strings,
 * copied, compared, sent, limited, wiped and freed. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "sspi_authidentity_fixture.h"
#include "suite.h"

static void reads(PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque, PCWSTR user, PCWSTR domain,
                  PCWSTR password)
{
    PCWSTR texts[3];

    ck_assert_int_eq(SspiEncodeAuthIdentityAsStrings(opaque, &texts[0], &texts[1], &texts[2]),
                     SEC_E_OK);
    is_text(texts[0], user);
    is_text(texts[1], domain);
    is_text(texts[2], password);
    for (size_t i = 0; i < 3; i++)
        SspiFreeAuthIdentity((PVOID)(uintptr_t)texts[i]);
}

START_TEST(of_no_strings_no_identity_is_made)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque = &opaque;

    ck_assert_int_eq(SspiEncodeStringsAsAuthIdentity(NULL, NULL, NULL, &opaque),
                     SEC_E_INVALID_TOKEN);
    ck_assert_ptr_eq(opaque, &opaque);
    ck_assert_int_eq(SspiEncodeStringsAsAuthIdentity(NULL, NULL, NULL, NULL),
                     SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(strings_become_an_identity_and_strings_again)
{
    static const PCWSTR fields[] = {NULL, u"", u"\u00fcser", u"CORP"};

    for (size_t i = 1; i < 64; i++) { /* 0 is of nothing */
        PCWSTR user = fields[i & 3], domain = fields[i >> 2 & 3], password = fields[i >> 4];
        PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque = made(user, domain, password);
        ck_assert_int_eq(SspiValidateAuthIdentity(opaque), SEC_E_OK);
        reads(opaque, user, domain, password);
        SspiFreeAuthIdentity(opaque);
    }
    nothing_is_left();
}
END_TEST

START_TEST(any_form_becomes_strings)
{
    reads(&alice_of_corp, u"alice", u"CORP", u"secret");
    nothing_is_left();
}
END_TEST

START_TEST(strings_that_nobody_wants_are_left_out)
{
    PCWSTR user;

    ck_assert_int_eq(SspiEncodeAuthIdentityAsStrings(&alice_of_corp, &user, NULL, NULL),
                     SEC_E_OK);
    is_text(user, u"alice");
    SspiLocalFree((PVOID)(uintptr_t)user);
    ck_assert_int_eq(SspiEncodeAuthIdentityAsStrings(NULL, &user, NULL, NULL),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(user);
    nothing_is_left();
}
END_TEST

START_TEST(malformed_strings_are_an_invalid_parameter)
{
    static const WCHAR unpaired[] = {0xd800, 0};
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque;

    ck_assert_int_eq(SspiEncodeStringsAsAuthIdentity(unpaired, NULL, NULL, &opaque),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(opaque);
    ck_assert_int_eq(SspiEncodeStringsAsAuthIdentity(u"a", u"b", unpaired, &opaque),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(SspiEncodeStringsAsAuthIdentity(u"a", u"b", u"c", NULL),
                     SEC_E_INVALID_TOKEN);
    nothing_is_left();
}
END_TEST

START_TEST(texts_too_long_for_their_lengths_are_an_invalid_parameter)
{
    WCHAR *longest = malloc(0x8000 * sizeof(WCHAR));
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque;

    ck_assert_ptr_nonnull(longest);
    for (size_t i = 0; i < 0x7fff; i++)
        longest[i] = u'x';
    longest[0x7fff] = 0;
    opaque = made(longest, longest, NULL);
    reads(opaque, longest, longest, NULL);
    SspiFreeAuthIdentity(opaque);
    /* A password has its description beside it. */
    ck_assert_int_eq(SspiEncodeStringsAsAuthIdentity(u"a", u"b", longest, &opaque),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(opaque);
    free(longest);
    nothing_is_left();
}
END_TEST

START_TEST(a_copy_stands_alone)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque = made(u"alice", u"CORP", u"secret"), copy, other;

    ck_assert_int_eq(SspiCopyAuthIdentity(opaque, &copy), SEC_E_OK);
    SspiZeroAuthIdentity(opaque);
    SspiFreeAuthIdentity(opaque);
    reads(copy, u"alice", u"CORP", u"secret");
    SspiFreeAuthIdentity(copy);

    ck_assert_int_eq(SspiCopyAuthIdentity(&alice_of_corp, &other), SEC_E_OK);
    reads(other, u"alice", u"CORP", u"secret");
    SspiFreeAuthIdentity(other);
    ck_assert_int_eq(SspiCopyAuthIdentity(NULL, &copy), SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(copy);
    ck_assert_int_eq(SspiCopyAuthIdentity(&alice_of_corp, NULL), SEC_E_INVALID_PARAMETER);
    nothing_is_left();
}
END_TEST

START_TEST(an_identity_goes_as_bytes_and_comes_back)
{
    char *bytes, *moved;
    ULONG length;
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque;

    ck_assert_int_eq(SspiMarshalAuthIdentity(&alice_of_corp, &length, &bytes), SEC_E_OK);
    /* at an odd address */
    moved = malloc(length + 1);
    ck_assert_ptr_nonnull(moved);
    memcpy(moved + 1, bytes, length);
    ck_assert_int_eq(SspiUnmarshalAuthIdentity(length, moved + 1, &opaque), SEC_E_OK);
    reads(opaque, u"alice", u"CORP", u"secret");
    SspiFreeAuthIdentity(opaque);
    SspiLocalFree(bytes);
    free(moved);
    nothing_is_left();
}
END_TEST

/* What lies between the members of the structures must not come from the stack. */
START_TEST(no_byte_of_an_identity_is_left_to_chance)
{
    static const struct {
        size_t at, size;
    } gaps[] = {{6, 2}, {18, 2}, {26, 2}, {34, 2}, {46, 2}, {48 + 26, 2}, {48 + 28 + 6, 2}};
    char *bytes;
    ULONG length;

    ck_assert_int_eq(SspiMarshalAuthIdentity(&alice_of_corp, &length, &bytes), SEC_E_OK);
    for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++)
        ck_assert_mem_eq(bytes + gaps[i].at, "\0\0", gaps[i].size);
    SspiLocalFree(bytes);
}
END_TEST

START_TEST(bytes_that_are_cut_are_an_invalid_parameter)
{
    char *bytes;
    ULONG length;
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque;

    ck_assert_int_eq(SspiMarshalAuthIdentity(&alice_of_corp, &length, &bytes), SEC_E_OK);
    for (ULONG cut = 0; cut < length; cut++) {
        char *part = malloc(cut + 1);
        ck_assert_ptr_nonnull(part);
        memcpy(part + 1, bytes, cut);
        ck_assert_int_eq(SspiUnmarshalAuthIdentity(cut, part + 1, &opaque),
                         SEC_E_INVALID_PARAMETER);
        ck_assert_ptr_null(opaque);
        free(part);
    }
    bytes[0]++; /* another form has pointers, which must not be followed */
    ck_assert_int_eq(SspiUnmarshalAuthIdentity(length, bytes, &opaque),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(SspiUnmarshalAuthIdentity(0, NULL, &opaque), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(SspiUnmarshalAuthIdentity(length, bytes, NULL), SEC_E_INVALID_PARAMETER);
    SspiLocalFree(bytes);
    ck_assert_int_eq(SspiMarshalAuthIdentity(&alice_of_corp, NULL, &bytes),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(SspiMarshalAuthIdentity(&alice_of_corp, &length, NULL),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(SspiMarshalAuthIdentity(NULL, &length, &bytes), SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(bytes);
    nothing_is_left();
}
END_TEST

static void compares(PSEC_WINNT_AUTH_IDENTITY_OPAQUE a, PSEC_WINNT_AUTH_IDENTITY_OPAQUE b,
                     BOOLEAN user, BOOLEAN whole)
{
    BOOLEAN same_user = 2, same_identity = 2;

    ck_assert_int_eq(SspiCompareAuthIdentities(a, b, &same_user, &same_identity), SEC_E_OK);
    ck_assert_uint_eq(same_user, user);
    ck_assert_uint_eq(same_identity, whole);
}

START_TEST(users_are_the_same_however_they_are_written)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE same = made(u"corp\\ALICE", NULL, u"secret");
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE wrong = made(u"alice@CORP", NULL, u"Secret");
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE longer = made(u"alice@CORP", NULL, u"secrets");
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE none = made(u"alice", u"CORP", NULL);
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE bob = made(u"bob", u"CORP", u"secret");
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE nobody = made_of_nothing();
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE limited;
    BOOLEAN user = TRUE, whole = TRUE;

    ck_assert_int_eq(SspiExcludePackage(same, u"NTLM", &limited), SEC_E_OK);
    compares(&alice_of_corp, same, TRUE, TRUE);
    compares(&alice_of_corp, wrong, TRUE, FALSE);
    compares(&alice_of_corp, longer, TRUE, FALSE);
    compares(&alice_of_corp, none, TRUE, FALSE);
    compares(&alice_of_corp, limited, TRUE, FALSE);
    compares(&alice_of_corp, bob, FALSE, FALSE);
    compares(&alice_of_corp, nobody, FALSE, FALSE);
    compares(nobody, nobody, TRUE, TRUE);
    ck_assert_int_eq(SspiCompareAuthIdentities(same, same, NULL, NULL), SEC_E_OK);
    ck_assert_int_eq(SspiCompareAuthIdentities(same, NULL, &user, &whole),
                     SEC_E_INVALID_PARAMETER);
    ck_assert(!user && !whole);
    ck_assert_int_eq(SspiCompareAuthIdentities(NULL, same, &user, &whole),
                     SEC_E_INVALID_PARAMETER);
    ck_assert(!user && !whole);
    SspiFreeAuthIdentity(same);
    SspiFreeAuthIdentity(wrong);
    SspiFreeAuthIdentity(longer);
    SspiFreeAuthIdentity(none);
    SspiFreeAuthIdentity(bob);
    SspiFreeAuthIdentity(nobody);
    SspiFreeAuthIdentity(limited);
    nothing_is_left();
}
END_TEST

static void allows(PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque, bool kerberos, bool ntlm)
{
    struct identity *identity;

    ck_assert_int_eq(identity_read(opaque, &identity), SEC_E_OK);
    ck_assert_int_eq(identity->allowed[PACKAGE_KERBEROS], kerberos);
    ck_assert_int_eq(identity->allowed[PACKAGE_NTLM], ntlm);
    identity_release(identity);
}

START_TEST(an_excluded_package_stays_excluded)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE no_ntlm, copy, none, same, kerberos;

    ck_assert_int_eq(SspiExcludePackage(&alice_of_corp, u"ntlm", &no_ntlm), SEC_E_OK);
    reads(no_ntlm, u"alice", u"CORP", u"secret");
    allows(no_ntlm, true, false);
    ck_assert_int_eq(SspiCopyAuthIdentity(no_ntlm, &copy), SEC_E_OK);
    allows(copy, true, false);
    ck_assert_int_eq(SspiExcludePackage(copy, u"KERBEROS", &none), SEC_E_OK);
    allows(none, false, false);
    ck_assert_int_eq(SspiExcludePackage(copy, u"Schannel", &same), SEC_E_OK);
    allows(same, true, false);
    /* of the default */
    ck_assert_int_eq(SspiExcludePackage(NULL, u"Kerberos", &kerberos), SEC_E_OK);
    reads(kerberos, NULL, NULL, NULL);
    allows(kerberos, false, true);
    SspiFreeAuthIdentity(no_ntlm);
    SspiFreeAuthIdentity(copy);
    SspiFreeAuthIdentity(none);
    SspiFreeAuthIdentity(same);
    SspiFreeAuthIdentity(kerberos);
    ck_assert_int_eq(SspiExcludePackage(NULL, NULL, &copy), SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(copy);
    ck_assert_int_eq(SspiExcludePackage(NULL, u"NTLM", NULL), SEC_E_INVALID_PARAMETER);
    nothing_is_left();
}
END_TEST

START_TEST(an_identity_is_wiped_in_each_form)
{
    static const char zeros[128];
    UCHAR user[] = "alice", domain[] = "CORP", password[] = "secret";
    USHORT wide[] = {'w', 'i', 'd', 'e'};
    SEC_WINNT_AUTH_IDENTITY_A plain = {
        user, 5, domain, 4, password, 6, SEC_WINNT_AUTH_IDENTITY_ANSI};
    SEC_WINNT_AUTH_IDENTITY_EXW ex = {.Version = SEC_WINNT_AUTH_IDENTITY_VERSION,
                                      .Length = sizeof(ex),
                                      .Password = wide,
                                      .PasswordLength = 4,
                                      .Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE};
    SEC_WINNT_AUTH_IDENTITY_EX2 *ex2 = made(u"alice", u"CORP", u"secret");
    ULONG size = ex2->cbStructureLength;

    SspiZeroAuthIdentity(&plain);
    ck_assert_mem_eq(user, zeros, sizeof(user));
    ck_assert_mem_eq(domain, zeros, sizeof(domain));
    ck_assert_mem_eq(password, zeros, sizeof(password));
    ck_assert_mem_eq(&plain, zeros, sizeof(plain));
    SspiZeroAuthIdentity(&ex);
    ck_assert_mem_eq(wide, zeros, sizeof(wide));
    ck_assert_mem_eq(&ex, zeros, sizeof(ex));
    SspiZeroAuthIdentity(ex2);
    for (ULONG i = 0; i < size; i++)
        ck_assert_int_eq(((char *)ex2)[i], 0);
    SspiFreeAuthIdentity(ex2);
    SspiZeroAuthIdentity(NULL);
    nothing_is_left();
}
END_TEST

START_TEST(what_is_not_ours_is_not_freed)
{
    char stack[16];
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque = made(u"alice", NULL, NULL);

    SspiFreeAuthIdentity(NULL);
    SspiFreeAuthIdentity(stack);
    SspiLocalFree(stack);
    SspiFreeAuthIdentity(opaque);
    SspiFreeAuthIdentity(opaque);
    nothing_is_left();
}
END_TEST

START_TEST(nothing_is_encrypted_here)
{
    SEC_WINNT_AUTH_IDENTITY_A locked = alice_of_corp;
    PCWSTR user = u"?", domain = u"?", password = u"?";

    ck_assert_uint_eq(SspiIsAuthIdentityEncrypted(&alice_of_corp), FALSE);
    ck_assert_uint_eq(SspiIsAuthIdentityEncrypted(NULL), FALSE);
    ck_assert_int_eq(SspiEncryptAuthIdentity(&alice_of_corp), SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(SspiEncryptAuthIdentity(NULL), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(SspiDecryptAuthIdentity(&alice_of_corp), SEC_E_OK);
    ck_assert_int_eq(SspiDecryptAuthIdentity(NULL), SEC_E_INVALID_PARAMETER);

    locked.Flags |= SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED;
    ck_assert_uint_eq(SspiIsAuthIdentityEncrypted(&locked), TRUE);
    ck_assert_int_eq(SspiDecryptAuthIdentity(&locked), SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(SspiValidateAuthIdentity(&locked), SEC_E_UNKNOWN_CREDENTIALS);
    ck_assert_int_eq(SspiEncodeAuthIdentityAsStrings(&locked, &user, &domain, &password),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(user);
    ck_assert_ptr_null(domain);
    ck_assert_ptr_null(password);
}
END_TEST

START_TEST(an_identity_that_does_not_hold_together_is_not_valid)
{
    SEC_WINNT_AUTH_IDENTITY_A odd = alice_of_corp;

    ck_assert_int_eq(SspiValidateAuthIdentity(&odd), SEC_E_OK);
    odd.Domain = NULL;
    ck_assert_int_eq(SspiValidateAuthIdentity(&odd), SEC_E_UNKNOWN_CREDENTIALS);
    ck_assert_int_eq(SspiValidateAuthIdentity(NULL), SEC_E_INVALID_PARAMETER);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi authidentity");
    TCase *cases = tcase_create("authidentity");

    tcase_add_test(cases, of_no_strings_no_identity_is_made);
    tcase_add_test(cases, strings_become_an_identity_and_strings_again);
    tcase_add_test(cases, any_form_becomes_strings);
    tcase_add_test(cases, strings_that_nobody_wants_are_left_out);
    tcase_add_test(cases, malformed_strings_are_an_invalid_parameter);
    tcase_add_test(cases, texts_too_long_for_their_lengths_are_an_invalid_parameter);
    tcase_add_test(cases, a_copy_stands_alone);
    tcase_add_test(cases, an_identity_goes_as_bytes_and_comes_back);
    tcase_add_test(cases, no_byte_of_an_identity_is_left_to_chance);
    tcase_add_test(cases, bytes_that_are_cut_are_an_invalid_parameter);
    tcase_add_test(cases, users_are_the_same_however_they_are_written);
    tcase_add_test(cases, an_excluded_package_stays_excluded);
    tcase_add_test(cases, an_identity_is_wiped_in_each_form);
    tcase_add_test(cases, what_is_not_ours_is_not_freed);
    tcase_add_test(cases, nothing_is_encrypted_here);
    tcase_add_test(cases, an_identity_that_does_not_hold_together_is_not_valid);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
