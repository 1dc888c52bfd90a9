/* SPDX-License-Identifier: MIT */
/* host.h - patterns of hosts, as the settings and a login's target have them: a host's
 * name with one asterisk at most, which stands for any text. */

#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stddef.h>

/* Whether these len bytes can be a pattern: no SPN, no second asterisk. */
bool host_is_pattern(const char *text, size_t len);

/* Whether the pattern is the host's. Both are upper-cased (ntlm_text_upper). */
bool host_matches(const char *pattern, const char *host);

#endif
