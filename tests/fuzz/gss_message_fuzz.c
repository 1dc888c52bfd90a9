/* SPDX-License-Identifier: MIT */
/* gss_message_fuzz.c - messages of an established context: wrapped, signed, in buffers
 * (IOV) of whatever types, lengths and order the input says, and whatever the input has
 * in their place. What arrives is what was sent, or is refused; a message that was refused
 * may be followed by the right one. */

#include "config.h"

#include "door.h"

#define MESSAGES 8
#define BUFFERS 20 /* more than are held without allocating */
#define ROOM 48

enum { SEALED, SIGNED, DATAGRAM, KINDS };
static gss_buffer_desc clients[KINDS], servers[KINDS]; /* exported contexts */

static gss_buffer_desc exported(gss_ctx_id_t *context)
{
    gss_buffer_desc token;
    OM_uint32 minor;

    MUST(gss_export_sec_context(&minor, context, &token) == GSS_S_COMPLETE);
    return token;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const OM_uint32 flags[KINDS] = {
        [SEALED] = GSS_C_CONF_FLAG | GSS_C_SEQUENCE_FLAG,
        [SIGNED] = GSS_C_INTEG_FLAG,
        [DATAGRAM] = 0,
    };
    struct door_ends ends;

    (void)argc;
    (void)argv;
    door_begin();
    for (int kind = 0; kind < KINDS; kind++) {
        door_log_in(flags[kind], &ends);
        clients[kind] = exported(&ends.client);
        servers[kind] = exported(&ends.server);
    }
    return 0;
}

static gss_ctx_id_t imported(gss_buffer_desc token)
{
    gss_ctx_id_t context;
    OM_uint32 minor;

    MUST(gss_import_sec_context(&minor, &token, &context) == GSS_S_COMPLETE);
    return context;
}

/* A message in one buffer, changed on its way where the input says so. */
static void talk(struct input *in, gss_ctx_id_t from, gss_ctx_id_t to, bool wrap)
{
    size_t len, where = take_number(in);
    const uint8_t bit = take_byte(in);
    const uint8_t *bytes = take_bytes(in, take_byte(in), &len);
    gss_buffer_desc text = door_bytes(bytes, len), token, out = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor, major;

    major = wrap ? gss_wrap(&minor, from, 1, GSS_C_QOP_DEFAULT, &text, NULL, &token)
                 : gss_get_mic(&minor, from, GSS_C_QOP_DEFAULT, &text, &token);
    if (major != GSS_S_COMPLETE) {
        MUST(token.length == 0 && minor != 0);
        return;
    }
    if (bit) {
        ((uint8_t *)token.value)[where % token.length] ^= bit;
        major = wrap ? gss_unwrap(&minor, to, &token, &out, NULL, NULL)
                     : gss_verify_mic(&minor, to, &text, &token, NULL);
        MUST(major != GSS_S_COMPLETE && out.length == 0);
        ((uint8_t *)token.value)[where % token.length] ^= bit;
    }
    major = wrap ? gss_unwrap(&minor, to, &token, &out, NULL, NULL)
                 : gss_verify_mic(&minor, to, &text, &token, NULL);
    MUST(major == GSS_S_COMPLETE);
    MUST(!wrap || (out.length == len && (len == 0 || memcmp(out.value, bytes, len) == 0)));
    door_release(&token);
    door_release(&out);
}

/* Whatever the input has, as if it came from the other side. */
static void receive(struct input *in, gss_ctx_id_t to)
{
    const uint8_t how = take_byte(in);
    size_t len, beside_len;
    const uint8_t *bytes = take_bytes(in, take_byte(in), &len);
    const uint8_t *beside = take_bytes(in, how >> 2, &beside_len);
    gss_buffer_desc token = door_bytes(exact_copy(bytes, len), len), out = GSS_C_EMPTY_BUFFER;
    gss_buffer_desc other = door_bytes(exact_copy(beside, beside_len), beside_len);
    OM_uint32 minor, major = GSS_S_FAILURE;

    if ((how & 3) == 0)
        major = gss_unwrap(&minor, to, &token, &out, NULL, NULL);
    else if ((how & 3) == 1)
        major = gss_unwrap_aead(&minor, to, &token, &other, &out, NULL, NULL);
    else if ((how & 3) == 2)
        major = gss_verify_mic(&minor, to, &other, &token, NULL);
    MUST(major != GSS_S_COMPLETE && out.length == 0);
    free(token.value);
    free(other.value);
}

/* The buffers of a message, each with memory of its own. */
struct buffers {
    gss_iov_buffer_desc iov[BUFFERS];
    uint8_t *rooms[BUFFERS], sent[BUFFERS][ROOM];
    size_t lens[BUFFERS];
    int count;
};

static void fill(struct input *in, struct buffers *made)
{
    static const OM_uint32 types[] = {
        GSS_IOV_BUFFER_TYPE_HEADER,    GSS_IOV_BUFFER_TYPE_DATA,
        GSS_IOV_BUFFER_TYPE_SIGN_ONLY, GSS_IOV_BUFFER_TYPE_PADDING,
        GSS_IOV_BUFFER_TYPE_TRAILER,   GSS_IOV_BUFFER_TYPE_EMPTY,
        GSS_IOV_BUFFER_TYPE_STREAM,    GSS_IOV_BUFFER_TYPE_MIC_TOKEN};

    memset(made, 0, sizeof(*made));
    made->count = take_byte(in) % (BUFFERS + 1);
    for (int i = 0; i < made->count; i++) {
        const uint8_t shape = take_byte(in), size = take_byte(in);
        size_t len = shape & 128 ? 16 : size % ROOM, taken;
        const uint8_t *bytes = take_bytes(in, shape & 128 ? 0 : len, &taken);

        if (taken > 0)
            memcpy(made->sent[i], bytes, taken);
        made->rooms[i] = exact_copy(made->sent[i], len);
        made->lens[i] = len;
        made->iov[i].type = types[shape & 7] | (shape & 64 ? GSS_IOV_BUFFER_FLAG_ALLOCATE : 0);
        made->iov[i].buffer = door_bytes(shape & 32 ? NULL : made->rooms[i], len);
    }
}

