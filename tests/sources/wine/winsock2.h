/* SPDX-License-Identifier: MIT */
/* winsock2.h - stands in for Windows', of which Wine's tests of SSPI need nothing. */
