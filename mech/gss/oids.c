/* SPDX-License-Identifier: MIT */
/* oids.c - the object identifiers this module knows, and the sets and buffers
 * that callers get. Which mechanism attributes hold is in module.c. */

#include "config.h"

#include "gss/oids.h"

#include <stdlib.h>
#include <string.h>

/* gss_OID_desc points to its bytes without const; nobody writes to them. */
#define OID(name, der) const gss_OID_desc name = {sizeof(der) - 1, (void *)(uintptr_t)(der)}

OID(oid_ntlmssp, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a");

OID(oid_nt_user_name, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x01");
OID(oid_nt_machine_uid_name, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x02");
OID(oid_nt_string_uid_name, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x03");
OID(oid_nt_hostbased_service, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x04");
OID(oid_nt_hostbased_service_x, "\x2b\x06\x01\x05\x06\x02");
OID(oid_nt_anonymous, "\x2b\x06\x01\x05\x06\x03");
OID(oid_nt_export_name, "\x2b\x06\x01\x05\x06\x04");
OID(oid_nt_composite_export, "\x2b\x06\x01\x05\x06\x06");
OID(oid_nt_krb5_principal, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01");
OID(oid_nt_krb5_enterprise, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x06");

OID(oid_set_sequence, "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x01");
OID(oid_spnego_require_mic, "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x02");
OID(oid_reset_crypto, "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x03");
OID(oid_set_debug_file, "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x04");
OID(oid_set_neg_flags, "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x05");
OID(oid_record_refusal, "\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x03");
OID(oid_no_ci_flags, "\x2a\x85\x70\x2b\x0d\x1d");
OID(oid_sspi_session_key, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x05\x05");
OID(oid_sasl_ssf, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x05\x0f");

bool oid_same(gss_const_OID a, gss_const_OID b)
{
    return a && b && a->length == b->length &&
           (a->length == 0 || memcmp(a->elements, b->elements, a->length) == 0);
}

static void oid_set_free(gss_OID_set set)
{
    for (size_t i = 0; i < set->count; i++)
        free(set->elements[i].elements);
    free(set->elements);
    free(set);
}

OM_uint32 oid_set_of(gss_OID_set *set, const gss_OID_desc *const *oids, size_t count)
{
    gss_OID_set made = calloc(1, sizeof(*made));

    *set = GSS_C_NO_OID_SET;
    if (!made)
        return GSS_S_FAILURE;
    made->elements = calloc(count ? count : 1, sizeof(*made->elements));
    if (!made->elements)
        goto no_memory;
    for (size_t i = 0; i < count; i++) {
        void *copy = malloc(oids[i]->length);
        if (!copy)
            goto no_memory;
        memcpy(copy, oids[i]->elements, oids[i]->length);
        made->elements[i] = (gss_OID_desc){oids[i]->length, copy};
        made->count = i + 1;
    }
    *set = made;
    return GSS_S_COMPLETE;

no_memory:
    oid_set_free(made);
    return GSS_S_FAILURE;
}

OM_uint32 buffer_of(gss_buffer_t out, const void *data, size_t len)
{
    char *copy;

    *out = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    if (len == 0)
        return GSS_S_COMPLETE;
    copy = malloc(len + 1);
    if (!copy)
        return GSS_S_FAILURE;
    memcpy(copy, data, len);
    copy[len] = '\0';
    *out = (gss_buffer_desc){len, copy};
    return GSS_S_COMPLETE;
}

OM_uint32 buffer_set_add(gss_buffer_set_t set, const void *data, size_t len)
{
    gss_buffer_t more = reallocarray(set->elements, set->count + 1, sizeof(*more));

    if (!more)
        return GSS_S_FAILURE;
    set->elements = more;
    if (buffer_of(&more[set->count], data, len) != GSS_S_COMPLETE)
        return GSS_S_FAILURE;
    set->count++;
    return GSS_S_COMPLETE;
}

void buffer_set_free(gss_buffer_set_t *set)
{
    if (!*set)
        return;
    for (size_t i = 0; i < (*set)->count; i++)
        free((*set)->elements[i].value);
    free((*set)->elements);
    free(*set);
    *set = GSS_C_NO_BUFFER_SET;
}

OM_uint32 buffer_set_of(gss_buffer_set_t *set, const void *data, size_t len)
{
    *set = calloc(1, sizeof(**set));
    if (!*set)
        return GSS_S_FAILURE;
    if (buffer_set_add(*set, data, len) == GSS_S_COMPLETE)
        return GSS_S_COMPLETE;
    buffer_set_free(set);
    return GSS_S_FAILURE;
}
