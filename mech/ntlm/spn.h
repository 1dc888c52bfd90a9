/* SPDX-License-Identifier: MIT */
/* spn.h - the host in a service principal name ([MS-NLMP] 2.2.2.1, MsvAvTargetName):
 * service/host[:port][/name]. */

#ifndef NTLM_SPN_H
#define NTLM_SPN_H

/* The host of what stands behind the service, host[:port][/name]: without a port, a name
 * and the brackets of an IPv6 address, which may have none. "" when there is none. Heap,
 * the caller's. NULL when memory ends. */
char *ntlm_spn_host(const char *behind_service);

#endif
