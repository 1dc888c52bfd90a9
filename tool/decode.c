/* SPDX-License-Identifier: MIT */
/* decode.c - "gss-negotiate decode": tokens taken apart, and held against a password. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "describe_token.h"
#include "dispatch.h"
#include "input.h"
#include "json_token.h"
#include "recorded.h"
#include "token_text.h"
#include "translate.h"
#include "verify_token.h"

enum { VERIFY, NT_HASH, PASSWORD_FD, JSON };

static const struct option_row options[] = {
    [VERIFY] = {"verify", NULL,
                N_("ask for the password, and check the responses and the MICs")},
    [NT_HASH] = OPTION_NT_HASH,
    [PASSWORD_FD] = OPTION_PASSWORD_FD,
    [JSON] = OPTION_JSON,
    {NULL, NULL, NULL},
};

/* ---- the fields ---- */

static void print_field(void *arg, const struct ntlm_field *field)
{
    (void)arg;
    say_part(STYLE_PLAIN, "%*s", 2 * (int)field->depth, "");
    if (field->name)
        say_part(field->depth == 0 ? STYLE_NAME : STYLE_PLAIN, "%s", field->name);
    say_part(STYLE_PLAIN, "%s%s", field->name ? field->depth == 0 ? ", " : ": " : "",
             field->value);
    say_end();
}

/* ---- the password ---- */

static const char *const verdicts[] = {
    [PROOF_RIGHT] = N_("right"), [PROOF_WRONG] = N_("wrong")};

static void print_verdict(const char *name, enum proof verdict, const char *why)
{
    static const enum style styles[] = {
        [PROOF_NONE] = STYLE_DOUBT, [PROOF_RIGHT] = STYLE_GOOD, [PROOF_WRONG] = STYLE_BAD};

    say_part(STYLE_PLAIN, "  %s: ", name);
    say_part(styles[verdict], "%s%s", verdict ? _(verdicts[verdict]) : _("not checked: "),
             verdict ? "" : _(why));
    say_end();
}

static void print_verdicts(struct json *json, const struct verified *verified)
{
    const struct {
        const char *name;
        enum proof verdict;
        const char *why;
    } rows[] = {{"NtChallengeResponse", verified->nt, verified->why_no_nt},
                {"LmChallengeResponse", verified->lm, verified->why_no_lm},
                {"MIC", verified->mic, verified->why_no_mic},
                {"mechListMIC of the initiator", verified->initiator_list_mic,
                 verified->why_no_initiator_list_mic},
                {"mechListMIC of the acceptor", verified->acceptor_list_mic,
                 verified->why_no_acceptor_list_mic}};

    if (json) {
        json_object(json, "verification");
        json_text(json, "user", verified->user);
    } else {
        say_part(STYLE_NAME, _("Verification"));
        say(", %s", verified->user);
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!rows[i].verdict && !rows[i].why)
            continue;
        if (json)
            json_text(json, rows[i].name,
                      rows[i].verdict ? verdicts[rows[i].verdict] : rows[i].why);
        else
            print_verdict(rows[i].name, rows[i].verdict, rows[i].why);
    }
    if (json)
        json_object_end(json);
}

/* json NULL: for people. */
static enum exit_status verify(const struct arguments *arguments, const struct tokens *tokens,
                               struct json *json)
{
    const struct recorded login = recorded_login(tokens);
    const struct secret_request request = {
        .prompt = arguments->values[NT_HASH] ? _("NT hash: ") : _("Password: "),
        .fd = arguments->values[PASSWORD_FD],
        .input_taken = arguments->count == 0};
    struct verified verified = {.user = NULL};
    struct secret secret;
    enum exit_status status;

    if (login.challenge.len == 0 || login.authenticate.len == 0)
        return complain(STATUS_TROUBLE, "%s",
                        _("to check a password, give a login's CHALLENGE and AUTHENTICATE in "
                          "this order, and its NEGOTIATE before them for the MIC"));
    status = secret_read(&request, &secret);
    if (!status)
        status = verify_token(&login, &secret, arguments->values[NT_HASH] != NULL, &verified);
    secret_clear(&secret);
    if (!status) {
        print_verdicts(json, &verified);
        if (verified.nt == PROOF_WRONG || verified.lm == PROOF_WRONG ||
            verified.mic == PROOF_WRONG || verified.initiator_list_mic == PROOF_WRONG ||
            verified.acceptor_list_mic == PROOF_WRONG)
            status = STATUS_BAD;
    }
    free(verified.user);
    return status;
}

/* ---- the command ---- */

static enum exit_status find_in(const char *what, const void *text, size_t len,
                                struct tokens *tokens)
{
    size_t before = tokens->count;
    enum exit_status status = tokens_find(text, len, tokens);

    if (!status && tokens->count == before)
        status = complain(STATUS_BAD,
                          _("%s has no token of NTLM or Negotiate in it, neither in base64 nor "
                            "in hexadecimal digits"),
                          what);
    return status;
}

static enum exit_status collect(const struct arguments *arguments, struct tokens *tokens)
{
    enum exit_status status = STATUS_OK;
    char *input = NULL;
    size_t len = 0;

    for (int i = 0; i < arguments->count && !status; i++)
        status = find_in(_("the argument"), arguments->operands[i],
                         strlen(arguments->operands[i]), tokens);
    if (arguments->count > 0)
        return status;
    status = input_read(STDIN_FILENO, _("standard input"), &input, &len);
    if (!status)
        status = find_in(_("standard input"), input, len, tokens);
    free(input);
    return status;
}

static enum exit_status print_json(const struct arguments *arguments,
                                   const struct tokens *tokens)
{
    enum exit_status status = STATUS_OK;
    struct json json = {.depth = 0};

    json_object(&json, NULL);
    json_array(&json, "tokens");
    for (size_t i = 0; i < tokens->count; i++)
        json_token(&json, tokens->list[i], NULL);
    json_array_end(&json);
    if (arguments->values[VERIFY])
        status = verify(arguments, tokens, &json);
    json_object_end(&json);
    return status;
}

static enum exit_status print(const struct arguments *arguments, const struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++)
        describe_token(tokens->list[i], print_field, NULL);
    return arguments->values[VERIFY] ? verify(arguments, tokens, NULL) : STATUS_OK;
}

static enum exit_status run(const struct arguments *arguments)
{
    struct tokens tokens;
    enum exit_status status;

    if (!arguments->values[VERIFY] &&
        (arguments->values[NT_HASH] || arguments->values[PASSWORD_FD]))
        return usage_error("%s", _("a password or hash is for --verify"));
    tokens.count = 0;
    status = collect(arguments, &tokens);
    if (!status)
        status = arguments->values[JSON] ? print_json(arguments, &tokens)
                                         : print(arguments, &tokens);
    tokens_clear(&tokens);
    return status;
}

const struct command command_decode = {
    .name = "decode",
    .operands = N_("[TOKEN ...]"),
    .most = -1,
    .summary = N_("Take tokens of NTLM and Negotiate apart, field by field"),
    .about =
        N_("A TOKEN is base64 or hexadecimal digits, a whole Authorization or WWW-Authenticate "
           "header, or a line of a log; without one, standard input is read, in any of these "
           "forms, as bytes, or in a dump of xxd, hexdump, od or tshark.\n"
           "Responses, keys and MICs are shown by their kind and length alone. With --verify, "
           "the password of the user is asked for (or read from standard input, where that is "
           "not for the tokens), and the responses of the last login are checked, as are the "
           "MIC if all three of its messages are given, and in Negotiate the mechListMICs."),
    .options = options,
    .run = run,
};