static void empty(struct buffers *made)
{
    door_release_iov(made->iov, made->count);
    for (int i = 0; i < made->count; i++)
        free(made->rooms[i]);
}

static bool is_of(const gss_iov_buffer_desc *buffer, OM_uint32 type)
{
    return GSS_IOV_BUFFER_TYPE(buffer->type) == type;
}

static void must_be_as_sent(const struct buffers *made)
{
    for (int i = 0; i < made->count; i++)
        if ((is_of(&made->iov[i], GSS_IOV_BUFFER_TYPE_DATA) ||
             is_of(&made->iov[i], GSS_IOV_BUFFER_TYPE_SIGN_ONLY)) &&
            made->lens[i] > 0)
            MUST(made->iov[i].buffer.length == made->lens[i] &&
                 memcmp(made->iov[i].buffer.value, made->sent[i], made->lens[i]) == 0);
}

/* One bit of what is signed, or of the signature. */
static uint8_t *byte_to_change(const struct buffers *made, unsigned which)
{
    const gss_iov_buffer_desc *buffer = &made->iov[which % (unsigned)made->count];

    if (buffer->buffer.length == 0 || !buffer->buffer.value)
        return NULL;
    if (!is_of(buffer, GSS_IOV_BUFFER_TYPE_HEADER) &&
        !is_of(buffer, GSS_IOV_BUFFER_TYPE_DATA) &&
        !is_of(buffer, GSS_IOV_BUFFER_TYPE_SIGN_ONLY))
        return NULL;
    return (uint8_t *)buffer->buffer.value + which / 256 % buffer->buffer.length;
}

/* Whether it would be unwrapped by its STREAM. */
static bool has_stream(const struct buffers *made)
{
    int streams = 0;

    for (int i = 0; i < made->count; i++)
        streams += is_of(&made->iov[i], GSS_IOV_BUFFER_TYPE_STREAM);
    return streams == 1;
}

static void talk_in_buffers(struct input *in, gss_ctx_id_t from, gss_ctx_id_t to)
{
    const unsigned which = take_number(in);
    const uint8_t bit = take_byte(in);
    struct buffers made;
    OM_uint32 minor, major;
    uint8_t *byte;

    fill(in, &made);
    major = has_stream(&made)
                ? GSS_S_FAILURE
                : gss_wrap_iov(&minor, from, 1, GSS_C_QOP_DEFAULT, NULL, made.iov, made.count);
    if (major == GSS_S_COMPLETE) {
        byte = byte_to_change(&made, which);
        if (bit && byte) {
            *byte ^= bit;
            MUST(gss_unwrap_iov(&minor, to, NULL, NULL, made.iov, made.count) !=
                 GSS_S_COMPLETE);
            *byte ^= bit;
        }
        MUST(gss_unwrap_iov(&minor, to, NULL, NULL, made.iov, made.count) == GSS_S_COMPLETE);
        must_be_as_sent(&made);
    }
    empty(&made);
}

/* As the input has them. */
static void receive_buffers(struct input *in, gss_ctx_id_t from, gss_ctx_id_t to)
{
    const uint8_t how = take_byte(in);
    struct buffers made;
    OM_uint32 minor, major;

    fill(in, &made);
    switch (how & 3) {
    case 0:
        major = gss_unwrap_iov(&minor, to, NULL, NULL, made.iov, made.count);
        MUST(major != GSS_S_COMPLETE && minor != 0);
        break;
    case 1:
        major = gss_verify_mic_iov(&minor, to, NULL, made.iov, made.count);
        MUST(major != GSS_S_COMPLETE && minor != 0);
        break;
    case 2:
        major = gss_get_mic_iov(&minor, from, GSS_C_QOP_DEFAULT, made.iov, made.count);
        if (major == GSS_S_COMPLETE)
            MUST(gss_verify_mic_iov(&minor, to, NULL, made.iov, made.count) == GSS_S_COMPLETE);
        break;
    default:
        gss_wrap_iov_length(&minor, from, 1, GSS_C_QOP_DEFAULT, NULL, made.iov, made.count);
    }
    empty(&made);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const uint8_t kind = take_byte(&in) % KINDS;
    struct door_ends ends = {imported(clients[kind]), imported(servers[kind])};

    for (int i = 0; i < MESSAGES && in.left > 0; i++) {
        const uint8_t what = take_byte(&in);
        gss_ctx_id_t from = what & 128 ? ends.server : ends.client;
        gss_ctx_id_t to = what & 128 ? ends.client : ends.server;

        if ((what & 7) < 2)
            talk(&in, from, to, what & 1);
        else if ((what & 7) < 4)
            talk_in_buffers(&in, from, to);
        else if ((what & 7) < 6)
            receive_buffers(&in, from, to);
        else
            receive(&in, to);
    }
    door_delete(&ends);
    return 0;
}
