/* SPDX-License-Identifier: MIT */
/* describe_test.c - what an administrator reads of a token, that nothing
 * secret or harmful is in it. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "ntlm/describe.h"
#include "ntlm/describe_flags.h"
#include "ntlm/flags.h"
#include "ntlm/message.h"
#include "ntlm_token.h"
#include "suite.h"
#include "vectors.h"

/* All lines, each with a newline. */
struct report {
    char text[65536];
    size_t len, lines;
    bool harmful; /* a control character is in it, or it does not end */
};

static void collect(void *arg, const char *text)
{
    struct report *report = arg;
    const size_t len = strlen(text);

    if (report->len + len + 2 > sizeof(report->text)) {
        report->harmful = true;
        return;
    }
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            report->harmful = true;
    memcpy(report->text + report->len, text, len);
    report->len += len;
    report->text[report->len++] = '\n';
    report->text[report->len] = '\0';
    report->lines++;
}

/* Describes a token that lies in a block of exactly its size. */
static const struct report *describe(struct ntlm_bytes token)
{
    static struct report report;
    struct ntlm_bytes block = exact(token);

    report.len = report.lines = 0;
    report.text[0] = '\0';
    report.harmful = false;
    ntlm_describe(block, collect, &report);
    exact_free(block);
    ck_assert_msg(!report.harmful, "harmful lines:\n%s", report.text);
    return &report;
}

static const struct report *describe_token(const struct token *token)
{
    return describe(token_bytes(token));
}

static void assert_says(const struct report *report, const char *what)
{
    ck_assert_msg(strstr(report->text, what) != NULL, "no \"%s\" in:\n%s", what, report->text);
}

static void assert_says_not(const struct report *report, const char *what)
{
    ck_assert_msg(strstr(report->text, what) == NULL, "\"%s\" in:\n%s", what, report->text);
}

START_TEST(a_negotiate_is_told)
{
    struct token token = token_negotiate();

    ck_assert_str_eq(describe_token(&token)->text,
                     "NEGOTIATE, 54 bytes, header 40\n"
                     "  NegotiateFlags 0x02003001: UNICODE OEM_DOMAIN_SUPPLIED"
                     " OEM_WORKSTATION_SUPPLIED VERSION\n"
                     "  Version 10.0.17763, NTLM revision 15\n"
                     "  DomainName \"DOMAIN\"\n"
                     "  WorkstationName \"COMPUTER\"\n");
}
END_TEST

START_TEST(a_challenge_is_told)
{
    struct token token = token_challenge();

    ck_assert_str_eq(describe_token(&token)->text,
                     "CHALLENGE, 112 bytes, header 56\n"
                     "  NegotiateFlags 0x02820005: UNICODE REQUEST_TARGET TARGET_TYPE_SERVER "
                     "TARGET_INFO VERSION\n"
                     "  Version 10.0.17763, NTLM revision 15\n"
                     "  TargetName \"SRV\"\n"
                     "  ServerChallenge 0123456789abcdef\n"
                     "  TargetInfo 50 bytes\n"
                     "    MsvAvNbDomainName \"DOM\"\n"
                     "    MsvAvNbComputerName \"SRV\"\n"
                     "    MsvAvDnsComputerName \"s.d.x\"\n"
                     "    MsvAvTimestamp 1970-01-01 00:00:00 UTC\n");
}
END_TEST

START_TEST(an_authenticate_is_told)
{
    struct token token = token_authenticate();

    ck_assert_str_eq(describe_token(&token)->text,
                     "AUTHENTICATE, 262 bytes, header 88\n"
                     "  NegotiateFlags 0x42000011: UNICODE SIGN VERSION KEY_EXCH\n"
                     "  Version 10.0.17763, NTLM revision 15\n"
                     "  DomainName \"DOM\"\n"
                     "  UserName \"Zoë\"\n"
                     "  Workstation \"PC\"\n"
                     "  LmChallengeResponse 24 bytes: zeros (none)\n"
                     "  NtChallengeResponse 118 bytes: NTLMv2\n"
                     "    TimeStamp 1970-01-01 00:00:00 UTC\n"
                     "    MsvAvNbDomainName \"DOM\"\n"
                     "    MsvAvTimestamp 1970-01-01 00:00:00 UTC\n"
                     "    MsvAvFlags 0x2: MIC\n"
                     "    MsvAvChannelBindings present\n"
                     "    MsvAvTargetName \"http/s\"\n"
                     "  EncryptedRandomSessionKey 16 bytes\n"
                     "  MIC at 72, announced\n");
}
END_TEST

