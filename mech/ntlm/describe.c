/* SPDX-License-Identifier: MIT */
/* describe.c - the three messages in readable lines. Of session keys and MICs only
 * kind and length are told; AV pairs are described in describe_pairs.c, responses in
 * describe_response.c. */

#include "config.h"

#include "describe.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "describe_flags.h"
#include "describe_line.h"
#include "describe_pairs.h"
#include "describe_response.h"
#include "flags.h"
#include "message.h"

static void say_flags(const struct ntlm_lines *lines, uint32_t flags)
{
    char names[NTLM_QUOTE_SIZE];

    ntlm_describe_flags(flags, names, sizeof(names));
    ntlm_line(lines, "  flags 0x%08" PRIx32 ": %s", flags, *names ? names : "none");
}

/* 2.2.2.10 */
static void say_version(const struct ntlm_lines *lines, bool has_version,
                        const uint8_t *version)
{
    if (has_version && !ntlm_all_zeros(ntlm_bytes(version, NTLM_VERSION_SIZE)))
        ntlm_line(lines, "  version %u.%u.%u, NTLM revision %u", version[0], version[1],
                  (unsigned)(version[2] | version[3] << 8), version[7]);
}

static void say_mic(const struct ntlm_lines *lines, struct ntlm_bytes token, size_t offset,
                    bool announced)
{
    if (offset == 0)
        ntlm_line(lines, announced ? "  no MIC, though MsvAvFlags announces one" : "  no MIC");
    else if (!announced && ntlm_all_zeros(ntlm_bytes(token.data + offset, NTLM_MIC_SIZE)))
        ntlm_line(lines, "  no MIC (zeros at %zu)", offset);
    else
        ntlm_line(lines, "  MIC at %zu, %s", offset,
                  announced ? "announced" : "not announced in MsvAvFlags: does not count");
}

static void say_title(const struct ntlm_lines *lines, const char *name, struct ntlm_bytes token,
                      size_t header_len)
{
    ntlm_line(lines, "%s, %zu bytes, header %zu", name, token.len, header_len);
}

static enum ntlm_error describe_negotiate(const struct ntlm_lines *lines,
                                          struct ntlm_bytes token)
{
    struct ntlm_negotiate message;
    const enum ntlm_error error = ntlm_negotiate_decode(token, &message);

    if (error)
        return error;
    say_title(lines, "NEGOTIATE", token, message.header_len);
    say_flags(lines, message.flags);
    say_version(lines, message.has_version, message.version);
    if (message.domain.len)
        ntlm_line_name(lines, "  domain", NTLMSSP_NEGOTIATE_OEM, message.domain);
    if (message.workstation.len)
        ntlm_line_name(lines, "  workstation", NTLMSSP_NEGOTIATE_OEM, message.workstation);
    return NTLM_OK;
}

static enum ntlm_error describe_challenge(const struct ntlm_lines *lines,
                                          struct ntlm_bytes token)
{
    struct ntlm_challenge message;
    const enum ntlm_error error = ntlm_challenge_decode(token, &message);
    const uint8_t *bytes = message.server_challenge;

    if (error)
        return error;
    say_title(lines, "CHALLENGE", token, message.header_len);
    say_flags(lines, message.flags);
    say_version(lines, message.has_version, message.version);
    ntlm_line_name(lines, "  target name", message.flags, message.target_name);
    ntlm_line(lines, "  server challenge %02x%02x%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1],
              bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
    if (message.target_info.len) {
        ntlm_line(lines, "  target info, %zu bytes", message.target_info.len);
        ntlm_describe_pairs(lines, message.target_info);
    } else {
        ntlm_line(lines, "  no target info");
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

static enum ntlm_error describe_authenticate(const struct ntlm_lines *lines,
                                             struct ntlm_bytes token)
{
    struct ntlm_authenticate message;
    const enum ntlm_error error = ntlm_authenticate_decode(token, &message);
    bool announced;

    if (error)
        return error;
    say_title(lines, "AUTHENTICATE", token, message.header_len);
    if (message.has_flags)
        say_flags(lines, message.flags);
    say_version(lines, message.has_version, message.version);
    ntlm_line_name(lines, "  domain", charset(&message, message.domain), message.domain);
    ntlm_line_name(lines, "  user", charset(&message, message.user), message.user);
    ntlm_line_name(lines, "  workstation", charset(&message, message.workstation),
                   message.workstation);
    announced = ntlm_describe_responses(lines, &message);
    ntlm_line(lines, "  session key, %zu bytes", message.session_key.len);
    say_mic(lines, token, message.mic_offset, announced);
    return NTLM_OK;
}

static void say_foreign(const struct ntlm_lines *lines, struct ntlm_bytes token)
{
    char begins[4 * 3 + 1] = "";

    for (size_t i = 0; i < token.len && i < 4; i++)
        snprintf(begins + 3 * i, sizeof(begins) - 3 * i, " %02x", token.data[i]);
    ntlm_line(lines, "not an NTLM message, %zu bytes, begins%s", token.len, begins);
}

void ntlm_describe(struct ntlm_bytes token, void (*line)(void *arg, const char *text),
                   void *arg)
{
    static const char *const names[] = {"token", "NEGOTIATE", "CHALLENGE", "AUTHENTICATE"};
    const struct ntlm_lines lines = {.line = line, .arg = arg};
    enum ntlm_message_type type = 0;
    enum ntlm_error error = ntlm_message_type(token, &type);

    if (token.len == 0) {
        ntlm_line(&lines, "no bytes");
        return;
    }
    if (error == NTLM_ERR_NOT_NTLM) {
        say_foreign(&lines, token);
        return;
    }
    if (error == NTLM_ERR_WRONG_MESSAGE) {
        ntlm_line(&lines, "NTLM message of an unknown type, %zu bytes", token.len);
        return;
    }
    if (type == NTLM_NEGOTIATE)
        error = describe_negotiate(&lines, token);
    else if (type == NTLM_CHALLENGE)
        error = describe_challenge(&lines, token);
    else if (type == NTLM_AUTHENTICATE)
        error = describe_authenticate(&lines, token);
    if (error)
        ntlm_line(&lines, "%s, %zu bytes, malformed: %s", names[type], token.len,
                  ntlm_error_text(error));
}
