/* SPDX-License-Identifier: MIT */
/* sspi.c - the benchmark's subject through SSPI. It is compiled twice, against
 * libsspi and against FreeRDP's WinPR: what differs is in this file's #ifdef
 * WINPR alone. Messages are encrypted in place always; who wants to keep the
 * plain text copies it, and that is what `wrap` does here. */

#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef WINPR
#include <winpr/sspi.h>
#include <winpr/wtypes.h>
#else
#define SECURITY_WIN32
#include <windows.h>

#include <security.h>
#endif

#include "account.h"
#include "measure.h"

enum { MAX_TOKEN = 4096 };

struct pair {
    CtxtHandle client, server;
    ULONG messages;
};

struct output {
    BYTE bytes[MAX_TOKEN];
    SecBuffer buffer;
    SecBufferDesc desc;
};

static const ULONG client_flags = ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT |
                                  ISC_REQ_SEQUENCE_DETECT | ISC_REQ_INTEGRITY;
static const ULONG server_flags = ASC_REQ_CONFIDENTIALITY | ASC_REQ_REPLAY_DETECT |
                                  ASC_REQ_SEQUENCE_DETECT | ASC_REQ_INTEGRITY;

static PSecurityFunctionTableA sspi;
static CredHandle client_credential, server_credential;

/* Where the acceptor's accounts are. WinPR is told for each context, and looks
 * into the file then; libsspi's mechanism knows from its environment. */
static bool tell_accounts(CtxtHandle *context)
{
#ifdef WINPR
    char *file = getenv("BENCH_SAM");

    return file && sspi->SetContextAttributesA(context, SECPKG_ATTR_AUTH_NTLM_SAM_FILE, file,
                                               (ULONG)strlen(file) + 1) == SEC_E_OK;
#else
    (void)context;
    return true;
#endif
}

static bool begin(enum login login)
{
    static char user[] = ACCOUNT_USER, domain[] = ACCOUNT_DOMAIN, password[] = ACCOUNT_PASSWORD;
    static char ntlm[] = "NTLM", negotiate[] = "Negotiate";
    char *package = login == LOGIN_NTLM ? ntlm : negotiate;
    SEC_WINNT_AUTH_IDENTITY_A identity;
    TimeStamp expiry;

    if (login == LOGIN_KERBEROS_IN_SPNEGO)
        return false;
#ifdef WINPR
    if (login != LOGIN_NTLM) /* its Negotiate sends NTLM's tokens as they are */
        return false;
#endif
    memset(&identity, 0, sizeof(identity));
    identity.User = (BYTE *)user;
    identity.UserLength = sizeof(user) - 1;
    identity.Domain = (BYTE *)domain;
    identity.DomainLength = sizeof(domain) - 1;
    identity.Password = (BYTE *)password;
    identity.PasswordLength = sizeof(password) - 1;
    identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    sspi = InitSecurityInterfaceA();
    return sspi &&
           sspi->AcquireCredentialsHandleA(NULL, package, SECPKG_CRED_OUTBOUND, NULL, &identity,
                                           NULL, NULL, &client_credential,
                                           &expiry) == SEC_E_OK &&
           sspi->AcquireCredentialsHandleA(NULL, package, SECPKG_CRED_INBOUND, NULL, NULL, NULL,
                                           NULL, &server_credential, &expiry) == SEC_E_OK;
}

static void output_begin(struct output *output)
{
    output->buffer = (SecBuffer){MAX_TOKEN, SECBUFFER_TOKEN, output->bytes};
    output->desc = (SecBufferDesc){SECBUFFER_VERSION, 1, &output->buffer};
}

static SECURITY_STATUS complete(CtxtHandle *context, SECURITY_STATUS status, struct output *out)
{
    if (status != SEC_I_COMPLETE_NEEDED && status != SEC_I_COMPLETE_AND_CONTINUE)
        return status;
    if (sspi->CompleteAuthToken(context, &out->desc) != SEC_E_OK)
        return SEC_E_INTERNAL_ERROR;
    return status == SEC_I_COMPLETE_NEEDED ? SEC_E_OK : SEC_I_CONTINUE_NEEDED;
}

