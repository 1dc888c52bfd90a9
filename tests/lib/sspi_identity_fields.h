/* SPDX-License-Identifier: MIT */
/* sspi_identity_fields.h - an identity of SSPI's in a few fields. */

#ifndef SSPI_IDENTITY_FIELDS_H
#define SSPI_IDENTITY_FIELDS_H

#include <sspi.h>

/* NULL for what is not given. */
struct identity_fields {
    const char *user, *domain, *password, *list;
};

/* Points into the fields. */
SEC_WINNT_AUTH_IDENTITY_EXA identity_of_fields(struct identity_fields fields);

#endif
