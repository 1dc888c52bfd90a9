/* SPDX-License-Identifier: MIT */
/* attack.c - the table of attacks. */

#include "config.h"

#include "attack.h"

#include "ntlm/flags.h"
#include "ntlm/keys.h"

#define BYTES(literal) ntlm_bytes(literal, sizeof(literal) - 1)

#define NOTHING ntlm_bytes(NULL, 0)

#define BOTH (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG)
/* A client that takes the protection that it gets. */
#define LENIENT GSS_C_REPLAY_FLAG

#define STRENGTH (NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56)
#define ANY_STRENGTH "require_128 = false\nrequire_ess = false\n"

/* Flags, in one message or another. */

#define CLEARING(name, flags)                                                                  \
    static void name##_in_negotiate(struct wire *wire)                                         \
    {                                                                                          \
        alter_clear_flags(wire, WIRE_NEGOTIATE, flags);                                        \
    }                                                                                          \
    static void name##_in_challenge(struct wire *wire)                                         \
    {                                                                                          \
        alter_clear_flags(wire, WIRE_CHALLENGE, flags);                                        \
    }                                                                                          \
    static void name##_in_authenticate(struct wire *wire)                                      \
    {                                                                                          \
        alter_clear_flags(wire, WIRE_AUTHENTICATE, flags);                                     \
    }

CLEARING(protection, NTLM_PROTECTION)
CLEARING(seal, NTLMSSP_NEGOTIATE_SEAL)
CLEARING(strength, STRENGTH)
CLEARING(session_security, NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY)
CLEARING(key_exchange, NTLMSSP_NEGOTIATE_KEY_EXCH)
CLEARING(always_sign, NTLMSSP_NEGOTIATE_ALWAYS_SIGN)
CLEARING(version, NTLMSSP_NEGOTIATE_VERSION)

#define IN_NEGOTIATE(name)                                                                     \
    {                                                                                          \
        name##_in_negotiate, NULL, NULL                                                        \
    }
#define IN_CHALLENGE(name)                                                                     \
    {                                                                                          \
        NULL, name##_in_challenge, NULL                                                        \
    }
#define IN_AUTHENTICATE(name)                                                                  \
    {                                                                                          \
        NULL, NULL, name##_in_authenticate                                                     \
    }
#define IN_ALL(name)                                                                           \
    {                                                                                          \
        name##_in_negotiate, name##_in_challenge, name##_in_authenticate                       \
    }

/* The MIC */

static void without_mic(struct ntlm_authenticate *message)
{
    message->mic_offset = 0;
    message->has_version = false;
    message->flags &= ~NTLMSSP_NEGOTIATE_VERSION;
}

static void without_mic_and_flags(struct ntlm_authenticate *message)
{
    without_mic(message);
    message->flags &=
        ~(NTLM_PROTECTION | NTLMSSP_NEGOTIATE_KEY_EXCH | NTLMSSP_NEGOTIATE_ALWAYS_SIGN);
}

static void drop_mic(struct wire *wire)
{
    alter_authenticate(wire, without_mic);
}

static void drop_mic_and_flags(struct wire *wire)
{
    alter_authenticate(wire, without_mic_and_flags);
}

static void zero_mic(struct wire *wire)
{
    memset(wire->bytes + 72, 0, NTLM_MIC_SIZE);
}

static void smuggle_av_flags(struct wire *wire)
{
    alter_challenge_more(wire, MSV_AV_FLAGS, BYTES("\0\0\0\0"), true);
}

static void smuggle_unverified(struct wire *wire)
{
    alter_challenge_more(wire, MSV_AV_FLAGS, BYTES("\4\0\0\0"), false);
}

static void clear_av_flags(struct wire *wire)
{
    alter_response_pair(wire, MSV_AV_FLAGS, BYTES("\0\0\0\0"));
    drop_mic(wire);
}

static void drop_timestamp(struct wire *wire)
{
    alter_challenge_pair(wire, MSV_AV_TIMESTAMP, NOTHING);
}

static void old_timestamp(struct wire *wire)
{
    alter_challenge_pair(wire, MSV_AV_TIMESTAMP, BYTES("\0\0\0\0\0\0\xd0\1"));
}

