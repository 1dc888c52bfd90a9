/* SPDX-License-Identifier: MIT */
/* place.h - a directory for a target's files, gone when the program ends. What tests/lib
 * has for this (scratch.h) asserts by Check, which works in a test only. */

#ifndef FUZZ_PLACE_H
#define FUZZ_PLACE_H

/* Writes a file and gives its path, which stays. */
const char *place_file(const char *name, const char *text);

/* Sets the environment of a process that negotiates, with these mechanisms: CORP's alice
 * can log in with NTLM, nobody with Kerberos, and the system's log is left alone. */
void place_world(const char *mech_config);

#endif
