/* SPDX-License-Identifier: MIT */
/* error.c - the texts of the codes in error.h. */

#include "config.h"

#include "error.h"

#include <stddef.h>

const char *ntlm_error_text(enum ntlm_error error)
{
    switch (error) {
    case NTLM_OK:
        return "No error";
#define NTLM_ERROR_CASE(symbol, number, text)                                                  \
    case NTLM_ERR_##symbol:                                                                    \
        return text;
        NTLM_ERRORS(NTLM_ERROR_CASE)
#undef NTLM_ERROR_CASE
    }
    return NULL;
}
