/* SPDX-License-Identifier: MIT */
/* envelope_test.c - a man in the middle who alters what SPNEGO puts around NTLM's messages,
 * MIT's and ours (OURS): the mechanism list, the choice, the state, the codes over the
 * list. --list prints the attacks' names. */

#include "config.h"

#include "spnego_exchange.h"

enum found_by { CLIENT, SERVER };

/* What a row does to the token of each step. */
#define TOKENS 4

static const gss_OID_desc kerberos = OID("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02");

static struct der_bytes list_of(const gss_OID_desc *first, const gss_OID_desc *second)
{
    static uint8_t list[64];
    const struct der_bytes oids[] = {content_of(first), content_of(second)};
    size_t size = token_write_mechs(oids, 2, NULL);

    ck_assert_uint_le(size, sizeof(list));
    token_write_mechs(oids, 2, list + size);
    return (struct der_bytes){list, size};
}

/* The client offered a stronger mechanism first: so a server would see it. */
static void weaker_list(struct token *token)
{
    token->mech_types = list_of(&ntlmssp_oid, &other_oid);
}

static void other_first(struct token *token)
{
    token->mech_types = list_of(&other_oid, &ntlmssp_oid);
}

static void choose_kerberos(struct token *token)
{
    token->supported_mech = content_of(&kerberos);
}

static void choose_unknown(struct token *token)
{
    token->supported_mech = content_of(&other_oid);
}

static void complete(struct token *token)
{
    token->state = STATE_ACCEPT_COMPLETED;
}

static void reject(struct token *token)
{
    token->state = STATE_REJECT;
}

static void strip_mic(struct token *token)
{
    token->mic = NO_BYTES;
}

static void alter_mic(struct token *token)
{
    static uint8_t mic[64];

    ck_assert_uint_gt(token->mic.len, 0);
    ck_assert_uint_le(token->mic.len, sizeof(mic));
    memcpy(mic, token->mic.data, token->mic.len);
    mic[token->mic.len / 2] ^= 1;
    token->mic.data = mic;
}

static const struct attack {
    const char *name;
    void (*alter[TOKENS])(struct token *token);
    enum found_by found_by;
    const char *ours;   /* what our SPNEGO says */
    bool unseen_by_mit; /* MIT's SPNEGO does not find out: mech_spnego.so does */
} attacks[] = {
    {"mechanism-list-shortened",
     {weaker_list},
     .found_by = SERVER,
     .ours = "mechListMIC is wrong"},
    {"mechanism-list-reordered",
     {other_first},
     .found_by = CLIENT,
     .ours = "lacks the mechanism's own token"},
    {"mechanism-list-code-stripped-on-the-way-to-the-server",
     {NULL, NULL, strip_mic},
     .found_by = SERVER,
     .ours = "mechListMIC is missing",
     .unseen_by_mit = true},
    {"mechanism-list-code-altered-on-the-way-to-the-server",
     {NULL, NULL, alter_mic},
     .found_by = SERVER,
     .ours = "mechListMIC is wrong"},
    {"mechanism-list-altered-and-code-stripped",
     {weaker_list, NULL, strip_mic, NULL},
     .found_by = SERVER,
     .ours = "mechListMIC is missing",
     .unseen_by_mit = true},
    {"mechanism-list-code-stripped-on-the-way-to-the-client",
     {NULL, NULL, NULL, strip_mic},
     .found_by = CLIENT,
     .ours = "mechListMIC is missing"},
    {"mechanism-list-code-altered-on-the-way-to-the-client",
     {NULL, NULL, NULL, alter_mic},
     .found_by = CLIENT,
     .ours = "mechListMIC is wrong"},
    {"mechanism-choice-altered",
     {NULL, choose_kerberos},
     .found_by = CLIENT,
     .ours = "Kerberos"},
    {"mechanism-choice-unknown", {NULL, choose_unknown}, .found_by = CLIENT, .ours = "not"},
    {"negotiation-completed-early",
     {NULL, complete},
     .found_by = CLIENT,
     .ours = "not what it can be now",
     .unseen_by_mit = true},
    {"negotiation-rejected", {NULL, reject}, .found_by = CLIENT, .ours = "rejected"},
};
static const int attack_count = sizeof(attacks) / sizeof(attacks[0]);

static void run(const struct attack *attack, struct exchange *exchange)
{
    bool more = true;

    exchange_begin(exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_INTEG_FLAG});
    while (more) {
        int step = exchange->steps;

        more = exchange_step(exchange);
        if (step < TOKENS && attack && attack->alter[step] && exchange->tokens[step].length) {
            struct token token = sent(exchange, step);

            attack->alter[step](&token);
            replace_token(exchange, step, &token);
        }
    }
}

START_TEST(the_attack_is_found_out)
{
    const struct attack *attack = &attacks[_i];
    struct exchange exchange;
    const struct side *side = attack->found_by == CLIENT ? &exchange.client : &exchange.server;

    run(attack, &exchange);
    if (!OURS && attack->unseen_by_mit) {
        ck_assert_msg(side->complete, "%s: MIT's SPNEGO finds out by now", attack->name);
        exchange_end(&exchange);
        return;
    }
    ck_assert_msg(GSS_ERROR(side->major), "%s: the client has %#x (%s), the server %#x (%s)",
                  attack->name, exchange.client.major, side_text(&exchange, &exchange.client),
                  exchange.server.major, side_text(&exchange, &exchange.server));
    if (OURS)
        ck_assert_msg(strstr(side_text(&exchange, side), attack->ours) != NULL,
                      "%s: \"%s\" does not say \"%s\"", attack->name,
                      side_text(&exchange, side), attack->ours);
    if (attack->found_by == SERVER)
        ck_assert_ptr_null(exchange.source);
    ck_assert(!side->complete);
    exchange_end(&exchange);
}
END_TEST

START_TEST(without_him_the_login_succeeds)
{
    struct exchange exchange;

    run(NULL, &exchange);
    negotiation_is_complete(&exchange);
    exchange_end(&exchange);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite;
    TCase *cases;

    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (int i = 0; i < attack_count; i++)
            puts(attacks[i].name);
        return EXIT_SUCCESS;
    }
    if (OURS)
        setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    else
        unsetenv("MECHANISM");
    suite = suite_create("envelope");
    cases = fixture_case(suite, "envelope");
    tcase_add_loop_test(cases, the_attack_is_found_out, 0, attack_count);
    tcase_add_test(cases, without_him_the_login_succeeds);
    return suite_run(suite);
}
