/* SPDX-License-Identifier: MIT */
/* local_accounts.c - see local_accounts.h. */

#include "config.h"

#include "local_accounts.h"

#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "scratch.h"

#define NUMBER(number) TEXT(number)
#define TEXT(text) #text

#define USER(name, id) name ":x:" NUMBER(id) ":" NUMBER(id) "::/nonexistent:/bin/sh\n"

static const char passwd[] =
    "root:x:0:0:root:/root:/bin/sh\n"
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n" USER(LOCAL_FIRST, LOCAL_FIRST_UID)
        USER(LOCAL_SECOND, LOCAL_SECOND_UID) USER(LOCAL_SERVICE, LOCAL_SERVICE_UID);

static const char group[] =
    "root:x:0:\n"
    "daemon:x:1:\n" LOCAL_FIRST ":x:" NUMBER(LOCAL_FIRST_UID) ":\n" LOCAL_SECOND ":x:" NUMBER(
        LOCAL_SECOND_UID) ":\n" LOCAL_SERVICE
                          ":x:" NUMBER(LOCAL_SERVICE_UID) ":\nsspi-more:x:54330:" LOCAL_FIRST
                                                          "," LOCAL_SECOND "\n";

/* Not by scratch_write, which asserts: no test is running yet. */
static bool replace(const char *path, const char *directory, const char *name, const char *text)
{
    char file[256];
    FILE *stream;

    snprintf(file, sizeof(file), "%s%s", directory, name);
    stream = fopen(file, "w");
    return stream && fputs(text, stream) >= 0 && fclose(stream) == 0 &&
           chmod(file, 0644) == 0 && mount(file, path, "none", MS_BIND, NULL) == 0;
}

bool local_accounts_begin(void)
{
    const char *directory;

    scratch_begin();
    directory = scratch_path("");
    return unshare(CLONE_NEWNS) == 0 &&
           mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0 &&
           replace("/etc/passwd", directory, "passwd", passwd) &&
           replace("/etc/group", directory, "group", group);
}
