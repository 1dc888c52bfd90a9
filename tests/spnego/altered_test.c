/* SPDX-License-Identifier: MIT */
/* altered_test.c - a byte is changed in a token on its way: the login is refused, with
 * NTLM, with Kerberos and with IAKERB. */

#include "config.h"

#include <stdio.h>

#include "kdc.h"
#include "sanitized.h"
#include "scratch.h"
#include "spnego_exchange.h"

/* The bytes that mean nothing, as in mech_spnego(8). Everything else is covered by a
 * MIC or by the mechanism, or fixed. */
static bool is_kerberos(struct der_bytes oid)
{
    static const gss_OID_desc all[] = {OID("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"),
                                       OID("\x2a\x86\x48\x82\xf7\x12\x01\x02\x02"),
                                       OID("\x2b\x05\x01\x05\x02")};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (oid.len == all[i].length && memcmp(oid.data, all[i].elements, oid.len) == 0)
            return true;
    return false;
}

/* From a state to another that there can be then. */
static bool is_state(const struct token *before, const struct token *after)
{
    return before->kind == TOKEN_RESPONSE && after->kind == TOKEN_RESPONSE &&
           before->state != after->state && after->state != STATE_REJECT;
}

/* From an identifier of Kerberos to another. */
static bool is_identifier(const struct token *before, const struct token *after)
{
    return is_kerberos(before->supported_mech) && is_kerberos(after->supported_mech) &&
           !der_equal(before->supported_mech, after->supported_mech);
}

/* In a list whose first is Kerberos, which is taken, and so has no mechListMIC. */
static bool is_behind_the_first(const struct token *before, const struct token *after)
{
    struct der_bytes cursor = {NULL, 0}, oid;

    return before->kind == TOKEN_INIT && after->kind == TOKEN_INIT &&
           !der_equal(before->mech_types, after->mech_types) &&
           token_next_mech(after->mech_types, &cursor, &oid) && is_kerberos(oid);
}

/* In Kerberos' own token, where Kerberos by itself takes it as well: names and numbers
 * outside of what is encrypted. */
static bool is_kerberos_own(const struct token *before, const struct token *after)
{
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc in = {after->mech_token.len, (void *)(uintptr_t)after->mech_token.data};
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, ignored;

    if (before->kind != TOKEN_INIT || der_equal(before->mech_token, after->mech_token))
        return false;
    major =
        gss_accept_sec_context(&ignored, &context, GSS_C_NO_CREDENTIAL, &in,
                               GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &out, NULL, NULL, NULL);
    release_buffer(&out);
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
    return major == GSS_S_COMPLETE;
}

/* In Kerberos' answer, before what is encrypted, which is longer than this. */
static bool is_kerberos_header(const struct token *before, const struct token *after)
{
    enum { ENCRYPTED_MIN = 64 };
    struct der_bytes was = before->mech_token, is = after->mech_token;

    return before->kind == TOKEN_RESPONSE && after->kind == TOKEN_RESPONSE &&
           before->state == after->state && was.len == is.len && was.len > ENCRYPTED_MIN &&
           memcmp(was.data + was.len - ENCRYPTED_MIN, is.data + is.len - ENCRYPTED_MIN,
                  ENCRYPTED_MIN) == 0 &&
           !der_equal(was, is);
}

typedef bool row(const struct token *before, const struct token *after);

static row *const ntlm_rows[] = {is_state, NULL};
static row *const kerberos_rows[] = {is_state,        is_identifier,      is_behind_the_first,
                                     is_kerberos_own, is_kerberos_header, NULL};

static row *const iakerb_rows[] = {is_state, is_kerberos_header, NULL};

static bool means_nothing(row *const *rows, const struct token *before,
                          const struct token *after)
{
    for (; *rows; rows++)
        if ((*rows)(before, after))
            return true;
    return false;
}

static unsigned next_random(void)
{
    static unsigned seed = 1;

    seed = seed * 1103515245 + 12345;
    return seed >> 8;
}

/* IAKERB by alice's password: a credential without tickets, for one login. As libsspi makes
 * it, which asks no KDC. */
static gss_cred_id_t iakerb_credential(void)
{
    static const char bytes[] = "\0\0\0\x06\x2b\x06\x01\x05\x05\x02"
                                "\0\0\0\x29"
                                "\0\0\0\x0b\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x01"
                                "\0\0\0\x16"
                                "alice@HOME.TEST\0secret";
    gss_buffer_desc token = {sizeof(bytes) - 1, (void *)(uintptr_t)bytes};
    gss_cred_id_t credential;

    assert_complete(gss_import_cred(&minor, &token, &credential));
    return credential;
}

/* How many bytes come before what IAKERB passes on to the KDC ([APPLICATION 10] or [12] of
 * RFC 4120), which is at the end: a request that the KDC cannot read is not answered, and
 * libkrb5 waits. */
static size_t bytes_to_change(gss_buffer_desc token)
{
    struct der_bytes all = {token.value, token.length}, content;

    for (size_t i = 0; i < all.len; i++) {
        struct der_bytes rest = {all.data + i, all.len - i};

        if (der_take_only(rest, DER_APPLICATION_0 + 10, &content) ||
            der_take_only(rest, DER_APPLICATION_0 + 12, &content))
            return i;
    }
    return token.length;
}

