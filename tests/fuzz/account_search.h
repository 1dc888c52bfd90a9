/* SPDX-License-Identifier: MIT */
/* account_search.h - who is found in the text of an account file, by a search from its
 * first line on: what the index must find as well. */

#ifndef FUZZ_ACCOUNT_SEARCH_H
#define FUZZ_ACCOUNT_SEARCH_H

#include "userfile/line.h"

#define LINES_MOST 9600 /* bytes, and so lines, of a text */

/* The good lines of a text, which are taken apart in place. */
struct lines {
    struct line all[LINES_MOST];
    size_t count;
};

/* One byte behind the text is overwritten. */
void take_lines(char *text, size_t len, struct lines *lines);

/* Whom userfile.h means; NULL: nobody. domain "": none was given. */
const struct line *search_lines(const struct lines *lines, const char *user,
                                const char *domain);

#endif
