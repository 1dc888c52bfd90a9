/* SPDX-License-Identifier: MIT */
/* secret.h - a password, or an NT hash in hexadecimal digits, that somebody gives: typed at
 * the terminal without being shown, or the first line of standard input or of another
 * descriptor. Never on the command line, which everybody on the machine can read. */

#ifndef TOOL_SECRET_H
#define TOOL_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "output.h"

#define SECRET_MAX 1024 /* bytes; Windows' longest password has 256 characters */

/* The options of a command that asks for a secret. */
#define OPTION_PASSWORD_FD                                                                     \
    {                                                                                          \
        "password-fd", "N", N_("read the password from this file descriptor")                  \
    }
#define OPTION_NT_HASH                                                                         \
    {                                                                                          \
        "nt-hash", NULL, N_("what is given is an NT hash (32 hexadecimal digits)")             \
    }

struct secret {
    char text[SECRET_MAX + 1];
    size_t len; /* without the NUL */
};

/* How a secret is asked for. */
struct secret_request {
    const char *prompt;
    const char *fd;   /* the option's argument; NULL: none was given */
    bool twice;       /* typed once more, to be sure */
    bool input_taken; /* standard input is for something else: the terminal alone is asked */
};

/* Reads a line, without its end. The caller clears *secret in any case. Failures were
 * complained of. A signal that ends the program leaves the terminal as it was. */
enum exit_status secret_read(const struct secret_request *request, struct secret *secret);
void secret_clear(struct secret *secret);

/* The NT hash of a password, or what the digits say. */
enum exit_status secret_nt_hash(const struct secret *secret, bool digits, uint8_t hash[16]);

#endif
