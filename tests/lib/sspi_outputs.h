/* SPDX-License-Identifier: MIT */
/* sspi_outputs.h - the output parameters of SSPI's functions, and what a call that fails has
 * made of them. */

#ifndef SSPI_OUTPUTS_TEST_H
#define SSPI_OUTPUTS_TEST_H

#include <sspi.h>

/* Where calls put what they give. */
struct outputs {
    SecHandle handle;
    SecBuffer token; /* of the caller's memory */
    ULONG attributes, count, size;
    TimeStamp expiry;
    void *pointer, *second, *third;
    SecPkgContext_KeyInfoW info; /* the largest of the attributes */
    BOOLEAN user, identity;
};
extern struct outputs o, outputs_before;

/* All of them become what no call leaves there; outputs_before is a copy. */
void outputs_poison(void);
/* Fails the test unless the call's status is the expected one, these outputs, by name, are
 * empty (the token without length and memory, others zeros), and all others are as they were.
 */
void outputs_assert(const char *call, SECURITY_STATUS status, SECURITY_STATUS expected_status,
                    const char *expected);

#define FAILS(status, expected, call)                                                          \
    do {                                                                                       \
        outputs_poison();                                                                      \
        outputs_assert(#call, (call), status, expected);                                       \
    } while (0)

#endif
