/* SPDX-License-Identifier: MIT */
/* refusal_test.c - the kernel refuses one call for a key after the other, for each reason
 * that it has, while logins are stored, found and removed: none is found then that is not
 * there, and none is lost. What it says of a key is read with care. */

#include "config.h"

#include <errno.h>
#include <keyutils.h>
#include <stdarg.h>
#include <stdio.h>

#include "identity/keyring.h"
#include "identity/login.h"
#include "identity/logins.h"
#include "keyring_fixture.h"
#include "ntlm/secret.h"
#include "secrets.h"
#include "shortage.h"
#include "suite.h"
#include "support/failure.h"
#include "wiped.h"

static const struct settings in_session = {.login_keyring = LOGIN_KEYRING_SESSION,
                                           .login_lifetime = 3600};

#define HASH_CONTENT (4 + NTLM_HASH_SIZE)

/* Calls until one is refused, and the reason; 0: none is. */
static unsigned calls_left;
static int reason;

static bool refuses(void)
{
    if (calls_left == 0 || --calls_left > 0)
        return false;
    errno = reason;
    return true;
}

/* In the kernel's place, when they are there: a description of any key, the length that is
 * said for it beyond its own, and the length of any content. */
static const char *description;
static long beyond, content_length;
static bool hashes_are_spoilt; /* the first byte of each key's content that holds one */

/* The linker leads the calls here (--wrap). */
#define REFUSED(type, name, parameters, arguments)                                             \
    type __real_##name parameters;                                                             \
    type __wrap_##name parameters;                                                             \
    type __wrap_##name parameters                                                              \
    {                                                                                          \
        return refuses() ? -1 : __real_##name arguments;                                       \
    }

REFUSED(long, keyctl_search,
        (key_serial_t ring, const char *type, const char *name, key_serial_t into),
        (ring, type, name, into))
REFUSED(key_serial_t, keyctl_get_keyring_ID, (key_serial_t id, int create), (id, create))
REFUSED(key_serial_t, add_key,
        (const char *type, const char *name, const void *content, size_t len,
         key_serial_t ring),
        (type, name, content, len, ring))
REFUSED(int, keyctl_read_alloc, (key_serial_t key, void **out), (key, out))
REFUSED(long, keyctl_setperm, (key_serial_t key, key_perm_t rights), (key, rights))
REFUSED(long, keyctl_set_timeout, (key_serial_t key, unsigned seconds), (key, seconds))
REFUSED(long, keyctl_link, (key_serial_t key, key_serial_t ring), (key, ring))
REFUSED(long, keyctl_invalidate, (key_serial_t key), (key))

int __real_keyctl_describe(key_serial_t key, char *out, size_t size);
int __wrap_keyctl_describe(key_serial_t key, char *out, size_t size);
long __real_keyctl_read(key_serial_t key, char *out, size_t size);
long __wrap_keyctl_read(key_serial_t key, char *out, size_t size);
long __wrap_keyctl(int command, ...);

int __wrap_keyctl_describe(key_serial_t key, char *out, size_t size)
{
    if (refuses())
        return -1;
    if (!description)
        return __real_keyctl_describe(key, out, size);
    snprintf(out, size, "%s", description);
    return (int)(strlen(description) + 1 + (size_t)beyond);
}

long __wrap_keyctl_read(key_serial_t key, char *out, size_t size)
{
    long len;

    if (refuses())
        return -1;
    if (content_length)
        return content_length;
    len = __real_keyctl_read(key, out, size);
    if (hashes_are_spoilt && len == HASH_CONTENT)
        out[0]++;
    return len;
}

/* Linux' own since 5.3, which libkeyutils may not have. Moves a key. */
long __real_keyctl(int command, ...);

long __wrap_keyctl(int command, ...)
{
    unsigned long arguments[4];
    va_list list;

    va_start(list, command);
    for (int i = 0; i < 4; i++)
        arguments[i] = va_arg(list, unsigned long);
    va_end(list);
    return refuses()
               ? -1
               : __real_keyctl(command, arguments[0], arguments[1], arguments[2], arguments[3]);
}

static enum ntlm_error log_in(const char *target)
{
    const struct login_request request = {
        .keyring = LOGIN_KEYRING_SESSION, .target = target, .lifetime = 60, .overwrite = true};
    struct identity *identity;
    enum ntlm_error error = identity_from_password("alice", "DOM", "Password", 8, &identity);

    if (!error)
        error = logins_store(&in_session, identity, &request);
    identity_release(identity);
    return error;
}

static enum ntlm_error find_for(const char *host)
{
    struct identity *identity;
    enum ntlm_error error = logins_find(&in_session, NULL, "", host, &identity);

    identity_release(identity);
    return error;
}

static size_t removed;

static enum ntlm_error log_out(const char *user)
{
    const struct login_selection selection = {.user = user};

