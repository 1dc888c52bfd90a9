/* SPDX-License-Identifier: MIT */
/* Windows.h - windows.h, for programs that write it so. */

#include <windows.h>
