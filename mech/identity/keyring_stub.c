/* SPDX-License-Identifier: MIT */
/* keyring_stub.c - the whole of the keyring in a build without libkeyutils (configure
 * --without-keyring): there is none. */

#include "config.h"

#include "identity/keyring.h"

#include <stddef.h>

#include "support/failure.h"

#define NOT_BUILT_IN "this module was built without libkeyutils"

enum ntlm_error keyring_find(enum login_keyring which, keyring_serial *ring)
{
    (void)which;
    *ring = 0;
    return NTLM_OK;
}

enum ntlm_error keyring_make(enum login_keyring which, keyring_serial *ring)
{
    (void)which;
    *ring = 0;
    return fail(NTLM_ERR_NO_KEYRING, NOT_BUILT_IN);
}

enum ntlm_error keyring_list(keyring_serial ring, keyring_serial **keys, size_t *count)
{
    (void)ring;
    *keys = NULL;
    *count = 0;
    return NTLM_OK;
}

enum ntlm_error keyring_read(keyring_serial key, const char *prefix,
                             struct keyring_content *content, bool *there)
{
    (void)key;
    (void)prefix;
    content->len = 0;
    *there = false;
    return NTLM_OK;
}

void keyring_content_clear(struct keyring_content *content)
{
    content->len = 0;
}

enum ntlm_error keyring_add(keyring_serial ring, const char *description,
                            struct ntlm_bytes content, unsigned seconds, keyring_serial *key)
{
    (void)ring;
    (void)description;
    (void)content;
    (void)seconds;
    *key = 0;
    return fail(NTLM_ERR_NO_KEYRING, NOT_BUILT_IN);
}

bool keyring_remove(keyring_serial key)
{
    (void)key;
    return true;
}
