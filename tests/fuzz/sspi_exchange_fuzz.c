/* SPDX-License-Identifier: MIT */
/* sspi_exchange_fuzz.c - logins and messages by libsspi, with the caller's buffers of
 * whatever types, sizes and number, channel bindings of whatever bytes, and changes to
 * the tokens on their way. A changed login of NTLM is never let in, a message arrives as
 * it was sent or not at all, and nothing is left behind. */

#include "config.h"

#include <sspi.h>

#include "context_buffer.h"
#include "edit.h"
#include "handle.h"
#include "place.h"
#include "target.h"

#define LEGS 8
#define ROOM 4096
#define BUFFERS 6
#define MESSAGES 4

enum { NTLM, NEGOTIATE, PACKAGES };
static CredHandle clients[PACKAGES], servers[PACKAGES];
static unsigned handles; /* of credentials */

static char *mutable(const char *text)
{
    return (char *)(uintptr_t)text; /* SSPI's strings are not const */
}

static void begin_world(void)
{
    place_world(MECH_CONFIG);
    setenv("NETBIOS_COMPUTER_NAME", "SERVER", 1);
    unsetenv("NTLMUSER");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char *const packages[PACKAGES] = {"NTLM", "Negotiate"};
    SEC_WINNT_AUTH_IDENTITY_EXA alice = {
        .Version = SEC_WINNT_AUTH_IDENTITY_VERSION,
        .Length = sizeof(alice),
        .User = (UCHAR *)mutable("alice"),
        .UserLength = 5,
        .Domain = (UCHAR *)mutable("CORP"),
        .DomainLength = 4,
        .Password = (UCHAR *)mutable("secret"),
        .PasswordLength = 6,
        .Flags = SEC_WINNT_AUTH_IDENTITY_ANSI,
        .PackageList = (UCHAR *)mutable("NTLM"),
        .PackageListLength = 4,
    };

    (void)argc;
    (void)argv;
    begin_world();
    for (int i = 0; i < PACKAGES; i++) {
        MUST(AcquireCredentialsHandleA(NULL, mutable(packages[i]), SECPKG_CRED_OUTBOUND, NULL,
                                       &alice, NULL, NULL, &clients[i], NULL) == SEC_E_OK);
        MUST(AcquireCredentialsHandleA(NULL, mutable(packages[i]), SECPKG_CRED_INBOUND, NULL,
                                       NULL, NULL, NULL, &servers[i], NULL) == SEC_E_OK);
    }
    handles = (unsigned)handle_count();
    return 0;
}

struct side {
    CtxtHandle context;
    bool begun;
    SECURITY_STATUS status;
    ULONG requested, attributes;
    uint8_t *token; /* what it sent */
    size_t len;
    uint8_t *bindings; /* NULL: none */
    size_t bindings_len;
};

struct login {
    struct input *in;
    int package;
    struct side client, server;
    bool altered;
};

static void configure(struct login *login)
{
    static const ULONG flags[] = {ISC_REQ_REPLAY_DETECT,   ISC_REQ_SEQUENCE_DETECT,
                                  ISC_REQ_CONFIDENTIALITY, ISC_REQ_INTEGRITY,
                                  ISC_REQ_MUTUAL_AUTH,     ISC_REQ_ALLOCATE_MEMORY,
                                  ISC_REQ_IDENTIFY,        ISC_REQ_NULL_SESSION};
    struct side *sides[] = {&login->client, &login->server};
    unsigned wanted = take_number(login->in);
    const uint8_t bound = take_byte(login->in);

    login->package = bound & 4 ? NEGOTIATE : NTLM;
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        login->client.requested |= wanted >> i & 1 ? flags[i] : 0;
    login->server.requested = wanted & 0x100 ? ASC_REQ_ALLOCATE_MEMORY : 0;
    for (int i = 0; i < 2; i++) {
        if (!(bound >> i & 1))
            continue;
        const uint8_t *bytes =
            take_bytes(login->in, take_byte(login->in), &sides[i]->bindings_len);

        sides[i]->bindings = exact_copy(bytes, sides[i]->bindings_len);
    }
}

/* Takes what a call gave. */
static void collect(struct side *side, SecBuffer *out, uint8_t *room, bool allocated)
{
    free(side->token);
    side->token = NULL;
    side->len = 0;
    if (side->status >= 0) {
        side->begun = true;
        MUST(out->cbBuffer == 0 || out->pvBuffer);
        side->token = exact_copy(out->pvBuffer, out->cbBuffer);
        side->len = out->cbBuffer;
    }
    if (allocated && side->status >= 0 && out->pvBuffer)
        MUST(FreeContextBuffer(out->pvBuffer) == SEC_E_OK);
    free(room);
}

