/* SPDX-License-Identifier: MIT */
/* main_faults.c - for main_again.h: the calls that fail are those that the program itself
 * makes of the system, of OpenSSL, of GSSAPI and of liblmdb: faults.h's, and here what
 * only a program with files, sockets and processes of its own calls. Not under sanitizers,
 * which must be loaded first. With MAIN_AGAIN_WAY=ends what reads a file, but for the input,
 * is told that it ends; with short what reads or writes does so with one byte; with
 * interrupted a signal comes before it has read or written anything. With MAIN_AGAIN_MODULES
 * the calls of the mechanism modules count, too. */

#include "config.h"

#include "main_again.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gssapi/gssapi.h>

#include "faults.h"

const char *const main_again_texts[] = {"Input/output error",
                                        "Too many open files",
                                        "Cannot allocate memory",
                                        "Resource temporarily unavailable",
                                        "Out of memory",
                                        "OpenSSL failed to compute",
                                        "changes too often to be read", /* at its last read */
                                        "it is cut off",
                                        NULL};

void main_again_begin(unsigned number, char *told)
{
    static const char *const own[] = {"", NULL}, *const with_modules[] = {"", "/mech", NULL};
    const char *asked = getenv("MAIN_AGAIN_WAY");
    enum fault_way way = FAULT_FAILS;

    if (asked)
        way = strcmp(asked, "short") == 0         ? FAULT_SHORT
              : strcmp(asked, "interrupted") == 0 ? FAULT_INTERRUPTED
                                                  : FAULT_ENDS;
    faults_spare_input();
    faults_tell(told);
    faults_arm(getenv("MAIN_AGAIN_MODULES") ? with_modules : own,
               (enum fault_kind)(FAULT_OPENSSL | FAULT_FILES), way, number);
}

unsigned main_again_end(void)
{
    faults_disarm();
    return faults_counted();
}

/* ---- the system (a child counts on from where its parent was) ---- */

#define CALL(name, failure, number) FAULT_BEFORE(FAULT_FILES, name, failure, errno = (number))

CALL(accept4, -1, EMFILE)
CALL(access, -1, EIO)
CALL(adjtimex, -1, EIO)
CALL(bind, -1, EIO)
CALL(dladdr, 0, EIO)
CALL(fchmod, -1, EIO)
CALL(fchown, -1, EIO)
CALL(fclose, EOF, EIO)
CALL(fdopen, 0, EMFILE)
CALL(fdopendir, 0, EMFILE)
CALL(fgetxattr, -1, EIO)
CALL(flock, -1, EIO)
CALL(fork, -1, EAGAIN)
CALL(fsetxattr, -1, EIO)
CALL(fsync, -1, EIO)
CALL(ftruncate, -1, EIO)
CALL(ftruncate64, -1, EIO)
CALL(getgrgid, 0, EIO)
CALL(getpwnam, 0, EIO)
CALL(getpwuid, 0, EIO)
CALL(getsockname, -1, EIO)
CALL(gmtime_r, 0, EOVERFLOW)
CALL(__gmtime64_r, 0, EOVERFLOW)
CALL(listen, -1, EIO)
CALL(localtime_r, 0, EOVERFLOW)
CALL(__localtime64_r, 0, EOVERFLOW)
CALL(mkdtemp, 0, EIO)
CALL(pipe2, -1, EMFILE)
CALL(renameat, -1, EIO)
CALL(setsockopt, -1, EIO)
CALL(unlinkat, -1, EIO)
CALL(waitpid, -1, EINTR)
CALL(getaddrinfo, -10 /* EAI_MEMORY */, EIO)
CALL(glob, 1 /* GLOB_NOSPACE */, EIO)
CALL(glob64, 1, EIO)

/* What writes bytes: (descriptor, buffer, size, ...). */
#define WRITES(name)                                                                           \
    __attribute__((visibility("default"))) long fault_before_##name(FAULT_WORDS) __asm__(      \
        #name);                                                                                \
    long fault_before_##name(FAULT_WORDS)                                                      \
    {                                                                                          \
        static long (*real)(FAULT_WORDS);                                                      \
        enum fault_way way;                                                                    \
        bool due;                                                                              \
                                                                                               \
        fault_descriptor = -1;                                                                 \
        due = fault_due(FAULT_FILES, #name, __builtin_return_address(0), true, &way);          \
        if (!real)                                                                             \
            *(void **)&real = fault_real(#name);                                               \
        if (due && (way == FAULT_FAILS || way == FAULT_INTERRUPTED)) {                         \
            errno = way == FAULT_FAILS ? EIO : EINTR;                                          \
            return -1;                                                                         \
        }                                                                                      \
        if (due && way == FAULT_SHORT && c > 1)                                                \
            c = 1;                                                                             \
        return real(a, b, c, d, e, f, g, h);                                                   \
    }

WRITES(send)
WRITES(write)

/* ---- liblmdb: it answers with a number of errno's ---- */

#define LMDB(name) FAULT_BEFORE(FAULT_FILES, name, EIO, errno = EIO)

LMDB(mdb_cursor_get)
LMDB(mdb_cursor_open)
LMDB(mdb_dbi_open)
LMDB(mdb_del)
LMDB(mdb_env_create)
LMDB(mdb_env_get_fd)
LMDB(mdb_env_info)
LMDB(mdb_env_open)
LMDB(mdb_env_set_assert)
LMDB(mdb_env_set_mapsize)
LMDB(mdb_env_stat)
LMDB(mdb_get)
LMDB(mdb_put)
LMDB(mdb_stat)
LMDB(mdb_txn_begin)

/* There is no transaction after it in any case. */
static void abort_transaction(long transaction)
{
    void (*end)(long);

    *(void **)&end = fault_real("mdb_txn_abort");
    end(transaction);
}
FAULT_BEFORE(FAULT_FILES, mdb_txn_commit, EIO, abort_transaction(a))

/* ---- GSSAPI: the major status and the minor, which all begin with ---- */

#define GSS_WORDS FAULT_WORDS, long i, long j, long k, long l, long m
#define GSS_ANSWERS(name, major, code, results)                                                \
    __attribute__((visibility("default"))) long fault_before_##name(GSS_WORDS) __asm__(#name); \
    long fault_before_##name(GSS_WORDS)                                                        \
    {                                                                                          \
        static long (*real)(GSS_WORDS);                                                        \
        enum fault_way way;                                                                    \
                                                                                               \
        if (!real)                                                                             \
            *(void **)&real = fault_real(#name);                                               \
        if (!fault_due(FAULT_FILES, #name, __builtin_return_address(0), false, &way))          \
            return real(a, b, c, d, e, f, g, h, i, j, k, l, m);                                \
        *(OM_uint32 *)(uintptr_t)a = (code);                                                   \
        results;                                                                               \
        return (long)(major);                                                                  \
    }
#define GSS(name) GSS_ANSWERS(name, GSS_S_FAILURE, ENOMEM, (void)0)

/* As MIT's can when memory ends. What is none would be the default credential. */
GSS_ANSWERS(gss_acquire_cred_with_password, GSS_S_COMPLETE, 0,
            *(gss_cred_id_t *)(uintptr_t)g = GSS_C_NO_CREDENTIAL)
GSS(gss_accept_sec_context)
GSS(gss_acquire_cred)
GSS(gss_display_name)
GSS(gss_display_status)
GSS(gss_import_name)
GSS(gss_indicate_mechs)
GSS(gss_init_sec_context)
GSS(gss_inquire_context)
GSS(gss_inquire_cred_by_mech)
GSS(gss_str_to_oid)
GSS(gss_test_oid_set_member)
