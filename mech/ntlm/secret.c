/* SPDX-License-Identifier: MIT */
/* secret.c - wiping and comparing secrets. Where they come from and go to is
 * not known here. */

#include "config.h"

#include "secret.h"

#include <stdint.h>
#include <string.h>

bool ntlm_equal(const void *a, const void *b, size_t len)
{
    /* volatile: the compiler must not stop at the first difference. */
    const volatile uint8_t *left = a, *right = b;
    uint8_t differing = 0;

    for (size_t i = 0; i < len; i++)
        differing |= (uint8_t)(left[i] ^ right[i]);
    return differing == 0;
}

bool ntlm_is_zero(const void *bytes, size_t len)
{
    const volatile uint8_t *at = bytes;
    uint8_t any = 0;

    for (size_t i = 0; i < len; i++)
        any |= at[i];
    return any == 0;
}

void ntlm_cleanse(void *secret, size_t len)
{
    if (len)
        explicit_bzero(secret, len);
}

/* Of its own, so that it lies where the caller's other callees were. In stretches that the
 * compiler makes into a few wide stores each: it is called four times a login, and one long
 * memset costs many times as many instructions. */
__attribute__((noinline)) void ntlm_cleanse_stack(void)
{
    enum { STRETCH = 64 };
    _Alignas(16) uint8_t below[128 * STRETCH];

    for (size_t i = 0; i < sizeof(below); i += STRETCH) {
        memset(below + i, 0, STRETCH);
        __asm__ volatile("" : : "r"(below + i) : "memory"); /* or it would be left out */
    }
}
