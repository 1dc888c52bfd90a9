/* SPDX-License-Identifier: MIT */
/* wincrypt.h - stands in for Windows', of which Wine's tests of SSPI need nothing. */
