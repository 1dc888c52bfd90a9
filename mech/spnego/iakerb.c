/* SPDX-License-Identifier: MIT */
/* iakerb.c - whether IAKERB is negotiated, where it stands among the others, and its tokens
 * that are Kerberos' own. */

#include "config.h"

#include "spnego/iakerb.h"

#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "settings/settings.h"
#include "spnego/oids.h"

bool iakerb_is_allowed(void)
{
    const struct settings *settings;
    bool allowed;

    if (settings_get(&settings))
        return false;
    allowed = settings->negotiate_iakerb;
    settings_put(settings);
    return allowed;
}

OM_uint32 iakerb_place(OM_uint32 *minor, gss_OID_set *mechs)
{
    gss_OID_set ordered;
    OM_uint32 major = gss_create_empty_oid_set(minor, &ordered), ignored;
    size_t place = 0;

    for (size_t i = 0; i < (*mechs)->count; i++)
        if (oid_is_kerberos(&(*mechs)->elements[i]))
            place = i + 1;
    for (size_t i = 0; i <= (*mechs)->count && major == GSS_S_COMPLETE; i++) {
        if (i == place)
            major = gss_add_oid_set_member(minor, oid_in(&oid_iakerb), &ordered);
        if (i < (*mechs)->count && major == GSS_S_COMPLETE)
            major = gss_add_oid_set_member(minor, &(*mechs)->elements[i], &ordered);
    }
    gss_release_oid_set(&ignored, major == GSS_S_COMPLETE ? mechs : &ordered);
    if (major == GSS_S_COMPLETE)
        *mechs = ordered;
    return major;
}

/* What the frame of this mechanism holds behind the identifier. */
static bool open_frame(struct der_bytes token, gss_const_OID mech, struct der_bytes *body)
{
    struct der_bytes oid;

    return der_take_only(token, DER_APPLICATION_0, body) && der_take(body, DER_OID, &oid) &&
           der_equal(oid, oid_bytes(mech));
}

/* RFC 4121 4.1 */
bool iakerb_is_ap_req(struct der_bytes mech_token)
{
    static const uint8_t ap_req[] = {0x01, 0x00};
    struct der_bytes body;

    return open_frame(mech_token, &oid_iakerb, &body) && body.len >= sizeof(ap_req) &&
           memcmp(body.data, ap_req, sizeof(ap_req)) == 0;
}

bool iakerb_reframe(struct der_bytes token, gss_const_OID from, gss_const_OID to,
                    gss_buffer_t out)
{
    enum { FRAME_SIZE = 16 };
    size_t size = token.len + to->length + FRAME_SIZE;
    uint8_t *bytes = malloc(size);
    struct der_writer written = {bytes + size, 0};
    struct der_bytes body;
    size_t since;

    *out = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    if (!bytes)
        return false;
    if (open_frame(token, from, &body)) {
        der_prepend(&written, body.data, body.len);
        since = written.used;
        der_prepend(&written, to->elements, to->length);
        der_enclose(&written, DER_OID, since);
        der_enclose(&written, DER_APPLICATION_0, 0);
    } else {
        der_prepend(&written, token.data, token.len);
    }
    memmove(bytes, bytes + size - written.used, written.used);
    *out = (gss_buffer_desc){written.used, bytes};
    return true;
}