/* Lets the exchange come to this step, changes a byte of what it sent, and lets it end.
 * Whether both sides are content. */
static bool survives(const struct request *request, row *const *rows, int step, int number)
{
    struct exchange exchange;
    struct token before, after;
    gss_buffer_desc *token;
    bool accepted;
    uint8_t *byte;

    exchange_begin(&exchange, request);
    for (int i = 0; i <= step; i++)
        ck_assert(exchange_step(&exchange));
    token = &exchange.tokens[step];
    before = sent(&exchange, step);
    gss_buffer_desc copy = written(&before);
    ck_assert_ptr_null(token_read(bytes_of(copy), &before));
    byte = (uint8_t *)token->value +
           next_random() % (rows == iakerb_rows ? bytes_to_change(*token) : token->length);
    *byte ^= (uint8_t)(1 + next_random() % 255);
    negotiation_finish(&exchange);
    accepted = exchange.client.complete && exchange.server.complete;
    if (accepted)
        ck_assert_msg(!token_read(bytes_of(*token), &after) &&
                          means_nothing(rows, &before, &after),
                      "exchange %d: byte %td of token %d does not matter, now %#x", number,
                      byte - (uint8_t *)token->value, step, *byte);
    release_buffer(&copy);
    exchange_end(&exchange);
    return accepted;
}

/* Fewer where valgrind has no forks, and each takes its time. */
static int count_of(int exchanges)
{
    return getenv("CK_FORK") ? exchanges / 10 : exchanges;
}

static void change_bytes(const struct request *request, row *const *rows, int steps)
{
    int exchanges = count_of(40000), accepted = 0;

    for (int i = 0; i < exchanges; i++)
        accepted += survives(request, rows, i % steps, i);
    printf("# %d of %d changed bytes meant nothing\n", accepted, exchanges);
}

START_TEST(a_byte_that_is_changed_with_ntlm_is_refused)
{
    change_bytes(&(struct request){.mech = SPNEGO, .flags = SIGNED}, ntlm_rows, 4);
}
END_TEST

/* ---- Kerberos ---- */

static const char realm[] = "addprinc -pw secret alice\n"
                            "addprinc -randkey HTTP/server.home.test\n"
                            "ktadd -k keys HTTP/server.home.test\n";

static void begin_kdc(void)
{
    kdc_begin(realm);
}

/* Without NTLM's fallback: a login that ends with another mechanism is not of interest. */
static void log_in(void)
{
    kdc_configure_with("[ntlmssp]\n kerberos_timeout = 0\n");
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    setenv("KRB5_KTNAME", scratch_path("keys"), 1);
    setenv("KRB5RCACHENAME", "none:", 1);
    kdc_log_in("alice", "secret");
}

START_TEST(a_byte_that_is_changed_with_kerberos_is_refused)
{
    change_bytes(&(struct request){.mech = SPNEGO,
                                   .flags = SIGNED | GSS_C_MUTUAL_FLAG,
                                   .target = "HTTP@server.home.test"},
                 kerberos_rows, 2);
}
END_TEST

/* Six tokens: to the KDC and back twice, and Kerberos' own two. What is proxied is covered by
 * a checksum in the fifth. Of each exchange the KDC has its part: fewer, or as many as
 * ALTERED_IAKERB says. */
START_TEST(a_byte_that_is_changed_with_iakerb_is_refused)
{
    const char *asked = getenv("ALTERED_IAKERB");
    int exchanges = asked ? atoi(asked) : count_of(600), accepted = 0;
    struct request request = {
        .mech = SPNEGO, .flags = SIGNED | GSS_C_MUTUAL_FLAG, .target = "HTTP@server.home.test"};

    if (is_sanitized()) {
        printf(
            "ok - iakerb # SKIP libkrb5 loses memory with IAKERB's tokens that it refuses\n");
        return;
    }
    kdc_configure_with("[ntlmssp]\n negotiate_iakerb = true\n");
    for (int i = 0; i < exchanges; i++) {
        request.client_credential = iakerb_credential();
        accepted += survives(&request, iakerb_rows, i % 6, i);
        release(request.client_credential);
    }
    printf("# %d of %d changed bytes meant nothing\n", accepted, exchanges);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_altered");
    TCase *cases;

    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    cases = fixture_case(suite, "bytes");
    tcase_set_timeout(cases, 1200);
    tcase_add_test(cases, a_byte_that_is_changed_with_ntlm_is_refused);
    if (kdc_is_installed()) {
        scratch_begin();
        cases = fixture_case(suite, "kerberos");
        tcase_set_timeout(cases, 1200);
        tcase_add_unchecked_fixture(cases, begin_kdc, kdc_end);
        tcase_add_checked_fixture(cases, log_in, NULL);
        tcase_add_test(cases, a_byte_that_is_changed_with_kerberos_is_refused);
        cases = fixture_case(suite, "iakerb");
        tcase_set_timeout(cases, 1200);
        tcase_add_unchecked_fixture(cases, begin_kdc, kdc_end);
        tcase_add_checked_fixture(cases, log_in, NULL);
        tcase_add_test(cases, a_byte_that_is_changed_with_iakerb_is_refused);
    }
    return suite_run(suite);
}
