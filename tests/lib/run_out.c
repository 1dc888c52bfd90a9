/* SPDX-License-Identifier: MIT */
/* run_out.c - lets the operation run out of memory, allocation by allocation. */

#include "config.h"

#include "run_out.h"

#include <check.h>

#include "shortage.h"

bool inconsistent;

void run_out(enum ntlm_error (*operation)(void), enum ntlm_error expected)
{
    bool enough = false;
    unsigned n = 0;

    while (!enough) {
        enum ntlm_error error;

        ck_assert_uint_lt(++n, 1000);
        allocations_left = n;
        error = operation();
        enough = allocations_left > 0;
        allocations_left = 0;
        ck_assert_msg(error == (enough ? expected : NTLM_ERR_OUT_OF_MEMORY),
                      "allocation %u: %#x", n, (unsigned)error);
        ck_assert(!inconsistent);
    }
    ck_assert_uint_gt(n, 1);
}
