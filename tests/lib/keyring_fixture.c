/* SPDX-License-Identifier: MIT */
/* keyring_fixture.c - see keyring_fixture.h. */

#include "config.h"

#include "keyring_fixture.h"

#include <keyutils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

void keyring_begin(void)
{
    keyctl_join_session_keyring(NULL);
    setenv("NTLM_LOGIN_KEYRING", "session", 1);
}

bool skipped_without_keyring(const char *test)
{
    if (keyctl_get_keyring_ID(KEY_SPEC_SESSION_KEYRING, 0) >= 0)
        return false;
    printf("ok - %s # SKIP the kernel refuses keyctl\n", test);
    return true;
}

bool skipped_without_root(const char *test)
{
    if (geteuid() == 0)
        return false;
    printf("ok - %s # SKIP only root can become another user\n", test);
    return true;
}

int32_t keyring_of_logins(void)
{
    char name[64];
    long found;

    snprintf(name, sizeof(name), "ntlm-logins.%u", (unsigned)geteuid());
    found = keyctl_search(KEY_SPEC_SESSION_KEYRING, "keyring", name, 0);
    return found < 0 ? 0 : (int32_t)found;
}

static bool is_named(int32_t key, const char *prefix)
{
    char text[256] = "";
    const char *name;

    keyctl_describe(key, text, sizeof(text));
    name = strrchr(text, ';');
    return name && strncmp(name + 1, prefix, strlen(prefix)) == 0;
}

int32_t keyring_nth(const char *prefix, int n)
{
    int32_t found = 0;
    void *content;
    int len = keyctl_read_alloc(keyring_of_logins(), &content);

    if (len < 0)
        return 0;
    for (int i = 0; i < len / 4 && !found; i++) {
        int32_t key = ((int32_t *)content)[i];
        if (is_named(key, prefix) && n-- == 0)
            found = key;
    }
    free(content);
    return found;
}
