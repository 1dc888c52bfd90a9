/* SPDX-License-Identifier: MIT */
/* wiped.c - see wiped.h. */

#include "config.h"

#include "wiped.h"

#include <check.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "secrets.h"

#define NAMES_MAX 32

/* Blocks, each behind its length. */
static uint8_t blocks[1 << 20];
static size_t used;
static bool watched;

void __real_ntlm_cleanse(void *secret, size_t len);
void __wrap_ntlm_cleanse(void *secret, size_t len);

void wiped_take(const void *secret, size_t len)
{
    if (!watched || len == 0)
        return;
    ck_assert_uint_le(len, sizeof(blocks) - used - sizeof(len));
    memcpy(blocks + used, &len, sizeof(len));
    memcpy(blocks + used + sizeof(len), secret, len);
    used += sizeof(len) + len;
}

void __wrap_ntlm_cleanse(void *secret, size_t len)
{
    wiped_take(secret, len);
    __real_ntlm_cleanse(secret, len);
}

void wiped_watch(bool on)
{
    watched = on;
}

/* What the block has that lies at *at, which then is the next one's; NULL: nothing known. */
static const char *found_in(size_t *at)
{
    const uint8_t *block = blocks + *at + sizeof(size_t);
    size_t len;

    memcpy(&len, blocks + *at, sizeof(len));
    *at += sizeof(len) + len;
    return secrets_found(block, len);
}

unsigned wiped_others(void)
{
    unsigned others = 0;

    for (size_t at = 0; at < used;)
        others += !found_in(&at);
    return others;
}

const char *wiped_secrets(void)
{
    static char text[1024];
    const char *names[NAMES_MAX];
    unsigned times[NAMES_MAX] = {0}, count = 0, i;

    for (size_t at = 0; at < used;) {
        const char *found = found_in(&at);

        for (i = 0; found && i < count && strcmp(found, names[i]) != 0;)
            i++;
        ck_assert_uint_lt(i, NAMES_MAX);
        if (found && i == count)
            names[count++] = found;
        times[i] += found != NULL;
    }
    *text = '\0';
    for (i = count; i-- > 0;)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%u %s\n", times[i],
                 names[i]);
    return text;
}

void wiped_forget(void)
{
    used = 0;
}
