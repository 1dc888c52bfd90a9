/* SPDX-License-Identifier: MIT */
/* translate.h - marks the texts that people see. _() gives a text in the language of the
 * environment, where there is a catalogue for it (domain "gss-negotiate"); N_() marks one
 * in a table, which is put through _() where it is shown. */

#ifndef TOOL_TRANSLATE_H
#define TOOL_TRANSLATE_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) text

#endif
