/* SPDX-License-Identifier: MIT */
/* persona.c - credentials(7) of one thread. */

#include "config.h"

#include "persona.h"

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

static void sort_groups(struct persona *persona)
{
    qsort(persona->groups, (size_t)persona->group_count, sizeof(gid_t), by_number);
}

static bool read_groups(struct persona *persona)
{
    int count = getgroups(0, NULL);

    if (count < 0)
        return false;
    persona->groups = calloc((size_t)count + 1, sizeof(gid_t));
    if (!persona->groups)
        return false;
    persona->group_count = getgroups(count, persona->groups);
    return persona->group_count >= 0;
}

static bool read_capabilities(struct persona *persona)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};

    return syscall(SYS_capget, &header, persona->capabilities) == 0;
}

SECURITY_STATUS persona_read(struct persona *persona)
{
    memset(persona, 0, sizeof(*persona));
    if (getresuid(&persona->real_uid, &persona->effective_uid, &persona->saved_uid) != 0 ||
        getresgid(&persona->real_gid, &persona->effective_gid, &persona->saved_gid) != 0 ||
        !read_capabilities(persona))
        return SEC_E_INTERNAL_ERROR;
    if (!read_groups(persona))
        return SEC_E_INSUFFICIENT_MEMORY;
    sort_groups(persona);
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

static SECURITY_STATUS find_groups(const struct account *account, struct persona *persona)
{
    int room = 32, count;
    gid_t *groups;

    for (;;) {
        groups = reallocarray(persona->groups, (size_t)room, sizeof(gid_t));
        if (!groups)
            return SEC_E_INSUFFICIENT_MEMORY;
        persona->groups = groups;
        count = room;
        if (getgrouplist(account->passwd.pw_name, account->passwd.pw_gid, groups, &count) >= 0)
            break;
        room = count > room ? count : 2 * room;
        if (room > NGROUPS_MAX)
            return SEC_E_NO_IMPERSONATION;
    }
    persona->group_count = count;
    sort_groups(persona);
    return SEC_E_OK;
}

SECURITY_STATUS persona_of_account(const char *name, const struct persona *self,
                                   struct persona *persona)
{
    struct account account;
    SECURITY_STATUS status = look_up(name, &account);

    memset(persona, 0, sizeof(*persona));
    if (status == SEC_E_OK) {
        persona->real_uid = persona->effective_uid = account.passwd.pw_uid;
        persona->real_gid = persona->effective_gid = persona->saved_gid = account.passwd.pw_gid;
        persona->saved_uid = self->effective_uid;
        memcpy(persona->capabilities, self->capabilities, sizeof(self->capabilities));
        for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
            persona->capabilities[i].effective =
                account.passwd.pw_uid == 0 ? self->capabilities[i].permitted : 0;
        status = find_groups(&account, persona);
    }
    free(account.room);
    return status;
}

static bool set_effective(const struct persona *persona, bool all)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct persona now;

    if (!read_capabilities(&now))
        return false;
    for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        __u32 wanted = all ? now.capabilities[i].permitted : persona->capabilities[i].effective;
        now.capabilities[i].effective = wanted & now.capabilities[i].permitted;
    }
    return syscall(SYS_capset, &header, now.capabilities) == 0;
}

static bool same_groups(const struct persona *a, const struct persona *b)
{
    return a->group_count == b->group_count &&
           memcmp(a->groups, b->groups, (size_t)a->group_count * sizeof(gid_t)) == 0;
}

/* Only what differs: who is that account already needs no privilege for it. The
 * user comes last, for with it the right to the others may go. */
static bool change(const struct persona *now, const struct persona *to)
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

SECURITY_STATUS persona_wear(const struct persona *persona)
{
    struct persona before, halfway;
    SECURITY_STATUS status = persona_read(&before);

    if (status != SEC_E_OK)
        goto done;
    status = SEC_E_NO_IMPERSONATION;
    if (set_effective(&before, true) && change(&before, persona))
        status = SEC_E_OK;
    if (status == SEC_E_OK)
        goto done;
    /* What changed so far can be changed back with the same right. */
    if (persona_read(&halfway) == SEC_E_OK)
        change(&halfway, &before);
    persona_clear(&halfway);
done:
    persona_clear(&before);
    return status;
}

void persona_clear(struct persona *persona)
{
    free(persona->groups);
    persona->groups = NULL;
}
