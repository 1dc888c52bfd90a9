/* SPDX-License-Identifier: MIT */
/* keyring.c - see keyring.h. */

#include "config.h"

#include "identity/keyring.h"

#include <errno.h>
#include <keyutils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ntlm/secret.h"
#include "support/failure.h"
#include "support/trace.h"

/* All the rights that there are on our objects, and they are the owner's. To take a key
 * away needs only the right to find it. */
#define KEY_RIGHTS (KEY_USR_VIEW | KEY_USR_READ | KEY_USR_SEARCH | KEY_USR_LINK)
#define RING_RIGHTS (KEY_RIGHTS | KEY_USR_WRITE)

/* Of Linux 5.3; libkeyutils may be older than the kernel. */
#ifndef KEYCTL_MOVE
#define KEYCTL_MOVE 30
#define KEYCTL_MOVE_EXCL 1
#endif

#define NAME_FORMAT "ntlm-logins.%lu"
#define NAME_SIZE (sizeof("ntlm-logins.") + 20)

/* type;uid;gid;rights;description */
struct description {
    char text[256];
    const char *type, *name;
    unsigned long uid, rights;
};

static bool parse(struct description *out)
{
    char *at = strchr(out->text, ';'), *end;

    if (!at)
        return false;
    *at = '\0';
    out->type = out->text;
    out->uid = strtoul(at + 1, &end, 10);
    if (*end != ';')
        return false;
    strtoul(end + 1, &end, 10);
    if (*end != ';')
        return false;
    out->rights = strtoul(end + 1, &end, 16);
    out->name = end + 1;
    return *end == ';';
}

/* False, and errno is set, when the kernel does not tell. */
static bool describe(keyring_serial key, struct description *out)
{
    long len = keyctl_describe(key, out->text, sizeof(out->text));

    if (len < 0)
        return false;
    errno = EBADMSG;
    return (size_t)len <= sizeof(out->text) && parse(out);
}

static bool is_gone(int reason)
{
    return reason == ENOKEY || reason == EKEYREVOKED || reason == EKEYEXPIRED;
}

static enum ntlm_error refuse(const char *what, int reason)
{
    const char *remedy = "";

    if (reason == ENOMEM)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    if (reason == EPERM || reason == ENOSYS)
        remedy = "; containers often forbid keyctl(2)";
    else if (reason == EDQUOT)
        remedy = "; /proc/sys/kernel/keys/maxkeys and maxbytes are the limits";
    else if (reason == EKEYREVOKED)
        remedy = "; the session has ended";
    return fail(NTLM_ERR_NO_KEYRING, "%s: %s%s", what, strerror(reason), remedy);
}

/* The keyring in which ours is linked; *linked: it was linked in the thread's for that,
 * as the persistent one has to be for it to be searched. The session's is by its number:
 * to write to it by its alias would begin a session that ends with this process, where
 * the user has none but the common one. False, and errno is set, when it cannot be had. */
static bool open_parent(enum login_keyring which, keyring_serial *parent)
{
    if (which == LOGIN_KEYRING_PERSISTENT)
        *parent = (keyring_serial)keyctl_get_persistent(geteuid(), KEY_SPEC_THREAD_KEYRING);
    else
        *parent = keyctl_get_keyring_ID(KEY_SPEC_SESSION_KEYRING, 0);
    return *parent >= 0;
}

static void close_parent(enum login_keyring which, keyring_serial parent)
{
    if (which == LOGIN_KEYRING_PERSISTENT)
        keyctl_unlink(parent, KEY_SPEC_THREAD_KEYRING);
}

/* Whether the keyring may be used: *ours is false when it is another user's. */
static enum ntlm_error check_ring(keyring_serial ring, bool *ours)
{
    struct description found;

