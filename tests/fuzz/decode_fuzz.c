/* SPDX-License-Identifier: MIT */
/* decode_fuzz.c - what "gss-negotiate decode" makes of whatever somebody pastes: tokens
 * found in text, described for people and as JSON, and held against a password. */

#include "config.h"

#include <unistd.h>

#include "describe_token.h"
#include "json_token.h"
#include "target.h"
#include "token_text.h"
#include "verify_token.h"

/* The linker leads complaints here (--wrap): nobody reads them. */
enum exit_status __wrap_complain(enum exit_status status, const char *format, ...);

enum exit_status __wrap_complain(enum exit_status status, const char *format, ...)
{
    MUST(format);
    return status;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    /* what is printed is not looked at; libFuzzer says what it has to on standard error */
    MUST(freopen("/dev/null", "w", stdout));
    output_begin();
    return 0;
}

/* What decode.c relies on. */
static void look_at(void *arg, const struct ntlm_field *field)
{
    (void)arg;
    MUST(field->value && 2 * field->depth < JSON_DEPTH_MAX - 2);
    for (const char *at = field->value; *at; at++)
        MUST((unsigned char)*at >= ' ' && *at != 0x7f);
}

static void verify(const struct tokens *tokens)
{
    const struct recorded login = recorded_login(tokens);
    const struct secret secret = {.text = "Password", .len = strlen("Password")};
    struct verified verified = {.user = NULL};

    if (login.challenge.len > 0 && login.authenticate.len > 0) {
        enum exit_status status = verify_token(&login, &secret, false, &verified);

        MUST(status || verified.user);
        MUST(status || verified.nt || verified.why_no_nt);
        MUST(status || verified.mic || verified.why_no_mic);
        free(verified.user);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tokens tokens;
    struct json json = {.depth = 0};

    tokens.count = 0;
    if (!tokens_find(data, size, &tokens)) {
        json_array(&json, NULL);
        for (size_t i = 0; i < tokens.count; i++) {
            MUST(tokens.list[i].len <= TOKEN_SIZE_MAX);
            describe_token(tokens.list[i], look_at, NULL);
            json_token(&json, tokens.list[i], NULL);
        }
        json_array_end(&json);
        verify(&tokens);
    }
    tokens_clear(&tokens);
    return 0;
}