/* Names */

static void as_bob(struct ntlm_authenticate *message)
{
    message->user = BYTES("b\0o\0b\0");
}

static void of_another_domain(struct ntlm_authenticate *message)
{
    message->domain = BYTES("O\0T\0H\0E\0R\0");
}

static void of_another_workstation(struct ntlm_authenticate *message)
{
    message->workstation = BYTES("B\0O\0S\0S\0");
}

static void alter_user(struct wire *wire)
{
    alter_authenticate(wire, as_bob);
}

static void alter_domain(struct wire *wire)
{
    alter_authenticate(wire, of_another_domain);
}

static void alter_workstation(struct wire *wire)
{
    alter_authenticate(wire, of_another_workstation);
}

static void alter_server_names(struct wire *wire)
{
    alter_challenge_pair(wire, MSV_AV_NB_COMPUTER_NAME, BYTES("O\0T\0H\0E\0R\0"));
}

static void drop_server_names(struct wire *wire)
{
    alter_challenge_pair(wire, MSV_AV_NB_COMPUTER_NAME, NOTHING);
    alter_challenge_pair(wire, MSV_AV_NB_DOMAIN_NAME, NOTHING);
}

static void drop_computer_name(struct wire *wire)
{
    alter_challenge_pair(wire, MSV_AV_NB_COMPUTER_NAME, NOTHING);
}

static void drop_domain_name(struct wire *wire)
{
    alter_challenge_pair(wire, MSV_AV_NB_DOMAIN_NAME, NOTHING);
}

static void smuggle_target(struct wire *wire)
{
    alter_challenge_more(wire, MSV_AV_TARGET_NAME, BYTES("H\0T\0T\0P\0/\0s\0"), true);
}

static void alter_target(struct wire *wire)
{
    alter_response_pair(wire, MSV_AV_TARGET_NAME, BYTES("H\0T\0T\0P\0/\0s\0"));
}

static void drop_target(struct wire *wire)
{
    alter_response_pair(wire, MSV_AV_TARGET_NAME, NOTHING);
}

/* Channel bindings */

#define ATTACKERS_CHANNEL "tls-server-end-point:the man in the middle"
#define SERVERS_CHANNEL "tls-server-end-point:the server"

static struct ntlm_bytes servers_bindings(void)
{
    static uint8_t hash[16];
    static const char data[] = SERVERS_CHANNEL;
    struct ntlm_bindings bindings = {.application_data = ntlm_bytes(data, sizeof(data) - 1)};

    ck_assert_int_eq(ntlm_bindings_hash(&bindings, hash), NTLM_OK);
    return ntlm_bytes(hash, sizeof(hash));
}

static void drop_bindings(struct wire *wire)
{
    alter_response_pair(wire, MSV_AV_CHANNEL_BINDINGS, NOTHING);
}

static void swap_bindings(struct wire *wire)
{
    struct ntlm_bytes right = servers_bindings();

    alter_response_pair(wire, MSV_AV_CHANNEL_BINDINGS, right);
}

static void smuggle_bindings(struct wire *wire)
{
    alter_challenge_more(wire, MSV_AV_CHANNEL_BINDINGS, servers_bindings(), true);
}

/* The response */

static void with_lm_alone(struct ntlm_authenticate *message)
{
    message->nt_response = ntlm_bytes(NULL, 0);
    message->lm_response = BYTES("\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0");
}

static void with_ntlmv1(struct ntlm_authenticate *message)
{
    with_lm_alone(message);
    message->nt_response = message->lm_response;
}

static void as_nobody(struct ntlm_authenticate *message)
{
    message->user = message->nt_response = ntlm_bytes(NULL, 0);
    message->lm_response = BYTES("\0");
    message->flags |= NTLMSSP_ANONYMOUS;
}

static void keep_lm_alone(struct wire *wire)
{
    alter_authenticate(wire, with_lm_alone);
}

static void put_ntlmv1(struct wire *wire)
{
    alter_authenticate(wire, with_ntlmv1);
}

static void make_anonymous(struct wire *wire)
{
    alter_authenticate(wire, as_nobody);
}

