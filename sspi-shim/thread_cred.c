/* SPDX-License-Identifier: MIT */
/* thread_cred.c - see thread_cred.h. System calls are made by number, since glibc's
 * functions would change all threads. */

#include "config.h"

#include "thread_cred.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <linux/keyctl.h>
#include <linux/securebits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "thread_ids.h"

/* For an entry of the user database: mostly some hundred bytes. */
#define PASSWD_MEMORY_MIN 1024
#define PASSWD_MEMORY_MAX (1024 * 1024)

#define FIRST_GROUPS 32

static bool get_capabilities(struct thread_cred *cred)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}, {0, 0, 0}};

    if (syscall(SYS_capget, &header, data) != 0)
        return false;
    cred->permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
    cred->effective = (uint64_t)data[1].effective << 32 | data[0].effective;
    cred->inheritable = (uint64_t)data[1].inheritable << 32 | data[0].inheritable;
    return true;
}

static bool set_capabilities(uint64_t permitted, uint64_t effective, uint64_t inheritable)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

    for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
        data[i] =
            (struct __user_cap_data_struct){.permitted = (uint32_t)(permitted >> 32 * i),
                                            .effective = (uint32_t)(effective >> 32 * i),
                                            .inheritable = (uint32_t)(inheritable >> 32 * i)};
    return syscall(SYS_capset, &header, data) == 0;
}

/* Every ambient capability is permitted and inheritable as well. */
static void get_ambient(struct thread_cred *cred)
{
    uint64_t candidates = cred->permitted & cred->inheritable;

    cred->ambient = 0;
    for (unsigned cap = 0; candidates >> cap != 0; cap++)
        if ((candidates >> cap & 1) &&
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) == 1)
            cred->ambient |= UINT64_C(1) << cap;
}

/* The kernel has taken out of the ambient ones what is not inheritable any more:
 * none is there that is not wanted. */
static bool raise_ambient(uint64_t ambient)
{
    for (unsigned cap = 0; cap < 64 && ambient >> cap != 0; cap++)
        if ((ambient >> cap & 1) && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) != 0)
            return false;
    return true;
}

static int by_number(const void *a, const void *b)
{
    gid_t left = *(const gid_t *)a, right = *(const gid_t *)b;

    return (left > right) - (left < right);
}

static void sort_groups(struct thread_cred *cred)
{
    qsort(cred->groups, (size_t)cred->group_count, sizeof(gid_t), by_number);
}

static bool get_groups(struct thread_cred *cred)
{
    int count = getgroups(0, NULL);

    if (count < 0)
        return false;
    cred->groups = calloc((size_t)count + 1, sizeof(gid_t));
    if (!cred->groups)
        return false;
    cred->group_count = getgroups(count, cred->groups);
    if (cred->group_count < 0)
        return false;
    sort_groups(cred);
    return true;
}

