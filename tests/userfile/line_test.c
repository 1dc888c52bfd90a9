/* SPDX-License-Identifier: MIT */
/* line_test.c - the account file's formats: what a line is, what it says,
 * and which are skipped. */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ntlm/secret.h"
#include "scratch.h"
#include "suite.h"
#include "support/hex.h"
#include "support/trace.h"
#include "userfile_lookup.h"

#define LM_HEX "e52cac67419a9a224a3b108f3fa6cb6d"
#define NT_HEX "a4f49c406510bdcab6824ee7c30fd852" /* of "Password" */
#define NO_HEX "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"
#define NO_TEXT "NO PASSWORDXXXXXXXXXXXXXXXXXXXXX"

START_TEST(a_password_line_gives_names_and_both_hashes)
{
    const char *path = file_of("DOM:Alice:Password\n");
    struct account account;
    uint8_t lm[16], nt[16];

    ck_assert_int_eq(userfile_find(path, &LM_QUERY("alice", "dom"), &account), NTLM_OK);
    ck_assert_str_eq(account.user, "Alice");
    ck_assert_str_eq(account.domain, "DOM");
    ck_assert(hex_decode(LM_HEX, lm, sizeof(lm)) && hex_decode(NT_HEX, nt, sizeof(nt)));
    ck_assert(account.has_nt_hash && account.has_lm_hash && !account.disabled);
    ck_assert_mem_eq(account.nt_hash, nt, sizeof(nt));
    ck_assert_mem_eq(account.lm_hash, lm, sizeof(lm));
    account_clear(&account);
    ck_assert(ntlm_is_zero(&account, sizeof(account)));
}
END_TEST

START_TEST(a_password_too_long_for_lm_has_an_nt_hash_alone)
{
    const char *path = file_of("DOM:alice:a password of many words\n");
    struct account account;

    ck_assert_int_eq(userfile_find(path, &LM_QUERY("alice", "DOM"), &account), NTLM_OK);
    ck_assert(has_password(&account, "a password of many words"));
    ck_assert(!account.has_lm_hash);
    account_clear(&account);
}
END_TEST

START_TEST(an_smbpasswd_line_gives_its_hashes)
{
    const char *path =
        file_of("alice:1000:" LM_HEX ":" NT_HEX ":[U          ]:LCT-5F000000:\n");
    struct account account;
    uint8_t lm[16];

    ck_assert_int_eq(userfile_find(path, &LM_QUERY("ALICE", "ANY"), &account), NTLM_OK);
    ck_assert_str_eq(account.user, "alice");
    ck_assert_str_eq(account.domain, "");
    ck_assert(has_password(&account, "Password"));
    ck_assert(account.has_lm_hash && hex_decode(LM_HEX, lm, sizeof(lm)) && !account.disabled);
    ck_assert_mem_eq(account.lm_hash, lm, sizeof(lm));
    account_clear(&account);
}
END_TEST

/* Nor is half of it left. */
START_TEST(what_is_no_hash_to_its_end_is_none)
{
    uint8_t hash[16];

    memset(hash, 7, sizeof(hash));
    ck_assert(!hex_decode("a4f49c406510bdcab6824ee7c30fd85x", hash, sizeof(hash)));
    ck_assert(ntlm_is_zero(hash, sizeof(hash)));
}
END_TEST

START_TEST(an_smbpasswd_line_may_have_a_domain)
{
    const char *path = file_of("EXAMPLE\\alice:0:" NO_HEX ":" NT_HEX ":[U          ]:LCT-0:\n"
                               "OTHER\\:0:" NO_HEX ":" NT_HEX ":[U          ]:LCT-0:\n");
    struct account account;

    ck_assert_int_eq(userfile_find(path, &QUERY("Alice", "example"), &account), NTLM_OK);
    ck_assert_str_eq(account.user, "alice");
    ck_assert_str_eq(account.domain, "EXAMPLE");
    ck_assert(has_password(&account, "Password"));
    account_clear(&account);
    ck_assert_int_eq(userfile_find(path, &QUERY("alice", "OTHER"), &account),
                     NTLM_ERR_NO_SUCH_LINE);
    account_clear(&account);
    ck_assert_int_eq(userfile_find(path, &QUERY("", "OTHER"), &account), NTLM_ERR_NO_SUCH_LINE);
    account_clear(&account);
}
END_TEST

