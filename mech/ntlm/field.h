/* SPDX-License-Identifier: MIT */
/* field.h - one field of a message, as it is shown to people (describe.h). */

#ifndef NTLM_FIELD_H
#define NTLM_FIELD_H

/* A field of a message. The strings live until the callback returns. Every character of
 * a value that is not printable text is escaped. */
struct ntlm_field {
    unsigned depth;    /* 0: the message itself; 1: a field of it; 2: an AV pair, or what
                        * else a field consists of */
    const char *name;  /* "TargetName"; NULL: the value is a remark */
    const char *value; /* in words; names in quotation marks */
    const char *text;  /* of a name: what was sent, as UTF-8, with nothing escaped; NULL */
};

#endif
