/* SPDX-License-Identifier: MIT */
/* challenge_name_test.c - every CHALLENGE has a MsvAvDnsComputerName that is not empty
 * (clients die without it), whichever way it is asked for and whatever this machine is
 * called. */

#include "config.h"

#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gss_exchange.h"
#include "ntlm/avpair.h"
#include "ntlm/message.h"

/* What gives a CHALLENGE; the caller releases it. */
typedef gss_buffer_desc challenge_by(void);

static gss_buffer_desc by_mechanism(gss_OID mech)
{
    struct exchange exchange;
    gss_buffer_desc challenge;

    exchange_begin(&exchange, &(struct request){.mech = mech});
    ck_assert(exchange_step(&exchange));
    ck_assert(exchange_step(&exchange));
    ck_assert_uint_eq(exchange.server.major, GSS_S_CONTINUE_NEEDED);
    challenge = exchange.tokens[1];
    exchange.tokens[1] = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    exchange_end(&exchange);
    return challenge;
}

static gss_buffer_desc raw(void)
{
    return by_mechanism(NTLMSSP);
}

static gss_buffer_desc by_spnego(void)
{
    return by_mechanism(SPNEGO);
}

/* Connectionless, where no NEGOTIATE comes: the module itself, for the mechglue gives an
 * empty token to SPNEGO. */
static gss_buffer_desc as_datagram(void)
{
    void *module = dlopen(GSS_MODULE, RTLD_NOW | RTLD_LOCAL);
    gss_buffer_desc empty = GSS_C_EMPTY_BUFFER, challenge;
    __typeof__(gss_accept_sec_context) *accept;
    __typeof__(gss_delete_sec_context) *end;
    gss_ctx_id_t server = GSS_C_NO_CONTEXT;

    ck_assert_ptr_nonnull(module);
    *(void **)&accept = dlsym(module, "gss_accept_sec_context");
    *(void **)&end = dlsym(module, "gss_delete_sec_context");
    assert_status(GSS_S_CONTINUE_NEEDED,
                  accept(&minor, &server, GSS_C_NO_CREDENTIAL, &empty,
                         GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &challenge, NULL, NULL, NULL));
    assert_complete(end(&minor, &server, GSS_C_NO_BUFFER));
    dlclose(module);
    return challenge;
}

static challenge_by *const ways[] = {raw, by_spnego, as_datagram};
#define WAYS (int)(sizeof(ways) / sizeof(ways[0]))

/* NULL: as it is, or unset. */
static const struct machine {
    const char *host, *computer, *domain;
} machines[] = {
    {NULL, NULL, NULL},
    {NULL, "NETBIOS-NAME", "DOMAIN"},
    {NULL, "NETBIOS-NAME", NULL},
    {NULL, NULL, "DOMAIN"},
    {"", NULL, NULL},
    {"(none)", NULL, NULL},
    {".", NULL, NULL},
    {".example.org", NULL, "DOMAIN"},
    {"short", NULL, NULL},
    {"short.", NULL, NULL},
    {"host.example.org", NULL, NULL},
    {"\xff\xfe.example.org", NULL, NULL}, /* not UTF-8 */
    {"-.-", NULL, NULL},
    {"a-name-that-is-longer-than-netbios-allows.example.org", NULL, NULL},
};
#define MACHINES (int)(sizeof(machines) / sizeof(machines[0]))

static void set_variable(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

/* False when that takes root. */
static bool become(const struct machine *machine)
{
    if (machine->host &&
        (unshare(CLONE_NEWUTS) != 0 || sethostname(machine->host, strlen(machine->host)) != 0))
        return false;
    set_variable("NETBIOS_COMPUTER_NAME", machine->computer);
    set_variable("NETBIOS_DOMAIN_NAME", machine->domain);
    return true;
}

/* The message, alone or within a token of SPNEGO's. */
static struct ntlm_bytes message_in(gss_buffer_desc token)
{
    uint8_t *at = memmem(token.value, token.length, "NTLMSSP", 8);

    ck_assert_ptr_nonnull(at);
    return ntlm_bytes(at, token.length - (size_t)(at - (uint8_t *)token.value));
}

START_TEST(every_challenge_has_a_dns_computer_name)
{
    const struct machine *machine = &machines[_i / WAYS];
    struct ntlm_challenge message;
    struct ntlm_bytes name;
    gss_buffer_desc token;

    if (!become(machine)) {
        printf("ok - every_challenge_has_a_dns_computer_name, host %s # SKIP needs root\n",
               machine->host);
        return;
    }
    token = ways[_i % WAYS]();
    ck_assert_int_eq(ntlm_challenge_decode(message_in(token), &message), NTLM_OK);
    ck_assert(ntlm_av_find(message.target_info, MSV_AV_DNS_COMPUTER_NAME, &name));
    ck_assert_uint_gt(name.len, 0);
    release_buffer(&token);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss challenge name");
    TCase *cases = fixture_case(suite, "names");

    tcase_add_loop_test(cases, every_challenge_has_a_dns_computer_name, 0, MACHINES * WAYS);
    return suite_run(suite);
}
