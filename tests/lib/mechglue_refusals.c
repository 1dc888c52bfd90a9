/* SPDX-License-Identifier: MIT */
/* mechglue_refusals.c - stands before the mechglue's functions. */

#include "config.h"

#include "mechglue_refusals.h"

#include <gssapi/gssapi_ext.h>
#include <stdbool.h>

unsigned mechglue_calls_left, mechglue_credentials_left;

/* What a refused call leaves in its results. */
#define NONE(result, none)                                                                     \
    if (result)                                                                                \
    *(result) = none
#define NO_BUFFER(result) NONE(result, ((gss_buffer_desc)GSS_C_EMPTY_BUFFER))

static bool refuses(OM_uint32 *minor)
{
    if (mechglue_calls_left == 0 || --mechglue_calls_left > 0)
        return false;
    *minor = 0;
    return true;
}

static bool gives_none(OM_uint32 *minor)
{
    if (mechglue_credentials_left == 0 || --mechglue_credentials_left > 0)
        return false;
    *minor = 0;
    return true;
}

/* The parameters begin with minor. */
#define REFUSED(function, parameters, arguments, results)                                      \
    OM_uint32 __real_##function parameters;                                                    \
    OM_uint32 __wrap_##function parameters;                                                    \
    OM_uint32 __wrap_##function parameters                                                     \
    {                                                                                          \
        if (!refuses(minor))                                                                   \
            return __real_##function arguments;                                                \
        results;                                                                               \
        return GSS_S_FAILURE;                                                                  \
    }

#define CREDENTIAL(function, parameters, arguments)                                            \
    OM_uint32 __real_##function parameters;                                                    \
    OM_uint32 __wrap_##function parameters;                                                    \
    OM_uint32 __wrap_##function parameters                                                     \
    {                                                                                          \
        bool refused = refuses(minor);                                                         \
                                                                                               \
        if (!refused && !gives_none(minor))                                                    \
            return __real_##function arguments;                                                \
        NONE(out, GSS_C_NO_CREDENTIAL);                                                        \
        return refused ? GSS_S_FAILURE : GSS_S_COMPLETE;                                       \
    }

REFUSED(gss_display_name, (OM_uint32 * minor, gss_name_t name, gss_buffer_t out, gss_OID *type),
        (minor, name, out, type), NO_BUFFER(out))
REFUSED(gss_import_name, (OM_uint32 * minor, gss_buffer_t text, gss_OID type, gss_name_t *out),
        (minor, text, type, out), NONE(out, GSS_C_NO_NAME))
REFUSED(gss_canonicalize_name,
        (OM_uint32 * minor, const gss_name_t name, const gss_OID mech, gss_name_t *out),
        (minor, name, mech, out), NONE(out, GSS_C_NO_NAME))
REFUSED(gss_duplicate_name, (OM_uint32 * minor, const gss_name_t name, gss_name_t *out),
        (minor, name, out), NONE(out, GSS_C_NO_NAME))
REFUSED(gss_create_empty_oid_set, (OM_uint32 * minor, gss_OID_set *out), (minor, out),
        NONE(out, GSS_C_NO_OID_SET))
REFUSED(gss_add_oid_set_member, (OM_uint32 * minor, gss_OID oid, gss_OID_set *set),
        (minor, oid, set), (void)set)
REFUSED(gss_indicate_mechs_by_attrs,
        (OM_uint32 * minor, gss_const_OID_set desired, gss_const_OID_set except,
         gss_const_OID_set critical, gss_OID_set *out),
        (minor, desired, except, critical, out), NONE(out, GSS_C_NO_OID_SET))
CREDENTIAL(gss_acquire_cred_from,
           (OM_uint32 * minor, gss_name_t name, OM_uint32 lifetime, gss_OID_set mechs,
            gss_cred_usage_t usage, gss_const_key_value_set_t store, gss_cred_id_t *out,
            gss_OID_set *actual, OM_uint32 *time),
           (minor, name, lifetime, mechs, usage, store, out, actual, time))
CREDENTIAL(gss_acquire_cred_with_password,
           (OM_uint32 * minor, const gss_name_t name, const gss_buffer_t password,
            OM_uint32 lifetime, const gss_OID_set mechs, gss_cred_usage_t usage,
            gss_cred_id_t *out, gss_OID_set *actual, OM_uint32 *time),
           (minor, name, password, lifetime, mechs, usage, out, actual, time))
REFUSED(gss_add_cred_from,
        (OM_uint32 * minor, gss_cred_id_t in, gss_name_t name, gss_OID mech,
         gss_cred_usage_t usage, OM_uint32 initiator, OM_uint32 acceptor,
         gss_const_key_value_set_t store, gss_cred_id_t *out, gss_OID_set *actual,
         OM_uint32 *initiator_time, OM_uint32 *acceptor_time),
        (minor, in, name, mech, usage, initiator, acceptor, store, out, actual, initiator_time,
         acceptor_time),
        NONE(out, GSS_C_NO_CREDENTIAL))