static SECURITY_STATUS initiate(struct pair *pair, bool first, struct output *in,
                                struct output *out)
{
    static char target[] = "HTTP/localhost";
    SECURITY_STATUS status;
    ULONG attributes;
    TimeStamp expiry;

    output_begin(out);
    status = sspi->InitializeSecurityContextA(&client_credential, first ? NULL : &pair->client,
                                              target, client_flags, 0, SECURITY_NATIVE_DREP,
                                              first ? NULL : &in->desc, 0, &pair->client,
                                              &out->desc, &attributes, &expiry);
    return complete(&pair->client, status, out);
}

static SECURITY_STATUS answer(struct pair *pair, bool first, struct output *in,
                              struct output *out)
{
    SECURITY_STATUS status;
    ULONG attributes;
    TimeStamp expiry;

    output_begin(out);
    status = sspi->AcceptSecurityContext(&server_credential, first ? NULL : &pair->server,
                                         &in->desc, server_flags, SECURITY_NATIVE_DREP,
                                         &pair->server, &out->desc, &attributes, &expiry);
    if (first && status >= 0 && !tell_accounts(&pair->server))
        return SEC_E_INTERNAL_ERROR;
    return complete(&pair->server, status, out);
}

static void disconnect(struct pair *pair)
{
    sspi->DeleteSecurityContext(&pair->client);
    sspi->DeleteSecurityContext(&pair->server);
    free(pair);
}

static bool establish(struct pair *pair)
{
    SECURITY_STATUS ours = SEC_I_CONTINUE_NEEDED, theirs = SEC_I_CONTINUE_NEEDED;
    struct output to_client, to_server;

    for (bool first = true; ours == SEC_I_CONTINUE_NEEDED || theirs == SEC_I_CONTINUE_NEEDED;
         first = false) {
        if (ours == SEC_I_CONTINUE_NEEDED)
            ours = initiate(pair, first, &to_client, &to_server);
        if (ours >= 0 && theirs == SEC_I_CONTINUE_NEEDED)
            theirs = answer(pair, first, &to_server, &to_client);
        if (ours < 0 || theirs < 0)
            return false;
    }
    return ours == SEC_E_OK && theirs == SEC_E_OK;
}

static struct pair *new_pair(void)
{
    struct pair *pair = calloc(1, sizeof(*pair));

    if (!pair)
        return NULL;
    SecInvalidateHandle(&pair->client);
    SecInvalidateHandle(&pair->server);
    if (!establish(pair)) {
        disconnect(pair);
        pair = NULL;
    }
    return pair;
}

static bool in_place(struct pair *pair, struct message *message)
{
    BYTE token[16];
    SecBuffer buffers[] = {
        {sizeof(token), SECBUFFER_TOKEN, token},
        {(ULONG)message->len, SECBUFFER_DATA, message->wire},
    };
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, buffers};
    ULONG number = pair->messages++;

    return sspi->EncryptMessage(&pair->client, 0, &desc, number) == SEC_E_OK &&
           sspi->DecryptMessage(&pair->server, &desc, number, NULL) == SEC_E_OK &&
           arrived(message, buffers[1].pvBuffer, buffers[1].cbBuffer);
}

static bool wrap(struct pair *pair, struct message *message)
{
    memcpy(message->wire, message->data, message->len);
    return in_place(pair, message);
}

static bool mic(struct pair *pair, struct message *message)
{
    BYTE token[16];
    SecBuffer buffers[] = {
        {(ULONG)message->len, SECBUFFER_DATA, message->data},
        {sizeof(token), SECBUFFER_TOKEN, token},
    };
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, buffers};
    ULONG number = pair->messages++;

    return sspi->MakeSignature(&pair->client, 0, &desc, number) == SEC_E_OK &&
           sspi->VerifySignature(&pair->server, &desc, number, NULL) == SEC_E_OK;
}

int main(int argc, char **argv)
{
    static const struct subject subject = {.begin = begin,
                                           .connect = new_pair,
                                           .disconnect = disconnect,
                                           .wrap = wrap,
                                           .in_place = in_place,
                                           .mic = mic};

    return measure(argc, argv, &subject);
}
