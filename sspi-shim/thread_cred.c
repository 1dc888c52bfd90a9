/* SPDX-License-Identifier: MIT */
/* thread_cred.c - credentials(7) of one thread. */

#include "config.h"

#include "thread_cred.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where the first system calls had 16 bits for an id. */
#ifndef SYS_setgroups32
#define SYS_setgroups32 SYS_setgroups
#define SYS_setresgid32 SYS_setresgid
#define SYS_setresuid32 SYS_setresuid
#endif

/* Entries are a few hundred bytes; a directory's can be longer. */
#define FIRST_ROOM 1024
#define MOST_ROOM (1024 * 1024)

static int by_number(const void *a, const void *b)
{
    gid_t left = *(const gid_t *)a, right = *(const gid_t *)b;

    return (left > right) - (left < right);
}

static void sort_groups(struct thread_cred *cred)
{
    qsort(cred->groups, (size_t)cred->group_count, sizeof(gid_t), by_number);
}

static bool read_groups(struct thread_cred *cred)
{
    int count = getgroups(0, NULL);

    if (count < 0)
        return false;
    cred->groups = calloc((size_t)count + 1, sizeof(gid_t));
    if (!cred->groups)
        return false;
    cred->group_count = getgroups(count, cred->groups);
    return cred->group_count >= 0;
}

static bool read_capabilities(struct thread_cred *cred)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};

    return syscall(SYS_capget, &header, cred->capabilities) == 0;
}

SECURITY_STATUS thread_cred_read(struct thread_cred *cred)
{
    memset(cred, 0, sizeof(*cred));
    if (getresuid(&cred->real_uid, &cred->effective_uid, &cred->saved_uid) != 0 ||
        getresgid(&cred->real_gid, &cred->effective_gid, &cred->saved_gid) != 0 ||
        !read_capabilities(cred))
        return SEC_E_INTERNAL_ERROR;
    if (!read_groups(cred))
        return SEC_E_INSUFFICIENT_MEMORY;
    sort_groups(cred);
    return SEC_E_OK;
}

struct account {
    struct passwd passwd;
    char *room; /* what passwd's strings are in */
};

static SECURITY_STATUS look_up(const char *name, struct account *account)
{
    struct passwd *found = NULL;
    int error = ERANGE;

    account->room = NULL;
    for (size_t size = FIRST_ROOM; error == ERANGE && size <= MOST_ROOM; size *= 2) {
        free(account->room);
        account->room = malloc(size);
        if (!account->room)
            return SEC_E_INSUFFICIENT_MEMORY;
        error = getpwnam_r(name, &account->passwd, account->room, size, &found);
    }
    if (error == ENOMEM)
        return SEC_E_INSUFFICIENT_MEMORY;
    return found ? SEC_E_OK : SEC_E_NO_IMPERSONATION;
}

static SECURITY_STATUS find_groups(const struct account *account, struct thread_cred *cred)
{
    int room = 32, count;
    gid_t *groups;

    for (;;) {
        groups = reallocarray(cred->groups, (size_t)room, sizeof(gid_t));
        if (!groups)
            return SEC_E_INSUFFICIENT_MEMORY;
        cred->groups = groups;
        count = room;
        if (getgrouplist(account->passwd.pw_name, account->passwd.pw_gid, groups, &count) >= 0)
            break;
        room = count > room ? count : 2 * room;
        if (room > NGROUPS_MAX)
            return SEC_E_NO_IMPERSONATION;
    }
    cred->group_count = count;
    sort_groups(cred);
    return SEC_E_OK;
}

SECURITY_STATUS thread_cred_of_account(const char *name, const struct thread_cred *self,
                                       struct thread_cred *cred)
{
    struct account account;
    SECURITY_STATUS status = look_up(name, &account);

    memset(cred, 0, sizeof(*cred));
    if (status == SEC_E_OK) {
        cred->real_uid = cred->effective_uid = account.passwd.pw_uid;
        cred->real_gid = cred->effective_gid = cred->saved_gid = account.passwd.pw_gid;
        cred->saved_uid = self->effective_uid;
        memcpy(cred->capabilities, self->capabilities, sizeof(self->capabilities));
        for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
            cred->capabilities[i].effective =
                account.passwd.pw_uid == 0 ? self->capabilities[i].permitted : 0;
        status = find_groups(&account, cred);
    }
    free(account.room);
    return status;
}

static bool set_effective(const struct thread_cred *cred, bool all)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct thread_cred now;

    if (!read_capabilities(&now))
        return false;
    for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        __u32 wanted = all ? now.capabilities[i].permitted : cred->capabilities[i].effective;
        now.capabilities[i].effective = wanted & now.capabilities[i].permitted;
    }
    return syscall(SYS_capset, &header, now.capabilities) == 0;
}

static bool same_groups(const struct thread_cred *a, const struct thread_cred *b)
{
    return a->group_count == b->group_count &&
           memcmp(a->groups, b->groups, (size_t)a->group_count * sizeof(gid_t)) == 0;
}

/* Only what differs: who is that account already needs no privilege for it. The
 * user comes last, for with it the right to the others may go. */
static bool change(const struct thread_cred *now, const struct thread_cred *to)
{
    if (!same_groups(now, to) &&
        syscall(SYS_setgroups32, (size_t)to->group_count, to->groups) != 0)
        return false;
    if ((now->real_gid != to->real_gid || now->effective_gid != to->effective_gid ||
         now->saved_gid != to->saved_gid) &&
        syscall(SYS_setresgid32, to->real_gid, to->effective_gid, to->saved_gid) != 0)
        return false;
    if ((now->real_uid != to->real_uid || now->effective_uid != to->effective_uid ||
         now->saved_uid != to->saved_uid) &&
        syscall(SYS_setresuid32, to->real_uid, to->effective_uid, to->saved_uid) != 0)
        return false;
    return set_effective(to, false);
}

SECURITY_STATUS thread_cred_set(const struct thread_cred *cred)
{
    struct thread_cred before, halfway;
    SECURITY_STATUS status = thread_cred_read(&before);

    if (status != SEC_E_OK)
        goto done;
    status = SEC_E_NO_IMPERSONATION;
    if (set_effective(&before, true) && change(&before, cred))
        status = SEC_E_OK;
    if (status == SEC_E_OK)
        goto done;
    /* What changed so far can be changed back with the same right. */
    if (thread_cred_read(&halfway) == SEC_E_OK)
        change(&halfway, &before);
    thread_cred_clear(&halfway);
done:
    thread_cred_clear(&before);
    return status;
}

void thread_cred_clear(struct thread_cred *cred)
{
    free(cred->groups);
    cred->groups = NULL;
}
