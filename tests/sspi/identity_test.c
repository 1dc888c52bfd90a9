/* SPDX-License-Identifier: MIT */
/* identity_test.c - SEC_WINNT_AUTH_IDENTITY in each of its forms. The name that comes of
 * it: identity_name_test.c. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "suite.h"

#define TEXT_A(text) (UCHAR[]){text}, sizeof(text) - 1

static struct identity *read_whole(const void *auth_data)
{
    struct identity *identity;

    ck_assert_int_eq(identity_read(auth_data, &identity), SEC_E_OK);
    ck_assert_ptr_nonnull(identity);
    return identity;
}

static void refuses(const void *auth_data, SECURITY_STATUS status)
{
    struct identity *identity;

    ck_assert_int_eq(identity_read(auth_data, &identity), status);
    ck_assert_ptr_null(identity);
}

static void says(const void *auth_data, const char *user, const char *domain,
                 const char *password)
{
    struct identity *identity = read_whole(auth_data);

    ck_assert_pstr_eq(identity->user, user);
    ck_assert_pstr_eq(identity->domain, domain);
    ck_assert_pstr_eq(identity->password, password);
    identity_release(identity);
}

/* An EX2 as its own block, so that a step over its end is seen. */
struct ex2 {
    const WCHAR *user, *domain, *password, *list;
    bool from_packed; /* the password's offset counts from the packed credentials */
    size_t gap;       /* before each text */
};

static size_t size_of(const WCHAR *text)
{
    size_t size = 0;

    while (text && text[size / sizeof(WCHAR)])
        size += sizeof(WCHAR);
    return size;
}

static ULONG append(char *block, ULONG *end, const void *data, size_t size, size_t gap)
{
    ULONG offset = *end + (ULONG)gap;

    if (size > 0)
        memcpy(block + offset, data, size);
    *end = offset + (ULONG)size;
    return offset;
}

static ULONG append_password(char *block, ULONG *end, const struct ex2 *request, USHORT *length)
{
    USHORT size = (USHORT)size_of(request->password);
    SEC_WINNT_AUTH_PACKED_CREDENTIALS packed;
    SEC_WINNT_AUTH_DATA_PASSWORD where;
    ULONG offset;

    memset(&where, 0, sizeof(where));
    where.UnicodePassword.ByteArrayOffset = sizeof(where);
    where.UnicodePassword.ByteArrayLength = size;
    if (request->from_packed)
        where.UnicodePassword.ByteArrayOffset += (ULONG)sizeof(packed);
    memset(&packed, 0, sizeof(packed));
    packed.cbHeaderLength = sizeof(packed);
    packed.cbStructureLength = (USHORT)(sizeof(packed) + sizeof(where) + size);
    packed.AuthData.CredType = SEC_WINNT_AUTH_DATA_TYPE_PASSWORD;
    packed.AuthData.CredData.ByteArrayOffset = sizeof(packed);
    packed.AuthData.CredData.ByteArrayLength = (USHORT)(sizeof(where) + size);
    *length = packed.cbStructureLength;
    offset = append(block, end, &packed, sizeof(packed), request->gap);
    append(block, end, &where, sizeof(where), 0);
    append(block, end, request->password, size, 0);
    return offset;
}

static SEC_WINNT_AUTH_IDENTITY_EX2 *ex2_of(const struct ex2 *request)
{
    SEC_WINNT_AUTH_IDENTITY_EX2 header;
    char *block = calloc(1, 1024), *exact;
    ULONG end = sizeof(header);

    ck_assert_ptr_nonnull(block);
    memset(&header, 0, sizeof(header));
    header.Version = SEC_WINNT_AUTH_IDENTITY_VERSION_2;
    header.cbHeaderLength = sizeof(header);
    header.UserLength = (USHORT)size_of(request->user);
    header.DomainLength = (USHORT)size_of(request->domain);
    header.PackageListLength = (USHORT)size_of(request->list);
    if (request->user)
        header.UserOffset = append(block, &end, request->user, header.UserLength, request->gap);
    if (request->domain)
        header.DomainOffset =
            append(block, &end, request->domain, header.DomainLength, request->gap);
    if (request->list)
        header.PackageListOffset =
            append(block, &end, request->list, header.PackageListLength, request->gap);
    if (request->password)
        header.PackedCredentialsOffset =
            append_password(block, &end, request, &header.PackedCredentialsLength);
    header.cbStructureLength = end;
    memcpy(block, &header, sizeof(header));
    exact = malloc(end);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, block, end);
    free(block);
    return (SEC_WINNT_AUTH_IDENTITY_EX2 *)exact;
}

