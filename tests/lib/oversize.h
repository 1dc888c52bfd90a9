/* SPDX-License-Identifier: MIT */
/* oversize.h - NTLM messages made larger than they may be. */

#ifndef OVERSIZE_H
#define OVERSIZE_H

#include <stddef.h>
#include <stdint.h>

#include "ntlm/error.h"

#define OVERSIZES 5
#define OVERSIZE_ROOM 9000 /* bytes that a message has then at most */

extern const struct oversize {
    int step; /* of the exchange: 0 is NEGOTIATE */
    void (*spoil)(void);
    enum ntlm_error error; /* that it is refused with */
} oversizes[OVERSIZES];

/* Makes a message of that step so, in its place, where OVERSIZE_ROOM bytes are; its length
 * then. */
size_t oversize_make(const struct oversize *oversize, uint8_t *message, size_t len);

#endif
