/* SPDX-License-Identifier: MIT */
/* describe.c - the three messages, field by field. Of session keys and MICs only
 * kind and length are told; AV pairs are described in describe_pairs.c, responses in
 * describe_response.c. */

#include "config.h"

#include "describe.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "describe_field.h"
#include "describe_flags.h"
#include "describe_pairs.h"
#include "describe_response.h"
#include "flags.h"
#include "message.h"
#include "secret.h"

static void say_flags(const struct ntlm_fields *fields, uint32_t flags)
{
    char names[NTLM_QUOTE_SIZE];

    ntlm_describe_flags(flags, names, sizeof(names));
    ntlm_field(fields, 1, "NegotiateFlags", "0x%08" PRIx32 ": %s", flags,
               *names ? names : "none");
}

/* 2.2.2.10 */
static void say_version(const struct ntlm_fields *fields, bool has_version,
                        const uint8_t *version)
{
    if (has_version && !ntlm_is_zero(version, NTLM_VERSION_SIZE))
        ntlm_field(fields, 1, "Version", "%u.%u.%u, NTLM revision %u", version[0], version[1],
                   (unsigned)(version[2] | version[3] << 8), version[7]);
}

static void say_mic(const struct ntlm_fields *fields, struct ntlm_bytes token, size_t offset,
                    bool announced)
{
    if (offset == 0)
        ntlm_field(fields, 1, "MIC",
                   announced ? "none, though MsvAvFlags announces one" : "none");
    else if (!announced && ntlm_is_zero(token.data + offset, NTLM_MIC_SIZE))
        ntlm_field(fields, 1, "MIC", "none (zeros at %zu)", offset);
    else
        ntlm_field(fields, 1, "MIC", "at %zu, %s", offset,
                   announced ? "announced" : "not announced in MsvAvFlags: does not count");
}

static void say_title(const struct ntlm_fields *fields, const char *name,
                      struct ntlm_bytes token, size_t header_len)
{
    ntlm_field(fields, 0, name, "%zu bytes, header %zu", token.len, header_len);
}

static enum ntlm_error describe_negotiate(const struct ntlm_fields *fields,
                                          struct ntlm_bytes token)
{
    struct ntlm_negotiate message;
    const enum ntlm_error error = ntlm_negotiate_decode(token, &message);

    if (error)
        return error;
    say_title(fields, "NEGOTIATE", token, message.header_len);
    say_flags(fields, message.flags);
    say_version(fields, message.has_version, message.version);
    if (message.domain.len)
        ntlm_field_name(fields, 1, "DomainName", NTLMSSP_NEGOTIATE_OEM, message.domain);
    if (message.workstation.len)
        ntlm_field_name(fields, 1, "WorkstationName", NTLMSSP_NEGOTIATE_OEM,
                        message.workstation);
    return NTLM_OK;
}

static enum ntlm_error describe_challenge(const struct ntlm_fields *fields,
                                          struct ntlm_bytes token)
{
    struct ntlm_challenge message;
    const enum ntlm_error error = ntlm_challenge_decode(token, &message);
    const uint8_t *bytes = message.server_challenge;

    if (error)
        return error;
    say_title(fields, "CHALLENGE", token, message.header_len);
    say_flags(fields, message.flags);
    say_version(fields, message.has_version, message.version);
    ntlm_field_name(fields, 1, "TargetName", message.flags, message.target_name);
    ntlm_field(fields, 1, "ServerChallenge", "%02x%02x%02x%02x%02x%02x%02x%02x", bytes[0],
               bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
    if (message.target_info.len) {
        ntlm_field(fields, 1, "TargetInfo", "%zu bytes", message.target_info.len);
        ntlm_describe_pairs(fields, message.target_info);
    } else {
        ntlm_field(fields, 1, "TargetInfo", "none");
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

static enum ntlm_error describe_authenticate(const struct ntlm_fields *fields,
                                             struct ntlm_bytes token)
{
    struct ntlm_authenticate message;
    const enum ntlm_error error = ntlm_authenticate_decode(token, &message);
    bool announced;

    if (error)
        return error;
    say_title(fields, "AUTHENTICATE", token, message.header_len);
    if (message.has_flags)
        say_flags(fields, message.flags);
    say_version(fields, message.has_version, message.version);
    ntlm_field_name(fields, 1, "DomainName", charset(&message, message.domain), message.domain);
    ntlm_field_name(fields, 1, "UserName", charset(&message, message.user), message.user);
    ntlm_field_name(fields, 1, "Workstation", charset(&message, message.workstation),
                    message.workstation);
    announced = ntlm_describe_responses(fields, &message);
    ntlm_field(fields, 1, "EncryptedRandomSessionKey", "%zu bytes", message.session_key.len);
    say_mic(fields, token, message.mic_offset, announced);
    return NTLM_OK;
}

static void say_foreign(const struct ntlm_fields *fields, struct ntlm_bytes token)
{
    char begins[4 * 3 + 1] = "";

    for (size_t i = 0; i < token.len && i < 4; i++)
        snprintf(begins + 3 * i, sizeof(begins) - 3 * i, " %02x", token.data[i]);
    ntlm_field(fields, 0, NULL, "not an NTLM message, %zu bytes, begins%s", token.len, begins);
}

void ntlm_describe_fields(struct ntlm_bytes token,
                          void (*take)(void *arg, const struct ntlm_field *field), void *arg)
{
    static const char *const names[] = {"token", "NEGOTIATE", "CHALLENGE", "AUTHENTICATE"};
    const struct ntlm_fields fields = {.take = take, .arg = arg};
    enum ntlm_message_type type = 0;
    enum ntlm_error error = ntlm_message_type(token, &type);

    if (token.len == 0) {
        ntlm_field(&fields, 0, NULL, "no bytes");
        return;
    }
    if (error == NTLM_ERR_NOT_NTLM) {
        say_foreign(&fields, token);
        return;
    }
    if (error == NTLM_ERR_WRONG_MESSAGE) {
        ntlm_field(&fields, 0, NULL, "NTLM message of an unknown type, %zu bytes", token.len);
        return;
    }
    if (type == NTLM_NEGOTIATE)
        error = describe_negotiate(&fields, token);
    else if (type == NTLM_CHALLENGE)
        error = describe_challenge(&fields, token);
    else if (type == NTLM_AUTHENTICATE)
        error = describe_authenticate(&fields, token);
    if (error)
        ntlm_field(&fields, 0, names[type], "%zu bytes, malformed: %s", token.len,
                   ntlm_error_text(error));
}

/* Who takes the lines. */
struct lines {
    void (*line)(void *arg, const char *text);
    void *arg;
};

static void take_line(void *arg, const struct ntlm_field *field)
{
    const struct lines *lines = arg;
    const char *between = !field->name ? "" : field->depth > 0 ? " " : ", ";
    char text[NTLM_VALUE_SIZE + 64];

    snprintf(text, sizeof(text), "%*s%s%s%s", 2 * (int)field->depth, "",
             field->name ? field->name : "", between, field->value);
    lines->line(lines->arg, text);
}

void ntlm_describe(struct ntlm_bytes token, void (*line)(void *arg, const char *text),
                   void *arg)
{
    struct lines lines = {.line = line, .arg = arg};

    ntlm_describe_fields(token, take_line, &lines);
}