REFUSED(gss_add_cred_with_password,
        (OM_uint32 * minor, const gss_cred_id_t in, const gss_name_t name, const gss_OID mech,
         const gss_buffer_t password, gss_cred_usage_t usage, OM_uint32 initiator,
         OM_uint32 acceptor, gss_cred_id_t *out, gss_OID_set *actual, OM_uint32 *initiator_time,
         OM_uint32 *acceptor_time),
        (minor, in, name, mech, password, usage, initiator, acceptor, out, actual,
         initiator_time, acceptor_time),
        NONE(out, GSS_C_NO_CREDENTIAL))
REFUSED(gss_inquire_cred,
        (OM_uint32 * minor, gss_cred_id_t credential, gss_name_t *name, OM_uint32 *lifetime,
         gss_cred_usage_t *usage, gss_OID_set *mechs),
        (minor, credential, name, lifetime, usage, mechs), NONE(name, GSS_C_NO_NAME);
        NONE(mechs, GSS_C_NO_OID_SET))
REFUSED(gss_inquire_cred_by_mech,
        (OM_uint32 * minor, gss_cred_id_t credential, gss_OID mech, gss_name_t *name,
         OM_uint32 *initiator, OM_uint32 *acceptor, gss_cred_usage_t *usage),
        (minor, credential, mech, name, initiator, acceptor, usage), NONE(name, GSS_C_NO_NAME))
REFUSED(gss_export_cred, (OM_uint32 * minor, gss_cred_id_t credential, gss_buffer_t out),
        (minor, credential, out), NO_BUFFER(out))
CREDENTIAL(gss_import_cred, (OM_uint32 * minor, gss_buffer_t token, gss_cred_id_t *out),
           (minor, token, out))
REFUSED(gss_set_cred_option,
        (OM_uint32 * minor, gss_cred_id_t *credential, const gss_OID option,
         const gss_buffer_t value),
        (minor, credential, option, value), (void)value)
REFUSED(gss_set_neg_mechs,
        (OM_uint32 * minor, gss_cred_id_t credential, const gss_OID_set mechs),
        (minor, credential, mechs), (void)mechs)
REFUSED(gss_init_sec_context,
        (OM_uint32 * minor, gss_cred_id_t credential, gss_ctx_id_t *context, gss_name_t target,
         gss_OID mech, OM_uint32 flags, OM_uint32 lifetime, gss_channel_bindings_t bindings,
         gss_buffer_t in, gss_OID *actual, gss_buffer_t out, OM_uint32 *actual_flags,
         OM_uint32 *actual_lifetime),
        (minor, credential, context, target, mech, flags, lifetime, bindings, in, actual, out,
         actual_flags, actual_lifetime),
        NO_BUFFER(out))
REFUSED(gss_accept_sec_context,
        (OM_uint32 * minor, gss_ctx_id_t *context, gss_cred_id_t credential, gss_buffer_t in,
         gss_channel_bindings_t bindings, gss_name_t *source, gss_OID *actual, gss_buffer_t out,
         OM_uint32 *flags, OM_uint32 *lifetime, gss_cred_id_t *delegated),
        (minor, context, credential, in, bindings, source, actual, out, flags, lifetime,
         delegated),
        NONE(source, GSS_C_NO_NAME);
        NO_BUFFER(out); NONE(delegated, GSS_C_NO_CREDENTIAL))
REFUSED(gss_inquire_context,
        (OM_uint32 * minor, gss_ctx_id_t context, gss_name_t *source, gss_name_t *target,
         OM_uint32 *lifetime, gss_OID *mech, OM_uint32 *flags, int *local, int *open),
        (minor, context, source, target, lifetime, mech, flags, local, open),
        NONE(source, GSS_C_NO_NAME);
        NONE(target, GSS_C_NO_NAME))
REFUSED(gss_inquire_sec_context_by_oid,
        (OM_uint32 * minor, const gss_ctx_id_t context, const gss_OID object,
         gss_buffer_set_t *out),
        (minor, context, object, out), NONE(out, GSS_C_NO_BUFFER_SET))
REFUSED(gss_set_sec_context_option,
        (OM_uint32 * minor, gss_ctx_id_t *context, const gss_OID option,
         const gss_buffer_t value),
        (minor, context, option, value), (void)value)
REFUSED(gss_context_time, (OM_uint32 * minor, gss_ctx_id_t context, OM_uint32 *lifetime),
        (minor, context, lifetime), NONE(lifetime, 0))
REFUSED(gss_get_mic,
        (OM_uint32 * minor, gss_ctx_id_t context, gss_qop_t qop, gss_buffer_t message,
         gss_buffer_t out),
        (minor, context, qop, message, out), NO_BUFFER(out))
REFUSED(gss_verify_mic,
        (OM_uint32 * minor, gss_ctx_id_t context, gss_buffer_t message, gss_buffer_t token,
         gss_qop_t *qop),
        (minor, context, message, token, qop), NONE(qop, 0))
REFUSED(gss_export_sec_context, (OM_uint32 * minor, gss_ctx_id_t *context, gss_buffer_t out),
        (minor, context, out), NO_BUFFER(out))
REFUSED(gss_import_sec_context, (OM_uint32 * minor, gss_buffer_t token, gss_ctx_id_t *out),
        (minor, token, out), NONE(out, GSS_C_NO_CONTEXT))
