/* SPDX-License-Identifier: MIT */
/* Security.h - security.h, for programs that write it so. */

#include <security.h>
