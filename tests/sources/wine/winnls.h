/* SPDX-License-Identifier: MIT */
/* winnls.h - stands in for Windows', of which Wine's tests of SSPI need nothing. */
