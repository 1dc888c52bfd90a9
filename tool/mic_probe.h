/* SPDX-License-Identifier: MIT */
/* mic_probe.h - does this process' SPNEGO find its peers' mechListMICs? MIT's of krb5
 * 1.21.0 to 1.21.3, 1.22.0 and 1.22.1 does not. */

#ifndef TOOL_MIC_PROBE_H
#define TOOL_MIC_PROBE_H

enum mic_probe { MIC_PROBE_FINDS, MIC_PROBE_LOSES, MIC_PROBE_UNKNOWN };

/* Logs in to itself with NTLM in SPNEGO, by the mechanism files and the credentials that the
 * environment names: nothing else decides. UNKNOWN: there was no login. */
enum mic_probe mic_probe(void);

#endif
