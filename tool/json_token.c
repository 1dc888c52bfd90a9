/* SPDX-License-Identifier: MIT */
/* json_token.c - see json_token.h. */

#include "config.h"

#include "json_token.h"

#include "describe_token.h"

/* The objects that are open. */
struct json_fields {
    struct json *json;
    bool (*is_shown)(const struct ntlm_field *field);
    unsigned open;                   /* objects */
    unsigned depths[JSON_DEPTH_MAX]; /* of their fields */
    bool parts[JSON_DEPTH_MAX];      /* whether each has its array */
};

static void close_fields(struct json_fields *fields, unsigned depth)
{
    while (fields->open > 0 && fields->depths[fields->open - 1] >= depth) {
        fields->open--;
        if (fields->parts[fields->open])
            json_array_end(fields->json);
        json_object_end(fields->json);
    }
}

static void add_field(void *arg, const struct ntlm_field *field)
{
    struct json_fields *fields = arg;

    if (fields->is_shown && !fields->is_shown(field))
        return;
    close_fields(fields, field->depth);
    if (fields->open > 0 && !fields->parts[fields->open - 1]) {
        json_array(fields->json, "fields");
        fields->parts[fields->open - 1] = true;
    }
    json_object(fields->json, NULL);
    fields->depths[fields->open] = field->depth;
    fields->parts[fields->open++] = false;
    json_text(fields->json, "name", field->name);
    json_text(fields->json, "value", field->text ? field->text : field->value);
}

void json_token(struct json *json, struct ntlm_bytes token,
                bool (*is_shown)(const struct ntlm_field *field))
{
    struct json_fields fields = {.json = json, .is_shown = is_shown};

    describe_token(token, add_field, &fields);
    close_fields(&fields, 0);
}
