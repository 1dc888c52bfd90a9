/* SPDX-License-Identifier: MIT */
/* login.c - "gss-negotiate login": keeps who logs in, and the NT hash, in the kernel's
 * keyring, where every program of the user finds it. */

#include "config.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "login_options.h"
#include "secret.h"
#include "translate.h"

enum { TARGET, LIFETIME, KEYRING, NT_HASH, PASSWORD_FD };

static const struct option_row options[] = {
    [TARGET] = OPTION_TARGET(
        N_("log in to this host alone, or to those of a pattern (*.example.com)")),
    [LIFETIME] = {"lifetime", "TIME", N_("seconds, or 30m, 8h, 2d; 0: as long as the keyring")},
    [KEYRING] = OPTION_KEYRING,
    [NT_HASH] = OPTION_NT_HASH,
    [PASSWORD_FD] = OPTION_PASSWORD_FD,
    {NULL, NULL, NULL},
};

/* Who logs in where nobody is named: as programs find it, else by the user's own name. */
static const char *own_name(const struct settings *settings)
{
    const struct passwd *entry;

    if (settings->user)
        return settings->user;
    entry = getpwuid(geteuid());
    return entry ? entry->pw_name : NULL;
}

static enum exit_status read_request(const struct settings *settings,
                                     const struct arguments *arguments,
                                     struct login_request *request)
{
    const char *lifetime = arguments->values[LIFETIME];

    *request = (struct login_request){.target = arguments->values[TARGET],
                                      .lifetime = LOGIN_LIFETIME_DEFAULT,
                                      .overwrite = true,
                                      .preferred = true};
    if (lifetime && !login_lifetime_of(lifetime, &request->lifetime))
        return complain(STATUS_USAGE,
                        _("--lifetime is a number, with s, m, h or d behind it, of a year at "
                          "most, not \"%s\""),
                        lifetime);
    if (request->target && !login_is_target(request->target))
        return complain(STATUS_USAGE,
                        _("--target is a host's name or a pattern with one *, not \"%s\""),
                        request->target);
    return login_keyring_option(settings, arguments->values[KEYRING], &request->keyring);
}

static enum exit_status make_identity(const struct username *name, bool digits,
                                      const struct secret *secret, struct identity **identity)
{
    enum ntlm_error error =
        digits ? identity_from_nt_hash(name->user, name->domain, secret->text, identity)
               : identity_from_password(name->user, name->domain, secret->text, secret->len,
                                        identity);

    return error ? complain_of(error) : STATUS_OK;
}

/* "Password for EXAMPLE\alice: " */
static enum exit_status ask(const struct username *name, const struct arguments *arguments,
                            struct secret *secret)
{
    char *prompt = NULL;
    struct secret_request request = {.fd = arguments->values[PASSWORD_FD]};
    enum exit_status status;

    secret->len = 0;
    if (asprintf(&prompt,
                 arguments->values[NT_HASH] ? _("NT hash of %s%s%s: ")
                                            : _("Password for %s%s%s: "),
                 name->domain, *name->domain ? "\\" : "", name->user) < 0)
        return complain_of_memory();
    request.prompt = prompt;
    status = secret_read(&request, secret);
    free(prompt);
    return status;
}

static enum exit_status store(const struct settings *settings, const struct identity *identity,
                              const struct login_request *request)
{
    enum ntlm_error error = logins_store(settings, identity, request);

    if (error)
        return complain_of(error);
    if (request->keyring != (enum login_keyring)settings->login_keyring)
        complain(STATUS_OK, "%s",
                 _("programs will not look into this keyring unless login_keyring names it"));
    return STATUS_OK;
}

static enum exit_status log_in(const struct settings *settings,
                               const struct arguments *arguments)
{
    const char *who = arguments->count > 0 ? arguments->operands[0] : own_name(settings);
    struct identity *identity = NULL;
    struct username name = {.memory = NULL};
    struct login_request request;
    struct secret secret = {.len = 0};
    enum exit_status status = read_request(settings, arguments, &request);

    if (!status && !who)
        status = complain(STATUS_USAGE, "%s", _("name a user: DOMAIN\\user"));
    if (!status)
        status = login_name(settings, who, &name);
    if (!status)
        status = ask(&name, arguments, &secret);
    if (!status)
        status = make_identity(&name, arguments->values[NT_HASH] != NULL, &secret, &identity);
    secret_clear(&secret);
    if (!status)
        status = store(settings, identity, &request);
    identity_release(identity);
    free(name.memory);
    return status;
}

static enum exit_status run(const struct arguments *arguments)
{
    const struct settings *settings;
    enum ntlm_error error = settings_get(&settings);
    enum exit_status status = error ? complain_of(error) : log_in(settings, arguments);

    settings_put(settings);
    return status;
}

const struct command command_login = {
    .name = "login",
    .operands = N_("[[DOMAIN\\]USER]"),
    .most = 1,
    .summary = N_("Sign in once for all programs"),
    .about =
        N_("The password is asked for, or is the first line of standard input. Its NT hash is "
           "kept in the kernel's keyring, never on a disk, and every GSSAPI program of yours "
           "logs in with it until logout, or until its time is over. No server is asked: "
           "whether the password is right shows with the first login.\n"
           "Without a name it is NTLMUSER's, or your own. There may be several logins: the one "
           "whose target is closest to a server is for it, and of two for the same target the "
           "later one."),
    .options = options,
    .run = run,
};
