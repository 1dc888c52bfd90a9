/* SPDX-License-Identifier: MIT */
/* logins_fuzz.c - a keyring of logins as another program of the same user may have left
 * it: keys of whatever type, owner, rights, name and content, and a kernel that refuses.
 * What is taken for a login is one, its hash is one of the keyring's, and one that is
 * stored beside the others is read again. The kernel is played here: the linker leads
 * libkeyutils' functions to it (--wrap). */

#include "config.h"

#include <errno.h>
#include <keyutils.h>
#include <unistd.h>

#include "identity/logins.h"
#include "identity/object.h"
#include "support/host.h"
#include "support/system.h"
#include "target.h"

#define KEYS 8
#define RING 1000 /* the keyring's number; the keys' are from FIRST on */
#define FIRST 1
#define HASH_AT 4 /* behind the mark */
#define NOW UINT64_C(134000000000000000)

struct key {
    const uint8_t *content; /* in the input, or in `made` */
    size_t len;
    char description[300]; /* as keyctl_describe has it */
    int refused;           /* errno for reading it; 0: it is read */
    bool gone;
    uint8_t made[KEYRING_CONTENT_MAX];
};

static struct {
    struct key keys[KEYS];
    size_t count;
    char ring[300];
    int refused; /* errno for finding the keyring, or 0 */
} kernel;

static long give(const void *data, size_t len, char *out, size_t room)
{
    if (len > 0)
        memcpy(out, data, len < room ? len : room);
    return (long)len;
}

static struct key *key_of(key_serial_t number)
{
    size_t at = (size_t)(number - FIRST);

    errno = ENOKEY;
    return at < kernel.count && !kernel.keys[at].gone ? &kernel.keys[at] : NULL;
}

long __wrap_keyctl_search(key_serial_t ring, const char *type, const char *name,
                          key_serial_t into);
long __wrap_keyctl_describe(key_serial_t key, char *out, size_t room);
long __wrap_keyctl_read(key_serial_t key, char *out, size_t room);
int __wrap_keyctl_read_alloc(key_serial_t ring, void **out);
long __wrap_keyctl_invalidate(key_serial_t key);
long __wrap_keyctl_unlink(key_serial_t key, key_serial_t ring);
long __wrap_keyctl_link(key_serial_t key, key_serial_t ring);
long __wrap_keyctl_setperm(key_serial_t key, key_perm_t rights);
long __wrap_keyctl_set_timeout(key_serial_t key, unsigned seconds);
key_serial_t __wrap_keyctl_get_keyring_ID(key_serial_t id, int create);
key_serial_t __wrap_add_key(const char *type, const char *name, const void *content, size_t len,
                            key_serial_t ring);
uint64_t __wrap_system_now(void);

long __wrap_keyctl_search(key_serial_t ring, const char *type, const char *name,
                          key_serial_t into)
{
    (void)ring;
    (void)into;
    MUST(strcmp(type, "keyring") == 0 && *name);
    errno = kernel.refused;
    return kernel.refused ? -1 : RING;
}

long __wrap_keyctl_describe(key_serial_t key, char *out, size_t room)
{
    const struct key *of = key == RING ? NULL : key_of(key);

    if (key != RING && !of)
        return -1;
    return give(of ? of->description : kernel.ring,
                strlen(of ? of->description : kernel.ring) + 1, out, room);
}

long __wrap_keyctl_read(key_serial_t key, char *out, size_t room)
{
    const struct key *of = key_of(key);

    if (of && of->refused)
        errno = of->refused;
    return of && !of->refused ? give(of->content, of->len, out, room) : -1;
}

/* Numbers of keys that are gone are listed, too. */
int __wrap_keyctl_read_alloc(key_serial_t ring, void **out)
{
    key_serial_t *numbers = calloc(KEYS + 1, sizeof(*numbers));

    MUST(ring == RING && numbers);
    for (size_t i = 0; i < kernel.count; i++)
        numbers[i] = (key_serial_t)(FIRST + i);
    *out = numbers;
    return (int)(kernel.count * sizeof(*numbers));
}

long __wrap_keyctl_invalidate(key_serial_t key)
{
    struct key *of = key_of(key);

    if (of)
        of->gone = true;
    return of || key == RING ? 0 : -1;
}

long __wrap_keyctl_unlink(key_serial_t key, key_serial_t ring)
{
    (void)key;
    (void)ring;
    return 0;
}

long __wrap_keyctl_link(key_serial_t key, key_serial_t ring)
{
    MUST(ring == RING && key_of(key));
    return 0;
}

long __wrap_keyctl_setperm(key_serial_t key, key_perm_t rights)
{
    (void)rights;
    MUST(key_of(key));
    return 0;
}

long __wrap_keyctl_set_timeout(key_serial_t key, unsigned seconds)
{
    (void)seconds;
    MUST(key_of(key));
    return 0;
}

key_serial_t __wrap_keyctl_get_keyring_ID(key_serial_t id, int create)
{
    (void)id;
    (void)create;
    return RING;
}

key_serial_t __wrap_add_key(const char *type, const char *name, const void *content, size_t len,
                            key_serial_t ring)
{
    struct key *key = &kernel.keys[kernel.count];

    (void)ring;
    MUST(len <= sizeof(key->made));
    errno = EDQUOT;
    if (kernel.count == KEYS)
        return -1;
    memset(key, 0, sizeof(*key) - sizeof(key->made));
    memcpy(key->made, content, len);
    key->content = key->made;
    key->len = len;
    snprintf(key->description, sizeof(key->description), "%s;%lu;0;1b0000;%s", type,
             (unsigned long)geteuid(), name);
    return (key_serial_t)(FIRST + kernel.count++);
}

