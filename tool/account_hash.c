/* SPDX-License-Identifier: MIT */
/* account_hash.c - "gss-negotiate account hash": the NT hash of a password. The one command
 * that prints a secret. */

#include "config.h"

#include <string.h>

#include "account.h"
#include "ntlm/secret.h"
#include "secret.h"
#include "translate.h"

enum { PASSWORD_FD };

static const struct option_row options[] = {
    [PASSWORD_FD] = OPTION_PASSWORD_FD,
    {NULL, NULL, NULL},
};

static enum exit_status run(const struct arguments *arguments)
{
    const struct secret_request request = {
        .prompt = _("Password: "), .fd = arguments->values[PASSWORD_FD], .twice = true};
    struct secret secret;
    uint8_t hash[16];
    enum exit_status status = secret_read(&request, &secret);

    if (!status)
        status = secret_nt_hash(&secret, false, hash);
    for (size_t i = 0; i < sizeof(hash) && !status; i++)
        say_part(STYLE_PLAIN, "%02x", hash[i]);
    if (!status)
        say_end();
    secret_clear(&secret);
    ntlm_cleanse(hash, sizeof(hash));
    return status;
}

const struct command account_hash = {
    .name = "hash",
    .operands = "",
    .summary = N_("Print the NT hash of a password"),
    .about =
        N_("The hash is as good as the password to who logs in with NTLM: keep it as secret.\n"
           "The password is asked for, or is the first line of standard input."),
    .options = options,
    .run = run,
};
