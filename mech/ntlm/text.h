/* SPDX-License-Identifier: MIT */
/* text.h - the protocol's text: UTF-8 inside the program, UTF-16LE or OEM on
 * the wire. Every function is safe from any thread. What is returned is heap
 * memory, freed with free() (text that may be a secret: cleanse it first). */

#ifndef NTLM_TEXT_H
#define NTLM_TEXT_H

#include "wire.h"

/* UTF-8 (len bytes, no terminator needed) to UTF-16LE. NTLM_ERR_BAD_TEXT when
 * it is not valid UTF-8. *out_len is in bytes. An empty text gives a non-NULL
 * *out with *out_len 0. */
enum ntlm_error ntlm_text_to_utf16(const char *text, size_t len, uint8_t **out,
                                   size_t *out_len);

/* The same, appended to what is written; the writer has the error. */
void ntlm_write_utf16(struct ntlm_writer *out, const char *text);

/* UTF-16LE to a terminated UTF-8 string. NTLM_ERR_BAD_TEXT for an odd length,
 * an unpaired surrogate or an embedded NUL. */
enum ntlm_error ntlm_text_from_utf16(struct ntlm_bytes wire, char **out);
/* The same into the caller's memory, which has ntlm_text_room bytes. */
enum ntlm_error ntlm_text_put_from_utf16(struct ntlm_bytes wire, char *text);
size_t ntlm_text_room(struct ntlm_bytes wire);

/* The same for OEM text (code page 850, in which ASCII is itself).
 * To: NTLM_ERR_BAD_TEXT when a character does not exist there. */
enum ntlm_error ntlm_text_to_oem(const char *text, size_t len, uint8_t **out, size_t *out_len);
enum ntlm_error ntlm_text_from_oem(struct ntlm_bytes wire, char **out);

/* Upper-cases UTF-16LE in place as Windows does: each code unit by its simple
 * one-to-one mapping, and never to another length. */
void ntlm_utf16_upper(uint8_t *wire, size_t len);

/* Upper-cases UTF-8 by the same mapping, into a new string. */
enum ntlm_error ntlm_text_upper(const char *text, char **out);

/* The first character of a text that is not empty, upper-cased by the same
 * mapping; *len is how many bytes it takes. What is not UTF-8 is taken byte by
 * byte, as numbers that no character has. */
uint32_t ntlm_text_first_upper(const char *text, size_t *len);

/* Whether two UTF-8 strings are equal when case is ignored: the same sequence
 * of ntlm_text_first_upper. */
bool ntlm_text_same(const char *a, const char *b);

#endif
