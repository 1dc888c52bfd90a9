/* SPDX-License-Identifier: MIT */
/* sspi_tickets.c - see sspi_tickets.h. */

#include "config.h"

#include "sspi_tickets.h"

#include <stdlib.h>
#include <time.h>

#include <check.h>

/* libkrb5 has these for the KDC and declares them nowhere. */
krb5_error_code encode_krb5_ticket(const krb5_ticket *ticket, krb5_data **out);
krb5_error_code krb5_encrypt_tkt_part(krb5_context context, const krb5_keyblock *key,
                                      krb5_ticket *ticket);

static void worked(krb5_error_code error)
{
    ck_assert_msg(error == 0, "Kerberos: %d", (int)error);
}

void tickets_begin(const char *client)
{
    krb5_context context;
    krb5_principal principal;
    krb5_ccache tickets;

    worked(krb5_init_context(&context));
    worked(krb5_parse_name(context, client, &principal));
    worked(krb5_cc_default(context, &tickets));
    worked(krb5_cc_initialize(context, tickets, principal));
    krb5_cc_close(context, tickets);
    krb5_free_principal(context, principal);
    krb5_free_context(context);
}

static void seal_ticket(krb5_context context, const krb5_keyblock *service_key,
                        krb5_creds *creds)
{
    krb5_enc_tkt_part part = {
        .flags = creds->ticket_flags,
        .session = &creds->keyblock,
        .client = creds->client,
        .transited = {.tr_type = KRB5_DOMAIN_X500_COMPRESS},
        .times = creds->times,
    };
    krb5_ticket ticket = {.server = creds->server, .enc_part = {.kvno = 1}, .enc_part2 = &part};
    krb5_data *sealed;

    worked(krb5_encrypt_tkt_part(context, service_key, &ticket));
    worked(encode_krb5_ticket(&ticket, &sealed));
    creds->ticket = *sealed;
    free(sealed);
    krb5_free_data_contents(context, &ticket.enc_part.ciphertext);
}

static void add_key(krb5_context context, krb5_principal service, const krb5_keyblock *key)
{
    krb5_keytab_entry entry = {.principal = service, .vno = 1, .key = *key};
    krb5_keytab keys;

    worked(krb5_kt_default(context, &keys));
    worked(krb5_kt_add_entry(context, keys, &entry));
    krb5_kt_close(context, keys);
}

void tickets_add(const char *service, krb5_enctype type)
{
    krb5_creds creds = {.ticket_flags = TKT_FLG_PRE_AUTH};
    krb5_context context;
    krb5_ccache tickets;
    krb5_keyblock key;

    worked(krb5_init_context(&context));
    worked(krb5_cc_default(context, &tickets));
    worked(krb5_cc_get_principal(context, tickets, &creds.client));
    worked(krb5_parse_name(context, service, &creds.server));
    worked(krb5_c_make_random_key(context, type, &key));
    worked(krb5_c_make_random_key(context, type, &creds.keyblock));
    creds.times.authtime = creds.times.starttime = (krb5_timestamp)time(NULL) - 60;
    creds.times.endtime = creds.times.starttime + 36000;
    seal_ticket(context, &key, &creds);
    worked(krb5_cc_store_cred(context, tickets, &creds));
    add_key(context, creds.server, &key);
    krb5_free_keyblock_contents(context, &key);
    krb5_free_cred_contents(context, &creds);
    krb5_cc_close(context, tickets);
    krb5_free_context(context);
}