static const struct {
    const char *line;
    bool has_nt_hash, has_lm_hash, disabled;
} smbpasswd_lines[] = {
    {"u:1:" LM_HEX ":" NT_HEX, true, true, false},
    {"u:1:" LM_HEX ":" NT_HEX ":", true, true, false},
    {"u:1:" NO_HEX ":" NT_HEX ":[U  ]:LCT-0:", true, false, false},
    {"u:1:" NO_HEX ":" NO_HEX ":[U  ]:LCT-0:", false, false, false},
    {"u:1:" NO_TEXT ":" NO_TEXT ":[U  ]:LCT-0:", false, false, false},
    {"u:1:" LM_HEX ":" NT_HEX ":[UD ]:LCT-0:", true, true, true},
    {"u:1:" LM_HEX ":" NT_HEX ":[NU ]:LCT-0:", false, false, false},
    {"u:1:" LM_HEX ":" NT_HEX ":[U]DN:DN", true, true, false},
    {"u:1:" LM_HEX ":" NT_HEX ":LCT-DN:", true, true, false},
};

START_TEST(smbpasswd_flags_and_missing_hashes_are_honoured)
{
    struct account account;

    ck_assert_int_eq(
        userfile_find(file_of(smbpasswd_lines[_i].line), &LM_QUERY("u", ""), &account),
        NTLM_OK);
    ck_assert_int_eq(account.has_nt_hash, smbpasswd_lines[_i].has_nt_hash);
    ck_assert_int_eq(account.has_lm_hash, smbpasswd_lines[_i].has_lm_hash);
    ck_assert_int_eq(account.disabled, smbpasswd_lines[_i].disabled);
    account_clear(&account);
}
END_TEST

START_TEST(what_is_not_quite_smbpasswd_is_a_password)
{
    finds(file_of("DOM:1000:" LM_HEX "\n"), "1000", "DOM", LM_HEX);
    finds(file_of("DOM:1000:" LM_HEX "0:" NT_HEX "\n"), "1000", "DOM", LM_HEX "0:" NT_HEX);
    finds(file_of("DOM:u:" LM_HEX ":" NT_HEX "\n"), "u", "DOM", LM_HEX ":" NT_HEX);
    finds(file_of(":1000:" LM_HEX ":" NT_HEX "\n"), "1000", "DOM", LM_HEX ":" NT_HEX);
}
END_TEST

START_TEST(a_password_is_taken_as_it_stands)
{
    finds(file_of("D:u:a:b::c:\n"), "u", "D", "a:b::c:");
    finds(file_of("D:u: spaces \n"), "u", "D", " spaces ");
    finds(file_of("D:u:#\n"), "u", "D", "#");
    finds(file_of("D:u:\n"), "u", "D", "");
    finds(file_of("D:u:p\xc3\xa4ss\xf0\x9f\x94\x91\n"), "u", "D",
          "p\xc3\xa4ss\xf0\x9f\x94\x91");
}
END_TEST

START_TEST(both_formats_mix_with_comments_and_empty_lines)
{
    const char *path = file_of("# DOM:carol:commented\n\nDOM:alice:one\n"
                               "bob:7:" LM_HEX ":" NT_HEX ":[U ]:LCT-0:\n#\nDOM:carol:three\n");

    finds(path, "alice", "DOM", "one");
    finds(path, "bob", "DOM", "Password");
    finds(path, "carol", "DOM", "three");
}
END_TEST

START_TEST(line_ends_may_be_windows_and_the_last_may_be_missing)
{
    const char *path = file_of("D:a:one\r\n\r\nb:7:" LM_HEX ":" NT_HEX ":[U]:L:\r\nD:c:three");

    finds(path, "a", "D", "one");
    finds(path, "b", "D", "Password");
    finds(path, "c", "D", "three");
    finds(file_of("D:a:return inside\rand at the end\r\r\n"), "a", "D",
          "return inside\rand at the end\r");
}
END_TEST

START_TEST(a_byte_order_mark_is_ignored_at_the_start_alone)
{
    finds(file_of("\xef\xbb\xbfone:u:pw\n"), "u", "one", "pw");
    finds(file_of("\xef\xbb\xbf# comment\nD:u:pw\n"), "u", "D", "pw");
    finds_none(file_of("# comment\n\xef\xbb\xbfone:u:pw\n"), "u", "one");
}
END_TEST

START_TEST(an_empty_file_has_nobody)
{
    finds_none(file_of(""), "u", "");
    finds_none(file_of("\n"), "u", "");
    finds_none(file_of("\xef\xbb\xbf"), "u", "");
}
END_TEST

