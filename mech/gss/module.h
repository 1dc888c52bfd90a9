/* module.h - the functions that MIT's mechglue looks up in this module by
 * name, exported whatever the default visibility is. Each has the contract of
 * RFC 2744 (or of gssapi_ext.h); the README's table says which there are. */

#ifndef GSS_MODULE_H
#define GSS_MODULE_H

#define EXPORTED __attribute__((visibility("default")))

#endif
