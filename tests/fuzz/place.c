/* SPDX-License-Identifier: MIT */
/* place.c - see place.h. */

#include "config.h"

#include "place.h"

#include <sys/stat.h>
#include <unistd.h>

#include "target.h"

#define MOST 8

static char directory[64];
static char *paths[MOST];
static size_t count;
static pid_t owner;

static void leave(void)
{
    if (getpid() != owner)
        return;
    while (count > 0) {
        unlink(paths[--count]);
        free(paths[count]);
    }
    rmdir(directory);
}

static void enter(void)
{
    strcpy(directory, "/tmp/fuzz-XXXXXX");
    MUST(mkdtemp(directory));
    owner = getpid();
    atexit(leave);
}

const char *place_file(const char *name, const char *text)
{
    FILE *file;

    if (!*directory)
        enter();
    MUST(count < MOST && asprintf(&paths[count], "%s/%s", directory, name) > 0);
    file = fopen(paths[count], "w");
    MUST(file && fputs(text, file) >= 0 && fclose(file) == 0);
    MUST(chmod(paths[count], 0600) == 0);
    return paths[count++];
}

void place_world(const char *mech_config)
{
    setenv("GSS_MECH_CONFIG", mech_config, 1);
    setenv("KRB5_CONFIG",
           place_file("krb5.conf", "[libdefaults]\n default_realm = HOME.TEST\n"
                                   " dns_lookup_kdc = false\n dns_lookup_realm = false\n"
                                   "[ntlmssp]\n audit_logons = off\n"),
           1);
    setenv("NTLM_USER_FILE", place_file("accounts", "CORP:alice:secret\n"), 1);
    setenv("KRB5CCNAME", "FILE:/nonexistent/tickets", 1);
    setenv("KRB5_KTNAME", "FILE:/nonexistent/keys", 1);
    setenv("KRB5_CLIENT_KTNAME", "FILE:/nonexistent/keys", 1);
}