START_TEST(the_published_messages_are_told)
{
    const struct report *report = describe(vector("v1.challenge_message"));

    assert_says(report, "CHALLENGE, 68 bytes, header 56\n");
    assert_says(report, "  Version 6.0.6000, NTLM revision 15\n");
    assert_says(report, "  TargetInfo none\n");
    report = describe(vector("v1.authenticate_message"));
    assert_says(report, "AUTHENTICATE, 172 bytes, header 72\n");
    assert_says(report, "  UserName \"User\"\n");
    assert_says(report, "  LmChallengeResponse 24 bytes: LM\n");
    assert_says(report, "  NtChallengeResponse 24 bytes: NTLMv1\n");
    assert_says(report, "  MIC none\n");
    report = describe(vector("v2.authenticate_message"));
    assert_says(report, "  LmChallengeResponse 24 bytes: LMv2\n");
    assert_says(report, "  NtChallengeResponse 84 bytes: NTLMv2\n");
    assert_says(report, "    TimeStamp not set\n");
    assert_says(report, "    MsvAvNbComputerName \"Server\"\n");
    assert_says(report, "    MsvAvChannelBindings none\n    MsvAvTargetName none\n");
}
END_TEST

/* An AUTHENTICATE of 64 bytes with these two responses. */
static const struct report *describe_responses(struct ntlm_bytes lm, struct ntlm_bytes nt)
{
    struct token token = token_of(NTLM_AUTHENTICATE, 64);

    token_payload(&token, 12, lm);
    token_payload(&token, 20, nt);
    return describe_token(&token);
}

