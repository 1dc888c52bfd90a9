/* SPDX-License-Identifier: MIT */
/* server_rights.c - see server_rights.h. */

#include "config.h"

#include "server_rights.h"

#include <linux/capability.h>
#include <linux/securebits.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "local_accounts.h"
#include "suite.h"
#include "thread_ids.h"

#define BIT(number) (UINT64_C(1) << (number))

static void *call(void *act)
{
    (*(void (**)(void))act)();
    return NULL;
}

void in_thread(void (*act)(void))
{
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, call, &act), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
}

static void set_capabilities(uint64_t permitted, uint64_t inheritable)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {(uint32_t)permitted, (uint32_t)permitted, (uint32_t)inheritable},
        {(uint32_t)(permitted >> 32), (uint32_t)(permitted >> 32),
         (uint32_t)(inheritable >> 32)}};

    ck_assert_int_eq(syscall(SYS_capset, &header, data), 0);
}

#define SERVICE_CAPABILITIES (BIT(CAP_SETUID) | BIT(CAP_SETGID) | BIT(CAP_DAC_OVERRIDE))

static void become_service(void)
{
    gid_t group = LOCAL_SERVICE_UID;

    ck_assert_int_eq(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), 0);
    ck_assert_int_eq(syscall(SYS_setgroups32, 1, &group), 0);
    ck_assert_int_eq(syscall(SYS_setresgid32, group, group, group), 0);
    ck_assert_int_eq(
        syscall(SYS_setresuid32, LOCAL_SERVICE_UID, LOCAL_SERVICE_UID, LOCAL_SERVICE_UID), 0);
}

static void be_root(void)
{
}

static void be_root_that_keeps_capabilities(void)
{
    ck_assert_int_eq(prctl(PR_SET_SECUREBITS,
                           SECBIT_NO_SETUID_FIXUP | SECBIT_KEEP_CAPS | SECBIT_NOROOT, 0, 0, 0),
                     0);
}

static void be_service_with_capabilities(void)
{
    become_service();
    set_capabilities(SERVICE_CAPABILITIES, 0);
}

/* As AmbientCapabilities= of systemd.exec(5) makes it. */
static void be_service_with_ambient_capabilities(void)
{
    become_service();
    set_capabilities(SERVICE_CAPABILITIES, SERVICE_CAPABILITIES);
    ck_assert_int_eq(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SETUID, 0, 0), 0);
    ck_assert_int_eq(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SETGID, 0, 0), 0);
    ck_assert_int_eq(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0), 0);
}

/* Its ambient capabilities could not be given back. */
static void be_service_with_locked_ambient_capabilities(void)
{
    become_service();
    set_capabilities(SERVICE_CAPABILITIES | BIT(CAP_SETPCAP), SERVICE_CAPABILITIES);
    ck_assert_int_eq(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SETUID, 0, 0), 0);
    ck_assert_int_eq(prctl(PR_SET_SECUREBITS, SECBIT_NO_CAP_AMBIENT_RAISE, 0, 0, 0), 0);
}

/* Its inheritable capabilities could not be given back. */
static void be_service_with_more_to_inherit(void)
{
    become_service();
    set_capabilities(SERVICE_CAPABILITIES, BIT(CAP_NET_ADMIN));
}

void (*const servers[SERVERS])(void) = {be_root, be_root_that_keeps_capabilities,
                                        be_service_with_capabilities,
                                        be_service_with_ambient_capabilities};

void (*const unable_servers[UNABLE_SERVERS])(void) = {
    be_service_with_locked_ambient_capabilities, be_service_with_more_to_inherit};
