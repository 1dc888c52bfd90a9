/* SPDX-License-Identifier: MIT */
/* describe.c - tokens as an administrator reads them. What a peer wrote is
 * quoted and escaped, so that it can neither drive a terminal nor forge a line
 * of a log; of responses, proofs, keys and MICs only kind and length are told. */

#include "config.h"

#include "describe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unictype.h>
#include <unistr.h>

#include "avpair.h"
#include "filetime.h"
#include "flags.h"
#include "message.h"

#define LINE_SIZE 1024
#define QUOTE_SIZE 512   /* of a name; more of it is left out */
#define MAX_PAIRS 64     /* likewise of a list */
#define RESPONSE_SIZE 24 /* of LM, LMv2 and NTLMv1 ([MS-NLMP] 2.2.2.3 to 2.2.2.6) */

/* An NTLMv2 response: NTProofStr, then an NTLMv2_CLIENT_CHALLENGE with two
 * version bytes, the time, the client's challenge and the AV pairs (2.2.2.7). */
#define V2_CHALLENGE 16
#define V2_TIME 24
#define V2_PAIRS 44

/* Who takes the lines. */
struct page {
    void (*line)(void *arg, const char *text);
    void *arg;
};

static void say(const struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(const struct page *page, const char *format, ...)
{
    char text[LINE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    page->line(page->arg, text);
}

static bool all_zeros(struct ntlm_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.data[i] != 0)
            return false;
    return true;
}

/* ---- text ---- */

/* Letters, marks, numbers, punctuation, symbols and the blank. Not controls,
 * not the invisible ones that turn the direction of writing, no other space. */
static bool shows_as_itself(ucs4_t c)
{
    return c == ' ' || (c != '"' && c != '\\' &&
                        uc_is_general_category_withtable(
                            c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N |
                                   UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_S));
}

/* Valid UTF-8 between quotation marks. */
static void quote(const char *text, char out[QUOTE_SIZE])
{
    const uint8_t *at = (const uint8_t *)text;
    static const char more[] = "...";
    size_t len = 0;
    ucs4_t c;

    out[len++] = '"';
    for (int size; (size = u8_strmbtouc(&c, at)) > 0; at += size) {
        char piece[16];

        if (shows_as_itself(c))
            snprintf(piece, sizeof(piece), "%.*s", size, (const char *)at);
        else if (c == '"' || c == '\\')
            snprintf(piece, sizeof(piece), "\\%c", (char)c);
        else
            snprintf(piece, sizeof(piece), "\\u{%" PRIx32 "}", (uint32_t)c);
        if (len + strlen(piece) + sizeof(more) + 1 > QUOTE_SIZE) {
            memcpy(out + len, more, sizeof(more) - 1);
            len += sizeof(more) - 1;
            break;
        }
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    out[len++] = '"';
    out[len] = '\0';
}

/* A name in the message's character set. */
static void say_name(const struct page *page, const char *label, uint32_t flags,
                     struct ntlm_bytes wire)
{
    char quoted[QUOTE_SIZE];
    char *text;
    const enum ntlm_error error = ntlm_message_text(flags, wire, &text);

    if (error) {
        say(page, "%s: %zu bytes, unreadable: %s", label, wire.len, ntlm_error_text(error));
        return;
    }
    quote(text, quoted);
    say(page, "%s %s", label, quoted);
    free(text);
}

/* ---- numbers ---- */

static const struct {
    uint32_t flag;
    const char *name;
} flag_names[] = {
    {NTLMSSP_NEGOTIATE_UNICODE, "UNICODE"},
    {NTLMSSP_NEGOTIATE_OEM, "OEM"},
    {NTLMSSP_REQUEST_TARGET, "REQUEST_TARGET"},
    {NTLMSSP_NEGOTIATE_SIGN, "SIGN"},
    {NTLMSSP_NEGOTIATE_SEAL, "SEAL"},
    {NTLMSSP_NEGOTIATE_DATAGRAM, "DATAGRAM"},
    {NTLMSSP_NEGOTIATE_LM_KEY, "LM_KEY"},
    {NTLMSSP_NEGOTIATE_NTLM, "NTLM"},
    {NTLMSSP_ANONYMOUS, "ANONYMOUS"},
    {NTLMSSP_NEGOTIATE_OEM_DOMAIN_SUPPLIED, "OEM_DOMAIN_SUPPLIED"},
    {NTLMSSP_NEGOTIATE_OEM_WORKSTATION_SUPPLIED, "OEM_WORKSTATION_SUPPLIED"},
    {NTLMSSP_NEGOTIATE_ALWAYS_SIGN, "ALWAYS_SIGN"},
    {NTLMSSP_TARGET_TYPE_DOMAIN, "TARGET_TYPE_DOMAIN"},
    {NTLMSSP_TARGET_TYPE_SERVER, "TARGET_TYPE_SERVER"},
    {NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY, "EXTENDED_SESSIONSECURITY"},
    {NTLMSSP_NEGOTIATE_IDENTIFY, "IDENTIFY"},
    {NTLMSSP_REQUEST_NON_NT_SESSION_KEY, "REQUEST_NON_NT_SESSION_KEY"},
    {NTLMSSP_NEGOTIATE_TARGET_INFO, "TARGET_INFO"},
    {NTLMSSP_NEGOTIATE_VERSION, "VERSION"},
    {NTLMSSP_NEGOTIATE_128, "128"},
    {NTLMSSP_NEGOTIATE_KEY_EXCH, "KEY_EXCH"},
    {NTLMSSP_NEGOTIATE_56, "56"},
};

/* Adds a word to a line of words, whole or not at all. */
static void add_word(const char *word, char *out, size_t out_size)
{
    const size_t len = strlen(out);

    if (len + strlen(word) + 2 <= out_size)
        snprintf(out + len, out_size - len, "%s%s", len ? " " : "", word);
}

void ntlm_describe_flags(uint32_t flags, char *out, size_t out_size)
{
    char rest[16];

    if (out_size == 0)
        return;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++) {
        if (flags & flag_names[i].flag)
            add_word(flag_names[i].name, out, out_size);
        flags &= ~flag_names[i].flag;
    }
    snprintf(rest, sizeof(rest), "%#" PRIx32, flags);
    if (flags)
        add_word(rest, out, out_size);
}

static void say_flags(const struct page *page, uint32_t flags)
{
    char names[QUOTE_SIZE];

    ntlm_describe_flags(flags, names, sizeof(names));
    say(page, "  flags 0x%08" PRIx32 ": %s", flags, *names ? names : "none");
}

/* 2.2.2.10 */
static void say_version(const struct page *page, bool has_version, const uint8_t *version)
{
    if (has_version && !all_zeros(ntlm_bytes(version, NTLM_VERSION_SIZE)))
        say(page, "  version %u.%u.%u, NTLM revision %u", version[0], version[1],
            (unsigned)(version[2] | version[3] << 8), version[7]);
}

static void say_time(const struct page *page, const char *label, uint64_t filetime)
{
    char date[NTLM_FILETIME_TEXT];

    ntlm_filetime_text(filetime, date);
    say(page, "%s %s", label, filetime == 0 ? "not set" : date);
}

/* ---- AV pairs ---- */

static const char *const av_names[] = {
    [MSV_AV_EOL] = "MsvAvEOL",
    [MSV_AV_NB_COMPUTER_NAME] = "MsvAvNbComputerName",
    [MSV_AV_NB_DOMAIN_NAME] = "MsvAvNbDomainName",
    [MSV_AV_DNS_COMPUTER_NAME] = "MsvAvDnsComputerName",
    [MSV_AV_DNS_DOMAIN_NAME] = "MsvAvDnsDomainName",
    [MSV_AV_DNS_TREE_NAME] = "MsvAvDnsTreeName",
    [MSV_AV_FLAGS] = "MsvAvFlags",
    [MSV_AV_TIMESTAMP] = "MsvAvTimestamp",
    [MSV_AV_SINGLE_HOST] = "MsvAvSingleHost",
    [MSV_AV_TARGET_NAME] = "MsvAvTargetName",
    [MSV_AV_CHANNEL_BINDINGS] = "MsvAvChannelBindings",
};
#define AV_NAME_COUNT (sizeof(av_names) / sizeof(av_names[0]))

static void say_av_flags(const struct page *page, uint32_t flags)
{
    char names[QUOTE_SIZE] = "";
    const uint32_t known =
        MSV_AV_FLAG_CONSTRAINED | MSV_AV_FLAG_MIC | MSV_AV_FLAG_UNVERIFIED_TARGET;

    if (flags & MSV_AV_FLAG_CONSTRAINED)
        add_word("constrained", names, sizeof(names));
    if (flags & MSV_AV_FLAG_MIC)
        add_word("MIC", names, sizeof(names));
    if (flags & MSV_AV_FLAG_UNVERIFIED_TARGET)
        add_word("unverified-target", names, sizeof(names));
    if (flags & ~known)
        add_word("others", names, sizeof(names));
    say(page, "    MsvAvFlags 0x%" PRIx32 ": %s", flags, *names ? names : "none");
}

static void say_pair(const struct page *page, const struct ntlm_av_pair *pair)
{
    const size_t size = ntlm_av_fixed_size(pair->id);
    char label[64];
    struct ntlm_reader in;

    ntlm_reader_init(&in, pair->value);
    if (pair->id >= AV_NAME_COUNT) {
        say(page, "    pair %u, %zu bytes", pair->id, pair->value.len);
        return;
    }
    snprintf(label, sizeof(label), "    %s", av_names[pair->id]);
    if (size && pair->value.len != size) {
        say(page, "%s, %zu bytes instead of %zu", label, pair->value.len, size);
        return;
    }
    switch (pair->id) {
    case MSV_AV_FLAGS:
        say_av_flags(page, ntlm_read32(&in));
        break;
    case MSV_AV_TIMESTAMP:
        say_time(page, label, ntlm_read64(&in));
        break;
    case MSV_AV_SINGLE_HOST:
        say(page, "%s, %zu bytes", label, pair->value.len);
        break;
    case MSV_AV_CHANNEL_BINDINGS:
        say(page, "%s %s", label, all_zeros(pair->value) ? "none (zeros)" : "present");
        break;
    default:
        say_name(page, label, NTLMSSP_NEGOTIATE_UNICODE, pair->value);
    }
}

static void say_pairs(const struct page *page, struct ntlm_bytes list)
{
    const enum ntlm_error error = ntlm_av_check(list);
    struct ntlm_av_pair pair;
    size_t count;

    for (count = 0; ntlm_av_next(&list, &pair); count++)
        if (count < MAX_PAIRS)
            say_pair(page, &pair);
    if (count > MAX_PAIRS)
        say(page, "    and %zu pairs more", count - MAX_PAIRS);
    if (error)
        say(page, "    %s", ntlm_error_text(error));
}

/* ---- responses ---- */

static bool is_v2(struct ntlm_bytes nt_response)
{
    return nt_response.len >= V2_PAIRS;
}

/* NTLMv1 with extended session security puts a client challenge and 16 zeros
 * into the LM response (3.3.1). */
static bool is_v1_ess(const struct ntlm_authenticate *message)
{
    return message->nt_response.len == RESPONSE_SIZE &&
           message->lm_response.len == RESPONSE_SIZE &&
           all_zeros(ntlm_bytes(message->lm_response.data + 8, RESPONSE_SIZE - 8));
}

static const char *lm_response_kind(const struct ntlm_authenticate *message)
{
    const struct ntlm_bytes lm = message->lm_response, nt = message->nt_response;

    if (lm.len == 0)
        return "none";
    if (lm.len == 1 && lm.data[0] == 0 && nt.len == 0)
        return "one zero byte (anonymous)";
    if (lm.len != RESPONSE_SIZE)
        return "of an unknown kind";
    if (all_zeros(lm))
        return "zeros (none)";
    if (is_v2(nt))
        return "LMv2";
    if (is_v1_ess(message))
        return "a client challenge (extended session security)";
    if (nt.len == lm.len && memcmp(nt.data, lm.data, lm.len) == 0)
        return "the NT response again (no LM)";
    return "LM";
}

static const char *nt_response_kind(const struct ntlm_authenticate *message)
{
    const struct ntlm_bytes nt = message->nt_response;

    if (nt.len == 0)
        return "none";
    if (is_v2(nt))
        return "NTLMv2";
    if (is_v1_ess(message))
        return "NTLMv1 with extended session security";
    return nt.len == RESPONSE_SIZE ? "NTLMv1" : "of an unknown kind";
}

/* What the client says in its NTLMv2 response beside the proof. */
static void say_v2(const struct page *page, struct ntlm_bytes response, struct ntlm_bytes pairs)
{
    struct ntlm_bytes value;
    struct ntlm_reader in;

    if (response.data[V2_CHALLENGE] != 1 || response.data[V2_CHALLENGE + 1] != 1)
        say(page, "    of an unknown version");
    ntlm_reader_init(&in, response);
    ntlm_read_bytes(&in, V2_TIME);
    say_time(page, "    client time", ntlm_read64(&in));
    say_pairs(page, pairs);
    if (!ntlm_av_find(pairs, MSV_AV_CHANNEL_BINDINGS, &value))
        say(page, "    no channel bindings");
    if (!ntlm_av_find(pairs, MSV_AV_TARGET_NAME, &value))
        say(page, "    no target name");
}

static void say_mic(const struct page *page, struct ntlm_bytes token, size_t offset,
                    bool announced)
{
    if (offset == 0)
        say(page, announced ? "  no MIC, though MsvAvFlags announces one" : "  no MIC");
    else if (!announced && all_zeros(ntlm_bytes(token.data + offset, NTLM_MIC_SIZE)))
        say(page, "  no MIC (zeros at %zu)", offset);
    else
        say(page, "  MIC at %zu, %s", offset,
            announced ? "announced" : "not announced in MsvAvFlags: does not count");
}

/* ---- the three messages ---- */

static void say_title(const struct page *page, const char *name, struct ntlm_bytes token,
                      size_t header_len)
{
    say(page, "%s, %zu bytes, header %zu", name, token.len, header_len);
}

static enum ntlm_error describe_negotiate(const struct page *page, struct ntlm_bytes token)
{
    struct ntlm_negotiate message;
    const enum ntlm_error error = ntlm_negotiate_decode(token, &message);

    if (error)
        return error;
    say_title(page, "NEGOTIATE", token, message.header_len);
    say_flags(page, message.flags);
    say_version(page, message.has_version, message.version);
    if (message.domain.len)
        say_name(page, "  domain", NTLMSSP_NEGOTIATE_OEM, message.domain);
    if (message.workstation.len)
        say_name(page, "  workstation", NTLMSSP_NEGOTIATE_OEM, message.workstation);
    return NTLM_OK;
}

static enum ntlm_error describe_challenge(const struct page *page, struct ntlm_bytes token)
{
    struct ntlm_challenge message;
    const enum ntlm_error error = ntlm_challenge_decode(token, &message);
    const uint8_t *bytes = message.server_challenge;

    if (error)
        return error;
    say_title(page, "CHALLENGE", token, message.header_len);
    say_flags(page, message.flags);
    say_version(page, message.has_version, message.version);
    say_name(page, "  target name", message.flags, message.target_name);
    say(page, "  server challenge %02x%02x%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1],
        bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
    if (message.target_info.len) {
        say(page, "  target info, %zu bytes", message.target_info.len);
        say_pairs(page, message.target_info);
    } else {
        say(page, "  no target info");
    }
    return NTLM_OK;
}

/* The character set of the names. The header of 52 bytes does not tell: what
 * has a zero byte in it is then UTF-16. */
static uint32_t charset(const struct ntlm_authenticate *message, struct ntlm_bytes name)
{
    if (message->has_flags)
        return message->flags;
    return name.len && memchr(name.data, 0, name.len) ? NTLMSSP_NEGOTIATE_UNICODE
                                                      : NTLMSSP_NEGOTIATE_OEM;
}

static enum ntlm_error describe_authenticate(const struct page *page, struct ntlm_bytes token)
{
    struct ntlm_authenticate message;
    const enum ntlm_error error = ntlm_authenticate_decode(token, &message);
    struct ntlm_bytes pairs = {0};

    if (error)
        return error;
    say_title(page, "AUTHENTICATE", token, message.header_len);
    if (message.has_flags)
        say_flags(page, message.flags);
    say_version(page, message.has_version, message.version);
    say_name(page, "  domain", charset(&message, message.domain), message.domain);
    say_name(page, "  user", charset(&message, message.user), message.user);
    say_name(page, "  workstation", charset(&message, message.workstation),
             message.workstation);
    say(page, "  LM response, %zu bytes: %s", message.lm_response.len,
        lm_response_kind(&message));
    say(page, "  NT response, %zu bytes: %s", message.nt_response.len,
        nt_response_kind(&message));
    if (is_v2(message.nt_response)) {
        pairs =
            ntlm_bytes(message.nt_response.data + V2_PAIRS, message.nt_response.len - V2_PAIRS);
        say_v2(page, message.nt_response, pairs);
    }
    say(page, "  session key, %zu bytes", message.session_key.len);
    say_mic(page, token, message.mic_offset, ntlm_av_flags(pairs) & MSV_AV_FLAG_MIC);
    return NTLM_OK;
}

static void say_foreign(const struct page *page, struct ntlm_bytes token)
{
    char begins[4 * 3 + 1] = "";

    for (size_t i = 0; i < token.len && i < 4; i++)
        snprintf(begins + 3 * i, sizeof(begins) - 3 * i, " %02x", token.data[i]);
    say(page, "not an NTLM message, %zu bytes, begins%s", token.len, begins);
}

void ntlm_describe(struct ntlm_bytes token, void (*line)(void *arg, const char *text),
                   void *arg)
{
    static const char *const names[] = {"token", "NEGOTIATE", "CHALLENGE", "AUTHENTICATE"};
    const struct page page = {.line = line, .arg = arg};
    enum ntlm_message_type type = 0;
    enum ntlm_error error = ntlm_message_type(token, &type);

    if (token.len == 0) {
        say(&page, "no bytes");
        return;
    }
    if (error == NTLM_ERR_NOT_NTLM) {
        say_foreign(&page, token);
        return;
    }
    if (error == NTLM_ERR_WRONG_MESSAGE) {
        say(&page, "NTLM message of an unknown type, %zu bytes", token.len);
        return;
    }
    if (type == NTLM_NEGOTIATE)
        error = describe_negotiate(&page, token);
    else if (type == NTLM_CHALLENGE)
        error = describe_challenge(&page, token);
    else if (type == NTLM_AUTHENTICATE)
        error = describe_authenticate(&page, token);
    if (error)
        say(&page, "%s, %zu bytes, malformed: %s", names[type], token.len,
            ntlm_error_text(error));
}
