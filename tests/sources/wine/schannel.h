/* SPDX-License-Identifier: MIT */
/* schannel.h - stands in for Windows', of which Wine's tests of SSPI need nothing. */