    *ours = false;
    if (!describe(ring, &found)) {
        if (is_gone(errno) || errno == EACCES)
            return NTLM_OK;
        return fail(NTLM_ERR_BAD_LOGIN, "the keyring %d: %s", ring, strerror(errno));
    }
    if (found.uid != geteuid()) {
        trace("keyring %d: \"%s\" is user %lu's and not used", ring, found.name, found.uid);
        return NTLM_OK;
    }
    if (found.rights & ~(unsigned long)RING_RIGHTS)
        return fail(NTLM_ERR_BAD_LOGIN, "others have rights on the keyring %d (%#lx)", ring,
                    found.rights);
    *ours = true;
    return NTLM_OK;
}

/* In the parent, or in what its alias stands for. */
static enum ntlm_error search(keyring_serial parent, keyring_serial *ring)
{
    char name[NAME_SIZE];
    bool ours = false;
    enum ntlm_error error = NTLM_OK;
    long found;

    *ring = 0;
    snprintf(name, sizeof(name), NAME_FORMAT, (unsigned long)geteuid());
    found = keyctl_search(parent, "keyring", name, 0);
    if (found >= 0)
        error = check_ring((keyring_serial)found, &ours);
    else if (errno == ENOMEM)
        error = fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    else if (errno != ENOKEY)
        trace("no keyring of logins: %s", strerror(errno));
    if (ours)
        *ring = (keyring_serial)found;
    return error;
}

enum ntlm_error keyring_find(enum login_keyring which, keyring_serial *ring)
{
    keyring_serial parent = KEY_SPEC_SESSION_KEYRING;
    enum ntlm_error error;

    *ring = 0;
    if (which == LOGIN_KEYRING_SESSION)
        return search(parent, ring);
    if (!open_parent(which, &parent)) {
        trace("no persistent keyring: %s", strerror(errno));
        return NTLM_OK;
    }
    error = search(parent, ring);
    close_parent(which, parent);
    return error;
}

/* What publish does with a key of this type and description that is in the keyring: takes
 * its place, or leaves all as it is and says so. */
enum former { FORMER_REPLACED, FORMER_KEPT };

/* From the thread's keyring to the parent. False, and errno is set: EEXIST when there is
 * one that is to be kept. Kernels that cannot ask and move in one step replace it. */
static bool move(keyring_serial key, keyring_serial parent, enum former former)
{
    if (former == FORMER_KEPT) {
        if (keyctl(KEYCTL_MOVE, key, KEY_SPEC_THREAD_KEYRING, parent, KEYCTL_MOVE_EXCL) == 0)
            return true;
        if (errno != EOPNOTSUPP && errno != ENOSYS)
            return false;
    }
    return keyctl_link(key, parent) == 0;
}

/* A key that is in the thread's keyring alone until it is as it shall be, and then in
 * `parent`. *key is 0 when another was kept. */
static enum ntlm_error publish(const char *type, const char *name, struct ntlm_bytes content,
                               unsigned seconds, key_perm_t rights, keyring_serial parent,
                               enum former former, keyring_serial *key)
{
    keyring_serial made =
        add_key(type, name, content.data, content.len, KEY_SPEC_THREAD_KEYRING);
    enum ntlm_error error = NTLM_OK;

    *key = 0;
    if (made < 0)
        return refuse("no key can be made in the kernel's keyring", errno);
    if ((seconds > 0 && keyctl_set_timeout(made, seconds)) || keyctl_setperm(made, rights))
        error = refuse("the kernel's keyring takes no key of ours", errno);
    else if (move(made, parent, former))
        *key = made;
    else if (former == FORMER_REPLACED || errno != EEXIST)
        error = refuse("the kernel's keyring takes no key of ours", errno);
    keyctl_unlink(made, KEY_SPEC_THREAD_KEYRING);
    return error;
}

/* Makes the keyring of logins, or finds the one that another process has made meanwhile,
 * whose logins would be lost with it. What is there and cannot be used is replaced. */
static enum ntlm_error make(keyring_serial parent, keyring_serial *ring)
{
    char name[NAME_SIZE];
    enum ntlm_error error;

