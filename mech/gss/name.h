/* name.h - a GSSAPI name as this mechanism knows it. gss_name_t values handed
 * to and from the mechglue are `struct name *`. Immutable once made. */

#ifndef GSS_NAME_H
#define GSS_NAME_H

#include "gss/oids.h"
#include "ntlm/error.h"

enum name_kind {
    NAME_USER,     /* DOMAIN\user, user@REALM, user */
    NAME_SERVICE,  /* service@host, or a Kerberos principal service/host */
    NAME_ANONYMOUS /* as a target: an empty MsvAvTargetName */
};

struct name {
    enum name_kind kind;
    char *user;    /* NAME_USER; "" never */
    char *domain;  /* NAME_USER; "" when none was given */
    char *service; /* NAME_SERVICE; may be "" ("@host", "host") */
    char *host;    /* NAME_SERVICE; may be "" ("service") ; "host:port" and
                    * "host/name" stay whole */
};

/* All strings are UTF-8 and copied. domain may be NULL. */
enum ntlm_error name_of_user(const char *user, const char *domain, struct name **name);
enum ntlm_error name_of_service(const char *service, const char *host, struct name **name);
enum ntlm_error name_of_anonymous(struct name **name);
/* What gss_import_name takes: NTLM_ERR_BAD_NAME, NTLM_ERR_BAD_NAME_TYPE. */
enum ntlm_error name_import(const char *text, size_t len, gss_const_OID type,
                            struct name **name);
enum ntlm_error name_copy(const struct name *from, struct name **to);
void name_free(struct name *name); /* NULL is fine */

/* As gss_display_name shows it: DOMAIN\user, user@realm.dotted given so, user;
 * service@host. Heap, the caller's. NULL when memory ends. */
char *name_text(const struct name *name);
const gss_OID_desc *name_type(const struct name *name);

/* The MsvAvTargetName for this target: "service/host", "host", "" . Heap, the
 * caller's. NULL when memory ends. */
char *name_spn(const struct name *name);

bool name_same(const struct name *a, const struct name *b); /* case ignored */

#endif
