/* SPDX-License-Identifier: MIT */
/* userfile.h - the account file, in both of its formats, line by line mixed:
 *
 *     DOMAIN:user:password           (DOMAIN may be empty: any domain)
 *     user:uid:LMHASH:NTHASH:[flags]:LCT-time:      (smbpasswd)
 *
 * UTF-8, with or without a byte order mark; lines end with \n or \r\n. Empty
 * lines and lines that begin with # are passed over. So are others that fit
 * neither format or have more than 64 KiB; the trace has their numbers, of the
 * first twenty, and how many there are. A password may contain colons.
 * smbpasswd's flags: D (disabled), L (locked) and N (no password) are honoured;
 * a hash of X's or "NO PASSWORD" is none.
 *
 * It answers for acceptors (any line) and gives an initiator its own line.
 * A file that belongs to neither root nor the effective user is refused, and so
 * is one that others may write, or its group (unless owner and group are
 * root's); one that others may read is traced as a warning. The checks are made
 * on the open file.
 *
 * The process keeps an index of the file, for all its threads, and looks at the
 * file with each question: one that differs in anything is checked and read
 * again at once. While somebody is writing the file in place, its former
 * accounts answer: while it changes under the reader, and for ten seconds after
 * a change that leaves it open for writing (where that can be known), empty, or
 * with a last line that has no end. Where there are no former accounts, what is
 * there answers, up to the last whole line. No former accounts answer for a file
 * that is gone, cannot be read or has become unsafe. The index holds no
 * passwords. */

#ifndef USERFILE_USERFILE_H
#define USERFILE_USERFILE_H

#include "ntlm/bytes.h"
#include "ntlm/error.h"

struct account {
    char *user, *domain; /* UTF-8; domain "" in smbpasswd lines and where the
                          * line leaves it out */
    uint8_t nt_hash[16];
    uint8_t lm_hash[16];
    bool has_nt_hash, has_lm_hash; /* a password line has both where LM can */
    bool disabled, locked;
};

void account_clear(struct account *account); /* cleanses and frees */

/* Finds the account that `user` and `domain` (UTF-8) name, case ignored, in
 * this order: user and domain as given; user with an empty domain in the
 * file; when `domain` is "", the first line with that user, whatever its
 * domain, and for "user@realm" also user in domain realm. With user NULL the
 * file's first account. NTLM_ERR_NO_SUCH_LINE, NTLM_ERR_FILE_UNREADABLE,
 * NTLM_ERR_FILE_INSECURE. Takes as long for an account that is not there: so
 * that is not put into words here. On NTLM_OK the caller clears *account. */
enum ntlm_error userfile_find(const char *path, const char *user, const char *domain,
                              struct account *account);
/* The same without the LM hash, which takes three times as long to index as all
 * else, and for which hardly anybody asks. */
enum ntlm_error userfile_find_nt(const char *path, const char *user, const char *domain,
                                 struct account *account);

/* Says that there is none, and returns NTLM_ERR_NO_SUCH_LINE. */
enum ntlm_error userfile_no_such_line(const char *path, const char *user, const char *domain);

/* The checks alone: can it be opened, and is it safe? */
enum ntlm_error userfile_check(const char *path);

#endif
