/* SPDX-License-Identifier: MIT */
/* keyring_test.c - who may see and touch the keys of logins, what is made of keys that are
 * damaged, unsafe or another user's, and a kernel that refuses its keyrings. */

#include "config.h"

#include <errno.h>
#include <keyutils.h>
#include <sys/wait.h>
#include <unistd.h>

#include "identity/logins.h"
#include "keyring_fixture.h"
#include "suite.h"
#include "support/failure.h"

#define OTHER_USER 65534

static const struct settings in_session = {.login_keyring = LOGIN_KEYRING_SESSION,
                                           .login_lifetime = 3600};

/* errno for each call of the kernel's; 0: it is called. Searches are counted. */
static int refused;
static unsigned searches;
/* What another process does behind the next search. */
static void (*meanwhile)(void);

long __real_keyctl_search(key_serial_t ring, const char *type, const char *name,
                          key_serial_t into);
long __wrap_keyctl_search(key_serial_t ring, const char *type, const char *name,
                          key_serial_t into);
key_serial_t __real_keyctl_get_keyring_ID(key_serial_t id, int create);
key_serial_t __wrap_keyctl_get_keyring_ID(key_serial_t id, int create);
long __real_keyctl_get_persistent(uid_t uid, key_serial_t id);
long __wrap_keyctl_get_persistent(uid_t uid, key_serial_t id);
key_serial_t __real_add_key(const char *type, const char *name, const void *content, size_t len,
                            key_serial_t ring);
key_serial_t __wrap_add_key(const char *type, const char *name, const void *content, size_t len,
                            key_serial_t ring);

static bool refuses(void)
{
    errno = refused;
    return refused != 0;
}

long __wrap_keyctl_search(key_serial_t ring, const char *type, const char *name,
                          key_serial_t into)
{
    void (*other)(void) = meanwhile;
    long found;
    int reason;

    searches++;
    if (refuses())
        return -1;
    found = __real_keyctl_search(ring, type, name, into);
    reason = errno;
    meanwhile = NULL;
    if (other)
        other();
    errno = reason;
    return found;
}

key_serial_t __wrap_keyctl_get_keyring_ID(key_serial_t id, int create)
{
    return refuses() ? -1 : __real_keyctl_get_keyring_ID(id, create);
}

long __wrap_keyctl_get_persistent(uid_t uid, key_serial_t id)
{
    return refuses() ? -1 : __real_keyctl_get_persistent(uid, id);
}

/* The kernel's own refusals come from here once a keyring is found. */
key_serial_t __wrap_add_key(const char *type, const char *name, const void *content, size_t len,
                            key_serial_t ring)
{
    return refuses() ? -1 : __real_add_key(type, name, content, len, ring);
}

static void begin(void)
{
    refused = 0;
    searches = 0;
    meanwhile = NULL;
    keyring_begin();
}

static enum ntlm_error log_in_as(const char *user, enum login_keyring keyring)
{
    const struct login_request request = {
        .keyring = keyring, .lifetime = 60, .overwrite = true, .preferred = true};
    struct identity *identity;
    enum ntlm_error error;

    ck_assert_int_eq(identity_from_password(user, "DOM", "Password", 8, &identity), NTLM_OK);
    error = logins_store(&in_session, identity, &request);
    identity_release(identity);
    return error;
}

static enum ntlm_error log_in(enum login_keyring keyring)
{
    return log_in_as("alice", keyring);
}

static enum ntlm_error find_with(const struct settings *settings)
{
    struct identity *identity;
    enum ntlm_error error = identity_find(settings, NULL, NULL, NULL, &identity);

    ck_assert(!error == (identity != NULL));
    identity_release(identity);
    return error;
}

static enum ntlm_error find(void)
{
    return find_with(&in_session);
}

static const int refusals[] = {EPERM, ENOSYS, EACCES, EKEYREVOKED, EKEYEXPIRED};

