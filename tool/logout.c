/* SPDX-License-Identifier: MIT */
/* logout.c - "gss-negotiate logout": takes logins out of the kernel's keyring. */

#include "config.h"

#include <stdlib.h>

#include "commands.h"
#include "login_options.h"
#include "translate.h"

enum { TARGET, KEYRING };

static const struct option_row options[] = {
    [TARGET] = OPTION_TARGET(N_("only the login for this host or pattern")),
    [KEYRING] = OPTION_KEYRING,
    {NULL, NULL, NULL},
};

static enum exit_status remove_logins(enum login_keyring keyring,
                                      const struct login_selection *selection)
{
    size_t removed;
    enum ntlm_error error = logins_remove(keyring, selection, &removed);

    if (error)
        return complain_of(error);
    if (removed == 0 && (selection->user || selection->target))
        return complain(STATUS_BAD, "%s", _("there is no such login"));
    return STATUS_OK;
}

static enum exit_status log_out(const struct settings *settings,
                                const struct arguments *arguments)
{
    struct login_selection selection = {.target = arguments->values[TARGET]};
    struct username name = {.memory = NULL};
    enum login_keyring keyring;
    enum exit_status status =
        login_keyring_option(settings, arguments->values[KEYRING], &keyring);

    if (!status && arguments->count > 0) {
        status = login_name(settings, arguments->operands[0], &name);
        selection.user = name.user;
        selection.domain = name.memory && *name.domain ? name.domain : NULL;
    }
    if (!status)
        status = remove_logins(keyring, &selection);
    free(name.memory);
    return status;
}

static enum exit_status run(const struct arguments *arguments)
{
    const struct settings *settings;
    enum ntlm_error error = settings_get(&settings);
    enum exit_status status = error ? complain_of(error) : log_out(settings, arguments);

    settings_put(settings);
    return status;
}

const struct command command_logout = {
    .name = "logout",
    .operands = N_("[[DOMAIN\\]USER]"),
    .most = 1,
    .summary = N_("Sign out"),
    .about = N_("Takes a user's logins out of the kernel's keyring, or all of them; at once, "
                "also for programs that run. Without a name or a target what is damaged is "
                "removed, too."),
    .options = options,
    .run = run,
};