SECURITY_STATUS thread_cred_read(struct thread_cred *cred)
{
    memset(cred, 0, sizeof(*cred));
    if (getresuid(&cred->real_uid, &cred->effective_uid, &cred->saved_uid) != 0 ||
        getresgid(&cred->real_gid, &cred->effective_gid, &cred->saved_gid) != 0 ||
        !get_capabilities(cred))
        return SEC_E_INTERNAL_ERROR;
    /* -1 changes nothing, and the answer is what is set */
    cred->filesystem_uid = (uid_t)setfsuid((uid_t)-1);
    cred->filesystem_gid = (gid_t)setfsgid((gid_t)-1);
    get_ambient(cred);
    return get_groups(cred) ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

struct account {
    struct passwd passwd;
    char *memory; /* of passwd's strings */
};

static SECURITY_STATUS find_account(const char *name, struct account *account)
{
    struct passwd *found = NULL;
    int error = ERANGE;

    account->memory = NULL;
    for (size_t size = PASSWD_MEMORY_MIN; error == ERANGE && size <= PASSWD_MEMORY_MAX;
         size *= 2) {
        free(account->memory);
        account->memory = malloc(size);
        if (!account->memory)
            return SEC_E_INSUFFICIENT_MEMORY;
        error = getpwnam_r(name, &account->passwd, account->memory, size, &found);
    }
    if (error == ENOMEM)
        return SEC_E_INSUFFICIENT_MEMORY;
    return found ? SEC_E_OK : SEC_E_NO_IMPERSONATION;
}

static SECURITY_STATUS find_groups(const struct account *account, struct thread_cred *cred)
{
    int room = FIRST_GROUPS, count;
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

static void set_users(const struct thread_cred *self, uid_t uid, struct thread_cred *cred)
{
    bool same = self->real_uid == uid && self->effective_uid == uid && self->saved_uid == uid;

    cred->real_uid = same ? uid : THREAD_CRED_NO_USER;
    cred->effective_uid = cred->filesystem_uid = uid;
    cred->saved_uid = self->effective_uid;
}

/* Could the thread get its inheritable and ambient capabilities back? Those that
 * are inheritable and not permitted only with CAP_SETPCAP. Who has not even the
 * right to change its user keeps them: they are no more than the account's own
 * processes have. */
static bool limit_capabilities(const struct thread_cred *self, struct thread_cred *cred)
{
    uint64_t lost = self->inheritable & ~self->permitted;
    int securebits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);

    if (self->permitted & UINT64_C(1) << CAP_SETPCAP)
        lost = 0;
    if (self->ambient && (securebits < 0 || (securebits & SECBIT_NO_CAP_AMBIENT_RAISE)))
        return false;
    cred->permitted = self->permitted;
    cred->effective = cred->effective_uid == 0 ? self->permitted : 0;
    cred->inheritable = lost;
    return lost == 0 || cred->real_uid != THREAD_CRED_NO_USER;
}

SECURITY_STATUS thread_cred_of_account(const char *name, const struct thread_cred *self,
                                       struct thread_cred *cred)
{
    struct account account;
    SECURITY_STATUS status = find_account(name, &account);

    memset(cred, 0, sizeof(*cred));
    if (status == SEC_E_OK) {
        set_users(self, account.passwd.pw_uid, cred);
        cred->real_gid = cred->effective_gid = cred->saved_gid = cred->filesystem_gid =
            account.passwd.pw_gid;
        status = limit_capabilities(self, cred) ? find_groups(&account, cred)
                                                : SEC_E_NO_IMPERSONATION;
    }
    free(account.memory);
    return status;
}

static bool same_groups(const struct thread_cred *a, const struct thread_cred *b)
{
    return a->group_count == b->group_count &&
           memcmp(a->groups, b->groups, (size_t)a->group_count * sizeof(gid_t)) == 0;
}

static bool same_gids(const struct thread_cred *a, const struct thread_cred *b)
{
    return a->real_gid == b->real_gid && a->effective_gid == b->effective_gid &&
           a->saved_gid == b->saved_gid;
}

static bool same_uids(const struct thread_cred *a, const struct thread_cred *b)
{
    return a->real_uid == b->real_uid && a->effective_uid == b->effective_uid &&
           a->saved_uid == b->saved_uid;
}

/* They follow the effective ids, which is what they nearly always are. */
static bool set_filesystem_ids(const struct thread_cred *to)
{
    setfsgid(to->filesystem_gid);
    setfsuid(to->filesystem_uid);
    return (gid_t)setfsgid((gid_t)-1) == to->filesystem_gid &&
           (uid_t)setfsuid((uid_t)-1) == to->filesystem_uid;
}

/* Only what differs. The user comes after the groups and the capabilities last,
 * for with each the right to change the others may go; and a change of the user
 * itself changes capabilities. */
static bool change(const struct thread_cred *now, const struct thread_cred *to)
{
    struct thread_cred mid;

    if (!same_groups(now, to) &&
        syscall(SYS_setgroups32, (size_t)to->group_count, to->groups) != 0)
        return false;
    if (!same_gids(now, to) &&
        syscall(SYS_setresgid32, to->real_gid, to->effective_gid, to->saved_gid) != 0)
        return false;
    if (!same_uids(now, to) &&
        syscall(SYS_setresuid32, to->real_uid, to->effective_uid, to->saved_uid) != 0)
        return false;
    return set_filesystem_ids(to) && get_capabilities(&mid) &&
           set_capabilities(mid.permitted, to->effective & mid.permitted, to->inheritable) &&
           raise_ambient(to->ambient);
}

/* All that is permitted, to be used for the change. */
static bool raise_effective(const struct thread_cred *now)
{
    return now->effective == now->permitted ||
           set_capabilities(now->permitted, now->permitted, now->inheritable);
}

SECURITY_STATUS thread_cred_set(const struct thread_cred *cred)
{
    struct thread_cred before, halfway;
    SECURITY_STATUS status = thread_cred_read(&before);

    if (status != SEC_E_OK)
        goto done;
    if (raise_effective(&before) && change(&before, cred))
        goto done;
    status = SEC_E_NO_IMPERSONATION;
    /* What has changed so far can be changed back with the same right, which a change of
     * the user left permitted, and no longer effective. */
    if (thread_cred_read(&halfway) == SEC_E_OK && raise_effective(&halfway))
        change(&halfway, &before);
    thread_cred_clear(&halfway);
done:
    thread_cred_clear(&before);
    return status;
}

/* Whoever may use the session keyring may use the server's keys in it. Where
 * there are no keyrings, or none may be used, there is nothing to leave. */
static void leave_session_keyring(void)
{
    syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL, 0, 0, 0);
}

bool thread_cred_is_clients(void)
{
    return getuid() == THREAD_CRED_NO_USER;
}

bool thread_cred_give_up_self(void)
{
    uid_t uid = geteuid();
    gid_t gid = getegid();

    leave_session_keyring();
    return syscall(SYS_setresgid32, gid, gid, gid) == 0 &&
           syscall(SYS_setresuid32, uid, uid, uid) == 0 &&
           (uid == 0 || set_capabilities(0, 0, 0));
}

void thread_cred_clear(struct thread_cred *cred)
{
    free(cred->groups);
    cred->groups = NULL;
}
