/* SPDX-License-Identifier: MIT */
/* system_log.c - see system_log.h. */

#include "config.h"

#include "system_log.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "suite.h"

/* The devices that a test may want. */
static const char *const devices[] = {"null", "zero", "full", "random", "urandom", "tty"};

static bool bind_device(const char *name)
{
    char from[64], to[64];
    int fd;

    snprintf(from, sizeof(from), "/dev/%s", name);
    snprintf(to, sizeof(to), "/run/dev/%s", name);
    if (access(from, F_OK) != 0)
        return true;
    fd = open(to, O_WRONLY | O_CREAT, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0 && mount(from, to, "none", MS_BIND, NULL) == 0;
}

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return written;
}

static bool own_namespace(void)
{
    unsigned uid = geteuid(), gid = getegid();
    char map[64];

    if (unshare(CLONE_NEWNS) == 0)
        return true;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return false;
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof(map), "%u %u 1", uid, uid);
    if (!write_file("/proc/self/uid_map", map))
        return false;
    snprintf(map, sizeof(map), "%u %u 1", gid, gid);
    return write_file("/proc/self/gid_map", map);
}

bool system_log_begin(void)
{
    if (!own_namespace() || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", "/run", "tmpfs", 0, "mode=755") != 0 || mkdir("/run/dev", 0755) != 0 ||
        mkdir("/run/systemd", 0755) != 0 || mkdir("/run/systemd/journal", 0755) != 0)
        return false;
    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
        if (!bind_device(devices[i]))
            return false;
    return mount("/run/dev", "/dev", "none", MS_BIND | MS_REC, NULL) == 0;
}

int system_log_listen(const char *path, int type)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_uint_lt(strlen(path), sizeof(address.sun_path));
    strcpy(address.sun_path, path);
    unlink(path);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    if (type == SOCK_STREAM)
        ck_assert_int_eq(listen(fd, 8), 0);
    return fd;
}

const char *system_log_next(int fd)
{
    static char text[65536];
    int type = 0, from = fd;
    socklen_t len = sizeof(type);
    ssize_t got;

    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len);
    if (type == SOCK_STREAM)
        from = accept(fd, NULL, NULL);
    got = from < 0 ? -1 : recv(from, text, sizeof(text) - 1, MSG_DONTWAIT);
    if (from != fd && from >= 0)
        close(from);
    if (got < 0)
        got = 0;
    for (ssize_t i = 0; i < got; i++)
        if (text[i] == '\0')
            text[i] = '\n';
    text[got] = '\0';
    return text;
}
