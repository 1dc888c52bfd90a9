/* SPDX-License-Identifier: MIT */
/* settings.c - "gss-negotiate settings": every setting, its value, and where that comes
 * from. Which settings there are is mech/settings/table.h's. */

#include "config.h"

#include <string.h>

#include "commands.h"
#include "dispatch.h"
#include "json.h"
#include "settings/show.h"
#include "translate.h"

enum { JSON, CHANGED };

static const struct option_row options[] = {
    [JSON] = OPTION_JSON,
    [CHANGED] = {"changed", NULL, N_("only the settings that are not at their default")},
    {NULL, NULL, NULL},
};

static const char *setting_name(enum setting setting)
{
    const struct setting_row *row = &setting_table[setting];

    return row->name ? row->name : row->variable;
}

/* "/etc/krb5.conf, line 12" */
static const char *place_of(const struct settings_shown *shown, enum setting setting)
{
    switch (shown->rows[setting].origin) {
    case SETTING_FROM_ENVIRONMENT:
        return setting_table[setting].variable;
    case SETTING_FROM_FILE:
        return shown->inputs.place[setting];
    case SETTING_FROM_DEFAULT:
        break;
    }
    return NULL;
}

static void print_origin(const struct settings_shown *shown, enum setting setting)
{
    const char *place = place_of(shown, setting);

    switch (shown->rows[setting].origin) {
    case SETTING_FROM_DEFAULT:
        say_part(STYLE_FAINT, _("(default)"));
        break;
    case SETTING_FROM_FILE:
        say_part(STYLE_FAINT, _("(from %s)"), place ? place : "krb5.conf");
        break;
    case SETTING_FROM_ENVIRONMENT:
        say_part(STYLE_FAINT, _("(from %s in the environment)"), place);
        break;
    }
}

static void print_row(const struct settings_shown *shown, enum setting setting)
{
    const bool set = shown->rows[setting].origin != SETTING_FROM_DEFAULT;
    const char *value = shown->rows[setting].value, *fault = shown->rows[setting].fault;

    say_part(set ? STYLE_NAME : STYLE_PLAIN, "%s", setting_name(setting));
    say_part(STYLE_PLAIN, " = %s  ", value ? value : _("none"));
    print_origin(shown, setting);
    say_end();
    if (fault) {
        say_part(STYLE_BAD, _("    bad: %s"), fault);
        say_end();
    }
}

static void print_json_row(struct json *json, const struct settings_shown *shown,
                           enum setting setting)
{
    static const char *const origins[] = {[SETTING_FROM_DEFAULT] = "default",
                                          [SETTING_FROM_FILE] = "krb5.conf",
                                          [SETTING_FROM_ENVIRONMENT] = "environment"};
    const struct setting_row *row = &setting_table[setting];

    json_object(json, NULL);
    json_text(json, "name", row->name);
    json_text(json, "variable", row->variable);
    json_text(json, "value", shown->rows[setting].value);
    json_text(json, "default", row->standard && *row->standard ? row->standard : NULL);
    json_text(json, "origin", origins[shown->rows[setting].origin]);
    json_text(json, "place", place_of(shown, setting));
    json_text(json, "fault", shown->rows[setting].fault);
    json_text(json, "meaning", row->text);
    json_object_end(json);
}

static void print_json(const struct settings_shown *shown, const bool wanted[SETTING_COUNT])
{
    struct json json = {.depth = 0};

    json_object(&json, NULL);
    json_text(&json, "trouble", shown->trouble);
    json_array(&json, "settings");
    for (enum setting i = 0; i < SETTING_COUNT; i++)
        if (wanted[i])
            print_json_row(&json, shown, i);
    json_array_end(&json);
    json_object_end(&json);
}

static void print(const struct settings_shown *shown, const bool wanted[SETTING_COUNT])
{
    for (enum setting i = 0; i < SETTING_COUNT; i++)
        if (wanted[i])
            print_row(shown, i);
    if (shown->trouble) {
        say_part(STYLE_BAD, _("bad: %s"), shown->trouble);
        say_end();
    }
}

static bool is_named(const struct setting_row *row, const char *name)
{
    return (row->name && strcmp(row->name, name) == 0) ||
           (row->variable && strcmp(row->variable, name) == 0);
}

/* Which rows were asked for. */
static enum exit_status choose(const struct arguments *arguments,
                               const struct settings_shown *shown, bool wanted[SETTING_COUNT])
{
    for (enum setting i = 0; i < SETTING_COUNT; i++)
        wanted[i] = arguments->count == 0 && (!arguments->values[CHANGED] ||
                                              shown->rows[i].origin != SETTING_FROM_DEFAULT);
    for (int k = 0; k < arguments->count; k++) {
        bool found = false;
        for (enum setting i = 0; i < SETTING_COUNT; i++)
            if (is_named(&setting_table[i], arguments->operands[k]))
                wanted[i] = found = true;
        if (!found)
            return usage_error(_("there is no setting %s"), arguments->operands[k]);
    }
    return STATUS_OK;
}

static bool has_fault(const struct settings_shown *shown)
{
    for (enum setting i = 0; i < SETTING_COUNT; i++)
        if (shown->rows[i].fault)
            return true;
    return shown->trouble != NULL;
}

static enum exit_status run(const struct arguments *arguments)
{
    struct settings_shown shown;
    bool wanted[SETTING_COUNT];
    enum ntlm_error error = settings_show(&shown);
    enum exit_status status = error ? complain_of(error) : choose(arguments, &shown, wanted);

    if (!status) {
        if (arguments->values[JSON])
            print_json(&shown, wanted);
        else
            print(&shown, wanted);
        status = has_fault(&shown) ? STATUS_BAD : STATUS_OK;
    }
    settings_shown_clear(&shown);
    return status;
}

const struct command command_settings = {
    .name = "settings",
    .operands = N_("[SETTING ...]"),
    .most = -1,
    .summary = N_("Show every setting, its value, and where it comes from"),
    .about =
        N_("Settings come from the section [ntlmssp] of krb5.conf, and from the environment, "
           "which is stronger. The exit status is 1 when a value is wrong: no program "
           "can log in with NTLM then, or let anybody in.\n"
           "ntlmssp.conf(5) describes each setting."),
    .options = options,
    .run = run,
};