START_TEST(the_first_word_tells_the_forms_apart)
{
    SEC_WINNT_AUTH_IDENTITY_A plain = {TEXT_A("alice"), TEXT_A("CORP"), TEXT_A("secret"),
                                       SEC_WINNT_AUTH_IDENTITY_ANSI};
    SEC_WINNT_AUTH_IDENTITY_EXA ex = {SEC_WINNT_AUTH_IDENTITY_VERSION,
                                      sizeof(ex),
                                      TEXT_A("bob"),
                                      TEXT_A("CORP"),
                                      TEXT_A("hush"),
                                      SEC_WINNT_AUTH_IDENTITY_ANSI,
                                      NULL,
                                      0};
    SEC_WINNT_AUTH_IDENTITY_EX2 *ex2 =
        ex2_of(&(struct ex2){u"carol", u"CORP", u"quiet", NULL, false, 0});

    says(&plain, "alice", "CORP", "secret");
    says(&ex, "bob", "CORP", "hush");
    says(ex2, "carol", "CORP", "quiet");
    free(ex2);
    refuses(NULL, SEC_E_UNKNOWN_CREDENTIALS);
}
END_TEST

START_TEST(flags_tell_narrow_from_wide)
{
    SEC_WINNT_AUTH_IDENTITY_A narrow = {TEXT_A("j\xc3\xbcrgen"), TEXT_A("CORP"),
                                        TEXT_A("\xe2\x82\xac"), SEC_WINNT_AUTH_IDENTITY_ANSI};
    USHORT user[] = {'j', 0xfc, 'r', 'g', 'e', 'n'}, domain[] = {'C', 'O', 'R', 'P'},
           password[] = {0x20ac};
    SEC_WINNT_AUTH_IDENTITY_W wide = {
        user, 6, domain, 4, password, 1, SEC_WINNT_AUTH_IDENTITY_UNICODE};
    SEC_WINNT_AUTH_IDENTITY_EXW ex = {
        SEC_WINNT_AUTH_IDENTITY_VERSION, sizeof(ex), user, 6, domain, 4, password, 1,
        SEC_WINNT_AUTH_IDENTITY_UNICODE, NULL,       0};

    says(&narrow, "j\xc3\xbcrgen", "CORP", "\xe2\x82\xac");
    says(&wide, "j\xc3\xbcrgen", "CORP", "\xe2\x82\xac");
    says(&ex, "j\xc3\xbcrgen", "CORP", "\xe2\x82\xac");
    /* What is not said to be narrow is wide. */
    wide.Flags = 0;
    says(&wide, "j\xc3\xbcrgen", "CORP", "\xe2\x82\xac");
}
END_TEST

START_TEST(lengths_count_and_terminators_do_not)
{
    UCHAR text[] = "alicesecret";
    SEC_WINNT_AUTH_IDENTITY_A plain = {
        text, 5, NULL, 0, text + 5, 3, SEC_WINNT_AUTH_IDENTITY_ANSI};

    says(&plain, "alice", NULL, "sec");
}
END_TEST

START_TEST(user_domain_and_password_may_each_be_empty_or_null)
{
    UCHAR empty_a[] = "";
    USHORT empty_w[] = {0};

    for (int i = 0; i < 8; i++) {
        bool user = i & 1, domain = i & 2, password = i & 4;
        SEC_WINNT_AUTH_IDENTITY_A narrow = {.User = user ? empty_a : NULL,
                                            .Domain = domain ? empty_a : NULL,
                                            .Password = password ? empty_a : NULL,
                                            .Flags = SEC_WINNT_AUTH_IDENTITY_ANSI};
        SEC_WINNT_AUTH_IDENTITY_W wide = {.User = user ? empty_w : NULL,
                                          .Domain = domain ? empty_w : NULL,
                                          .Password = password ? empty_w : NULL,
                                          .Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE};
        SEC_WINNT_AUTH_IDENTITY_EX2 *ex2 = ex2_of(&(struct ex2){
            user ? u"" : NULL, domain ? u"" : NULL, password ? u"" : NULL, NULL, false, 0});
        const void *const forms[] = {&narrow, &wide, ex2};
        for (size_t f = 0; f < 3; f++)
            says(forms[f], user ? "" : NULL, domain ? "" : NULL, password ? "" : NULL);
        free(ex2);
    }
}
END_TEST

START_TEST(ex2_counts_in_bytes_and_from_its_beginning)
{
    for (size_t gap = 0; gap < 4; gap++) {
        SEC_WINNT_AUTH_IDENTITY_EX2 *ex2 = ex2_of(
            &(struct ex2){u"\u00fcser", u"D\u00d6M", u"p\u20acss", u"!ntlm", false, gap});
        says(ex2, "\xc3\xbcser", "D\xc3\x96M", "p\xe2\x82\xacss");
        free(ex2);
    }
}
END_TEST

