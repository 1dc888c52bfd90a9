/* SPDX-License-Identifier: MIT */
/* winternl.h - stands in for Windows', of which Wine's tests of SSPI need nothing. */
