/* SPDX-License-Identifier: MIT */
/* rpc.h - where Windows programs look for what is in rpcdce.h. */

#ifndef SSPI_RPC_H
#define SSPI_RPC_H

#include <rpcdce.h>

#endif
