/* SPDX-License-Identifier: MIT */
/* accounts_fixture.c - see accounts_fixture.h. */

#include "config.h"

#include "accounts_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "hmac_key.h"
#include "ntlm/keys.h"
#include "ntlm/text.h"

struct settings logon_settings;

void client_begin(struct client *client, enum ntlm_response_kind kind, const char *user,
                  const char *domain, const char *password)
{
    static const uint8_t challenge[8] = {1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    size_t user_len, domain_len;

    *client = (struct client){.logon = {.kind = kind,
                                        .user = user,
                                        .domain = domain,
                                        .workstation = "WS",
                                        .server_name = "SERVER",
                                        .server_domain = "SERVER"}};
    memcpy(client->logon.server_challenge, challenge, sizeof(challenge));
    ck_assert_int_eq(ntlm_text_to_utf16(user, strlen(user), &client->user, &user_len), NTLM_OK);
    ck_assert_int_eq(ntlm_text_to_utf16(domain, strlen(domain), &client->domain, &domain_len),
                     NTLM_OK);
    client->logon.user_utf16 = ntlm_bytes(client->user, user_len);
    client->logon.domain_utf16 = ntlm_bytes(client->domain, domain_len);
    ck_assert_int_eq(ntlm_nt_hash(password, strlen(password), client->nt_hash), NTLM_OK);
}

void client_end(struct client *client)
{
    free(client->user);
    free(client->domain);
}

/* NTLMv2: NTProofStr, then a blob that nobody looks into here. */
void client_prove(struct client *client)
{
    struct ntlm_bytes blob = ntlm_bytes(client->response + 16, 48);

    client->response[16] = client->response[17] = 1;
    ck_assert_int_eq(ntlm_ntowfv2(client->nt_hash, client->logon.user_utf16,
                                  client->logon.domain_utf16, client->ntowfv2),
                     NTLM_OK);
    ck_assert_int_eq(ntlm_v2_proof(hmac_key(client->ntowfv2), client->logon.server_challenge,
                                   blob, client->response),
                     NTLM_OK);
    client->logon.nt_response = ntlm_bytes(client->response, 64);
}

void client_begin_v2(struct client *client, const char *user, const char *domain,
                     const char *password)
{
    client_begin(client, NTLM_RESPONSE_V2, user, domain, password);
    client_prove(client);
}

struct accounts *accounts_of(const char *text)
{
    const struct settings settings = {0};
    struct accounts *accounts;

    ck_assert_int_eq(accounts_open(&settings, scratch_write("accounts", text), &accounts),
                     NTLM_OK);
    return accounts;
}

enum ntlm_error log_in(struct accounts *accounts, const char *user, const char *domain,
                       const char *password)
{
    struct account_reply reply;
    struct client client;
    enum ntlm_error error;

    client_begin_v2(&client, user, domain, password);
    error = accounts_logon(accounts, &logon_settings, &client.logon, &reply);
    ck_assert((!error) == (reply.user != NULL));
    account_reply_clear(&reply);
    client_end(&client);
    return error;
}