static const struct {
    const char *text;
    size_t len;
    const char *why;
} bad_lines[] = {
    {"no colon", 8, "it has no colon"},
    {"u:s3cret", 8, "it has no domain: write DOMAIN:user:password, or :user:password for any"},
    {"D::s3cret", 9, "its user is empty"},
    {"D;u;s3cret", 10, "its fields are separated by ; in place of :"},
    {"D;u:s3cret", 10, "its fields are separated by ; in place of :"},
    {"D;u;s3c:r:et", 12, "its fields are separated by ; in place of :"},
    {"D\\u:s3cret", 10, "write DOMAIN:user:password, not DOMAIN\\user:password"},
    {"D\\u:s3c:ret", 11, "write DOMAIN:user:password, not DOMAIN\\user:password"},
    {"D:\xff\xfe:s3cret", 11, "it is not UTF-8 text"},
    {"D:u:s3c\0ret", 11, "it has a NUL byte: write the file as UTF-8, not UTF-16"},
    {"\xff\xfe"
     "D\0:\0u\0:\0s\0003\0c\0",
     14, "it has a NUL byte: write the file as UTF-8, not UTF-16"},
    {"u:1:" LM_HEX ":a4f49c406510bdcab6824ee7c30fs3cr", 0,
     "a hash of it is not 32 hexadecimal digits"},
    {"u:1:" LM_HEX ":XXXXs3cretXXXXXXXXXXXXXXXXXXXXXX:", 0,
     "a hash of it is not 32 hexadecimal digits"},
};

START_TEST(a_bad_line_is_skipped_and_traced_with_its_number_and_the_reason)
{
    size_t len = bad_lines[_i].len ? bad_lines[_i].len : strlen(bad_lines[_i].text);
    char text[256] = "# first\n";
    size_t used = strlen(text);
    const char *path;

    memcpy(text + used, bad_lines[_i].text, len);
    used += len;
    memcpy(text + used, "\nD:good:pw\n", 11);
    path = scratch_write_bytes("accounts", text, used + 11);
    unlink(scratch_path("log"));
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    finds(path, "good", "D", "pw");
    finds_none(path, "u", "D");
    finds_none(path, "u", "");
    trace_open(NULL);
    ck_assert_ptr_nonnull(
        strstr(scratch_read("log"), "line 2 skipped: matches neither format: "));
    ck_assert_msg(strstr(scratch_read("log"), bad_lines[_i].why) != NULL, "%s",
                  scratch_read("log"));
    ck_assert_ptr_null(strstr(scratch_read("log"), "s3c"));
    ck_assert_ptr_null(strstr(scratch_read("log"), "line 1"));
    ck_assert_ptr_null(strstr(scratch_read("log"), "line 3"));
}
END_TEST

/* What counts, but perhaps not as it was meant. The user is u in any case. */
static const struct {
    const char *line, *domain, *password, *why;
} doubtful_lines[] = {
    {"D:u:", "D", "", "its password is empty: nobody can log in (allow_empty_passwords)"},
    {"D:u:s3cret ", "D", "s3cret ", "its password ends with a blank"},
    {"D:u:s3cret\r", "D", "s3cret\r", "its password contains a carriage return"},
    {" D:u:s3cret", " D", "s3cret", "its domain or user begins or ends with a blank"},
    {"u :u:s3cret", "u ", "s3cret", "its domain or user begins or ends with a blank"},
};

START_TEST(a_line_that_may_not_be_meant_so_is_traced_with_the_reason)
{
    char text[200];

    snprintf(text, sizeof(text), "# first\r\n%s\r\nD:v:crlf\r\n", doubtful_lines[_i].line);
    unlink(scratch_path("log"));
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    finds(file_of(text), "u", doubtful_lines[_i].domain, doubtful_lines[_i].password);
    finds(scratch_path("accounts"), "v", "D", "crlf");
    trace_open(NULL);
    snprintf(text, sizeof(text), "line 2: %s\n", doubtful_lines[_i].why);
    ck_assert_msg(strstr(scratch_read("log"), text) != NULL, "%s", scratch_read("log"));
    ck_assert_ptr_null(strstr(scratch_read("log"), "s3c"));
    ck_assert_ptr_null(strstr(scratch_read("log"), "line 1"));
    ck_assert_ptr_null(strstr(scratch_read("log"), "line 3"));
}
END_TEST

START_TEST(an_smbpasswd_line_with_short_hashes_is_traced)
{
    unlink(scratch_path("log"));
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    finds(file_of("u:1000:e52cac:a4f49c:[U]:LCT-0:\n"), "1000", "u",
          "e52cac:a4f49c:[U]:LCT-0:");
    trace_open(NULL);
    ck_assert_ptr_nonnull(strstr(scratch_read("log"), "line 1: it is read as DOMAIN:user:"));
}
END_TEST

START_TEST(many_bad_lines_are_counted_and_not_all_named)
{
    char text[1024] = "";
    const char *path;

    for (int i = 0; i < 30; i++)
        strcat(text, "no account\n");
    path = file_of(strcat(text, "D:good:pw\n"));
    unlink(scratch_path("log"));
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    finds(path, "good", "D", "pw");
    trace_open(NULL);
    ck_assert_ptr_nonnull(
        strstr(scratch_read("log"), "line 20 skipped: matches neither format: "));
    ck_assert_ptr_null(strstr(scratch_read("log"), "line 21 "));
    ck_assert_ptr_nonnull(strstr(scratch_read("log"), "30 lines in all match neither format"));
}
END_TEST