/* The call, with a room for the token that may be too small. */
static void step(struct login *login, struct side *side, const struct side *peer, bool client)
{
    const bool allocate = side->requested & ISC_REQ_ALLOCATE_MEMORY;
    const uint8_t small = take_byte(login->in);
    ULONG size = small & 1 ? small : ROOM;
    uint8_t *room = malloc(size);
    SecBuffer in[2] = {{(ULONG)peer->len, SECBUFFER_TOKEN, peer->token},
                       {(ULONG)side->bindings_len, SECBUFFER_CHANNEL_BINDINGS, side->bindings}};
    SecBuffer out = {allocate ? 0 : size, SECBUFFER_TOKEN, allocate ? NULL : room};
    SecBufferDesc input = {SECBUFFER_VERSION, side->bindings ? 2 : 1, in};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &out};
    TimeStamp expiry;

    MUST(room);
    if (client)
        side->status = InitializeSecurityContextA(
            &clients[login->package], side->begun ? &side->context : NULL,
            mutable("HTTP/server.home.test"), side->requested, 0, SECURITY_NATIVE_DREP, &input,
            0, &side->context, &output, &side->attributes, &expiry);
    else
        side->status =
            AcceptSecurityContext(&servers[login->package], side->begun ? &side->context : NULL,
                                  &input, side->requested, SECURITY_NATIVE_DREP, &side->context,
                                  &output, &side->attributes, &expiry);
    collect(side, &out, room, allocate);
}

static void carry(struct login *login, struct side *side)
{
    uint8_t *sent = exact_copy(side->token, side->len);
    size_t len = side->len;

    edit_token(login->in, &side->token, &side->len);
    login->altered =
        login->altered || side->len != len || (len > 0 && memcmp(side->token, sent, len) != 0);
    free(sent);
}

/* A client that is given nothing begins again, and its NEGOTIATE a login that nothing was
 * changed in so far. */
static bool begins(const struct side *client)
{
    static const uint8_t negotiate[12] = "NTLMSSP\0\1\0\0";

    return client->len >= sizeof(negotiate) &&
           memcmp(client->token, negotiate, sizeof(negotiate)) == 0;
}

static bool is_over(const struct side *side)
{
    return side->status < 0 || side->status == SEC_E_OK;
}

static void run(struct login *login)
{
    for (int leg = 0; leg < LEGS; leg++) {
        struct side *side = leg % 2 == 0 ? &login->client : &login->server;

        step(login, side, side == &login->client ? &login->server : &login->client,
             side == &login->client);
        if (side->status < 0 ||
            (is_over(&login->client) && is_over(&login->server) && leg > 0 && side->len == 0))
            return;
        if (leg > 0 && side == &login->server && side->status == SEC_E_OK && side->len == 0)
            return;
        if (side == &login->client && begins(side))
            login->altered = false;
        carry(login, side);
    }
}

static void must_be_alice(struct side *server)
{
    SecPkgContext_NamesA names;

    MUST(QueryContextAttributesA(&server->context, SECPKG_ATTR_NAMES, &names) == SEC_E_OK);
    MUST(strcmp(names.sUserName, "CORP\\alice") == 0);
    FreeContextBuffer(names.sUserName);
}

/* Buffers as the input has them, each with memory of its own. */
struct message {
    SecBuffer buffers[BUFFERS];
    uint8_t *rooms[BUFFERS], *plain[BUFFERS];
    size_t lens[BUFFERS];
    SecBufferDesc desc;
};

static void fill(struct input *in, struct message *message)
{
    static const ULONG types[] = {SECBUFFER_TOKEN,
                                  SECBUFFER_DATA,
                                  SECBUFFER_PADDING,
                                  SECBUFFER_STREAM,
                                  SECBUFFER_EMPTY,
                                  SECBUFFER_EXTRA,
                                  SECBUFFER_DATA | SECBUFFER_READONLY,
                                  SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM};

    memset(message, 0, sizeof(*message));
    message->desc =
        (SecBufferDesc){SECBUFFER_VERSION, take_byte(in) % (BUFFERS + 1), message->buffers};
    for (ULONG i = 0; i < message->desc.cBuffers; i++) {
        const uint8_t shape = take_byte(in);
        size_t taken, len = shape & 128 ? 16 : shape >> 3 & 15;
        const uint8_t *bytes = take_bytes(in, len, &taken);

        message->rooms[i] = calloc(len ? len : 1, 1);
        message->plain[i] = calloc(len ? len : 1, 1);
        MUST(message->rooms[i] && message->plain[i]);
        if (taken > 0) {
            memcpy(message->rooms[i], bytes, taken);
            memcpy(message->plain[i], bytes, taken);
        }
        message->lens[i] = len;
        message->buffers[i] = (SecBuffer){(ULONG)len, types[shape & 7], message->rooms[i]};
    }
}

