/* SPDX-License-Identifier: MIT */
/* server.c - the server's process, and the driver's end of the pipe to it. */

#include "server.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECURITY_WIN32
#include <windows.h>

#include <security.h>

#define MAXIMUM 65536

/* One question or answer: two pieces of bytes, and what it is about or how it went. */
struct frame {
    int32_t kind;
    uint32_t length[2];
    char data[2][MAXIMUM];
};

enum question { TOKEN, GREETING, VERIFY, SIGN, WRAP, UNWRAP };

static int pipe_end = -1;

static void die(const char *what)
{
    fprintf(stderr, "server: %s\n", what);
    exit(2);
}

static int whole(ssize_t (*move)(int, void *, size_t), int fd, void *data, size_t length)
{
    char *at = data;

    while (length > 0) {
        ssize_t moved = move(fd, at, length);
        if (moved <= 0)
            return 0;
        at += moved;
        length -= (size_t)moved;
    }
    return 1;
}

static ssize_t put(int fd, void *data, size_t length)
{
    return write(fd, data, length);
}

static int send_frame(int fd, struct frame *frame)
{
    return whole(put, fd, frame, offsetof(struct frame, data)) &&
           whole(put, fd, frame->data[0], frame->length[0]) &&
           whole(put, fd, frame->data[1], frame->length[1]);
}

static int receive_frame(int fd, struct frame *frame)
{
    return whole(read, fd, frame, offsetof(struct frame, data)) &&
           frame->length[0] <= MAXIMUM && frame->length[1] <= MAXIMUM &&
           whole(read, fd, frame->data[0], frame->length[0]) &&
           whole(read, fd, frame->data[1], frame->length[1]);
}

/*
 * The server
 */
static CredHandle credential;
static CtxtHandle context;
static int begun;

static SECURITY_STATUS accept_token(struct frame *frame)
{
    SecBuffer in = {frame->length[0], SECBUFFER_TOKEN, frame->data[0]};
    SecBuffer out = {MAXIMUM, SECBUFFER_TOKEN, frame->data[1]};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in}, output = {SECBUFFER_VERSION, 1, &out};
    ULONG attributes = 0;
    SECURITY_STATUS status =
        AcceptSecurityContext(&credential, begun ? &context : NULL, &input, 0,
                              SECURITY_NATIVE_DREP, &context, &output, &attributes, NULL);

    begun = 1;
    if (FAILED(status))
        out.cbBuffer = 0;
    memcpy(frame->data[0], frame->data[1], out.cbBuffer);
    frame->length[0] = out.cbBuffer;
    return status;
}

static SECURITY_STATUS greet(struct frame *frame)
{
    SecPkgContext_NamesA names = {NULL};
    SecPkgContext_NegotiationInfoA negotiated = {NULL, 0};
    SECURITY_STATUS status = QueryContextAttributesA(&context, SECPKG_ATTR_NAMES, &names);

    if (status == SEC_E_OK)
        status = QueryContextAttributesA(&context, SECPKG_ATTR_NEGOTIATION_INFO, &negotiated);
    if (status == SEC_E_OK)
        frame->length[0] = (uint32_t)snprintf(frame->data[0], MAXIMUM, "%s by %s",
                                              names.sUserName, negotiated.PackageInfo->Name);
    FreeContextBuffer(names.sUserName);
    FreeContextBuffer(negotiated.PackageInfo);
    return status;
}

/* TOKEN and DATA, for a signature or a message in two pieces. */
static SECURITY_STATUS protect(struct frame *frame, enum question question)
{
    SecPkgContext_Sizes sizes;
    SecBuffer buffers[2] = {{0, SECBUFFER_TOKEN, frame->data[1]},
                            {frame->length[0], SECBUFFER_DATA, frame->data[0]}};
    SecBufferDesc message = {SECBUFFER_VERSION, 2, buffers};
    SECURITY_STATUS status = QueryContextAttributesA(&context, SECPKG_ATTR_SIZES, &sizes);

    if (status != SEC_E_OK)
        return status;
    buffers[0].cbBuffer = question == VERIFY ? frame->length[1]
                          : question == SIGN ? sizes.cbMaxSignature
                                             : sizes.cbSecurityTrailer;
    if (question == VERIFY)
        return VerifySignature(&context, &message, 0, NULL);
    status = question == SIGN ? MakeSignature(&context, 0, &message, 0)
                              : EncryptMessage(&context, SECQOP_WRAP_NO_ENCRYPT, &message, 0);
    frame->length[1] = buffers[0].cbBuffer;
    return status;
}

