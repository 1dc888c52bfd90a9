/* SPDX-License-Identifier: MIT */
/* story.c - see story.h. */

#include "config.h"

#include "story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "describe_token.h"
#include "json_token.h"
#include "translate.h"

static enum story_form form;
static struct json json;

static void begin_step(const char *step)
{
    json_object(&json, NULL);
    json_text(&json, "step", step);
}

static void end_step(void)
{
    json_object_end(&json);
}

static void add_complaint(const char *text)
{
    begin_step("problem");
    json_text(&json, "text", text);
    end_step();
}

void story_begin(enum story_form wanted)
{
    form = wanted;
    json = (struct json){.flat = form == STORY_LINES};
    if (form == STORY_JSON) {
        json_object(&json, NULL);
        json_array(&json, "steps");
    }
    if (form != STORY_TEXT)
        output_complaints(add_complaint);
}

enum exit_status story_end(enum exit_status status)
{
    output_complaints(NULL);
    if (form == STORY_JSON) {
        json_array_end(&json);
        json_number(&json, "status", status);
        json_object_end(&json);
    }
    form = STORY_TEXT;
    return status;
}

void story_tell(const char *step, const char *before, const char *text)
{
    if (form == STORY_TEXT) {
        say("%s%s", before, text);
        return;
    }
    begin_step(step);
    json_text(&json, "text", text);
    end_step();
}

/* ---- tokens ---- */

/* What is shown of a token in brief. */
static bool is_choice(const struct ntlm_field *field)
{
    static const char *const names[] = {"MechType", "UserName", "negState"};

    if (field->depth == 0)
        return true;
    for (size_t i = 0; field->name && i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(field->name, names[i]) == 0)
            return true;
    return false;
}

static void print_field(void *arg, const struct ntlm_field *field)
{
    const bool *brief = arg;

    if (!*brief || is_choice(field))
        say("    %*s%s%s%s", 2 * (int)field->depth, "", field->name ? field->name : "",
            field->name ? field->depth == 0 ? ", " : ": " : "", field->value);
}

void story_token(bool sent, struct ntlm_bytes token, bool brief)
{
    if (token.len == 0)
        return;
    if (form == STORY_TEXT) {
        say_part(STYLE_NAME, "%s", sent ? _("sent") : _("received"));
        say_end();
        describe_token(token, print_field, &brief);
        return;
    }
    begin_step(sent ? "sent" : "received");
    json_number(&json, "bytes", (int64_t)token.len);
    json_array(&json, "tokens");
    json_token(&json, token, brief ? is_choice : NULL);
    json_array_end(&json);
    end_step();
}

/* ---- the end ---- */

void story_login(const char *user, const char *mech, OM_uint32 flags)
{
    if (form == STORY_TEXT) {
        say_part(STYLE_GOOD, _("logged in"));
        say_part(STYLE_PLAIN, _(" as %s, by %s"), user ? user : _("somebody"),
                 mech ? mech : _("an unknown mechanism"));
        say_part(STYLE_PLAIN, "%s%s%s", flags & GSS_C_MUTUAL_FLAG ? _(", mutually") : "",
                 flags & GSS_C_INTEG_FLAG ? _(", can sign") : "",
                 flags & GSS_C_CONF_FLAG ? _(", can encrypt") : "");
        say_end();
        return;
    }
    begin_step("login");
    json_text(&json, "user", user);
    json_text(&json, "mechanism", mech);
    json_bool(&json, "mutual", flags & GSS_C_MUTUAL_FLAG);
    json_bool(&json, "integrity", flags & GSS_C_INTEG_FLAG);
    json_bool(&json, "confidentiality", flags & GSS_C_CONF_FLAG);
    end_step();
}
