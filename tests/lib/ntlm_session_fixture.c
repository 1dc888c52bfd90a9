/* SPDX-License-Identifier: MIT */
/* ntlm_session_fixture.c - see conversation.h. */

#include "config.h"

#include "ntlm_session_fixture.h"

#include <check.h>
#include <string.h>

static const uint8_t key[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

struct ntlm_session *client, *server;

const struct message shapes[SHAPES] = {
    {.pieces = {"one piece that is encrypted"}},
    {.pieces = {"Signed only, as gss_get_mic does"}},
    {.pieces = {""}},
    {.pieces = {NULL}},
    {.pieces = {"Header", "body", "", "Trailer"}},
    {.pieces = {"a", "b", "c", "d"}},
};

uint32_t mode(int number)
{
    static const uint32_t lengths[] = {B128 | B56, B56, 0};
    uint32_t flags = ALWAYS_SIGN | lengths[number % 3];

    flags |= number / 3 % 2 ? SIGN | SEAL : SIGN;
    flags |= number / 6 % 2 ? ESS : 0;
    flags |= number / 12 % 2 ? KEY_EXCH : 0;
    flags |= number / 24 % 2 ? LM_KEY : 0;
    return flags;
}

void open_both(uint32_t flags)
{
    ck_assert_int_eq(ntlm_session_new(key, flags, NTLM_CLIENT, &client), NTLM_OK);
    ck_assert_int_eq(ntlm_session_new(key, flags, NTLM_SERVER, &server), NTLM_OK);
}

void close_both(void)
{
    ntlm_session_free(client);
    ntlm_session_free(server);
}

static bool signed_only(const char *piece)
{
    return *piece >= 'A' && *piece <= 'Z';
}

/* The pieces as parts that lie in data one after the other. */
static size_t lay_out(const struct message *message, uint8_t *data,
                      struct ntlm_part parts[MAX_PIECES])
{
    size_t count = 0;

    for (const char *piece; count < MAX_PIECES && (piece = message->pieces[count]); count++) {
        parts[count] = (struct ntlm_part){
            .in = data, .out = signed_only(piece) ? NULL : data, .len = strlen(piece)};
        data += strlen(piece);
    }
    return count;
}

static size_t join(const struct message *message, uint8_t text[ROOM])
{
    size_t len = 0;

    for (size_t i = 0; i < MAX_PIECES && message->pieces[i]; i++) {
        size_t piece_len = strlen(message->pieces[i]);

        ck_assert_uint_le(len + piece_len, ROOM);
        memcpy(text + len, message->pieces[i], piece_len);
        len += piece_len;
    }
    return len;
}

struct message seal(struct ntlm_session *from, const struct message *shape)
{
    struct message message = *shape;
    struct ntlm_part parts[MAX_PIECES];
    size_t count = lay_out(&message, message.data, parts);

    message.len = join(&message, message.data);
    ck_assert_int_eq(ntlm_session_seal(from, parts, count, message.signature), NTLM_OK);
    return message;
}

struct message seal_text(struct ntlm_session *from, const char *piece)
{
    return seal(from, &(struct message){.pieces = {piece}});
}

enum ntlm_error unseal(struct ntlm_session *to, const struct message *message,
                       struct ntlm_order *order, uint8_t plain[ROOM])
{
    uint8_t data[ROOM];
    struct ntlm_part parts[MAX_PIECES];
    size_t count = lay_out(message, data, parts);
    enum ntlm_error error;

    memcpy(data, message->data, ROOM);
    error = ntlm_session_unseal(to, parts, count, message->signature, order);
    if (plain)
        memcpy(plain, data, ROOM);
    return error;
}

void assert_arrives(struct ntlm_session *to, const struct message *message)
{
    struct ntlm_order order;
    uint8_t plain[ROOM], expected[ROOM];
    size_t len = join(message, expected);

    ck_assert_int_eq(unseal(to, message, &order, plain), NTLM_OK);
    ck_assert_int_eq(order.gap, 0);
    ck_assert(order.verified);
    ck_assert(!memcmp(plain, expected, len));
}

void assert_refused(struct ntlm_session *to, struct message *message, uint8_t *byte)
{
    struct ntlm_order order;
    uint8_t left[ROOM], was = *byte;

    for (int bit = 0; bit < 8; bit++) {
        *byte = (uint8_t)(was ^ 1 << bit);
        enum ntlm_error error = unseal(to, message, &order, left);
        ck_assert(!order.verified);
        if (error != NTLM_ERR_OUT_OF_SEQUENCE)
            ck_assert_int_eq(error, NTLM_ERR_BAD_SIGNATURE);
        ck_assert_mem_eq(left, message->data, message->len); /* as it came */
    }
    *byte = was;
}

void converse(void)
{
    for (size_t i = 0; i < SHAPES; i++) {
        struct message message = seal(client, &shapes[i]);

        assert_arrives(server, &message);
        message = seal(server, &shapes[i]);
        assert_arrives(client, &message);
    }
}
