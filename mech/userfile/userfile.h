/* SPDX-License-Identifier: MIT */
/* userfile.h - the account file, whose lines have one of two formats, mixed at
 * will:
 *
 *     DOMAIN:user:password           (DOMAIN may be empty: any domain)
 *     user:uid:LMHASH:NTHASH:[flags]:LCT-time:      (smbpasswd; the user may be
 *                                                    DOMAIN\user, beside Samba's)
 *
 * UTF-8, with or without a byte order mark; lines end with \n or \r\n. Empty
 * lines and lines that begin with # are ignored. Lines that match neither format
 * or are longer than 64 KiB are skipped; the trace tells the numbers of the first
 * twenty, and how many there are. A password may contain colons. Of smbpasswd's
 * flags D (disabled), L (locked) and N (no password) count; a hash of X's or
 * "NO PASSWORD" is none.
 *
 * Acceptors look accounts up in it, and an initiator its own.
 *
 * The file must belong to root or the effective user, and others must not be able
 * to write it, nor its group unless owner and group are root; else it is refused.
 * If others can read it, the trace has a warning. The checks are made on the open
 * file. Every directory on its path must be safe, too (path.h); these are checked when
 * the file is read, and once a second while it is used.
 *
 * The process keeps an index of the file, without passwords, for all its threads.
 * Each call compares the file's fingerprint (stat.h), and checks and reads the
 * file again if it differs. While somebody writes the file in place, the previous
 * accounts stay in force: while it changes under the reader, and for ten seconds
 * after a change that leaves it open for writing (where that can be known),
 * empty, or with a last line that has no end. Without previous accounts those
 * that are there are in force, up to the last complete line. Previous accounts do
 * not stay in force when the file is gone, cannot be read or is unsafe. */

#ifndef USERFILE_USERFILE_H
#define USERFILE_USERFILE_H

#include "ntlm/error.h"
#include "userfile/account.h"

/* Finds the account that the query names, ignoring case, in this order: user and
 * domain as given; the user in same_domains; the user with an empty domain in the
 * file, or, when the query's domain is "", the first line with that user, whatever
 * its domain; and for "user@realm", if the query's domain is "" or realm is one of
 * its names, `user` in the domain realm and then in same_realms.
 *
 * NTLM_ERR_NO_SUCH_LINE is not recorded, and *account is then filled with the
 * query's names and a hash of zeros: an acceptor must do the same work for an
 * unknown user as for a wrong password. Recorded: NTLM_ERR_NO_IDENTITY (the query
 * names no user, and the file has more than one account),
 * NTLM_ERR_FILE_UNREADABLE, NTLM_ERR_FILE_INSECURE, NTLM_ERR_OUT_OF_MEMORY,
 * NTLM_ERR_CRYPTO. The caller clears *account in any case. Safe from any thread. */
enum ntlm_error userfile_find(const char *path, const struct account_query *query,
                              struct account *account);

/* Records that the file has no such account (user NULL: none at all),
 * and returns NTLM_ERR_NO_SUCH_LINE. */
enum ntlm_error userfile_no_such_line(const char *path, const char *user, const char *domain);

/* Checks whether the file can be opened and is safe. */
enum ntlm_error userfile_check(const char *path);

#endif