    return logins_remove(LOGIN_KEYRING_SESSION, &selection, &removed);
}

/* ---- refusals ---- */

enum operation { FINDS, STORES_FIRST, STORES_ANOTHER, REPLACES, REMOVES, REMOVES_ALL };

static enum ntlm_error run(enum operation operation)
{
    switch (operation) {
    case FINDS:
        return find_for("one.test");
    case STORES_FIRST:
    case STORES_ANOTHER:
        return log_in("two.test");
    case REPLACES:
        return log_in("one.test");
    case REMOVES:
        return log_out("alice");
    default:
        return log_out(NULL);
    }
}

/* What is to be so whatever was refused, and whether the answer is the truth. */
static void assert_truth(enum operation operation, enum ntlm_error error, unsigned n)
{
    const bool one = !find_for("one.test"), two = !find_for("two.test");
    bool good = false;

    switch (operation) {
    case FINDS:
        good = one && !two;
        break;
    case STORES_FIRST:
        good = !one && two == !error;
        break;
    case STORES_ANOTHER:
        good = one && two == !error;
        break;
    case REPLACES: /* one refused to the last step may be there already */
        good = one && !two;
        break;
    case REMOVES: /* a keyring that cannot be had has no logins */
    case REMOVES_ALL:
        good = error || !one || removed == 0;
        break;
    }
    ck_assert_msg(good, "operation %d, call %u, %s: %#x, then %d, %d", (int)operation, n,
                  strerror(reason), (unsigned)error, one, two);
}

/* Whether there was an Nth call. */
static bool refuse_nth(enum operation operation, unsigned n)
{
    enum ntlm_error error;
    bool reached;

    keyring_begin();
    if (operation != STORES_FIRST)
        ck_assert_int_eq(log_in("one.test"), NTLM_OK);
    calls_left = n;
    error = run(operation);
    reached = calls_left == 0;
    calls_left = 0;
    ck_assert(!error || failure_detail(error) || error == NTLM_ERR_OUT_OF_MEMORY ||
              error == NTLM_ERR_NO_IDENTITY);
    ck_assert_msg(reached || !error, "nothing was refused: %#x", (unsigned)error);
    assert_truth(operation, error, n);
    return reached;
}

/* Those that the kernel gives, by keyctl(2), and one that it does not. */
static const int reasons[] = {ENOMEM,      EDQUOT, EACCES, ENOKEY, EKEYEXPIRED,
                              EKEYREVOKED, EPERM,  ENOSYS, EEXIST, EIO};

START_TEST(a_refused_call_tells_no_lie)
{
    unsigned n = 1;

    if (skipped_without_keyring("a_refused_call_tells_no_lie") ||
        skipped_without_root("a_refused_call_tells_no_lie")) /* whose quota is large */
        return;
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        reason = reasons[i];
        for (n = 1; refuse_nth((enum operation)_i, n);)
            n++;
        ck_assert_uint_gt(n, 3);
    }
}
END_TEST

/* ---- descriptions and contents ---- */

#define OURS ";0;0;1b0000;"

static const struct {
    const char *description;
    long beyond, content_length;
    const char *detail;
} odd[] = {
    {"", 0, 0, "key 7: "},
    {"user", 0, 0, "key 7: "},
    {"user;", 0, 0, "key 7: "},
    {"user;0", 0, 0, "key 7: "},
    {"user;0;0", 0, 0, "key 7: "},
    {"user;0;x;1b0000;hash:1", 0, 0, "key 7: "},
    {"user;0;0;1b0000", 0, 0, "key 7: "},
    {"user;0;0;rights;hash:1", 0, 0, "key 7: "},
    {"user" OURS "hash:1", 1000, 0, "key 7: "},
    {"keyring" OURS "hash:1", 0, 0, "key 7 is not one of ours"},
    {"user;1;0;1b0000;hash:1", 0, 0, "key 7 is not one of ours"},
    {"user;0;0;3b0000;hash:1", 0, 0, "others have rights on key 7"},
    {"user" OURS "hash:0123456789012345678901234567890123456789012345678901234567890", 0, 0,
     "key 7 has an unknown name"},
    {"user" OURS "hash:1", 0, KEYRING_CONTENT_MAX + 1, "key 7 is too large"},
};

START_TEST(what_the_kernel_says_of_a_key_is_read_with_care)
{
    static struct keyring_content content;
    bool there = true;

    if (skipped_without_root("what_the_kernel_says_of_a_key_is_read_with_care"))
        return; /* the descriptions are of root's keys */
    description = odd[_i].description;
    beyond = odd[_i].beyond;
    content_length = odd[_i].content_length;
    ck_assert_int_eq(keyring_read(7, "hash:", &content, &there), NTLM_ERR_BAD_LOGIN);
    ck_assert(!there);
    ck_assert_msg(strstr(failure_detail(NTLM_ERR_BAD_LOGIN), odd[_i].detail) != NULL, "%s",
                  failure_detail(NTLM_ERR_BAD_LOGIN));
    keyring_content_clear(&content);
}
END_TEST

