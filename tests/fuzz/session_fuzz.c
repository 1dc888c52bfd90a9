/* SPDX-License-Identifier: MIT */
/* session_fuzz.c - messages between the two ends of a session, sealed and signed, of
 * several parts, with what is changed on their way. A message that was changed is
 * refused, changes nothing, and comes out as it came in; the right one then arrives. */

#include "config.h"

#include "ntlm/flags.h"
#include "ntlm/session.h"
#include "target.h"

#define PARTS 4
#define LONGEST 255 /* bytes of all parts */
#define MESSAGES 12

struct wire {
    uint8_t plain[LONGEST], sealed[LONGEST], signature[NTLM_SIGNATURE_SIZE];
    struct ntlm_part parts[PARTS];
    size_t count, len;
};

static uint32_t flags;
static struct ntlm_session *client, *server;

static bool extended(void)
{
    return flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY;
}

/* Every combination of protection, key length and the flags that change them. */
static uint32_t flags_of(uint8_t how)
{
    static const uint32_t lengths[] = {NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56,
                                       NTLMSSP_NEGOTIATE_56, 0};

    return NTLMSSP_NEGOTIATE_ALWAYS_SIGN | NTLMSSP_NEGOTIATE_SIGN | lengths[how % 3] |
           (how & 16 ? NTLMSSP_NEGOTIATE_SEAL : 0) |
           (how & 32 ? NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY : 0) |
           (how & 64 ? NTLMSSP_NEGOTIATE_KEY_EXCH : 0) |
           (how & 128 ? NTLMSSP_NEGOTIATE_LM_KEY : 0);
}

/* Parts over these bytes, as the message has them. */
static void lay_over(const struct wire *message, uint8_t *bytes, struct ntlm_part *parts)
{
    for (size_t i = 0, at = 0; i < message->count; at += message->parts[i].len, i++) {
        parts[i] = message->parts[i];
        parts[i].in = bytes + at;
        parts[i].out = message->parts[i].out ? bytes + at : NULL;
    }
}

static void make(struct input *in, struct wire *message)
{
    *message = (struct wire){.count = take_byte(in) % (PARTS + 1)};
    for (size_t i = 0; i < message->count; i++) {
        const uint8_t shape = take_byte(in);
        size_t len;
        const uint8_t *bytes = take_bytes(in, shape >> 1 & 63, &len);

        if (len > 0)
            memcpy(message->plain + message->len, bytes, len);
        message->parts[i].len = len;
        message->parts[i].out = shape & 1 ? message->plain : NULL; /* whether, not where */
        message->len += len;
    }
    memcpy(message->sealed, message->plain, message->len);
}

static enum ntlm_error send(struct ntlm_session *from, struct wire *message)
{
    struct ntlm_part parts[PARTS];

    lay_over(message, message->sealed, parts);
    return ntlm_session_seal(from, parts, message->count, message->signature);
}

static enum ntlm_error receive(struct ntlm_session *to, struct wire *message,
                               struct ntlm_order *order)
{
    struct ntlm_part parts[PARTS];

    lay_over(message, message->sealed, parts);
    return ntlm_session_unseal(to, parts, message->count, message->signature, order);
}

/* One bit of the signature or of a part is turned over. False: there is nothing of
 * which a signature would tell. */
static bool change(struct input *in, struct wire *message)
{
    const uint8_t where = take_byte(in), bit = (uint8_t)(1 << take_byte(in) % 8);

    if (where >= 16 && message->len == 0)
        return false;
    if (where < 16)
        message->signature[where] ^= bit;
    else
        message->sealed[(where - 16u) % message->len] ^= bit;
    /* RandomPad: whoever receives does not look at it (3.4.4.1) */
    return extended() || where < 4 || where >= 8;
}

static void deliver(struct input *in, struct ntlm_session *to, const struct wire *message)
{
    struct ntlm_order order;
    struct wire copy = *message;

    if (take_byte(in) & 1 && change(in, &copy)) {
        MUST(receive(to, &copy, &order));
        copy = *message;
    }
    MUST(!receive(to, &copy, &order) && order.gap == 0 && order.verified);
    MUST(memcmp(copy.sealed, message->plain, message->len) == 0);
}

/* A second time, or what nobody has sent. */
static void deliver_what_is_not_due(struct input *in, struct ntlm_session *to,
                                    const struct wire *message)
{
    struct wire copy = *message;
    struct ntlm_order order = {0};
    size_t len;
    const uint8_t *bytes = take_bytes(in, sizeof(copy.signature), &len);

    if (len > 0)
        memcpy(copy.signature, bytes, len);
    if (!receive(to, &copy, &order))
        MUST(!extended());
}

static struct ntlm_session *exported_and_imported(struct ntlm_session *session)
{
    struct ntlm_writer out = {0}, again = {0};
    struct ntlm_session *imported;
    struct ntlm_reader in;

    ntlm_session_export(session, &out);
    MUST(!out.error);
    ntlm_reader_init(&in, ntlm_bytes(out.data, out.len));
    MUST(!ntlm_session_import(&in, &imported) && ntlm_reader_left(&in) == 0);
    ntlm_session_export(imported, &again);
    MUST(again.len == out.len && memcmp(again.data, out.data, out.len) == 0);
    ntlm_writer_clear(&out);
    ntlm_writer_clear(&again);
    ntlm_session_free(session);
    return imported;
}

static void one_message(struct input *in)
{
    struct ntlm_session **from = &client, **to = &server;
    const uint8_t how = take_byte(in);
    struct wire message;

    if (how & 1)
        from = &server, to = &client;
    if (how & 2)
        *from = exported_and_imported(*from);
    if (how & 4)
        *to = exported_and_imported(*to);
    if (how & 8 && extended())
        MUST(!ntlm_session_reset(*from, false) && !ntlm_session_reset(*to, true));
    make(in, &message);
    if (send(*from, &message))
        return;
    deliver(in, *to, &message);
    if (how & 16 && extended())
        deliver_what_is_not_due(in, *to, &message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t key[NTLM_KEY_SIZE] = {1, 2, 3};
    struct input in = {data, size};

    flags = flags_of(take_byte(&in));
    MUST(!ntlm_session_new(key, flags, NTLM_CLIENT, &client));
    MUST(!ntlm_session_new(key, flags, NTLM_SERVER, &server));
    for (int i = 0; i < MESSAGES && in.left > 0; i++)
        one_message(&in);
    ntlm_session_free(client);
    ntlm_session_free(server);
    return 0;
}
