/* SPDX-License-Identifier: MIT */
/* story.h - the steps of a login, as try and serve tell them: in lines for people, or in
 * JSON. There is one story in a process. */

#ifndef TOOL_STORY_H
#define TOOL_STORY_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include "ntlm/bytes.h"
#include "output.h"

enum story_form {
    STORY_TEXT,
    STORY_JSON, /* one object, with the array "steps" */
    STORY_LINES /* an object for each step, each on a line of its own */
};

/* Before all steps. In JSON every complaint is a step, too. */
void story_begin(enum story_form form);
/* After them. Returns `status`. */
enum exit_status story_end(enum exit_status status);

/* A step of this kind in words. `before` stands before them for people alone. */
void story_tell(const char *step, const char *before, const char *text);
/* A token; brief: of its fields only those that say what is chosen, and for whom. */
void story_token(bool sent, struct ntlm_bytes token, bool brief);
/* Who has logged in (NULL: not known), by which mechanism, with which flags. */
void story_login(const char *user, const char *mech, OM_uint32 flags);

#endif
