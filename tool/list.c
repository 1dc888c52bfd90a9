/* SPDX-License-Identifier: MIT */
/* list.c - "gss-negotiate list": the logins in the kernel's keyring. */

#include "config.h"

#include <stdlib.h>
#include <time.h>

#include "commands.h"
#include "json.h"
#include "login_options.h"
#include "ntlm/filetime.h"
#include "support/system.h"
#include "translate.h"

#define FILETIME_OF_EPOCH UINT64_C(116444736000000000)

enum { JSON, KEYRING };

static const struct option_row options[] = {
    [JSON] = OPTION_JSON,
    [KEYRING] = OPTION_KEYRING,
    {NULL, NULL, NULL},
};

static time_t seconds_of(uint64_t filetime)
{
    return (time_t)((filetime - FILETIME_OF_EPOCH) / NTLM_FILETIME_SECOND);
}

static bool is_over(const struct login *login)
{
    return login->expires != 0 && login->expires <= system_now();
}

static void print_time(const struct login *login)
{
    char text[64] = "?";
    time_t seconds = seconds_of(login->expires);
    struct tm local;

    if (login->expires == 0) {
        say_part(STYLE_FAINT, "%s", _("as long as the keyring"));
        return;
    }
    if (localtime_r(&seconds, &local))
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &local);
    if (is_over(login))
        say_part(STYLE_BAD, _("expired at %s"), text);
    else
        say_part(STYLE_GOOD, _("until %s"), text);
}

static void print(const struct logins *logins)
{
    for (size_t i = 0; i < logins->count; i++) {
        const struct login *login = &logins->items[i];
        say_part(STYLE_NAME, "%s%s%s", login->domain, *login->domain ? "\\" : "", login->user);
        say_part(STYLE_PLAIN, _(" for %s, "), login->target);
        print_time(login);
        say_end();
    }
    if (logins->count == 0)
        say("%s", _("nobody is logged in"));
}

static void print_json(const struct logins *logins)
{
    struct json json = {.depth = 0};

    json_object(&json, NULL);
    json_array(&json, "logins");
    for (size_t i = 0; i < logins->count; i++) {
        const struct login *login = &logins->items[i];
        json_object(&json, NULL);
        json_text(&json, "user", login->user);
        json_text(&json, "domain", login->domain);
        json_text(&json, "target", login->target);
        if (login->expires == 0)
            json_text(&json, "expires", NULL);
        else
            json_number(&json, "expires", (int64_t)seconds_of(login->expires));
        json_bool(&json, "expired", is_over(login));
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
}

/* Those that are chosen first come first. */
static int compare(const void *a, const void *b)
{
    uint64_t left = ((const struct login *)a)->rank, right = ((const struct login *)b)->rank;

    return left == right ? 0 : left < right ? 1 : -1;
}

static enum exit_status list(enum login_keyring keyring, bool as_json)
{
    struct logins logins;
    enum ntlm_error error = logins_load(keyring, &logins);
    enum exit_status status = error ? complain_of(error) : STATUS_BAD;

    if (logins.count > 0)
        qsort(logins.items, logins.count, sizeof(*logins.items), compare);
    for (size_t i = 0; i < logins.count; i++)
        if (!is_over(&logins.items[i]))
            status = STATUS_OK;
    if (!error && as_json)
        print_json(&logins);
    else if (!error)
        print(&logins);
    logins_clear(&logins);
    return status;
}

static enum exit_status run(const struct arguments *arguments)
{
    const struct settings *settings;
    enum login_keyring keyring;
    enum ntlm_error error = settings_get(&settings);
    enum exit_status status =
        error ? complain_of(error)
              : login_keyring_option(settings, arguments->values[KEYRING], &keyring);

    settings_put(settings);
    return status ? status : list(keyring, arguments->values[JSON] != NULL);
}

const struct command command_list = {
    .name = "list",
    .operands = "",
    .summary = N_("Show who is logged in, where, and until when"),
    .about = N_("The exit status is 1 when there is no login whose time is not over."),
    .options = options,
    .run = run,
};