static SECURITY_STATUS unwrap(struct frame *frame)
{
    SecBuffer buffers[2] = {{frame->length[0], SECBUFFER_STREAM, frame->data[0]},
                            {0, SECBUFFER_DATA, NULL}};
    SecBufferDesc message = {SECBUFFER_VERSION, 2, buffers};
    ULONG qop = 0;
    SECURITY_STATUS status = DecryptMessage(&context, &message, 0, &qop);

    if (status != SEC_E_OK)
        return status;
    memmove(frame->data[0], buffers[1].pvBuffer, buffers[1].cbBuffer);
    frame->length[0] = buffers[1].cbBuffer;
    return qop == SECQOP_WRAP_NO_ENCRYPT ? SEC_E_OK : SEC_E_QOP_NOT_SUPPORTED;
}

static SECURITY_STATUS answer(struct frame *frame)
{
    switch (frame->kind) {
    case TOKEN:
        return accept_token(frame);
    case GREETING:
        return greet(frame);
    case UNWRAP:
        return unwrap(frame);
    default:
        return protect(frame, (enum question)frame->kind);
    }
}

static void serve(int fd, const char *package)
{
    static struct frame frame;
    const char *accounts = getenv("SERVER_ACCOUNTS");

    if (accounts)
        setenv("NTLM_USER_FILE", accounts, 1);
    if (AcquireCredentialsHandleA(NULL, (LPSTR)(ULONG_PTR)package, SECPKG_CRED_INBOUND, NULL,
                                  NULL, NULL, NULL, &credential, NULL) != SEC_E_OK)
        die("there is no credential for this package");
    while (receive_frame(fd, &frame)) {
        frame.kind = answer(&frame);
        send_frame(fd, &frame);
    }
    _exit(0);
}

/*
 * The driver's end
 */
static struct frame asked;

void server_start(const char *package)
{
    int ends[2];

    signal(SIGPIPE, SIG_IGN);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        die("there is no pipe");
    switch (fork()) {
    case -1:
        die("there is no process");
        break;
    case 0:
        close(ends[0]);
        serve(ends[1], package);
        break;
    default:
        close(ends[1]);
        pipe_end = ends[0];
    }
}

static SECURITY_STATUS ask(enum question question, const void *first, size_t first_length,
                           const void *second, size_t second_length)
{
    if (first_length > MAXIMUM || second_length > MAXIMUM)
        die("that is too long");
    asked.kind = question;
    asked.length[0] = (uint32_t)first_length;
    asked.length[1] = (uint32_t)second_length;
    if (first_length > 0)
        memcpy(asked.data[0], first, first_length);
    if (second_length > 0)
        memcpy(asked.data[1], second, second_length);
    if (!send_frame(pipe_end, &asked) || !receive_frame(pipe_end, &asked))
        die("it is gone");
    if (FAILED(asked.kind))
        fprintf(stderr, "server: question %d fails with %08x\n", (int)question,
                (unsigned)asked.kind);
    return asked.kind;
}

int server_token(const void *token, size_t length, const void **reply, size_t *reply_length)
{
    SECURITY_STATUS status = ask(TOKEN, token, length, NULL, 0);

    *reply = asked.data[0];
    *reply_length = asked.length[0];
    return status == SEC_E_OK ? 1 : FAILED(status) ? -1 : 0;
}

void server_greet(void)
{
    if (ask(GREETING, NULL, 0, NULL, 0) != SEC_E_OK) {
        fprintf(stderr, "server: nobody is logged in\n");
        exit(1);
    }
    printf("%.*s\n", (int)asked.length[0], asked.data[0]);
}

int server_verifies(const void *message, size_t length, const void *signature,
                    size_t signature_length)
{
    return ask(VERIFY, message, length, signature, signature_length) == SEC_E_OK;
}

void server_sign(const void *message, size_t length, const void **signature,
                 size_t *signature_length)
{
    if (ask(SIGN, message, length, NULL, 0) != SEC_E_OK)
        die("it does not sign");
    *signature = asked.data[1];
    *signature_length = asked.length[1];
}

void server_wrap(const void *message, size_t length, const void **wrapped,
                 size_t *wrapped_length)
{
    static char both[2 * MAXIMUM];

    if (ask(WRAP, message, length, NULL, 0) != SEC_E_OK)
        die("it does not wrap");
    memcpy(both, asked.data[1], asked.length[1]);
    memcpy(both + asked.length[1], asked.data[0], asked.length[0]);
    *wrapped = both;
    *wrapped_length = (size_t)asked.length[1] + asked.length[0];
}

const void *server_unwrap(const void *wrapped, size_t length, size_t *message_length)
{
    if (ask(UNWRAP, wrapped, length, NULL, 0) != SEC_E_OK)
        return NULL;
    *message_length = asked.length[0];
    return asked.data[0];
}
