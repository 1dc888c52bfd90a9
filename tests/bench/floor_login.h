/* SPDX-License-Identifier: MIT */
/* floor_login.h - the ciphers of one NTLMv2 login, without NTLM around them. */

#ifndef BENCH_FLOOR_LOGIN_H
#define BENCH_FLOOR_LOGIN_H

#include <stdbool.h>

/* What each side computes. Whether it went well. */
bool floor_initiator(void);
bool floor_acceptor(void);

#endif
