/* SPDX-License-Identifier: MIT */
/* logins.h - the logins of this user: single sign-on for NTLM. They are kept in the
 * kernel's keyring, never on a disk, until their time is over, and found by every program
 * of the user. Which of several is for a server is decided here. Safe from any thread.
 * Failures are recorded. */

#ifndef IDENTITY_LOGINS_H
#define IDENTITY_LOGINS_H

#include "identity/identity.h"
#include "identity/login.h"

/* The setting's (login_lifetime). */
#define LOGIN_LIFETIME_DEFAULT UINT32_MAX

struct logins {
    struct login *items;
    size_t count;
};

/* All logins of the keyring, those included whose time is over. Quiet where there are
 * none, or no keyring. NTLM_ERR_BAD_LOGIN when one cannot be read: there are then none.
 * logins_clear is due in any case. */
enum ntlm_error logins_load(enum login_keyring keyring, struct logins *logins);
void logins_clear(struct logins *logins);

/* Finds an identity among the logins of the keyring that the settings name. user NULL:
 * any; domain "": any. host NULL: not known yet.
 *
 * For a host the login is chosen whose target matches most closely: the host's own name,
 * else the longest pattern; of two for the same, the later one. For no host in particular
 * it is the one for all hosts, else the latest.
 *
 * NTLM_ERR_NO_IDENTITY: quiet and not recorded when there are no logins;
 * NTLM_ERR_LOGIN_EXPIRED; NTLM_ERR_BAD_LOGIN. */
enum ntlm_error logins_find(const struct settings *settings, const char *user,
                            const char *domain, const char *host, struct identity **identity);

/* As people write them: "session" or "persistent"; a number of seconds, or of minutes,
 * hours or days with m, h or d behind it, of a year at most. False: it is none. */
bool login_is_target(const char *text); /* a host, or a pattern of hosts */
bool login_keyring_of(const char *text, enum login_keyring *keyring);
bool login_lifetime_of(const char *text, uint32_t *seconds);

struct login_request {
    enum login_keyring keyring; /* not LOGIN_KEYRING_OFF */
    const char *target;         /* a pattern of hosts; NULL: "*" */
    uint32_t lifetime;          /* seconds; 0: as long as the keyring; or the default */
    bool overwrite;             /* replace a login of the same user for the same target */
    bool preferred;             /* choose it before others for the same target */
};

/* Keeps an identity as a login, with the NT hash and never the password. An identity whose
 * own time is shorter keeps that. NTLM_ERR_LOGIN_EXISTS, NTLM_ERR_NO_KEYRING,
 * NTLM_ERR_BAD_LOGIN, NTLM_ERR_BAD_ARGUMENT (the target is no pattern),
 * NTLM_ERR_NO_IDENTITY (winbind has the password, and no hash is here). */
enum ntlm_error logins_store(const struct settings *settings, const struct identity *identity,
                             const struct login_request *request);

/* Which logins are to be removed; NULL: any. */
struct login_selection {
    const char *user, *domain, *target;
};

/* Removes logins; with an empty selection everything that is in the keyring, also what
 * cannot be read. *removed may be 0. NTLM_ERR_NO_KEYRING when the kernel refuses. */
enum ntlm_error logins_remove(enum login_keyring keyring,
                              const struct login_selection *selection, size_t *removed);

#endif
