/* SPDX-License-Identifier: MIT */
/* lmdb.h - reads a value from a file of LMDB's (data format 1, as liblmdb 0.9 writes it)
 * while others change it. What keys and values mean is record.h's, which file it is
 * database.h's.
 *
 * liblmdb maps the file and trusts it: a byte that is wrong in it, or a file that is cut
 * off while it is mapped, can end the process. Its readers must also be able to write a
 * lock file, by which they could harm the others. So a server reads the few pages of a
 * lookup with pread, checks each, and takes no lock. LMDB never overwrites a page that its
 * last two states use; so what was read is whole if at the end no more than one change was
 * made since the beginning (lmdb_is_whole). The kernel's page cache is shared by all
 * processes, and nothing is kept that a fork, a closed descriptor or another thread could
 * harm.
 *
 * Files of 32 and 64 bit machines of the same byte order are read. One object belongs to
 * one thread. */

#ifndef USERFILE_LMDB_H
#define USERFILE_LMDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum lmdb_result {
    LMDB_OK,
    LMDB_NOT_FOUND,  /* there is no such key */
    LMDB_DAMAGED,    /* `fault` says in which way */
    LMDB_UNREADABLE, /* errno says why */
    LMDB_NO_MEMORY
};

/* One side of what LMDB keeps twice, and writes in turn. */
struct lmdb_meta {
    uint64_t root, last_page, entries, transaction;
    unsigned depth;
};

#define LMDB_PAGES 8 /* that an object remembers */

struct lmdb {
    int fd;
    off_t size;    /* of the file, in bytes */
    unsigned word; /* bytes of a page's number: those of a size_t where it was made */
    size_t page_size;
    struct lmdb_meta meta; /* the newer one: the state that is read */
    uint8_t *pages;        /* LMDB_PAGES of them */
    uint64_t numbers[LMDB_PAGES];
    unsigned count, next;
    const char *fault; /* static */
};

/* Whether a file that begins with this byte can be LMDB's. No text begins so. */
bool lmdb_begins_with(uint8_t first);

/* Begins to read the newest state of an open file, which stays the caller's and must
 * remain open. The caller closes *lmdb in any case. */
enum lmdb_result lmdb_open(struct lmdb *lmdb, int fd, off_t size);
void lmdb_close(struct lmdb *lmdb); /* cleanses; one of zeros is fine */

/* The value of this key; it lies in *lmdb until the next call. */
enum lmdb_result lmdb_get(struct lmdb *lmdb, const uint8_t *key, size_t key_len,
                          const uint8_t **value, size_t *value_len);

/* Whether all that was read is of one state. If not, whatever came of it counts for
 * nothing: close, and begin again. */
bool lmdb_is_whole(struct lmdb *lmdb);

/* Hands each key with its value to `take`, in order, until that says otherwise than
 * LMDB_OK. All pages are checked that a lookup may come to. */
typedef enum lmdb_result lmdb_take(void *arg, const uint8_t *key, size_t key_len,
                                   const uint8_t *value, size_t value_len);
enum lmdb_result lmdb_walk(struct lmdb *lmdb, lmdb_take *take, void *arg);

#endif
