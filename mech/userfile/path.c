/* SPDX-License-Identifier: MIT */
/* path.c - walks a path from the root on, one component at a time. Each
 * directory is opened, checked, and the next component is looked up in it, so
 * that what was checked is what is used. */

#include "config.h"

#include "userfile/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "support/failure.h"

#define MAX_LINKS 40 /* as the kernel's */

struct walk {
    const char *path;     /* as the caller gave it, for texts */
    int directory;        /* the one that the next component is in; -1: none */
    bool shared;          /* others can write it; it has the sticky bit */
    char where[PATH_MAX]; /* its path, without symbolic links */
    char rest[PATH_MAX];  /* what is yet to be walked */
    unsigned links;       /* followed so far */
};

static bool is_ours(const struct stat *st)
{
    return st->st_uid == 0 || st->st_uid == geteuid();
}

/* Root's group may write what is root's, unless an access control list lets
 * others write, too: its mask is what the group's bits show. */
static bool is_roots_group(const char *what, const struct stat *st)
{
    return st->st_uid == 0 && st->st_gid == 0 &&
           getxattr(what, "system.posix_acl_access", NULL, 0) <= 0;
}

const char *path_unsafe(const char *what, const struct stat *st, char text[PATH_REASON_SIZE])
{
    bool by_others = st->st_mode & S_IWOTH;
    bool by_group = st->st_mode & S_IWGRP && !is_roots_group(what, st);

    if (!is_ours(st))
        snprintf(text, PATH_REASON_SIZE, "belongs to user %lu: chown it to root",
                 (unsigned long)st->st_uid);
    else if (by_group || by_others)
        snprintf(text, PATH_REASON_SIZE, "can be written by %s (mode %04o): chmod go-w it",
                 !by_others ? "group"
                 : by_group ? "group and others"
                            : "others",
                 (unsigned)st->st_mode & 07777);
    else
        return NULL;
    return text;
}

static enum ntlm_error unreadable(const struct walk *walk, int error)
{
    return fail(error == ENOMEM ? NTLM_ERR_OUT_OF_MEMORY : NTLM_ERR_FILE_UNREADABLE, "%s: %s",
                walk->path, strerror(error));
}

static enum ntlm_error insecure(const struct walk *walk, const char *what, const char *why)
{
    return fail(NTLM_ERR_FILE_INSECURE, "%s: %s %s", walk->path, what, why);
}

static enum ntlm_error check_directory(struct walk *walk)
{
    char text[PATH_REASON_SIZE];
    const char *why;
    struct stat st;

    if (fstat(walk->directory, &st) != 0)
        return unreadable(walk, errno);
    why = path_unsafe(walk->where, &st, text);
    walk->shared = why && is_ours(&st) && st.st_mode & S_ISVTX;
    return why && !walk->shared ? insecure(walk, walk->where, why) : NTLM_OK;
}

/* Goes on in this directory, which is the walk's to close. */
static enum ntlm_error enter(struct walk *walk, int directory)
{
    if (directory < 0)
        return unreadable(walk, errno);
    if (walk->directory >= 0)
        close(walk->directory);
    walk->directory = directory;
    return check_directory(walk);
}

