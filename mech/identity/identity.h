/* SPDX-License-Identifier: MIT */
/* identity.h - what an initiator logs in as: a name, and the hashes of the password or
 * a winbind that has it. Made from a password, an NT hash, a line of the user's file, a
 * login in the keyring (logins.h), or for a user who logged in through winbind; a password is
 * hashed at once and not kept. Immutable and shared by reference count; safe from any thread.
 * Failures are recorded with their detail (failure.h). */

#ifndef IDENTITY_H
#define IDENTITY_H

#include "ntlm/initiator_config.h"
#include "settings/settings.h"

struct identity;

/* user and domain are UTF-8 and copied; domain may be NULL or "". */
enum ntlm_error identity_from_password(const char *user, const char *domain,
                                       const char *password, size_t password_len,
                                       struct identity **identity);
/* hex: 32 hexadecimal digits. NTLM_ERR_BAD_NT_HASH. */
enum ntlm_error identity_from_nt_hash(const char *user, const char *domain, const char *hex,
                                      struct identity **identity);
/* From the file `file`, in the account file's format; when NULL from the sources of
 * settings/sources.h, where the file is NTLM_USER_FILE's, the keyring has logins, and
 * winbind has users who logged in through it. user NULL: NTLMUSER, else the file's only
 * account, a login, or the user that this process runs as. domain may be NULL or "": any.
 * NTLM_ERR_NO_IDENTITY (quiet and fast), NTLM_ERR_NO_SUCH_LINE, the errors of userfile.h
 * and of logins_find. */
enum ntlm_error identity_find(const struct settings *settings, const char *file,
                              const char *user, const char *domain, struct identity **identity);
/* The same without a file, for a host: the login is the one for it. "": the program named
 * no server. */
enum ntlm_error identity_find_for_host(const struct settings *settings, const char *user,
                                       const char *domain, const char *host,
                                       struct identity **identity);

struct identity *identity_ref(struct identity *identity);
void identity_release(struct identity *identity); /* cleanses with the last; NULL is fine */

const char *identity_user(const struct identity *identity);
const char *identity_domain(const struct identity *identity); /* "" when none */
/* Whether it is a login of the keyring, of which another may be for the same program's next
 * server. */
bool identity_is_login(const struct identity *identity);
/* In seconds; UINT32_MAX: for ever; 0: its time is over. */
uint32_t identity_lifetime(const struct identity *identity);
/* Whether it may be used now: NTLM_ERR_LOGIN_EXPIRED. */
enum ntlm_error identity_check_time(const struct identity *identity);
/* Whether it may be used for this host, now: NTLM_ERR_LOGIN_EXPIRED, NTLM_ERR_NO_IDENTITY.
 * What is no login may be used for any. */
enum ntlm_error identity_check_host(const struct identity *identity, const char *host);
/* The hashes, or winbind in their place, for ntlm_initiator_authenticate:
 * borrowed, as long as the identity lives. */
void identity_secret(const struct identity *identity, struct ntlm_secret *secret);

/* For gss_export_cred: everything, the secret included. import:
 * NTLM_ERR_BAD_EXPORT. */
void identity_export(const struct identity *identity, struct ntlm_writer *out);
enum ntlm_error identity_import(struct ntlm_reader *in, struct identity **identity);

#endif