    snprintf(name, sizeof(name), NAME_FORMAT, (unsigned long)geteuid());
    error = publish("keyring", name, ntlm_bytes(NULL, 0), 0, RING_RIGHTS, parent, FORMER_KEPT,
                    ring);
    if (!error && *ring == 0)
        error = search(parent, ring);
    if (!error && *ring == 0)
        error = publish("keyring", name, ntlm_bytes(NULL, 0), 0, RING_RIGHTS, parent,
                        FORMER_REPLACED, ring);
    return error;
}

enum ntlm_error keyring_make(enum login_keyring which, keyring_serial *ring)
{
    keyring_serial parent;
    enum ntlm_error error;

    *ring = 0;
    if (!open_parent(which, &parent))
        return refuse(which == LOGIN_KEYRING_PERSISTENT ? "the user's persistent keyring"
                                                        : "the session keyring",
                      errno);
    error = search(parent, ring);
    if (!error && *ring == 0)
        error = make(parent, ring);
    close_parent(which, parent);
    return error;
}

enum ntlm_error keyring_list(keyring_serial ring, keyring_serial **keys, size_t *count)
{
    void *content;
    int len = keyctl_read_alloc(ring, &content);

    *keys = NULL;
    *count = 0;
    if (len < 0 && is_gone(errno))
        return NTLM_OK;
    if (len < 0)
        return errno == ENOMEM ? fail(NTLM_ERR_OUT_OF_MEMORY, NULL)
                               : fail(NTLM_ERR_BAD_LOGIN, "the keyring %d cannot be read: %s",
                                      ring, strerror(errno));
    *keys = content;
    *count = (size_t)len / sizeof(**keys);
    return NTLM_OK;
}

static enum ntlm_error check_key(keyring_serial key, const struct description *found)
{
    if (strcmp(found->type, "user") != 0 || found->uid != geteuid())
        return fail(NTLM_ERR_BAD_LOGIN, "key %d is not one of ours", key);
    if (found->rights & ~(unsigned long)KEY_RIGHTS)
        return fail(NTLM_ERR_BAD_LOGIN, "others have rights on key %d (%#lx)", key,
                    found->rights);
    if (strlen(found->name) >= KEYRING_DESCRIPTION_MAX)
        return fail(NTLM_ERR_BAD_LOGIN, "key %d has an unknown name", key);
    return NTLM_OK;
}

static enum ntlm_error read_content(keyring_serial key, struct keyring_content *content,
                                    bool *there)
{
    long len = keyctl_read(key, (char *)content->data, sizeof(content->data));

    if (len < 0 && is_gone(errno))
        return NTLM_OK;
    if (len < 0)
        return fail(NTLM_ERR_BAD_LOGIN, "key %d cannot be read: %s", key, strerror(errno));
    content->len = (size_t)len > sizeof(content->data) ? sizeof(content->data) : (size_t)len;
    if ((size_t)len > sizeof(content->data))
        return fail(NTLM_ERR_BAD_LOGIN, "key %d is too large", key);
    *there = true;
    return NTLM_OK;
}

enum ntlm_error keyring_read(keyring_serial key, const char *prefix,
                             struct keyring_content *content, bool *there)
{
    struct description found;
    enum ntlm_error error;

    *there = false;
    content->len = 0;
    if (!describe(key, &found))
        return is_gone(errno) ? NTLM_OK
                              : fail(NTLM_ERR_BAD_LOGIN, "key %d: %s", key, strerror(errno));
    error = check_key(key, &found);
    if (error)
        return error;
    snprintf(content->description, sizeof(content->description), "%s", found.name);
    if (strncmp(found.name, prefix, strlen(prefix)) == 0)
        return read_content(key, content, there);
    *there = true;
    return NTLM_OK;
}

void keyring_content_clear(struct keyring_content *content)
{
    ntlm_cleanse(content->data, content->len);
    content->len = 0;
}

enum ntlm_error keyring_add(keyring_serial ring, const char *description,
                            struct ntlm_bytes content, unsigned seconds, keyring_serial *key)
{
    return publish("user", description, content, seconds, KEY_RIGHTS, ring, FORMER_REPLACED,
                   key);
}

bool keyring_remove(keyring_serial key)
{
    return keyctl_invalidate(key) == 0 || is_gone(errno);
}
