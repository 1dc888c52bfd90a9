/* SPDX-License-Identifier: MIT */
/* account_verify.c - "gss-negotiate account verify": whether a password is an account's, by
 * the rules by which a server looks an account up. */

#include "config.h"

#include <stdlib.h>

#include "account.h"
#include "account_file.h"
#include "account_line.h"
#include "ntlm/secret.h"
#include "secret.h"
#include "settings/domain.h"
#include "settings/settings.h"
#include "translate.h"
#include "userfile/userfile.h"

enum { FILE_NAME, NT_HASH, PASSWORD_FD };

static const struct option_row options[] = {
    [FILE_NAME] = OPTION_FILE,
    [NT_HASH] = OPTION_NT_HASH,
    [PASSWORD_FD] = OPTION_PASSWORD_FD,
    {NULL, NULL, NULL},
};

/* The account as a server finds it; under every name of its domain. */
static enum exit_status find(const char *path, const struct username *name,
                             const struct settings *settings, struct account *account)
{
    struct domain_names names;
    enum ntlm_error error = NTLM_ERR_OUT_OF_MEMORY;

    if (domain_names_of_login(settings, name->user, name->domain, &names)) {
        const struct account_query query = {.user = name->user,
                                            .domain = name->domain,
                                            .same_domains = names.domains,
                                            .same_realms = names.realms};
        error = userfile_find(path, &query, account);
    }
    domain_names_free(&names);
    if (error == NTLM_ERR_NO_SUCH_LINE)
        return complain(STATUS_BAD, _("%s has no account %s%s%s"), path, name->domain,
                        *name->domain ? "\\" : "", name->user);
    return error ? complain_of(error) : STATUS_OK;
}

static enum exit_status judge(const struct account *account, const uint8_t hash[16],
                              const struct settings *settings)
{
    const char *why = NULL;

    if (!account->has_nt_hash || !ntlm_equal(account->nt_hash, hash, sizeof(account->nt_hash)))
        why = N_("wrong: the account has another password");
    else if (account->disabled)
        why = N_("right, but the account is disabled");
    else if (account->locked)
        why = N_("right, but the account is locked");
    else if (account->empty_password && !settings->allow_empty_passwords)
        why = N_("right, but nobody is let in without a password (allow_empty_passwords)");
    say_part(why ? STYLE_BAD : STYLE_GOOD, "%s", why ? _(why) : _("right"));
    say_end();
    return why ? STATUS_BAD : STATUS_OK;
}

static enum exit_status verify(const struct arguments *arguments, const char *path,
                               const struct username *name, const struct settings *settings)
{
    const bool digits = arguments->values[NT_HASH] != NULL;
    const struct secret_request request = {.prompt = digits ? _("NT hash: ") : _("Password: "),
                                           .fd = arguments->values[PASSWORD_FD]};
    struct account account = {.user = NULL};
    struct secret secret;
    uint8_t hash[16];
    enum exit_status status = secret_read(&request, &secret);

    if (!status)
        status = secret_nt_hash(&secret, digits, hash);
    if (!status)
        status = find(path, name, settings, &account);
    if (!status)
        status = judge(&account, hash, settings);
    account_clear(&account);
    secret_clear(&secret);
    ntlm_cleanse(hash, sizeof(hash));
    return status;
}

static enum exit_status run(const struct arguments *arguments)
{
    const struct settings *settings = NULL;
    struct username name;
    char *path = NULL;
    enum exit_status status = account_name(arguments->operands[0], &name);
    enum ntlm_error error = NTLM_OK;

    if (!status)
        status = account_file_path(arguments->values[FILE_NAME], &path);
    if (!status)
        error = settings_get(&settings);
    if (error)
        status = complain_of(error);
    if (!status)
        status = verify(arguments, path, &name, settings);
    settings_put(settings);
    free(path);
    free(name.memory);
    return status;
}

const struct command account_verify = {
    .name = "verify",
    .operands = N_("[DOMAIN\\]USER"),
    .least = 1,
    .most = 1,
    .summary = N_("Tell whether a password is the account's"),
    .about =
        N_("The account is looked up as a server does it, so the file must be safe to this "
           "user, too. The password is asked for, or is the first line of standard input. "
           "The exit status is 0 if the password is right and the account may log in, else 1."),
    .options = options,
    .run = run,
};