/* ---- memory ---- */

START_TEST(no_login_is_lost_when_memory_ends)
{
    unsigned n = 1;
    bool reached = true;

    if (skipped_without_keyring("no_login_is_lost_when_memory_ends") ||
        skipped_without_root("no_login_is_lost_when_memory_ends"))
        return;
    for (; reached; n++) {
        enum ntlm_error error;

        keyring_begin();
        if (_i != STORES_FIRST)
            ck_assert_int_eq(log_in("one.test"), NTLM_OK);
        allocations_left = n;
        error = run((enum operation)_i);
        reached = allocations_left == 0;
        allocations_left = 0;
        ck_assert_int_eq(error, reached ? NTLM_ERR_OUT_OF_MEMORY : NTLM_OK);
        assert_truth((enum operation)_i, error, n);
    }
}
END_TEST

static void begin(void)
{
    calls_left = 0;
    description = NULL;
    content_length = 0;
    keyring_begin();
}

static bool learn(void *arg)
{
    (void)arg;
    return secrets_add_account(&(struct secrets_account){"alice", "DOM", "Password"});
}

/* What is in one place is wiped in others, too: see wiped.h. */
START_TEST(each_copy_of_a_hash_is_wiped)
{
    struct identity *identity;

    if (skipped_without_keyring("each_copy_of_a_hash_is_wiped") ||
        skipped_sanitized("each_copy_of_a_hash_is_wiped"))
        return;
    ck_assert(!log_in(NULL));
    secrets_forget();
    secrets_learn(learn, NULL);
    wiped_forget();
    wiped_watch(true);
    ck_assert(!identity_find_for_host(&in_session, "alice", "DOM", NULL, &identity));
    identity_release(identity);
    wiped_watch(false);
    ck_assert_str_eq(wiped_secrets(),
                     "1 NTOWFv2 for HMAC, outside\n1 NTOWFv2 for HMAC, inside\n2 NTOWFv2\n"
                     "1 NT hash for HMAC, outside\n2 NT hash for HMAC, inside\n3 NT hash\n");
}
END_TEST

START_TEST(the_hash_of_a_damaged_key_is_wiped)
{
    uint8_t nt_hash[NTLM_HASH_SIZE] = {1};
    struct login login = {.user = NULL};
    bool there;

    if (skipped_without_keyring("the_hash_of_a_damaged_key_is_wiped"))
        return;
    ck_assert(!log_in(NULL));
    login.hash_key = keyring_nth("hash:", 0);
    ck_assert_int_ne(login.hash_key, 0);
    ck_assert(!login_read_hash(&login, nt_hash, &there));
    ck_assert(!ntlm_is_zero(nt_hash, sizeof(nt_hash)));
    hashes_are_spoilt = true;
    ck_assert_int_eq(login_read_hash(&login, nt_hash, &there), NTLM_ERR_BAD_LOGIN);
    hashes_are_spoilt = false;
    ck_assert(ntlm_is_zero(nt_hash, sizeof(nt_hash)));
}
END_TEST

/* A password, say, that somebody keeps under a login's name. */
START_TEST(what_is_no_login_is_wiped_too)
{
    keyring_serial key, ring;
    struct login login;

    if (skipped_without_keyring("what_is_no_login_is_wiped_too") ||
        skipped_sanitized("what_is_no_login_is_wiped_too"))
        return;
    ck_assert(!keyring_make(LOGIN_KEYRING_SESSION, &ring));
    ck_assert(!keyring_add(ring, "login:0", ntlm_bytes("Password", 8), 60, &key));
    secrets_forget();
    secrets_learn(learn, NULL);
    wiped_forget();
    wiped_watch(true);
    ck_assert_int_eq(login_read(key, &login), NTLM_ERR_BAD_LOGIN);
    wiped_watch(false);
    ck_assert_str_eq(wiped_secrets(), "1 password\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("refusal");
    TCase *cases = tcase_create("refusal");

    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_loop_test(cases, a_refused_call_tells_no_lie, FINDS, REMOVES_ALL + 1);
    tcase_add_loop_test(cases, what_the_kernel_says_of_a_key_is_read_with_care, 0,
                        sizeof(odd) / sizeof(odd[0]));
    tcase_add_loop_test(cases, no_login_is_lost_when_memory_ends, FINDS, REMOVES + 1);
    tcase_add_test(cases, each_copy_of_a_hash_is_wiped);
    tcase_add_test(cases, the_hash_of_a_damaged_key_is_wiped);
    tcase_add_test(cases, what_is_no_login_is_wiped_too);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
