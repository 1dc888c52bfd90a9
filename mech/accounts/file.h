/* file.h - the account file, in both of its formats, line by line mixed:
 *
 *     DOMAIN:user:password           (DOMAIN may be empty: any domain)
 *     user:uid:LMHASH:NTHASH:[flags]:LCT-time:      (smbpasswd)
 *
 * UTF-8, with or without a byte order mark; lines end with \n or \r\n. Empty
 * lines and lines that begin with # are passed over, others that fit neither
 * format or have more than 64 KiB are traced with their number and passed over.
 * A password may contain colons. smbpasswd's flags: D (disabled) and N (no
 * password) are honoured; a hash of X's or "NO PASSWORD" is none.
 *
 * It answers for acceptors (any line) and gives an initiator its own line.
 * A file that belongs to neither root nor the effective user is refused, and so
 * is one that others may write, or its group (unless owner and group are
 * root's); one that others may read is traced as a warning. The checks are made
 * on the open file. */

#ifndef ACCOUNTS_FILE_H
#define ACCOUNTS_FILE_H

#include "ntlm/bytes.h"
#include "ntlm/error.h"

struct account {
    char *user, *domain; /* UTF-8; domain "" in smbpasswd lines and where the
                          * line leaves it out */
    uint8_t nt_hash[16];
    uint8_t lm_hash[16];
    bool has_nt_hash, has_lm_hash; /* a password line has both where LM can */
    bool disabled;
};

void account_clear(struct account *account); /* cleanses and frees */

/* Finds the account that `user` and `domain` (UTF-8) name, case ignored, in
 * this order: user and domain as given; user with an empty domain in the
 * file; when `domain` is "", the first line with that user, whatever its
 * domain, and for "user@realm" also user in domain realm. With user NULL the
 * file's first account. NTLM_ERR_NO_SUCH_LINE, NTLM_ERR_FILE_UNREADABLE,
 * NTLM_ERR_FILE_INSECURE. Takes as long for an account that is not there. On
 * NTLM_OK the caller clears *account. */
enum ntlm_error account_file_find(const char *path, const char *user, const char *domain,
                                  struct account *account);

/* The checks alone: can it be opened, and is it safe? */
enum ntlm_error account_file_check(const char *path);

#endif
