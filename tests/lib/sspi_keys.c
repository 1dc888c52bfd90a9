/* SPDX-License-Identifier: MIT */
/* sspi_keys.c - see sspi_keys.h. */

#include "config.h"

#include "sspi_keys.h"

#include <stdlib.h>

#include <check.h>
#include <krb5.h>

#include "scratch.h"

static void add_key(const char *file, const char *principal)
{
    krb5_keytab_entry entry = {.vno = 1};
    krb5_context context;
    krb5_keytab keys;

    ck_assert_int_eq(krb5_init_context(&context), 0);
    ck_assert_int_eq(krb5_kt_resolve(context, file, &keys), 0);
    ck_assert_int_eq(krb5_parse_name(context, principal, &entry.principal), 0);
    ck_assert_int_eq(
        krb5_c_make_random_key(context, ENCTYPE_AES256_CTS_HMAC_SHA1_96, &entry.key), 0);
    ck_assert_int_eq(krb5_kt_add_entry(context, keys, &entry), 0);
    krb5_free_keytab_entry_contents(context, &entry);
    krb5_kt_close(context, keys);
    krb5_free_context(context);
}

void keys_for_client(const char *principal)
{
    setenv("KRB5_CLIENT_KTNAME", scratch_path("client-keys"), 1);
    add_key(scratch_path("client-keys"), principal);
}

void keys_for_server(const char *principal)
{
    setenv("KRB5_KTNAME", scratch_path("server-keys"), 1);
    add_key(scratch_path("server-keys"), principal);
}
