/* SPDX-License-Identifier: MIT */
/* sspipeer.c - one side of an SSPI exchange over its standard input and output,
 * and of the messages after it. It is compiled twice, against libsspi and
 * against FreeRDP's WinPR, an SSPI of another make: what differs is in this
 * file's #ifdef WINPR alone. Says on its standard error what it did. */

#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef WINPR
#include <winpr/sspi.h>
#include <winpr/wtypes.h>
#else
#define SECURITY_WIN32
#include <windows.h>

#include <security.h>
#endif

static const char usage_text[] =
    "usage: sspipeer client PACKAGE DOMAIN USER PASSWORD\n"
    "       sspipeer server PACKAGE [ACCOUNTS]   (a file for WinPR's)\n"
    "exit status: 0 complete, 10 refused, anything else is a fault\n";

/* Apart from the statuses that valgrind and the sanitizers exit with. */
enum outcome { COMPLETE = 0, FAULT = 2, REFUSED = 10 };

enum { MAX_TOKEN = 65536, ROUNDS = 3 };

struct peer {
    const char *label;
    bool client;
    char *package, *domain, *user, *password, *accounts;
    CredHandle credential;
    CtxtHandle context;
    bool begun; /* there is a context */
    BYTE token[MAX_TOKEN];
    ULONG sent, received; /* messages, for their numbers */
    ULONG trailer;        /* a message's token */
};

static void say(const struct peer *peer, const char *what, SECURITY_STATUS status)
{
    fprintf(stderr, "%s: %s: %#x\n", peer->label, what, (unsigned)status);
}

/* The way to the other side: a length of four bytes and the bytes. */
static bool put(const void *data, ULONG length)
{
    return fwrite(&length, sizeof(length), 1, stdout) == 1 &&
           fwrite(data, 1, length, stdout) == length && fflush(stdout) == 0;
}

static bool get(void *data, ULONG room, ULONG *length)
{
    return fread(length, sizeof(*length), 1, stdin) == 1 && *length <= room &&
           fread(data, 1, *length, stdin) == *length;
}

static SECURITY_STATUS acquire(struct peer *peer)
{
    SEC_WINNT_AUTH_IDENTITY_A identity;
    TimeStamp expiry;

    memset(&identity, 0, sizeof(identity));
    if (peer->client) {
        identity.User = (BYTE *)peer->user;
        identity.UserLength = (ULONG)strlen(peer->user);
        identity.Domain = (BYTE *)peer->domain;
        identity.DomainLength = (ULONG)strlen(peer->domain);
        identity.Password = (BYTE *)peer->password;
        identity.PasswordLength = (ULONG)strlen(peer->password);
        identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    }
    return AcquireCredentialsHandleA(
        NULL, peer->package, peer->client ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND, NULL,
        peer->client ? &identity : NULL, NULL, NULL, &peer->credential, &expiry);
}

/* WinPR's server looks its accounts up in a file that it is told of. */
static void tell_accounts(struct peer *peer)
{
#ifdef WINPR
    SetContextAttributesA(&peer->context, SECPKG_ATTR_AUTH_NTLM_SAM_FILE, peer->accounts,
                          (ULONG)strlen(peer->accounts) + 1);
#else
    (void)peer;
#endif
}

static SECURITY_STATUS complete(struct peer *peer, SECURITY_STATUS status, PSecBufferDesc out)
{
    SECURITY_STATUS completed;

    if (status != SEC_I_COMPLETE_NEEDED && status != SEC_I_COMPLETE_AND_CONTINUE)
        return status;
    completed = CompleteAuthToken(&peer->context, out);
    say(peer, "CompleteAuthToken", completed);
    if (completed != SEC_E_OK)
        return completed;
    return status == SEC_I_COMPLETE_NEEDED ? SEC_E_OK : SEC_I_CONTINUE_NEEDED;
}

/* A call: the token in peer->token becomes the one to send. */
static SECURITY_STATUS step(struct peer *peer, ULONG received, ULONG *length)
{
    static char target[] = "test/localhost";
    BYTE output[MAX_TOKEN];
    SecBuffer in = {received, SECBUFFER_TOKEN, peer->token};
    SecBuffer out = {sizeof(output), SECBUFFER_TOKEN, output};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in}, result = {SECBUFFER_VERSION, 1, &out};
    PCtxtHandle context = peer->begun ? &peer->context : NULL;
    SECURITY_STATUS status;
    TimeStamp expiry;
    ULONG attributes;

    if (peer->client)
        status = InitializeSecurityContextA(&peer->credential, context, target,
                                            ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT |
                                                ISC_REQ_SEQUENCE_DETECT | ISC_REQ_INTEGRITY,
                                            0, SECURITY_NATIVE_DREP, received ? &input : NULL,
                                            0, &peer->context, &result, &attributes, &expiry);
    else
        status = AcceptSecurityContext(&peer->credential, context, &input,
                                       ASC_REQ_CONFIDENTIALITY | ASC_REQ_REPLAY_DETECT |
                                           ASC_REQ_SEQUENCE_DETECT | ASC_REQ_INTEGRITY,
                                       SECURITY_NATIVE_DREP, &peer->context, &result,
                                       &attributes, &expiry);
    say(peer, peer->client ? "InitializeSecurityContext" : "AcceptSecurityContext", status);
    if (status < 0)
        return status;
    if (!peer->begun && !peer->client)
        tell_accounts(peer);
    peer->begun = true;
    *length = out.cbBuffer;
    memcpy(peer->token, output, out.cbBuffer);
    return complete(peer, status, &result);
}