START_TEST(the_password_of_ex2_is_a_packed_credential)
{
    SEC_WINNT_AUTH_IDENTITY_EX2 *ex2 =
        ex2_of(&(struct ex2){u"alice", NULL, u"secret", NULL, false, 0});
    size_t type;

    says(ex2, "alice", NULL, "secret");
    type = ex2->PackedCredentialsOffset +
           offsetof(SEC_WINNT_AUTH_PACKED_CREDENTIALS, AuthData.CredType);
    ((char *)ex2)[type]++;
    refuses(ex2, SEC_E_UNKNOWN_CREDENTIALS);
    free(ex2);

    ex2 = ex2_of(&(struct ex2){u"alice", NULL, u"secret", NULL, true, 0});
    says(ex2, "alice", NULL, "secret");
    free(ex2);
}
END_TEST

START_TEST(ex2_says_by_flag_that_a_name_is_not_given)
{
    SEC_WINNT_AUTH_IDENTITY_EX2 *ex2 =
        ex2_of(&(struct ex2){u"alice", u"CORP", NULL, NULL, false, 0});

    ex2->Flags = SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_USER;
    says(ex2, NULL, "CORP", NULL);
    ex2->Flags = SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_DOMAIN;
    says(ex2, "alice", NULL, NULL);
    free(ex2);
}
END_TEST

/* Each field in turn with each of some numbers: never more than a refusal, and
 * with the sanitizer never a step over the end. */
START_TEST(an_ex2_that_lies_is_not_believed)
{
    static const ULONG numbers[] = {
        0,      1,      27,     28,      47,         48,         63,         64,
        0x7fff, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
    const struct ex2 request = {u"alice", u"CORP", u"secret", u"!ntlm", false, 0};
    SEC_WINNT_AUTH_IDENTITY_EX2 *ex2 = ex2_of(&request);
    size_t size = ex2->cbStructureLength, refused = 0;

    free(ex2);
    for (size_t at = sizeof(ULONG); at + sizeof(ULONG) <= size; at += 2) {
        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
            struct identity *identity;
            SECURITY_STATUS status;
            ex2 = ex2_of(&request);
            memcpy((char *)ex2 + at, &numbers[i], sizeof(ULONG));
            /* How long the block is the caller must know. */
            if (ex2->cbStructureLength > size)
                ex2->cbStructureLength = (ULONG)size;
            status = identity_read(ex2, &identity);
            ck_assert(status == SEC_E_OK || status == SEC_E_UNKNOWN_CREDENTIALS ||
                      status == SEC_E_INVALID_PARAMETER);
            refused += status != SEC_E_OK;
            identity_release(identity);
            free(ex2);
        }
    }
    ck_assert_uint_gt(refused, 100);
}
END_TEST

START_TEST(what_does_not_hold_together_is_refused)
{
    SEC_WINNT_AUTH_IDENTITY_A plain = {NULL, 5, NULL, 0, NULL, 0, SEC_WINNT_AUTH_IDENTITY_ANSI};
    SEC_WINNT_AUTH_IDENTITY_EXA ex = {.Version = SEC_WINNT_AUTH_IDENTITY_VERSION,
                                      .Length = sizeof(ex) - 1,
                                      .Flags = SEC_WINNT_AUTH_IDENTITY_ANSI};
    SEC_WINNT_AUTH_IDENTITY_EX2 *ex2 =
        ex2_of(&(struct ex2){u"alice", u"CORP", u"secret", NULL, false, 0});

    refuses(&plain, SEC_E_UNKNOWN_CREDENTIALS);
    refuses(&ex, SEC_E_UNKNOWN_CREDENTIALS);
    ex2->UserLength--; /* half a character */
    refuses(ex2, SEC_E_UNKNOWN_CREDENTIALS);
    ex2->UserLength++;
    ex2->cbStructureLength--;
    refuses(ex2, SEC_E_UNKNOWN_CREDENTIALS);
    ex2->cbStructureLength++;
    says(ex2, "alice", "CORP", "secret");
    free(ex2);
}
END_TEST