uint64_t __wrap_system_now(void)
{
    return NOW;
}

/* What keyctl_describe says: as our own keys have it, or anything. */
static void take_description(struct input *in, uint8_t how, const char *type,
                             char out[static 300])
{
    size_t len;
    const uint8_t *bytes = take_bytes(in, take_byte(in), &len);
    int at = 0;

    if (how & 1)
        at = snprintf(out, 64, "%s;%lu;0;%x;", type, (unsigned long)geteuid() + (how >> 3 & 1),
                      how & 16 ? 0x3f1b0000u : 0x1b0000u);
    if (len > 0)
        memcpy(out + at, bytes, len);
    out[at + (int)len] = '\0';
}

static void take_key(struct input *in, struct key *key)
{
    static const int refusals[] = {EACCES, EKEYREVOKED, EKEYEXPIRED, ENOMEM};
    const uint8_t how = take_byte(in);

    take_description(in, how, how & 2 ? "logon" : "user", key->description);
    key->refused = how & 4 ? refusals[how >> 5 & 3] : 0;
    key->gone = how & 128;
    key->content = take_bytes(in, take_number(in) % 5000, &key->len);
}

static void take_kernel(struct input *in, uint8_t how)
{
    static const int refusals[] = {0, 0, 0, ENOKEY, EACCES, ENOMEM, EPERM, EKEYREVOKED};

    kernel.count = 0;
    kernel.refused = refusals[how & 7];
    snprintf(kernel.ring, sizeof(kernel.ring), "keyring;%lu;0;0f0000;ntlm-logins",
             (unsigned long)geteuid());
    if (how & 8)
        take_description(in, take_byte(in), "keyring", kernel.ring);
    while (in->left > 0 && kernel.count < KEYS - 2)
        take_key(in, &kernel.keys[kernel.count++]);
}

static void must_be_login(const struct login *login)
{
    MUST(login->user && *login->user && login->domain && login->target && *login->target);
    MUST(host_is_pattern(login->target, strlen(login->target)));
    MUST(login->hash_key > 0 && key_of(login->key));
}

static void load(void)
{
    struct logins logins;
    enum ntlm_error error = logins_load(LOGIN_KEYRING_SESSION, &logins);

    MUST(!error || (logins.count == 0 && !logins.items));
    MUST(logins.count <= kernel.count);
    for (size_t i = 0; i < logins.count; i++)
        must_be_login(&logins.items[i]);
    logins_clear(&logins);
}

static bool is_in_a_key(const uint8_t hash[NTLM_HASH_SIZE])
{
    for (size_t i = 0; i < kernel.count; i++)
        if (kernel.keys[i].len == HASH_AT + NTLM_HASH_SIZE &&
            memcmp(kernel.keys[i].content + HASH_AT, hash, NTLM_HASH_SIZE) == 0)
            return true;
    return false;
}

/* Kept as a login, and read again. */
static void store(const struct settings *settings, const struct identity *identity, uint8_t how)
{
    const struct login_request request = {.keyring = LOGIN_KEYRING_SESSION,
                                          .target = how & 1 ? "*.home.test" : NULL,
                                          .lifetime = how & 2 ? 0 : LOGIN_LIFETIME_DEFAULT,
                                          .overwrite = how & 4,
                                          .preferred = how & 8};
    const size_t before = kernel.count;
    struct login login = {.user = NULL};

    if (logins_store(settings, identity, &request))
        return;
    MUST(kernel.count == before + 2);
    MUST(!login_read((key_serial_t)(FIRST + before + 1), &login));
    must_be_login(&login);
    MUST(strcmp(login.user, identity->user) == 0);
    MUST(login.hash_key == (key_serial_t)(FIRST + before));
    login_clear(&login);
}

static void find(const struct settings *settings, uint8_t how)
{
    static const char *const users[] = {NULL, "alice", "ALICE@CORP", "@"};
    static const char *const hosts[] = {NULL, "web.home.test", "", "x"};
    struct identity *identity;
    enum ntlm_error error = logins_find(settings, users[how & 3], how & 4 ? "CORP" : "",
                                        hosts[how >> 3 & 3], &identity);

    MUST(!error == (identity != NULL));
    if (error)
        return;
    MUST(identity->target && *identity->user && is_in_a_key(identity->nt_hash));
    MUST(identity->expires == 0 || identity->expires > NOW);
    store(settings, identity, how >> 4);
    identity_release(identity);
}

static void take_away(uint8_t how)
{
    const struct login_selection selection = {.user = how & 1 ? "alice" : NULL,
                                              .domain = how & 2 ? "CORP" : NULL,
                                              .target = how & 4 ? "*" : NULL};
    size_t removed;

    logins_remove(LOGIN_KEYRING_SESSION, &selection, &removed);
    MUST(removed <= kernel.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct settings settings = {.login_keyring = LOGIN_KEYRING_SESSION,
                                             .login_lifetime = 3600};
    struct input in = {data, size};
    const uint8_t how = take_byte(&in), question = take_byte(&in), removal = take_byte(&in);

    take_kernel(&in, how);
    load();
    find(&settings, question);
    take_away(removal);
    load();
    return 0;
}
