/* SPDX-License-Identifier: MIT */
/* name_fixture.c - makes the names. */

#include "config.h"

#include "name_fixture.h"

#include <string.h>

#include "gss/module.h"
#include "suite.h"

struct name *imported_bytes(const void *text, size_t len, const gss_OID_desc *type)
{
    struct name *name;

    ck_assert_uint_eq(name_import(text, len, type, &name), NTLM_OK);
    return name;
}

struct name *imported(const char *text, const gss_OID_desc *type)
{
    return imported_bytes(text, strlen(text), type);
}

void refused_bytes(const void *text, size_t len, const gss_OID_desc *type,
                   enum ntlm_error error)
{
    struct name *name = (struct name *)&name;

    ck_assert_uint_eq(name_import(text, len, type, &name), error);
    ck_assert_ptr_null(name);
}

struct name *with_attributes(void)
{
    struct name *name = imported("CORP\\alice", NULL);

    ck_assert_uint_eq(
        name_add_attribute(name, "urn:sid", ntlm_bytes("\1\0\5", 3), "S-1-5", true, true),
        NTLM_OK);
    ck_assert_uint_eq(
        name_add_attribute(name, "urn:group", ntlm_bytes("staff", 5), "staff", true, false),
        NTLM_OK);
    ck_assert_uint_eq(
        name_add_attribute(name, "urn:group", ntlm_bytes(NULL, 0), NULL, false, false),
        NTLM_OK);
    return name;
}

gss_buffer_desc exported(struct name *name, bool composite)
{
    gss_buffer_desc token;
    OM_uint32 minor;

    ck_assert_uint_eq(composite ? gss_export_name_composite(&minor, (gss_name_t)name, &token)
                                : gss_export_name(&minor, (gss_name_t)name, &token),
                      GSS_S_COMPLETE);
    return token;
}
