/* SPDX-License-Identifier: MIT */
/* mech_files.h - the mechanism files, as MIT's GSSAPI library reads them: which modules are
 * registered, and by which line. */

#ifndef TOOL_MECH_FILES_H
#define TOOL_MECH_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include <gssapi/gssapi.h>

#define MECH_LINES_MAX 256

struct mech_line {
    char *path; /* of the file */
    unsigned number;
    char *name, *module; /* the module with its whole path */
    gss_OID_desc oid;    /* no elements: it is no object identifier */
    char *oid_text;
    bool interposer;
    char *kind; /* <...>; NULL: none */
};

struct mech_files {
    struct mech_line lines[MECH_LINES_MAX];
    size_t count;
    char *unreadable; /* a file that this process may not read, and why; NULL */
    bool cut;         /* there are more lines */
};

/* Reads GSS_MECH_CONFIG's file, else /etc/gss/mech and /etc/gss/mech.d. False when memory
 * ends; to be cleared in any case. */
bool mech_files_read(struct mech_files *files);
void mech_files_clear(struct mech_files *files);

/* The line that registers a mechanism of its own: the last one with this identifier. NULL:
 * none. */
const struct mech_line *mech_files_find(const struct mech_files *files, gss_const_OID oid);

#endif
