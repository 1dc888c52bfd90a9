/* SPDX-License-Identifier: MIT */
/* wincred.h - stands in for Windows', of which Wine's tests of SSPI need nothing. */