static enum outcome log_in(struct peer *peer)
{
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    ULONG length = 0;

    if (peer->client)
        goto ours;
    for (;;) {
        if (!get(peer->token, MAX_TOKEN, &length))
            return REFUSED; /* the other side went away */
    ours:
        status = step(peer, length, &length);
        if (status < 0)
            return REFUSED;
        if (length > 0 && !put(peer->token, length))
            return FAULT;
        if (status == SEC_E_OK)
            return COMPLETE;
    }
}

static bool send_message(struct peer *peer, const char *text)
{
    BYTE message[512];
    SecBuffer buffers[] = {
        {peer->trailer, SECBUFFER_TOKEN, message},
        {(ULONG)strlen(text), SECBUFFER_DATA, message + peer->trailer},
    };
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, buffers};
    SECURITY_STATUS status;

    memcpy(message + peer->trailer, text, strlen(text));
    status = EncryptMessage(&peer->context, 0, &desc, peer->sent++);
    if (status != SEC_E_OK)
        say(peer, "EncryptMessage", status);
    return status == SEC_E_OK && put(message, peer->trailer + buffers[1].cbBuffer);
}

static bool receive_message(struct peer *peer, const char *text)
{
    BYTE message[512];
    SecBuffer buffers[] = {
        {peer->trailer, SECBUFFER_TOKEN, message},
        {0, SECBUFFER_DATA, message + peer->trailer},
    };
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, buffers};
    SECURITY_STATUS status;
    ULONG length;

    if (!get(message, sizeof(message), &length) || length < peer->trailer)
        return false;
    buffers[1].cbBuffer = length - peer->trailer;
    status = DecryptMessage(&peer->context, &desc, peer->received++, NULL);
    if (status != SEC_E_OK)
        say(peer, "DecryptMessage", status);
    return status == SEC_E_OK && buffers[1].cbBuffer == strlen(text) &&
           memcmp(buffers[1].pvBuffer, text, strlen(text)) == 0;
}

static bool talk(struct peer *peer)
{
    SecPkgContext_Sizes sizes;
    char text[64];

    if (QueryContextAttributesA(&peer->context, SECPKG_ATTR_SIZES, &sizes) != SEC_E_OK)
        return false;
    peer->trailer = sizes.cbSecurityTrailer;
    for (int round = 0; round < 2 * ROUNDS; round++) {
        snprintf(text, sizeof(text), "message %d, and some more bytes", round);
        if (!((round % 2 == 0) == peer->client ? send_message(peer, text)
                                               : receive_message(peer, text)))
            return false;
    }
    fprintf(stderr, "%s: %d messages encrypted\n", peer->label, 2 * ROUNDS);
    return true;
}

static void name_client(struct peer *peer)
{
    SecPkgContext_Names names = {NULL};

    if (QueryContextAttributesA(&peer->context, SECPKG_ATTR_NAMES, &names) == SEC_E_OK) {
        fprintf(stderr, "%s: complete, from %s\n", peer->label, names.sUserName);
        FreeContextBuffer(names.sUserName);
    } else {
        fprintf(stderr, "%s: complete\n", peer->label);
    }
}

static enum outcome run(struct peer *peer)
{
    SECURITY_STATUS status = acquire(peer);
    enum outcome outcome = REFUSED;

    if (status != SEC_E_OK) {
        say(peer, "AcquireCredentialsHandle", status);
        return FAULT;
    }
    outcome = log_in(peer);
    if (outcome == COMPLETE) {
        name_client(peer);
        outcome = talk(peer) ? COMPLETE : FAULT;
    }
    if (peer->begun)
        DeleteSecurityContext(&peer->context);
    FreeCredentialsHandle(&peer->credential);
    return outcome;
}

int main(int argc, char **argv)
{
    static struct peer peer;

    if (argc == 6 && strcmp(argv[1], "client") == 0) {
        peer.client = true;
        peer.domain = argv[3];
        peer.user = argv[4];
        peer.password = argv[5];
    } else if ((argc == 3 || argc == 4) && strcmp(argv[1], "server") == 0) {
        peer.accounts = argc == 4 ? argv[3] : argv[0];
    } else {
        fputs(usage_text, stderr);
        return FAULT;
    }
    peer.label = argv[1];
    peer.package = argv[2];
    return (int)run(&peer);
}
