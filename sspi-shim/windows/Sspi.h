/* SPDX-License-Identifier: MIT */
/* Sspi.h - sspi.h, for programs that write it so. */

#include <sspi.h>
