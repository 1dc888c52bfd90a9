/* SPDX-License-Identifier: MIT */
/* login_options.c - see login_options.h. */

#include "config.h"

#include "login_options.h"

#include "translate.h"

enum exit_status login_keyring_option(const struct settings *settings, const char *option,
                                      enum login_keyring *keyring)
{
    *keyring = (enum login_keyring)settings->login_keyring;
    if (option && !login_keyring_of(option, keyring))
        return complain(STATUS_USAGE, _("--keyring is session or persistent, not \"%s\""),
                        option);
    if (settings->login_keyring == LOGIN_KEYRING_OFF)
        return complain(STATUS_TROUBLE, "%s",
                        _("logins are switched off here (login_keyring = off)"));
    return STATUS_OK;
}

enum exit_status login_name(const struct settings *settings, const char *text,
                            struct username *name)
{
    enum ntlm_error error;

    *name = (struct username){.memory = NULL};
    error = username_parse(text, (enum username_split)settings->split_user_at, name);
    return error ? complain_of(error) : STATUS_OK;
}
