/* SPDX-License-Identifier: MIT */
/* edit.h - changes to a token on its way, as an input asks for them: for the targets
 * that have both ends of an exchange, and the man in the middle. */

#ifndef FUZZ_EDIT_H
#define FUZZ_EDIT_H

#include "target.h"

/* Takes a byte, whose two lower bits are how many changes follow, and these. A change is
 * a byte that says which (its number's rest by six), and two each for where and how
 * much: a byte XORed, the end cut off, bytes taken out, bytes put in, bytes copied from
 * elsewhere in the token, or another token altogether. The bytes that are put in follow. */
void edit_token(struct input *in, uint8_t **data, size_t *len);

#endif
