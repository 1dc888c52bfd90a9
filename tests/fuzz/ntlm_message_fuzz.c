/* SPDX-License-Identifier: MIT */
/* ntlm_message_fuzz.c - NTLM's messages and AV pairs from whatever bytes the fuzzer
 * makes: what is decoded lies within them, is the same once it was encoded and decoded
 * again, and can be shown to people. */

#include "config.h"

#include "ntlm/avpair.h"
#include "ntlm/describe.h"
#include "ntlm/flags.h"
#include "ntlm/message.h"
#include "ntlm/text.h"
#include "target.h"

static void must_lie_within(struct ntlm_bytes field, struct ntlm_bytes token)
{
    MUST(field.len == 0 || (field.data >= token.data && field.len <= token.len &&
                            field.data <= token.data + token.len - field.len));
}

static void must_be_same(struct ntlm_bytes one, struct ntlm_bytes other)
{
    MUST(one.len == other.len && (one.len == 0 || memcmp(one.data, other.data, one.len) == 0));
}

/* A name that is text is the same text when it was sent once more. */
static void must_be_text_or_not(uint32_t flags, struct ntlm_bytes name)
{
    struct ntlm_writer out = {0};
    char *text, *again;

    if (ntlm_message_text(flags, name, &text)) {
        MUST(!text);
        return;
    }
    ntlm_message_write_text(flags, text, &out);
    MUST(!out.error);
    must_be_same(ntlm_bytes(out.data, out.len), ntlm_message_name(flags, name));
    MUST(!ntlm_message_text(flags, ntlm_bytes(out.data, out.len), &again));
    MUST(strcmp(text, again) == 0 && ntlm_text_same(text, again));
    free(text);
    free(again);
    ntlm_writer_clear(&out);
}

static void must_be_pairs_or_not(struct ntlm_bytes list)
{
    struct ntlm_bytes rest = list, value;
    const bool good = !ntlm_av_check(list);
    struct ntlm_writer out = {0};
    struct ntlm_av_pair pair;
    size_t count = 0;
    uint64_t time;

    while (ntlm_av_next(&rest, &pair)) {
        must_lie_within(pair.value, list);
        MUST(ntlm_av_find(list, pair.id, &value));
        MUST(!good || ntlm_av_fixed_size(pair.id) == 0 ||
             ntlm_av_fixed_size(pair.id) == pair.value.len);
        count++;
    }
    MUST(!good || (count < NTLM_MAX_AV_PAIRS && rest.len >= 4));
    MUST(!good || !ntlm_av_timestamp(list, &time) ||
         ntlm_av_find(list, MSV_AV_TIMESTAMP, &value));
    if (good) {
        ntlm_av_write_others(&out, list);
        ntlm_av_write_eol(&out);
        MUST(!out.error && !ntlm_av_check(ntlm_bytes(out.data, out.len)));
        MUST(ntlm_av_flags(ntlm_bytes(out.data, out.len)) == 0);
        ntlm_writer_clear(&out);
    }
}

static void look_at_negotiate(struct ntlm_bytes token)
{
    struct ntlm_negotiate message, again;
    struct ntlm_writer out = {0};

    if (ntlm_negotiate_decode(token, &message)) {
        MUST(message.flags == 0 && message.domain.len == 0 && message.header_len == 0);
        return;
    }
    must_lie_within(message.domain, token);
    must_lie_within(message.workstation, token);
    MUST(message.header_len <= token.len);
    ntlm_negotiate_encode(&message, &out);
    MUST(!out.error);
    if (out.len <= NTLM_MAX_NEGOTIATE) {
        MUST(!ntlm_negotiate_decode(ntlm_bytes(out.data, out.len), &again));
        MUST(again.flags == message.flags);
        must_be_same(again.domain, message.domain);
        must_be_same(again.workstation, message.workstation);
    }
    ntlm_writer_clear(&out);
}

static void look_at_challenge(struct ntlm_bytes token)
{
    struct ntlm_challenge message, again;
    struct ntlm_writer out = {0};

    if (ntlm_challenge_decode(token, &message)) {
        MUST(message.flags == 0 && message.target_info.len == 0 && message.header_len == 0);
        return;
    }
    must_lie_within(message.target_name, token);
    must_lie_within(message.target_info, token);
    MUST(message.header_len <= token.len);
    must_be_text_or_not(message.flags, message.target_name);
    must_be_pairs_or_not(message.target_info);
    ntlm_challenge_encode(&message, &out);
    MUST(!out.error);
    if (out.len <= NTLM_MAX_CHALLENGE) {
        MUST(!ntlm_challenge_decode(ntlm_bytes(out.data, out.len), &again));
        MUST(again.flags == message.flags);
        MUST(memcmp(again.server_challenge, message.server_challenge, 8) == 0);
        must_be_same(again.target_name, message.target_name);
        must_be_same(again.target_info, message.target_info);
    }
    ntlm_writer_clear(&out);
}

static void must_encode_authenticate(const struct ntlm_authenticate *message)
{
    struct ntlm_authenticate again;
    struct ntlm_writer out = {0};

    ntlm_authenticate_encode(message, &out);
    MUST(!out.error);
    if (out.len <= NTLM_MAX_AUTHENTICATE) {
        MUST(!ntlm_authenticate_decode(ntlm_bytes(out.data, out.len), &again));
        MUST(again.flags == message->flags);
        must_be_same(again.lm_response, message->lm_response);
        must_be_same(again.nt_response, message->nt_response);
        must_be_same(again.domain, message->domain);
        must_be_same(again.user, message->user);
        must_be_same(again.workstation, message->workstation);
        must_be_same(again.session_key, message->session_key);
    }
    ntlm_writer_clear(&out);
}

static void look_at_authenticate(struct ntlm_bytes token)
{
    struct ntlm_authenticate message;

    if (ntlm_authenticate_decode(token, &message)) {
        MUST(message.flags == 0 && message.user.len == 0 && message.header_len == 0);
        return;
    }
    must_lie_within(message.lm_response, token);
    must_lie_within(message.nt_response, token);
    must_lie_within(message.domain, token);
    must_lie_within(message.user, token);
    must_lie_within(message.workstation, token);
    must_lie_within(message.session_key, token);
    MUST(message.mic_offset == 0 || message.mic_offset + NTLM_MIC_SIZE <= token.len);
    must_be_text_or_not(message.flags, message.user);
    must_be_text_or_not(message.flags, message.domain);
    if (message.nt_response.len > 44)
        must_be_pairs_or_not(
            ntlm_bytes(message.nt_response.data + 44, message.nt_response.len - 44));
    if (message.has_flags && (message.mic_offset == 0 || message.mic_offset == 72))
        must_encode_authenticate(&message);
}

/* Escaped: what a peer sends changes no terminal. */
static void must_be_printable(void *arg, const struct ntlm_field *field)
{
    (void)arg;
    MUST(field->value && field->depth < 8);
    for (const char *at = field->value; *at; at++)
        MUST((unsigned char)*at >= ' ' && *at != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ntlm_bytes token = ntlm_bytes(data, size);
    enum ntlm_message_type type;

    ntlm_describe_fields(token, must_be_printable, NULL);
    look_at_negotiate(token);
    look_at_challenge(token);
    look_at_authenticate(token);
    if (ntlm_message_type(token, &type))
        must_be_pairs_or_not(token);
    return 0;
}
