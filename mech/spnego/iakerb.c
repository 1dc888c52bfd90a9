/* SPDX-License-Identifier: MIT */
/* iakerb.c - whether IAKERB is negotiated, and where it stands among the others. */

#include "config.h"

#include "spnego/iakerb.h"

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
