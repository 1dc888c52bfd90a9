/* sspi_words.h - an identity of SSPI's in a few words. */

#ifndef SSPI_WORDS_H
#define SSPI_WORDS_H

#include <sspi.h>

/* NULL for what is not given. */
struct words {
    const char *user, *domain, *password, *list;
};

/* Points into the words. */
SEC_WINNT_AUTH_IDENTITY_EXA words_identity(struct words words);

#endif
