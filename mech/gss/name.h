/* SPDX-License-Identifier: MIT */
/* name.h - a GSSAPI name as this mechanism knows it. gss_name_t values handed
 * to and from the mechglue are `struct name *`. Immutable once others have
 * it, and then safe from any thread and shared by all who hold it. */

#ifndef GSS_NAME_H
#define GSS_NAME_H

#include <stdatomic.h>

#include "gss/oids.h"
#include "ntlm/bytes.h"
#include "ntlm/error.h"

enum name_kind {
    NAME_USER,     /* DOMAIN\user, user@REALM, user */
    NAME_SERVICE,  /* service@host, or a Kerberos principal service/host */
    NAME_ANONYMOUS /* as a target: an empty MsvAvTargetName */
};

/* One value of one attribute (RFC 6680); a name may have several of one name,
 * which are then next to each other. */
struct name_attribute {
    char *attribute; /* its name */
    uint8_t *value;
    size_t value_len;
    char *display;      /* the value for people; NULL: it cannot be shown */
    bool authenticated; /* whoever answered the logon said so */
    bool complete;      /* there are no further values than those here */
};

struct name {
    atomic_uint references;
    enum name_kind kind;
    const char *user;    /* NAME_USER; "" never */
    const char *domain;  /* NAME_USER; "" when none was given */
    const char *service; /* NAME_SERVICE; may be "" ("@host") */
    const char *host;    /* NAME_SERVICE; may be "" ("service", "host"); "host:port"
                          * and "host/name" stay whole */
    struct name_attribute *attributes;
    size_t attribute_count;
    char texts[]; /* what the pointers above point to */
};

/* All strings are UTF-8 and copied. domain may be NULL. NTLM_ERR_BAD_NAME for
 * what no name can be: control characters, invalid UTF-8, a backslash in a
 * user or a domain, an empty user, an @ in a service, more than 1024 bytes. */
enum ntlm_error name_of_user(const char *user, const char *domain, struct name **name);
enum ntlm_error name_of_service(const char *service, const char *host, struct name **name);
enum ntlm_error name_of_anonymous(struct name **name);
/* A further reference, and the end of one. NULL is fine for both. */
struct name *name_ref(const struct name *name);
void name_free(struct name *name);

/* For whoever makes a name, before others have it. */
enum ntlm_error name_add_attribute(struct name *name, const char *attribute,
                                   struct ntlm_bytes value, const char *display,
                                   bool authenticated, bool complete);

/* What gss_import_name takes (NULL type: as a user): NTLM_ERR_BAD_NAME,
 * NTLM_ERR_BAD_NAME_TYPE, NTLM_ERR_BAD_EXPORT. */
enum ntlm_error name_import(const char *text, size_t len, gss_const_OID type,
                            struct name **name);

/* The token of RFC 2743 3.2 (upper-cased, so that equal names have equal
 * tokens), or RFC 6680's composite one, with the attributes. *token is the
 * caller's, freed with free(). */
enum ntlm_error name_export(const struct name *name, bool composite, uint8_t **token,
                            size_t *token_len);
/* trusted: the token's attributes are authenticated where they say so. */
enum ntlm_error name_import_token(struct ntlm_bytes token, bool trusted, struct name **name);

/* As gss_display_name shows it: DOMAIN\user, or user alone (which may be a
 * whole user@realm) when there is no domain; service@host; <anonymous>. Heap,
 * the caller's. NULL when memory ends. */
char *name_text(const struct name *name);
const gss_OID_desc *name_type(const struct name *name);

/* The MsvAvTargetName for this target: "service/host", "host", "user@domain",
 * "". Heap, the caller's. NULL when memory ends. */
char *name_spn(const struct name *name);

/* Case is ignored; anonymous is never the same (RFC 2744 5.5). */
bool name_same(const struct name *a, const struct name *b);

#endif