START_TEST(a_kernel_that_refuses_has_quietly_no_logins)
{
    const struct settings persistent = {.login_keyring = LOGIN_KEYRING_PERSISTENT};

    refused = refusals[_i];
    ck_assert_int_eq(find(), NTLM_ERR_NO_IDENTITY);
    ck_assert_int_eq(find_with(&persistent), NTLM_ERR_NO_IDENTITY);
    ck_assert_ptr_null(failure_detail(NTLM_ERR_NO_IDENTITY));
    ck_assert_int_eq(log_in(LOGIN_KEYRING_SESSION), NTLM_ERR_NO_KEYRING);
    ck_assert_ptr_nonnull(strstr(failure_detail(NTLM_ERR_NO_KEYRING), strerror(refused)));
    ck_assert_int_eq(log_in(LOGIN_KEYRING_PERSISTENT), NTLM_ERR_NO_KEYRING);
}
END_TEST

START_TEST(nothing_to_find_costs_one_search)
{
    if (skipped_without_keyring("nothing_to_find_costs_one_search"))
        return;
    ck_assert_int_eq(find(), NTLM_ERR_NO_IDENTITY);
    ck_assert_uint_eq(searches, 1);
}
END_TEST

static unsigned long rights_of(int32_t key)
{
    char text[256] = "";
    unsigned long rights = 0;

    ck_assert_int_gt(keyctl_describe(key, text, sizeof(text)), 0);
    ck_assert_int_eq(sscanf(text, "%*[^;];%*[^;];%*[^;];%lx;", &rights), 1);
    return rights;
}

START_TEST(only_the_owner_has_rights_and_nobody_may_write_a_key)
{
    if (skipped_without_keyring("only_the_owner_has_rights_and_nobody_may_write_a_key"))
        return;
    ck_assert_int_eq(log_in(LOGIN_KEYRING_SESSION), NTLM_OK);
    ck_assert_uint_eq(rights_of(keyring_of_logins()), KEY_USR_VIEW | KEY_USR_READ |
                                                          KEY_USR_WRITE | KEY_USR_SEARCH |
                                                          KEY_USR_LINK);
    ck_assert_uint_eq(rights_of(keyring_nth("hash:", 0)),
                      KEY_USR_VIEW | KEY_USR_READ | KEY_USR_SEARCH | KEY_USR_LINK);
    ck_assert_uint_eq(rights_of(keyring_nth("login:", 0)),
                      KEY_USR_VIEW | KEY_USR_READ | KEY_USR_SEARCH | KEY_USR_LINK);
    ck_assert_int_eq(keyctl_update(keyring_nth("hash:", 0), "x", 1), -1);
}
END_TEST

