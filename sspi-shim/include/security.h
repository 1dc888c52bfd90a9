/* SPDX-License-Identifier: MIT */
/* security.h - what an SSPI program includes. Windows' own also asks for one
 * of SECURITY_WIN32, SECURITY_KERNEL and SECURITY_MAC; here there is one kind
 * of caller, so SECURITY_WIN32 may be defined or not. */

#ifndef SSPI_SECURITY_H
#define SSPI_SECURITY_H

#include <secext.h>
#include <sspi.h>

#define NTLMSP_NAME_A "NTLM"
#define NTLMSP_NAME_W SSPI_WIDE("NTLM")
#define NTLMSP_NAME TEXT("NTLM")
#define MICROSOFT_KERBEROS_NAME_A "Kerberos"
#define MICROSOFT_KERBEROS_NAME_W SSPI_WIDE("Kerberos")
#define NEGOSSP_NAME_A "Negotiate"
#define NEGOSSP_NAME_W SSPI_WIDE("Negotiate")
#ifdef UNICODE
#define MICROSOFT_KERBEROS_NAME MICROSOFT_KERBEROS_NAME_W
#define NEGOSSP_NAME NEGOSSP_NAME_W
#else
#define MICROSOFT_KERBEROS_NAME MICROSOFT_KERBEROS_NAME_A
#define NEGOSSP_NAME NEGOSSP_NAME_A
#endif

#endif