START_TEST(each_kind_of_response_is_told)
{
    static const char n24[] = "nnnnnnnnnnnnnnnnnnnnnnnn";
    static const char l24[] = "llllllllllllllllllllllll";
    const struct ntlm_bytes none = {0}, nt = ntlm_bytes(n24, 24), lm = ntlm_bytes(l24, 24);
    const struct report *report = describe_responses(BYTES("\0"), none);

    assert_says(report, "  LmChallengeResponse 1 bytes: one zero byte (anonymous)\n");
    assert_says(report, "  NtChallengeResponse 0 bytes: none\n");
    report = describe_responses(none, none);
    assert_says(report, "  LmChallengeResponse 0 bytes: none\n");
    report = describe_responses(BYTES("llllllll\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), nt);
    assert_says(report, "24 bytes: a client challenge (extended session security)\n");
    assert_says(report, "24 bytes: NTLMv1 with extended session security\n");
    report = describe_responses(nt, nt);
    assert_says(report, "  LmChallengeResponse 24 bytes: the NT response again (no LM)\n");
    report = describe_responses(lm, none);
    assert_says(report, "  LmChallengeResponse 24 bytes: LM\n");
    report = describe_responses(BYTES("lll"), BYTES("nnn"));
    assert_says(report, "  LmChallengeResponse 3 bytes: of an unknown kind\n");
    assert_says(report, "  NtChallengeResponse 3 bytes: of an unknown kind\n");
    report = describe_responses(none, BYTES("PPPPPPPPPPPPPPPP\2\1\0\0\0\0\0\0tttttttt"
                                            "CCCCCCCC\0\0\0\0\0\0\0\0"));
    assert_says(report, "    of an unknown version\n");
}
END_TEST

START_TEST(a_mic_is_told_with_its_place_and_whether_it_counts)
{
    struct token token = token_of(NTLM_AUTHENTICATE, 80);

    token_payload(&token, 12, BYTES("\0"));
    assert_says(describe_token(&token), "  MIC none (zeros at 64)\n");
    token_put(&token, 64, BYTES("M"));
    assert_says(describe_token(&token),
                "  MIC at 64, not announced in MsvAvFlags: does not count\n");
    token = token_of(NTLM_AUTHENTICATE, 64);
    token_payload(&token, 20,
                  BYTES("PPPPPPPPPPPPPPPP\1\1\0\0\0\0\0\0ttttttttCCCCCCCC\0\0\0\0"
                        "\6\0\4\0\7\0\0\0\x0a\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                        "\0\0\0\0\0\0\0\0"));
    assert_says(describe_token(&token), "  MIC none, though MsvAvFlags announces one\n");
    assert_says(describe_token(&token),
                "    MsvAvFlags 0x7: constrained MIC unverified-target\n");
    assert_says(describe_token(&token), "    MsvAvChannelBindings none (zeros)\n");
}
END_TEST

/* A CHALLENGE with this list. */
static const struct report *describe_list(struct ntlm_bytes list)
{
    struct token token = token_of(NTLM_CHALLENGE, 48);

    token_put32(&token, 20, NTLMSSP_NEGOTIATE_TARGET_INFO);
    token_payload(&token, 40, list);
    return describe_token(&token);
}

START_TEST(a_timestamp_is_told_in_utc)
{
    assert_says(describe_list(BYTES("\7\0\x08\0\0\x90\xd3\x36\xb4\x73\xc3\1\0\0\0\0")),
                "    MsvAvTimestamp 2003-09-05 13:47:14 UTC\n");
    assert_says(describe_list(BYTES("\7\0\x08\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0")),
                "    MsvAvTimestamp 60056-05-28 05:36:10 UTC\n");
    assert_says(describe_list(BYTES("\7\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0")),
                "    MsvAvTimestamp not set\n");
}
END_TEST

START_TEST(odd_pairs_are_told)
{
    const struct report *report = describe_list(BYTES("\x34\x12\1\0x\x08\0\2\0xx"
                                                      "\6\0\4\0\0\0\0\x80"
                                                      "\6\0\4\0\0\0\0\0"
                                                      "\6\0\3\0\2\0\0"
                                                      "\1\0\1\0x"
                                                      "\2\0\xff\xffx"));

    ck_assert_str_eq(strstr(report->text, "    "),
                     "    AvId 4660, 1 bytes\n"
                     "    MsvAvSingleHost 2 bytes\n"
                     "    MsvAvFlags 0x80000000: others\n"
                     "    MsvAvFlags 0x0: none\n"
                     "    MsvAvFlags 3 bytes instead of 4\n"
                     "    MsvAvNbComputerName 1 bytes, unreadable: "
                     "A name in the NTLM message is not valid text\n"
                     "    The NTLM message's AV pair list is malformed\n");
}
END_TEST

START_TEST(of_an_endless_list_only_the_beginning_is_told)
{
    static const uint8_t pairs[800]; /* 200 pairs, once the ids are set */
    uint8_t list[sizeof(pairs)];

    memcpy(list, pairs, sizeof(list));
    for (size_t i = 0; i < sizeof(list); i += 4)
        list[i] = 0x55;
    const struct report *report = describe_list(ntlm_bytes(list, sizeof(list)));
    assert_says(report, "    and 136 pairs more\n");
    ck_assert_uint_lt(report->lines, 80);
    assert_says(describe_list(ntlm_bytes(list, 65 * 4)), "    and 1 pairs more\n");
    assert_says_not(describe_list(ntlm_bytes(list, 64 * 4)), "pairs more");
}
END_TEST

START_TEST(flags_are_told_by_name)
{
    char names[512];

    ntlm_describe_flags(NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56, names, sizeof(names));
    ck_assert_str_eq(names, "128 56");
    ntlm_describe_flags(NTLMSSP_NEGOTIATE_SEAL | 0x04000008, names, sizeof(names));
    ck_assert_str_eq(names, "SEAL 0x4000008");
    ntlm_describe_flags(0, names, sizeof(names));
    ck_assert_str_eq(names, "");
    ntlm_describe_flags(UINT32_MAX, names, sizeof(names));
    ck_assert_uint_gt(strlen(names), 200);
}
END_TEST

START_TEST(names_of_flags_fill_their_room_with_whole_words)
{
    char all[512] = " ";

    ntlm_describe_flags(UINT32_MAX, all + 1, sizeof(all) - 2);
    strcat(all, " ");
    for (size_t size = 0; size < 300; size++) {
        char *names = malloc(size ? size : 1);

        ck_assert_ptr_nonnull(names);
        ntlm_describe_flags(UINT32_MAX, names, size);
        if (size)
            ck_assert_uint_lt(strlen(names), size);
        for (char *word = size ? strtok(names, " ") : NULL; word; word = strtok(NULL, " ")) {
            char between[64];

            snprintf(between, sizeof(between), " %s ", word);
            ck_assert_ptr_nonnull(strstr(all, between));
        }
        free(names);
    }
}
END_TEST

START_TEST(without_flags_names_are_told_in_the_character_set_they_look_like)
{
    struct token token = token_of(NTLM_AUTHENTICATE, 52);

    token_payload(&token, 36, BYTES("U\0s\0e\0r\0"));
    token_payload(&token, 28, BYTES("DOMAIN"));
    const struct report *report = describe_token(&token);
    assert_says(report, "  UserName \"User\"\n");
    assert_says(report, "  DomainName \"DOMAIN\"\n");
    assert_says_not(report, "flags");
}
END_TEST

/* ---- secrets, forgeries ---- */

START_TEST(no_byte_of_a_secret_is_told)
{
    struct token token = token_authenticate();
    const struct report *report = describe_token(&token);

    /* proof, client challenge, session key, MIC, bindings; as text, as hex */
    assert_says_not(report, "PP");
    assert_says_not(report, "CC");
    assert_says_not(report, "KK");
    assert_says_not(report, "MM");
    assert_says_not(report, "BB");
    assert_says_not(report, "5050");
    assert_says_not(report, "4343");
    assert_says_not(report, "4b4b");
    assert_says_not(report, "4d4d");
    assert_says_not(report, "4242");
    report = describe_responses(BYTES("qqqqqqqqqqqqqqqqqqqqqqqq"),
                                BYTES("zzzzzzzzzzzzzzzzzzzzzzzz"));
    assert_says_not(report, "qq");
    assert_says_not(report, "zz");
    assert_says_not(report, "7171");
    assert_says_not(report, "7a7a");
}
END_TEST

static const struct {
    const char *wire;
    size_t len;
    const char *shown;
} hostile_names[] = {
#define NAME(literal, shown)                                                                   \
    {                                                                                          \
        literal, sizeof(literal) - 1, shown                                                    \
    }
    NAME("a\0\n\0b\0", "\"a\\u{a}b\""),
    NAME("\x1b\0[\0", "\"\\u{1b}[\""),
    NAME("\x7f\0\x9b\0", "\"\\u{7f}\\u{9b}\""),         /* DEL, CSI */
    NAME("\x2e\x20\x28\x20", "\"\\u{202e}\\u{2028}\""), /* right to left, line separator */
    NAME("\"\0\\\0", "\"\\\"\\\\\""),
    NAME("\xff\xfe\xa0\0", "\"\\u{feff}\\u{a0}\""), /* seen as nothing, as a blank */
    NAME("\0\xe0", "\"\\u{e000}\""),                /* private use */
    NAME("\x34\xd8\x1e\xdd", "\"𝄞\""),
};

START_TEST(a_peer_cannot_write_control_characters)
{
    struct token token = token_of(NTLM_AUTHENTICATE, 64);
    char line[64];

    token_put32(&token, 60, NTLMSSP_NEGOTIATE_UNICODE);
    token_payload(&token, 36, ntlm_bytes(hostile_names[_i].wire, hostile_names[_i].len));
    snprintf(line, sizeof(line), "  UserName %s\n", hostile_names[_i].shown);
    assert_says(describe_token(&token), line);
}
END_TEST

START_TEST(a_peer_cannot_write_control_characters_in_oem_text)
{
    struct token token = token_of(NTLM_NEGOTIATE, 32);

    token_put32(&token, 12, NTLMSSP_NEGOTIATE_OEM_DOMAIN_SUPPLIED);
    token_payload(&token, 16, BYTES("a\r\n\x1b[2J"));
    assert_says(describe_token(&token), "  DomainName \"a\\u{d}\\u{a}\\u{1b}[2J\"\n");
}
END_TEST

START_TEST(a_long_name_is_cut)
{
    struct token token = token_of(NTLM_NEGOTIATE, 32);
    char name[900];

    for (size_t fill = 0; fill < 16; fill++) { /* the cut meets an escape at every place */
        token = token_of(NTLM_NEGOTIATE, 32);
        token_put32(&token, 12, NTLMSSP_NEGOTIATE_OEM_DOMAIN_SUPPLIED);
        memset(name, 1, sizeof(name));
        memset(name, 'x', fill);
        token_payload(&token, 16, ntlm_bytes(name, sizeof(name)));
        const struct report *report = describe_token(&token);
        assert_says(report, "\\u{1}...\"\n");
        ck_assert_uint_lt(report->len, 700);
    }
}
END_TEST

/* ---- malformed tokens ---- */

START_TEST(what_is_not_ntlm_is_told_in_one_line)
{
    ck_assert_str_eq(describe(BYTES("\x60\x48\x06\x06+\x06\x01\x05\x05\x02"))->text,
                     "not an NTLM message, 10 bytes, begins 60 48 06 06\n");
    ck_assert_str_eq(describe(BYTES("\xa1"))->text,
                     "not an NTLM message, 1 bytes, begins a1\n");
    ck_assert_str_eq(describe(ntlm_bytes(NULL, 0))->text, "no bytes\n");
}
END_TEST

START_TEST(what_is_wrong_with_a_token_is_told)
{
    static uint8_t large[NTLM_MAX_TOKEN + 1];
    struct token token = token_authenticate();

    ck_assert_str_eq(describe(BYTES("NTLMSSP"))->text,
                     "token, 7 bytes, malformed: "
                     "The NTLM message is shorter than its header\n");
    ck_assert_str_eq(describe(BYTES("NTLMSSP\0\4\0\0\0"))->text,
                     "NTLM message of an unknown type, 12 bytes\n");
    ck_assert_str_eq(describe(ntlm_bytes(token.bytes, 15))->text,
                     "AUTHENTICATE, 15 bytes, malformed: "
                     "The NTLM message is shorter than its header\n");
    ck_assert_str_eq(describe(ntlm_bytes(token.bytes, token.len - 1))->text,
                     "AUTHENTICATE, 261 bytes, malformed: "
                     "A field of the NTLM message lies outside of it\n");
    ck_assert_str_eq(describe(ntlm_bytes(large, sizeof(large)))->text,
                     "token, 65537 bytes, malformed: "
                     "The NTLM message is larger than such a message may be\n");
}
END_TEST

START_TEST(a_token_cut_anywhere_is_told)
{
    const struct token whole[] = {token_negotiate(), token_challenge(), token_authenticate()};

    for (size_t i = 0; i < 3; i++)
        for (size_t len = 0; len < whole[i].len; len++)
            ck_assert_uint_ge(describe(ntlm_bytes(whole[i].bytes, len))->lines, 1);
}
END_TEST

static TCase *told_cases(void)
{
    TCase *cases = tcase_create("told");

    tcase_add_test(cases, a_negotiate_is_told);
    tcase_add_test(cases, a_challenge_is_told);
    tcase_add_test(cases, an_authenticate_is_told);
    tcase_add_test(cases, the_published_messages_are_told);
    tcase_add_test(cases, each_kind_of_response_is_told);
    tcase_add_test(cases, a_mic_is_told_with_its_place_and_whether_it_counts);
    tcase_add_test(cases, a_timestamp_is_told_in_utc);
    tcase_add_test(cases, odd_pairs_are_told);
    tcase_add_test(cases, of_an_endless_list_only_the_beginning_is_told);
    tcase_add_test(cases, flags_are_told_by_name);
    tcase_add_test(cases, names_of_flags_fill_their_room_with_whole_words);
    tcase_add_test(cases, without_flags_names_are_told_in_the_character_set_they_look_like);
    return cases;
}

int main(void)
{
    Suite *suite = suite_create("describe");
    TCase *safe = tcase_create("safe");
    TCase *malformed = tcase_create("malformed");

    suite_add_tcase(suite, told_cases());
    tcase_add_test(safe, no_byte_of_a_secret_is_told);
    tcase_add_loop_test(safe, a_peer_cannot_write_control_characters, 0,
                        (int)(sizeof(hostile_names) / sizeof(hostile_names[0])));
    tcase_add_test(safe, a_peer_cannot_write_control_characters_in_oem_text);
    tcase_add_test(safe, a_long_name_is_cut);
    suite_add_tcase(suite, safe);
    tcase_add_test(malformed, what_is_not_ntlm_is_told_in_one_line);
    tcase_add_test(malformed, what_is_wrong_with_a_token_is_told);
    tcase_add_test(malformed, a_token_cut_anywhere_is_told);
    suite_add_tcase(suite, malformed);
    return suite_run(suite);
}
