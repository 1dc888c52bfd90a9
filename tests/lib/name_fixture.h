/* SPDX-License-Identifier: MIT */
/* name_fixture.h - names as the tests of them want them: imported, exported, with
 * attributes, or refused. */

#ifndef NAME_FIXTURE_H
#define NAME_FIXTURE_H

#include "gss/name.h"

struct name *imported_bytes(const void *text, size_t len, const gss_OID_desc *type);
struct name *imported(const char *text, const gss_OID_desc *type);
/* There is no such name, for this reason. */
void refused_bytes(const void *text, size_t len, const gss_OID_desc *type,
                   enum ntlm_error error);

/* CORP\alice with a complete authenticated attribute of one value, and another
 * of two. */
struct name *with_attributes(void);

/* The caller frees the token's value. */
gss_buffer_desc exported(struct name *name, bool composite);

#endif
