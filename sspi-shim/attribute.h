/* attribute.h - what a context or a credential can be asked: the helpers that
 * attribute.c and credential.c share, so that A and W differ in the last step
 * only. */

#ifndef SHIM_ATTRIBUTE_H
#define SHIM_ATTRIBUTE_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

/* A name as its owner displays it, in a block (block.h): *text becomes a
 * SEC_WCHAR * when wide, else a SEC_CHAR *. GSS_C_NO_NAME gives "". */
SECURITY_STATUS attribute_name(gss_name_t name, bool wide, void **text);

#endif
