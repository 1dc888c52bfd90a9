/* SPDX-License-Identifier: MIT */
/* module.c - what the module tells the mechglue of itself: that it takes SPNEGO
 * over, SPNEGO's attributes (RFC 5587) and the types of its names. SPNEGO's names
 * for SASL remain MIT's, which the mechglue asks itself. */

#include "config.h"

#include "spnego/module.h"

#include <stdlib.h>
#include <string.h>

#include "spnego/oids.h"
#include "spnego/registration.h"
#include "support/outputs.h"
#include "support/trace.h"

#define MIT_SPNEGO_SIZE 64

static uint8_t mit_spnego_bytes[MIT_SPNEGO_SIZE];
static gss_OID_desc mit_spnego = {0, mit_spnego_bytes};

gss_OID module_mit_spnego(void)
{
    return &mit_spnego;
}

/* The mechglue frees it, as gss_release_oid_set does. */
static gss_OID_set set_of_spnego(bool taken)
{
    gss_OID_set set = calloc(1, sizeof(*set));
    gss_OID oid = calloc(1, sizeof(*oid));
    void *bytes = malloc(oid_spnego.length);

    if (!set || !oid || !bytes) {
        free(set);
        free(oid);
        free(bytes);
        return GSS_C_NO_OID_SET;
    }
    if (!taken) {
        free(oid);
        free(bytes);
        return set;
    }
    memcpy(bytes, oid_spnego.elements, oid_spnego.length);
    *oid = (gss_OID_desc){oid_spnego.length, bytes};
    *set = (gss_OID_set_desc){1, oid};
    return set;
}

EXPORTED gss_OID_set gss_mech_interposer(const gss_OID own)
{
    bool taken = own->length + oid_spnego.length <= MIT_SPNEGO_SIZE && registration_is_ours();

    if (taken) {
        memcpy(mit_spnego_bytes, own->elements, own->length);
        memcpy(mit_spnego_bytes + own->length, oid_spnego.elements, oid_spnego.length);
        mit_spnego.length = own->length + oid_spnego.length;
    }
    if (trace_on())
        trace(taken ? "SPNEGO is ours in this process"
                    : "SPNEGO is left to MIT's in this process: it was there before the"
                      " registration of mech_spnego.so; restart it");
    return set_of_spnego(taken);
}

static OM_uint32 make_set(OM_uint32 *minor, const gss_OID_desc *const *oids, size_t count,
                          gss_OID_set *out)
{
    OM_uint32 major = gss_create_empty_oid_set(minor, out), ignored;

    for (size_t i = 0; i < count && major == GSS_S_COMPLETE; i++)
        major = gss_add_oid_set_member(minor, oid_in(oids[i]), out);
    if (major != GSS_S_COMPLETE)
        gss_release_oid_set(&ignored, out);
    return major;
}

/* Without MECH_NEGO, SPNEGO would be a mechanism to negotiate. The mechglue fills in
 * which attributes it knows. */
EXPORTED OM_uint32 gssi_inquire_attrs_for_mech(OM_uint32 *minor, gss_const_OID mech,
                                               gss_OID_set *attributes, gss_OID_set *known)
{
    const gss_OID_desc *held[] = {GSS_C_MA_MECH_NEGO, GSS_C_MA_ITOK_FRAMED};

    (void)mech; /* SPNEGO */
    *minor = 0;
    if (known)
        *known = GSS_C_NO_OID_SET;
    if (!attributes)
        return GSS_S_COMPLETE;
    return make_set(minor, held, sizeof(held) / sizeof(held[0]), attributes);
}

EXPORTED OM_uint32 gssi_inquire_names_for_mech(OM_uint32 *minor, gss_OID mech,
                                               gss_OID_set *types)
{
    const gss_OID_desc *taken[] = {GSS_C_NT_USER_NAME, GSS_C_NT_MACHINE_UID_NAME,
                                   GSS_C_NT_STRING_UID_NAME, GSS_C_NT_HOSTBASED_SERVICE};

    EMPTY(types);
    if (mech && !oid_same(mech, &oid_spnego)) {
        *minor = 0;
        return GSS_S_BAD_MECH;
    }
    return make_set(minor, taken, sizeof(taken) / sizeof(taken[0]), types);
}