static enum ntlm_error enter_root(struct walk *walk)
{
    strcpy(walk->where, "/");
    return enter(walk, open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/* The path of `name` in the directory. */
static enum ntlm_error join(const struct walk *walk, const char *name, char joined[PATH_MAX])
{
    const char *slash = walk->where[1] ? "/" : "";
    int len = snprintf(joined, PATH_MAX, "%s%s%s", walk->where, slash, name);

    return len < PATH_MAX ? NTLM_OK : unreadable(walk, ENAMETOOLONG);
}

static enum ntlm_error enter_parent(struct walk *walk)
{
    char *slash = strrchr(walk->where, '/');

    slash[slash == walk->where] = '\0';
    return enter(walk, openat(walk->directory, "..", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

static enum ntlm_error enter_child(struct walk *walk, const char *name)
{
    char joined[PATH_MAX];
    enum ntlm_error error = join(walk, name, joined);

    if (error)
        return error;
    strcpy(walk->where, joined);
    return enter(walk,
                 openat(walk->directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/* Puts the link's target before the rest of the path. */
static enum ntlm_error follow_link(struct walk *walk, const char *name)
{
    char target[PATH_MAX], rest[PATH_MAX];
    ssize_t len = readlinkat(walk->directory, name, target, sizeof(target));

    if (len < 0)
        return unreadable(walk, errno);
    if (++walk->links > MAX_LINKS)
        return unreadable(walk, ELOOP);
    if ((size_t)len + 1 + strlen(walk->rest) >= sizeof(rest))
        return unreadable(walk, ENAMETOOLONG);
    memcpy(rest, target, (size_t)len);
    rest[len] = '/';
    strcpy(rest + len + 1, walk->rest);
    strcpy(walk->rest, rest);
    return *walk->rest == '/' ? enter_root(walk) : NTLM_OK;
}

/* Who owns an entry of a directory that all can write may replace it. */
static enum ntlm_error check_entry(const struct walk *walk, const char *name,
                                   const struct stat *st)
{
    char text[PATH_REASON_SIZE], joined[PATH_MAX];
    enum ntlm_error error = walk->shared && !is_ours(st) ? join(walk, name, joined) : NTLM_OK;

    if (error || !walk->shared || is_ours(st))
        return error;
    return insecure(walk, joined, path_unsafe(joined, st, text));
}

static enum ntlm_error open_last(struct walk *walk, const char *name, int *opened)
{
    *opened = openat(walk->directory, name,
                     O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    return *opened >= 0 ? NTLM_OK : unreadable(walk, errno);
}

static enum ntlm_error walk_component(struct walk *walk, const char *name, int *opened)
{
    enum ntlm_error error;
    struct stat st;

    if (strcmp(name, ".") == 0)
        return NTLM_OK;
    if (strcmp(name, "..") == 0)
        return enter_parent(walk);
    if (fstatat(walk->directory, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return unreadable(walk, errno);
    error = check_entry(walk, name, &st);
    if (error)
        return error;
    if (S_ISLNK(st.st_mode))
        return follow_link(walk, name);
    if (*walk->rest || S_ISDIR(st.st_mode))
        return enter_child(walk, name);
    if (!S_ISREG(st.st_mode)) /* even to open a device may do something to it */
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s is not a regular file", walk->path);
    return open_last(walk, name, opened);
}

/* Moves the next component from the rest into `name`. */
static enum ntlm_error take_component(struct walk *walk, char name[NAME_MAX + 1])
{
    char *begin = walk->rest + strspn(walk->rest, "/");
    size_t len = strcspn(begin, "/");

    if (len > NAME_MAX)
        return unreadable(walk, ENAMETOOLONG);
    memcpy(name, begin, len);
    name[len] = '\0';
    begin += len + strspn(begin + len, "/");
    memmove(walk->rest, begin, strlen(begin) + 1);
    return NTLM_OK;
}

/* The whole path to be walked, from the root on. */
static enum ntlm_error begin(struct walk *walk)
{
    char working[PATH_MAX] = "";
    int len;

    if (*walk->path == '\0')
        return unreadable(walk, ENOENT);
    if (*walk->path != '/' && !getcwd(working, sizeof(working)))
        return unreadable(walk, errno);
    len = snprintf(walk->rest, sizeof(walk->rest), "%s/%s", working, walk->path);
    if (len >= (int)sizeof(walk->rest))
        return unreadable(walk, ENAMETOOLONG);
    return enter_root(walk);
}

enum ntlm_error path_open(const char *path, int *opened)
{
    struct walk *walk = calloc(1, sizeof(*walk));
    enum ntlm_error error;
    char name[NAME_MAX + 1];

    *opened = -1;
    if (!walk)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    walk->path = path;
    walk->directory = -1;
    error = begin(walk);
    while (!error && *opened < 0 && walk->rest[strspn(walk->rest, "/")]) {
        error = take_component(walk, name);
        if (!error)
            error = walk_component(walk, name, opened);
    }
    if (!error && *opened < 0)
        error = fail(NTLM_ERR_FILE_UNREADABLE, "%s is not a regular file", path);
    if (walk->directory >= 0)
        close(walk->directory);
    free(walk);
    return error;
}