static void empty(struct message *message)
{
    for (ULONG i = 0; i < message->desc.cBuffers; i++) {
        free(message->rooms[i]);
        free(message->plain[i]);
    }
}

static void must_be_as_sent(const struct message *message)
{
    for (ULONG i = 0; i < message->desc.cBuffers; i++)
        if ((message->buffers[i].BufferType & ~SECBUFFER_ATTRMASK) == SECBUFFER_DATA)
            MUST(memcmp(message->rooms[i], message->plain[i], message->lens[i]) == 0);
}

static bool has_stream(const struct message *message)
{
    for (ULONG i = 0; i < message->desc.cBuffers; i++)
        if (message->buffers[i].BufferType == SECBUFFER_STREAM)
            return true;
    return false;
}

/* Enough to encrypt: else a message in clear and a sealed one are the same bytes, or are by
 * chance, as the keys are. */
static bool has_data(const struct message *message)
{
    size_t bytes = 0;

    for (ULONG i = 0; i < message->desc.cBuffers; i++)
        if (message->buffers[i].BufferType == SECBUFFER_DATA)
            bytes += message->lens[i];
    return bytes >= 8;
}

/* Without protection a signature is the same for every message, and easily guessed. The
 * two sides have other bits for the same flag. */
static bool is_protected(CtxtHandle *context, bool client)
{
    const ULONG wanted = client ? ISC_RET_INTEGRITY | ISC_RET_CONFIDENTIALITY
                                : ASC_RET_INTEGRITY | ASC_RET_CONFIDENTIALITY;
    SecPkgContext_Flags got = {0};

    MUST(QueryContextAttributes(context, SECPKG_ATTR_FLAGS, &got) == SEC_E_OK);
    return got.Flags & wanted;
}

/* False when the two ends no longer agree on the order: a message was sent that its
 * receiver cannot take. */
static bool talk(struct input *in, CtxtHandle *from, CtxtHandle *to, bool to_client)
{
    const uint8_t how = take_byte(in);
    const bool seal = how & 1;
    struct message message;
    SECURITY_STATUS status;
    ULONG quality = 0; /* NTLM leaves it alone for what it decrypts */
    bool agree = true;

    fill(in, &message);
    if (how & 2) { /* as if it had come */
        status = seal ? DecryptMessage(to, &message.desc, 0, how & 4 ? &quality : NULL)
                      : VerifySignature(to, &message.desc, 0, NULL);
        MUST(status != SEC_E_OK || (!seal && !is_protected(to, to_client)));
    } else {
        status =
            seal ? EncryptMessage(from, how & 8 ? SECQOP_WRAP_NO_ENCRYPT : 0, &message.desc, 0)
                 : MakeSignature(from, 0, &message.desc, 0);
        agree = status != SEC_E_OK || !has_stream(&message);
        if (status == SEC_E_OK && agree) {
            status = seal ? DecryptMessage(to, &message.desc, 0, &quality)
                          : VerifySignature(to, &message.desc, 0, NULL);
            MUST(status == SEC_E_OK);
            MUST(!seal || !has_data(&message) ||
                 (how & 8 ? quality == SECQOP_WRAP_NO_ENCRYPT : quality == 0));
            must_be_as_sent(&message);
        }
    }
    empty(&message);
    return agree;
}

static void end(struct side *side)
{
    if (side->begun)
        DeleteSecurityContext(&side->context);
    free(side->token);
    free(side->bindings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct login login = {.in = &in};
    bool agree = true;

    configure(&login);
    run(&login);
    if (login.server.status == SEC_E_OK && login.server.begun) {
        MUST(!login.altered || login.package == NEGOTIATE);
        must_be_alice(&login.server);
        for (int i = 0; i < MESSAGES && in.left > 0 && agree && !login.altered &&
                        login.client.status == SEC_E_OK;
             i++)
            agree = take_byte(&in) & 1
                        ? talk(&in, &login.client.context, &login.server.context, false)
                        : talk(&in, &login.server.context, &login.client.context, true);
    }
    end(&login.client);
    end(&login.server);
    MUST(handle_count() == handles && context_buffer_count() == 0);
    return 0;
}