static void alter_server_challenge(struct wire *wire)
{
    wire->bytes[24] ^= 1;
}

#define BY_SERVER(why) .found_by = SERVER, .error = NTLM_ERR_##why
#define BY_CLIENT(why) .found_by = CLIENT, .error = NTLM_ERR_##why
#define IN_SPNEGO_BY_CLIENT(why) .found_by_spnego = CLIENT, .error_spnego = NTLM_ERR_##why
#define WEAK_BOTH .client_settings = ANY_STRENGTH, .server_settings = ANY_STRENGTH
#define BOUND(client, server) .client_channel = (client), .server_channel = (server)

const struct attack attacks[] = {
    {"drop-the-mic", .flags = BOTH, .alter = {NULL, NULL, drop_mic}, BY_SERVER(MIC_MISSING)},
    {"drop-the-mic-and-flags", .flags = BOTH, .alter = {NULL, NULL, drop_mic_and_flags},
     BY_SERVER(MIC_MISSING)},
    {"drop-the-mic-2", .flags = BOTH, .alter = {NULL, smuggle_av_flags, drop_mic},
     BY_SERVER(MIC_MISSING)},
    {"av-flags-smuggled", .flags = BOTH, .alter = {NULL, smuggle_av_flags, NULL},
     BY_SERVER(MIC_WRONG)},
    {"av-flags-unverified-smuggled", .flags = BOTH, .alter = {NULL, smuggle_unverified, NULL},
     .server_settings = "check_target_name = required\ntarget_names = server.test\n",
     BY_SERVER(MIC_WRONG)},
    {"av-flags-cleared", .flags = BOTH, .alter = {NULL, NULL, clear_av_flags},
     BY_SERVER(LOGON_DENIED)},
    {"mic-zeroed", .flags = BOTH, .alter = {NULL, NULL, zero_mic}, BY_SERVER(MIC_WRONG)},
    {"timestamp-removed", .flags = BOTH, .alter = {NULL, drop_timestamp, NULL},
     BY_SERVER(CHALLENGE_ALTERED)},
    {"timestamp-removed-and-flags", .flags = LENIENT,
     .alter = {protection_in_negotiate, drop_timestamp, NULL}, BY_SERVER(CHALLENGE_ALTERED),
     IN_SPNEGO_BY_CLIENT(SERVER_FLAGS)},
    {"timestamp-altered", .flags = BOTH, .alter = {NULL, old_timestamp, NULL},
     BY_SERVER(TIME_SKEW)},
    {"timestamp-altered-without-limit", .flags = BOTH, .alter = {NULL, old_timestamp, NULL},
     .server_settings = "max_clock_skew = 0\n", BY_SERVER(MIC_WRONG)},

    {"protection-stripped-from-negotiate", .flags = BOTH, .alter = IN_NEGOTIATE(protection),
     BY_CLIENT(SERVER_FLAGS)},
    {"protection-stripped-from-challenge", .flags = BOTH, .alter = IN_CHALLENGE(protection),
     BY_CLIENT(SERVER_FLAGS)},
    {"protection-stripped-from-authenticate", .flags = BOTH,
     .alter = IN_AUTHENTICATE(protection), BY_SERVER(MIC_WRONG)},
    {"protection-stripped-from-all", .flags = BOTH, .alter = IN_ALL(protection),
     BY_CLIENT(SERVER_FLAGS)},
    {"signing-stripped-from-challenge", .flags = GSS_C_INTEG_FLAG,
     .alter = IN_CHALLENGE(protection), BY_CLIENT(SERVER_FLAGS)},
    {"seal-stripped-from-negotiate", .flags = BOTH, .alter = IN_NEGOTIATE(seal),
     BY_CLIENT(SERVER_FLAGS)},
    {"seal-stripped-from-challenge", .flags = BOTH, .alter = IN_CHALLENGE(seal),
     BY_CLIENT(SERVER_FLAGS)},
    {"seal-stripped-from-authenticate", .flags = BOTH, .alter = IN_AUTHENTICATE(seal),
     BY_SERVER(MIC_WRONG)},
    {"lenient-protection-stripped-from-negotiate", .flags = LENIENT,
     .alter = IN_NEGOTIATE(protection), BY_SERVER(MIC_WRONG),
     IN_SPNEGO_BY_CLIENT(SERVER_FLAGS)},
    {"lenient-protection-stripped-from-challenge", .flags = LENIENT,
     .alter = IN_CHALLENGE(protection), BY_SERVER(MIC_WRONG),
     IN_SPNEGO_BY_CLIENT(SERVER_FLAGS)},
    {"lenient-protection-stripped-from-authenticate", .flags = LENIENT,
     .alter = IN_AUTHENTICATE(protection), BY_SERVER(MIC_WRONG)},
    {"lenient-protection-stripped-from-all", .flags = LENIENT, .alter = IN_ALL(protection),
     BY_SERVER(MIC_WRONG), IN_SPNEGO_BY_CLIENT(SERVER_FLAGS)},
    {"required-signing-stripped-from-all", .flags = LENIENT, .alter = IN_ALL(protection),
     .server_settings = "require_sign = true\n", BY_SERVER(WEAK_NO_SIGN),
     IN_SPNEGO_BY_CLIENT(SERVER_FLAGS)},
    {"required-sealing-stripped-from-authenticate", .flags = BOTH,
     .alter = IN_AUTHENTICATE(seal), .server_settings = "require_seal = true\n",
     BY_SERVER(WEAK_NO_SEAL)},
    {"key-length-cut-in-negotiate", .flags = BOTH, .alter = IN_NEGOTIATE(strength),
     BY_CLIENT(WEAK_NO_128)},
    {"key-length-cut-in-challenge", .flags = BOTH, .alter = IN_CHALLENGE(strength),
     BY_CLIENT(WEAK_NO_128)},
    {"key-length-cut-in-authenticate", .flags = BOTH, .alter = IN_AUTHENTICATE(strength),
     BY_SERVER(WEAK_NO_128)},
    {"key-length-cut-in-all-where-any-will-do", .flags = BOTH, .alter = IN_ALL(strength),
     WEAK_BOTH, BY_SERVER(MIC_WRONG)},
    {"session-security-stripped-from-negotiate", .flags = BOTH,
     .alter = IN_NEGOTIATE(session_security), BY_CLIENT(WEAK_NO_ESS)},
    {"session-security-stripped-from-challenge", .flags = BOTH,
     .alter = IN_CHALLENGE(session_security), BY_CLIENT(WEAK_NO_ESS)},
    {"session-security-stripped-from-authenticate", .flags = BOTH,
     .alter = IN_AUTHENTICATE(session_security), BY_SERVER(WEAK_NO_ESS)},
    {"session-security-stripped-from-all-where-any-will-do", .flags = BOTH,
     .alter = IN_ALL(session_security), WEAK_BOTH, BY_SERVER(MIC_WRONG)},
    {"key-exchange-stripped-from-authenticate", .flags = BOTH,
     .alter = IN_AUTHENTICATE(key_exchange), BY_SERVER(MIC_WRONG)},
    {"key-exchange-stripped-from-all", .flags = BOTH, .alter = IN_ALL(key_exchange),
     BY_SERVER(MIC_WRONG)},
    {"always-sign-stripped-from-all", .flags = BOTH, .alter = IN_ALL(always_sign),
     BY_SERVER(MIC_WRONG)},
    {"version-stripped-from-all", .flags = BOTH, .alter = IN_ALL(version),
     BY_SERVER(MIC_WRONG)},

    {"user-altered", .flags = BOTH, .alter = {NULL, NULL, alter_user}, BY_SERVER(LOGON_DENIED)},
    {"domain-altered", .flags = BOTH, .alter = {NULL, NULL, alter_domain},
     BY_SERVER(LOGON_DENIED)},
    {"workstation-altered", .flags = BOTH, .alter = {NULL, NULL, alter_workstation},
     BY_SERVER(MIC_WRONG)},
    {"server-names-altered", .flags = BOTH, .alter = {NULL, alter_server_names, NULL},
     BY_SERVER(MIC_WRONG)},
    {"server-names-removed", .flags = BOTH, .alter = {NULL, drop_server_names, NULL},
     BY_CLIENT(NO_SERVER_NAMES)},
    {"server-computer-name-removed", .flags = BOTH, .alter = {NULL, drop_computer_name, NULL},
     BY_CLIENT(NO_SERVER_NAMES)},
    {"server-domain-name-removed", .flags = BOTH, .alter = {NULL, drop_domain_name, NULL},
     BY_CLIENT(NO_SERVER_NAMES)},
    {"lenient-server-names-removed", .flags = LENIENT, .alter = {NULL, drop_server_names, NULL},
     BY_SERVER(MIC_WRONG), IN_SPNEGO_BY_CLIENT(NO_SERVER_NAMES)},
    {"server-challenge-altered", .flags = BOTH, .alter = {NULL, alter_server_challenge, NULL},
     BY_SERVER(LOGON_DENIED)},

    {"bindings-removed", .flags = BOTH, .alter = {NULL, NULL, drop_bindings},
     BOUND(ATTACKERS_CHANNEL, SERVERS_CHANNEL), BY_SERVER(LOGON_DENIED)},
    {"bindings-swapped", .flags = BOTH, .alter = {NULL, NULL, swap_bindings},
     BOUND(ATTACKERS_CHANNEL, SERVERS_CHANNEL), BY_SERVER(LOGON_DENIED)},
    {"bindings-smuggled", .flags = BOTH, .alter = {NULL, smuggle_bindings, NULL},
     BOUND(ATTACKERS_CHANNEL, SERVERS_CHANNEL), BY_SERVER(MIC_WRONG)},
    {"bindings-smuggled-to-unbound-client", .flags = BOTH,
     .alter = {NULL, smuggle_bindings, NULL}, BOUND(NULL, SERVERS_CHANNEL),
     .server_settings = "require_channel_bindings = true\n", BY_SERVER(MIC_WRONG)},
    {"relay-over-another-channel", .flags = BOTH, BOUND(ATTACKERS_CHANNEL, SERVERS_CHANNEL),
     BY_SERVER(BINDINGS_DIFFER)},
    {"relay-of-unbound-client", .flags = BOTH, BOUND(NULL, SERVERS_CHANNEL),
     .server_settings = "require_channel_bindings = true\n", BY_SERVER(BINDINGS_MISSING)},
    {"relay-to-unbound-server", .flags = BOTH, BOUND(ATTACKERS_CHANNEL, NULL),
     .server_settings = "require_channel_bindings = true\n", BY_SERVER(BINDINGS_MISSING)},
    {"relay-to-another-service", .flags = BOTH, .target = "HTTP@files.test",
     .server_settings = "check_target_name = if-sent\ntarget_names = server.test\n",
     BY_SERVER(TARGET_NAME)},
    {"target-name-smuggled", .flags = BOTH, .alter = {NULL, smuggle_target, NULL},
     .target = "HTTP@files.test", BY_SERVER(MIC_WRONG)},
    {"target-name-altered", .flags = BOTH, .alter = {NULL, NULL, alter_target},
     .target = "HTTP@files.test", BY_SERVER(LOGON_DENIED)},
    {"target-name-removed", .flags = BOTH, .alter = {NULL, NULL, drop_target},
     .target = "HTTP@files.test", BY_SERVER(LOGON_DENIED)},
    {"reflection-to-named-credentials", .flags = BOTH, .target = "HTTP@files.test",
     .service = OUR_SERVICE, BY_SERVER(REFLECTION)},

    {"downgrade-to-lm", .flags = BOTH, .alter = {NULL, NULL, keep_lm_alone},
     BY_SERVER(LM_REFUSED)},
    {"downgrade-to-ntlmv1", .flags = BOTH, .alter = {NULL, NULL, put_ntlmv1},
     BY_SERVER(NTLMV1_REFUSED)},
    {"downgrade-to-anonymous", .flags = BOTH, .alter = {NULL, NULL, make_anonymous},
     BY_SERVER(ANONYMOUS_REFUSED)},
};
const int attack_count = sizeof(attacks) / sizeof(attacks[0]);
