/* SPDX-License-Identifier: MIT */
/* module.h - the functions that MIT's mechglue looks up in this module by name:
 * gssi_ and what RFC 2744 (or gssapi_ext.h) calls the function, whose contract it
 * has. man/mech_spnego.8 has the table. Only those are declared here that another
 * file of the module calls, or that no public header has the like of. */

#ifndef SPNEGO_MODULE_H
#define SPNEGO_MODULE_H

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#define EXPORTED __attribute__((visibility("default")))

/* Each exported function has the type of the public function it stands for. */
#define STANDS_FOR(function) typeof(gss_##function) gssi_##function

STANDS_FOR(accept_sec_context);
STANDS_FOR(acquire_cred);
STANDS_FOR(acquire_cred_from);
STANDS_FOR(acquire_cred_impersonate_name);
STANDS_FOR(acquire_cred_with_password);
STANDS_FOR(compare_name);
STANDS_FOR(complete_auth_token);
STANDS_FOR(context_time);
STANDS_FOR(delete_name_attribute);
STANDS_FOR(delete_sec_context);
STANDS_FOR(display_name);
STANDS_FOR(display_name_ext);
STANDS_FOR(display_status);
STANDS_FOR(duplicate_name);
STANDS_FOR(export_cred);
STANDS_FOR(export_name);
STANDS_FOR(export_name_composite);
STANDS_FOR(export_sec_context);
STANDS_FOR(get_mic);
STANDS_FOR(get_mic_iov);
STANDS_FOR(get_mic_iov_length);
STANDS_FOR(get_name_attribute);
STANDS_FOR(import_cred);
STANDS_FOR(import_name);
STANDS_FOR(import_sec_context);
STANDS_FOR(init_sec_context);
STANDS_FOR(inquire_attrs_for_mech);
STANDS_FOR(inquire_context);
STANDS_FOR(inquire_cred);
STANDS_FOR(inquire_cred_by_mech);
STANDS_FOR(inquire_cred_by_oid);
STANDS_FOR(inquire_name);
STANDS_FOR(inquire_names_for_mech);
STANDS_FOR(inquire_sec_context_by_oid);
STANDS_FOR(localname);
STANDS_FOR(map_name_to_any);
STANDS_FOR(process_context_token);
STANDS_FOR(pseudo_random);
STANDS_FOR(release_any_name_mapping);
STANDS_FOR(release_cred);
STANDS_FOR(release_name);
STANDS_FOR(set_name_attribute);
STANDS_FOR(set_neg_mechs);
STANDS_FOR(set_sec_context_option);
STANDS_FOR(store_cred);
STANDS_FOR(store_cred_into);
STANDS_FOR(unwrap);
STANDS_FOR(unwrap_aead);
STANDS_FOR(unwrap_iov);
STANDS_FOR(verify_mic);
STANDS_FOR(verify_mic_iov);
STANDS_FOR(wrap);
STANDS_FOR(wrap_aead);
STANDS_FOR(wrap_iov);
STANDS_FOR(wrap_iov_length);
STANDS_FOR(wrap_size_limit);

/* gss_set_cred_option. */
OM_uint32 gssi_set_cred_option(OM_uint32 *minor, gss_cred_id_t *handle, const gss_OID option,
                               const gss_buffer_t value);

/* Whether the local account `user` is this name's. */
OM_uint32 gssi_authorize_localname(OM_uint32 *minor, const gss_name_t name,
                                   gss_const_buffer_t user, gss_const_OID user_type);

/* What the mechglue asks first, under its own lock, so that nothing of the
 * mechglue's may be called: the mechanisms that are interposed. `own` is the
 * identifier that the registration gives this module. The set is the mechglue's
 * to free; it is empty where the module declines. */
gss_OID_set gss_mech_interposer(const gss_OID own);

/* MIT's own SPNEGO, for calls of ours to the mechglue: our identifier with
 * SPNEGO's behind it. */
gss_OID module_mit_spnego(void);

#endif