/* Runs in a child that is another user, with the same session keyring. */
static int as_other_user(int (*what)(int32_t), int32_t key)
{
    pid_t child = fork();
    int status = 1;

    if (child == 0)
        _exit(setresuid(OTHER_USER, OTHER_USER, OTHER_USER) ? 99 : what(key));
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static int cannot_touch(int32_t key)
{
    char content[64];

    return keyctl_read(key, content, sizeof(content)) < 0 && errno == EACCES &&
                   keyctl_invalidate(key) < 0 && keyctl_update(key, "x", 1) < 0 &&
                   find() == NTLM_ERR_NO_IDENTITY
               ? 0
               : 1;
}

START_TEST(another_user_in_the_same_session_can_do_nothing)
{
    if (skipped_without_keyring("another_user_in_the_same_session_can_do_nothing") ||
        skipped_without_root("another_user_in_the_same_session_can_do_nothing"))
        return;
    ck_assert_int_eq(log_in(LOGIN_KEYRING_SESSION), NTLM_OK);
    ck_assert_int_eq(as_other_user(cannot_touch, keyring_nth("hash:", 0)), 0);
    ck_assert_int_eq(as_other_user(cannot_touch, keyring_nth("login:", 0)), 0);
    ck_assert_int_eq(find(), NTLM_OK);
}
END_TEST

/* A keyring that is called as ours, in the session that we have in common. */
static int plants(int32_t unused)
{
    int32_t ring = add_key("keyring", "ntlm-logins.0", NULL, 0,
                           keyctl_get_keyring_ID(KEY_SPEC_SESSION_KEYRING, 0));

    (void)unused;
    return ring > 0 && add_key("user", "login:planted", "x", 1, ring) > 0 ? 0 : 1;
}

START_TEST(what_another_user_planted_is_not_used)
{
    if (skipped_without_keyring("what_another_user_planted_is_not_used") ||
        skipped_without_root("what_another_user_planted_is_not_used"))
        return;
    ck_assert_int_eq(as_other_user(plants, 0), 0);
    ck_assert_int_ne(keyring_of_logins(), 0);
    ck_assert_int_eq(find(), NTLM_ERR_NO_IDENTITY);
    ck_assert_int_eq(log_in(LOGIN_KEYRING_SESSION), NTLM_OK);
    ck_assert_int_eq(find(), NTLM_OK);
}
END_TEST

START_TEST(who_impersonates_does_not_log_in_as_himself)
{
    if (skipped_without_keyring("who_impersonates_does_not_log_in_as_himself") ||
        skipped_without_root("who_impersonates_does_not_log_in_as_himself"))
        return;
    ck_assert_int_eq(log_in(LOGIN_KEYRING_SESSION), NTLM_OK);
    ck_assert_int_eq(seteuid(OTHER_USER), 0);
    enum ntlm_error error = find();
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(error, NTLM_ERR_NO_IDENTITY);
    ck_assert_int_eq(find(), NTLM_OK);
}
END_TEST

/* A copy of a key that is in its place, with these rights beside ours. */
static void widen(int32_t key, key_perm_t rights)
{
    struct keyring_content content;
    int32_t copy;
    bool there;

    ck_assert_int_eq(keyring_read(key, "", &content, &there), NTLM_OK);
    ck_assert(there);
    copy = add_key("user", content.description, content.data, content.len,
                   KEY_SPEC_PROCESS_KEYRING);
    ck_assert_int_gt(copy, 0);
    ck_assert_int_eq(keyctl_setperm(copy, KEY_USR_VIEW | KEY_USR_READ | KEY_USR_SEARCH |
                                              KEY_USR_LINK | rights),
                     0);
    ck_assert_int_eq(keyctl_link(copy, keyring_of_logins()), 0);
    ck_assert_int_eq(keyctl_unlink(copy, KEY_SPEC_PROCESS_KEYRING), 0);
}

static const key_perm_t wider[] = {KEY_GRP_READ,  KEY_GRP_WRITE,  KEY_OTH_READ,
                                   KEY_OTH_WRITE, KEY_POS_WRITE,  KEY_POS_READ,
                                   KEY_USR_WRITE, KEY_USR_SETATTR};

START_TEST(a_key_that_others_may_touch_is_refused)
{
    if (skipped_without_keyring("a_key_that_others_may_touch_is_refused"))
        return;
    ck_assert_int_eq(log_in(LOGIN_KEYRING_SESSION), NTLM_OK);
    widen(keyring_nth("login:", 0), 0);
    ck_assert_int_eq(find(), NTLM_OK);
    widen(keyring_nth("login:", 0), wider[_i]);
    ck_assert_int_eq(find(), NTLM_ERR_BAD_LOGIN);
    ck_assert_ptr_nonnull(strstr(failure_detail(NTLM_ERR_BAD_LOGIN), "others have rights on"));
}
END_TEST

START_TEST(a_keyring_that_others_may_write_is_refused)
{
    char name[64];

    if (skipped_without_keyring("a_keyring_that_others_may_write_is_refused"))
        return;
    snprintf(name, sizeof(name), "ntlm-logins.%u", (unsigned)geteuid());
    ck_assert_int_gt(add_key("keyring", name, NULL, 0, KEY_SPEC_SESSION_KEYRING), 0);
    ck_assert_int_eq(find(), NTLM_ERR_BAD_LOGIN);
    ck_assert_int_eq(log_in(LOGIN_KEYRING_SESSION), NTLM_ERR_BAD_LOGIN);
}
END_TEST

/* Puts a key with our rights and this content into the keyring of logins. */
static void put(const char *name, const void *content, size_t len)
{
    int32_t key;

    ck_assert_int_eq(keyring_add(keyring_of_logins(), name, ntlm_bytes(content, len), 0, &key),
                     NTLM_OK);
}

START_TEST(a_damaged_login_is_an_error)
{
    struct keyring_content content;
    bool there;

    if (skipped_without_keyring("a_damaged_login_is_an_error"))
        return;
    ck_assert_int_eq(log_in(LOGIN_KEYRING_SESSION), NTLM_OK);
    ck_assert_int_eq(keyring_read(keyring_nth("login:", 0), "", &content, &there), NTLM_OK);
    ck_assert(there && content.len > 40);
    for (size_t len = 1; len <= content.len + 1; len++) {
        content.data[content.len] = 0;
        if (len == content.len)
            continue;
        put(content.description, content.data, len);
        ck_assert_int_eq(find(), NTLM_ERR_BAD_LOGIN);
    }
    for (size_t at = 0; at < 4; at++) { /* the mark, and the version */
        content.data[at] ^= 2;
        put(content.description, content.data, content.len);
        ck_assert_int_eq(find(), NTLM_ERR_BAD_LOGIN);
        content.data[at] ^= 2;
    }
    content.data[23] ^= 0x80; /* the other key's number is negative */
    put(content.description, content.data, content.len);
    ck_assert_int_eq(find(), NTLM_ERR_BAD_LOGIN);
    content.data[23] ^= 0x80;
    put(content.description, content.data, content.len);
    ck_assert_int_eq(find(), NTLM_OK);
    put("something", "else", 4);
    ck_assert_int_eq(find(), NTLM_ERR_BAD_LOGIN);
}
END_TEST

/* The login with its hash's key replaced by one of this content. */
static void with_hash(const char *name, const void *data, size_t len)
{
    struct keyring_content content;
    int32_t key;
    bool there;

    ck_assert_int_eq(keyring_add(keyring_of_logins(), name, ntlm_bytes(data, len), 0, &key),
                     NTLM_OK);
    ck_assert_int_eq(keyring_read(keyring_nth("login:", 0), "", &content, &there), NTLM_OK);
    for (unsigned i = 0; i < 4; i++)
        content.data[20 + i] = (uint8_t)((uint32_t)key >> (8 * i));
    put(content.description, content.data, content.len);
}

START_TEST(a_damaged_hash_is_an_error)
{
    uint8_t hash[21] = "NLH\001"
                       "0123456789abcdef";

    if (skipped_without_keyring("a_damaged_hash_is_an_error"))
        return;
    ck_assert_int_eq(log_in(LOGIN_KEYRING_SESSION), NTLM_OK);
    with_hash("hash:1", hash, 20);
    ck_assert_int_eq(find(), NTLM_OK);
    with_hash("hash:2", hash, 19);
    ck_assert_int_eq(find(), NTLM_ERR_BAD_LOGIN);
    with_hash("hash:3", hash, 21);
    ck_assert_int_eq(find(), NTLM_ERR_BAD_LOGIN);
    hash[3] = 2;
    with_hash("hash:4", hash, 20);
    ck_assert_int_eq(find(), NTLM_ERR_BAD_LOGIN);
}
END_TEST

static void log_in_bob(void)
{
    ck_assert_int_eq(log_in_as("bob", LOGIN_KEYRING_SESSION), NTLM_OK);
}

static size_t count_logins(void)
{
    struct logins logins;
    size_t count;

    ck_assert_int_eq(logins_load(LOGIN_KEYRING_SESSION, &logins), NTLM_OK);
    count = logins.count;
    logins_clear(&logins);
    return count;
}

START_TEST(a_first_login_does_not_displace_another)
{
    meanwhile = log_in_bob;
    ck_assert_int_eq(log_in(LOGIN_KEYRING_SESSION), NTLM_OK);
    ck_assert_uint_eq(count_logins(), 2);
}
END_TEST

#define PROCESSES 6
#define ROUNDS 10 /* more would be beyond the keys that a user may have */

/* Waits until the other end is closed, with all the others, and logs in. */
static void log_in_at_once(int gate, int number)
{
    char user[] = "user0", end;

    user[4] = (char)('0' + number);
    _exit(read(gate, &end, 1) != 0 || log_in_as(user, LOGIN_KEYRING_SESSION));
}

START_TEST(first_logins_of_many_processes_are_all_kept)
{
    if (skipped_without_fork("first_logins_of_many_processes_are_all_kept"))
        return;
    for (int round = 0; round < ROUNDS; round++) {
        pid_t children[PROCESSES];
        int gate[2], status;

        keyring_begin();
        ck_assert_int_eq(pipe(gate), 0);
        for (int i = 0; i < PROCESSES; i++) {
            children[i] = fork();
            ck_assert_int_ge(children[i], 0);
            if (children[i] == 0) {
                close(gate[1]);
                log_in_at_once(gate[0], i);
            }
        }
        close(gate[0]);
        close(gate[1]);
        for (int i = 0; i < PROCESSES; i++) {
            ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
            ck_assert_int_eq(status, 0);
        }
        ck_assert_uint_eq(count_logins(), PROCESSES);
    }
}
END_TEST

START_TEST(a_revoked_session_has_no_logins)
{
    if (skipped_without_keyring("a_revoked_session_has_no_logins"))
        return;
    ck_assert_int_eq(log_in(LOGIN_KEYRING_SESSION), NTLM_OK);
    ck_assert_int_eq(keyctl_revoke(KEY_SPEC_SESSION_KEYRING), 0);
    ck_assert_int_eq(find(), NTLM_ERR_NO_IDENTITY);
    ck_assert_int_eq(log_in(LOGIN_KEYRING_SESSION), NTLM_ERR_NO_KEYRING);
    ck_assert_ptr_nonnull(strstr(failure_detail(NTLM_ERR_NO_KEYRING), "the session has ended"));
}
END_TEST

START_TEST(sessions_have_the_persistent_keyring_in_common)
{
    const struct settings persistent = {.login_keyring = LOGIN_KEYRING_PERSISTENT};
    const struct login_selection ours = {.user = "alice", .domain = "DOM"};
    size_t removed;

    if (skipped_without_keyring("sessions_have_the_persistent_keyring_in_common"))
        return;
    if (log_in(LOGIN_KEYRING_PERSISTENT)) {
        printf(
            "ok - sessions_have_the_persistent_keyring_in_common # SKIP the kernel has none\n");
        return;
    }
    keyring_begin();
    ck_assert_int_eq(find(), NTLM_ERR_NO_IDENTITY);
    ck_assert_int_eq(find_with(&persistent), NTLM_OK);
    ck_assert_int_eq(logins_remove(LOGIN_KEYRING_PERSISTENT, &ours, &removed), NTLM_OK);
    ck_assert_uint_eq(removed, 1);
    ck_assert_int_eq(find_with(&persistent), NTLM_ERR_NO_IDENTITY);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("keyring");
    TCase *cases = tcase_create("keyring");

    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_loop_test(cases, a_kernel_that_refuses_has_quietly_no_logins, 0,
                        sizeof(refusals) / sizeof(refusals[0]));
    tcase_add_test(cases, nothing_to_find_costs_one_search);
    tcase_add_test(cases, only_the_owner_has_rights_and_nobody_may_write_a_key);
    tcase_add_test(cases, another_user_in_the_same_session_can_do_nothing);
    tcase_add_test(cases, what_another_user_planted_is_not_used);
    tcase_add_test(cases, who_impersonates_does_not_log_in_as_himself);
    tcase_add_loop_test(cases, a_key_that_others_may_touch_is_refused, 0,
                        sizeof(wider) / sizeof(wider[0]));
    tcase_add_test(cases, a_keyring_that_others_may_write_is_refused);
    tcase_add_test(cases, a_damaged_login_is_an_error);
    tcase_add_test(cases, a_damaged_hash_is_an_error);
    tcase_add_test(cases, a_first_login_does_not_displace_another);
    tcase_add_test(cases, first_logins_of_many_processes_are_all_kept);
    tcase_add_test(cases, a_revoked_session_has_no_logins);
    tcase_add_test(cases, sessions_have_the_persistent_keyring_in_common);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