/* "D:long:xxx..." of len bytes, a newline, and what follows. */
static const char *file_with_long_line(size_t len, const char *rest)
{
    static char text[1 << 18];

    memset(text, 'x', len);
    memcpy(text, "D:long:", 7);
    snprintf(text + len, sizeof(text) - len, "\n%s", rest);
    return file_of(text);
}

START_TEST(a_line_of_64_kib_is_read_and_a_longer_one_is_skipped)
{
    struct account account;

    ck_assert_int_eq(
        userfile_find(file_with_long_line(65536, "D:u:pw\n"), &LM_QUERY("long", "D"), &account),
        NTLM_OK);
    account_clear(&account);
    finds(scratch_path("accounts"), "u", "D", "pw");
    for (size_t len = 65537; len < 65541; len++) {
        finds_none(file_with_long_line(len, "\nD:u:pw"), "long", "D");
        finds(scratch_path("accounts"), "u", "D", "pw");
    }
    finds_none(file_with_long_line(200000, "D:u:pw\n"), "long", "D");
    finds(scratch_path("accounts"), "u", "D", "pw");
}
END_TEST

START_TEST(the_end_of_a_line_too_long_is_no_line_of_its_own)
{
    static const size_t buffer = 65538;

    /* "D:eve:pw" would begin exactly where the reader's buffer does again */
    for (size_t shift = 0; shift < 3; shift++) {
        static char text[1 << 17];
        memset(text, 'x', sizeof(text));
        strcpy(text + buffer - 1 + shift, "D:eve:pw\nD:u:pw\n");
        finds_none(file_of(text), "eve", "D");
        finds(scratch_path("accounts"), "u", "D", "pw");
    }
}
END_TEST

START_TEST(every_line_of_a_file_larger_than_the_buffer_is_found)
{
    static char text[1 << 18];
    size_t used = 0;
    char user[20];

    for (int i = 0; i < 9000; i++)
        used += (size_t)sprintf(text + used, "DOM:user%d:password %d\n", i, i);
    file_of(text);
    for (int i = 0; i < 9000; i += 599) {
        char password[30];
        snprintf(user, sizeof(user), "user%d", i);
        snprintf(password, sizeof(password), "password %d", i);
        finds(scratch_path("accounts"), user, "DOM", password);
    }
    finds_none(scratch_path("accounts"), "user9000", "DOM");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("account line");
    TCase *cases = tcase_create("formats");

    scratch_begin();
    tcase_add_test(cases, a_password_line_gives_names_and_both_hashes);
    tcase_add_test(cases, a_password_too_long_for_lm_has_an_nt_hash_alone);
    tcase_add_test(cases, an_smbpasswd_line_gives_its_hashes);
    tcase_add_test(cases, what_is_no_hash_to_its_end_is_none);
    tcase_add_test(cases, an_smbpasswd_line_may_have_a_domain);
    tcase_add_loop_test(cases, smbpasswd_flags_and_missing_hashes_are_honoured, 0,
                        sizeof(smbpasswd_lines) / sizeof(smbpasswd_lines[0]));
    tcase_add_test(cases, what_is_not_quite_smbpasswd_is_a_password);
    tcase_add_test(cases, a_password_is_taken_as_it_stands);
    tcase_add_test(cases, both_formats_mix_with_comments_and_empty_lines);
    tcase_add_test(cases, line_ends_may_be_windows_and_the_last_may_be_missing);
    tcase_add_test(cases, a_byte_order_mark_is_ignored_at_the_start_alone);
    tcase_add_test(cases, an_empty_file_has_nobody);
    tcase_add_loop_test(cases, a_bad_line_is_skipped_and_traced_with_its_number_and_the_reason,
                        0, sizeof(bad_lines) / sizeof(bad_lines[0]));
    tcase_add_loop_test(cases, a_line_that_may_not_be_meant_so_is_traced_with_the_reason, 0,
                        sizeof(doubtful_lines) / sizeof(doubtful_lines[0]));
    tcase_add_test(cases, an_smbpasswd_line_with_short_hashes_is_traced);
    tcase_add_test(cases, many_bad_lines_are_counted_and_not_all_named);
    tcase_add_test(cases, a_line_of_64_kib_is_read_and_a_longer_one_is_skipped);
    tcase_add_test(cases, the_end_of_a_line_too_long_is_no_line_of_its_own);
    tcase_add_test(cases, every_line_of_a_file_larger_than_the_buffer_is_found);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