START_TEST(malformed_text_is_an_invalid_parameter)
{
    SEC_WINNT_AUTH_IDENTITY_A bad = {
        TEXT_A("al\xff"), NULL, 0, NULL, 0, SEC_WINNT_AUTH_IDENTITY_ANSI};
    SEC_WINNT_AUTH_IDENTITY_A nul = {NULL, 0, TEXT_A("CO\0RP"),
                                     NULL, 0, SEC_WINNT_AUTH_IDENTITY_ANSI};
    SEC_WINNT_AUTH_IDENTITY_A terminated = {
        NULL, 0, NULL, 0, (UCHAR[]){"secret"}, 7, SEC_WINNT_AUTH_IDENTITY_ANSI};
    USHORT unpaired[] = {'a', 0xd800, 'b'};
    SEC_WINNT_AUTH_IDENTITY_W wide = {unpaired, 3, NULL, 0, NULL, 0, 0};

    refuses(&bad, SEC_E_INVALID_PARAMETER);
    refuses(&nul, SEC_E_INVALID_PARAMETER);
    refuses(&terminated, SEC_E_INVALID_PARAMETER);
    refuses(&wide, SEC_E_INVALID_PARAMETER);
}
END_TEST

START_TEST(what_somebody_encrypted_is_refused)
{
    SEC_WINNT_AUTH_IDENTITY_A plain = {TEXT_A("alice"), NULL, 0, TEXT_A("secret"),
                                       SEC_WINNT_AUTH_IDENTITY_ANSI |
                                           SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED};
    SEC_WINNT_AUTH_IDENTITY_EX2 *ex2 =
        ex2_of(&(struct ex2){u"alice", u"CORP", u"secret", NULL, false, 0});

    ck_assert(identity_is_encrypted(&plain));
    refuses(&plain, SEC_E_UNKNOWN_CREDENTIALS);
    ck_assert(!identity_is_encrypted(ex2));
    ex2->Flags |= SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_PROTECTED;
    ck_assert(identity_is_encrypted(ex2));
    refuses(ex2, SEC_E_UNKNOWN_CREDENTIALS);
    free(ex2);
}
END_TEST

static void allows(const char *list, bool kerberos, bool ntlm)
{
    SEC_WINNT_AUTH_IDENTITY_EXA ex = {.Version = SEC_WINNT_AUTH_IDENTITY_VERSION,
                                      .Length = sizeof(ex),
                                      .PackageList = (UCHAR *)(uintptr_t)list,
                                      .PackageListLength = list ? (ULONG)strlen(list) : 0,
                                      .Flags = SEC_WINNT_AUTH_IDENTITY_ANSI};
    struct identity *identity = read_whole(&ex);

    ck_assert_int_eq(identity->allowed[PACKAGE_KERBEROS], kerberos);
    ck_assert_int_eq(identity->allowed[PACKAGE_NTLM], ntlm);
    ck_assert(identity->allowed[PACKAGE_NEGOTIATE]);
    identity_release(identity);
}

START_TEST(a_package_list_says_what_may_be_used)
{
    allows(NULL, true, true);
    allows("", true, true);
    allows(" , ", true, true);
    allows("!ntlm", true, false);
    allows("!Kerberos", false, true);
    allows("!kerberos,!NTLM", false, false);
    allows("Kerberos,NTLM", true, true);
    allows("kerberos", true, false);
    allows(" NTLM ,", false, true);
    allows("Negotiate,Kerberos,!NTLM", true, false);
    /* none of them is here */
    allows("Schannel", false, false);
    allows("!Schannel,!ntl,!ntlmx", true, true);
}
END_TEST

START_TEST(the_list_of_ex2_is_wide)
{
    SEC_WINNT_AUTH_IDENTITY_EX2 *ex2 =
        ex2_of(&(struct ex2){NULL, NULL, NULL, u"!ntlm", false, 0});
    struct identity *identity = read_whole(ex2);

    ck_assert(identity->allowed[PACKAGE_KERBEROS]);
    ck_assert(!identity->allowed[PACKAGE_NTLM]);
    identity_release(identity);
    free(ex2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi identity");
    TCase *cases = tcase_create("identity");

    tcase_add_test(cases, the_first_word_tells_the_forms_apart);
    tcase_add_test(cases, flags_tell_narrow_from_wide);
    tcase_add_test(cases, lengths_count_and_terminators_do_not);
    tcase_add_test(cases, user_domain_and_password_may_each_be_empty_or_null);
    tcase_add_test(cases, ex2_counts_in_bytes_and_from_its_beginning);
    tcase_add_test(cases, the_password_of_ex2_is_a_packed_credential);
    tcase_add_test(cases, ex2_says_by_flag_that_a_name_is_not_given);
    tcase_add_test(cases, an_ex2_that_lies_is_not_believed);
    tcase_add_test(cases, what_does_not_hold_together_is_refused);
    tcase_add_test(cases, malformed_text_is_an_invalid_parameter);
    tcase_add_test(cases, what_somebody_encrypted_is_refused);
    tcase_add_test(cases, a_package_list_says_what_may_be_used);
    tcase_add_test(cases, the_list_of_ex2_is_wide);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
