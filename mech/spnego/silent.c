/* SPDX-License-Identifier: MIT */
/* silent.c - which KDCs were found silent. */

#include "config.h"

#include "spnego/silent.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "spnego/oids.h"

#define SECONDS_REMEMBERED 60
#define ENTRIES 32
#define KEY_SIZE 512

/* "CLIENT KIND TEXT"; "": what does not fit is no key. */
struct key {
    char text[KEY_SIZE];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    struct key key;
    time_t until;
} entries[ENTRIES];
static size_t next_entry;         /* the oldest goes first */
static _Atomic time_t last_until; /* when the last of them is forgotten; 0: there was none */

static time_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

/* ---- keys ---- */

static struct key key_of(const char *client, const char *kind, const char *text, size_t len)
{
    struct key key;
    int size =
        snprintf(key.text, KEY_SIZE, "%s %s %.*s", client ? client : "", kind, (int)len, text);

    if (size < 0 || size >= KEY_SIZE)
        key.text[0] = '\0';
    return key;
}

static struct key server_key(const char *client, gss_name_t target)
{
    struct key key = {""};
    gss_buffer_desc text;
    OM_uint32 ignored;

    if (gss_display_name(&ignored, target, &text, NULL) == GSS_S_COMPLETE) {
        key = key_of(client, "server", text.value, text.length);
        gss_release_buffer(&ignored, &text);
    }
    return key;
}

/* Kerberos' name for it is SERVICE/HOST@REALM, where [domain_realm] has the realm. Where
 * it has not, the KDC that is asked is the client's own: the key has no realm then. */
static struct key realm_key(const char *client, gss_name_t target)
{
    struct key key = {""};
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 ignored;
    const char *at;
    size_t len;

    if (gss_canonicalize_name(&ignored, target, oid_in(&oid_krb5), &name) == GSS_S_COMPLETE &&
        gss_display_name(&ignored, name, &text, NULL) == GSS_S_COMPLETE) {
        at = memrchr(text.value, '@', text.length);
        len = at ? text.length - (size_t)(at + 1 - (const char *)text.value) : 0;
        key = key_of(client, "realm", len > 0 ? at + 1 : "", len);
    }
    gss_release_buffer(&ignored, &text);
    gss_release_name(&ignored, &name);
    return key;
}

/* ---- entries ---- */

/* With the lock. */
static bool is_entered(const struct key *key)
{
    time_t time = now();

    for (size_t i = 0; i < ENTRIES; i++)
        if (key->text[0] && entries[i].until > time &&
            strcmp(entries[i].key.text, key->text) == 0)
            return true;
    return false;
}

static bool has(struct key key)
{
    bool entered;

    pthread_mutex_lock(&lock);
    entered = is_entered(&key);
    pthread_mutex_unlock(&lock);
    return entered;
}

static void enter(struct key key)
{
    pthread_mutex_lock(&lock);
    if (key.text[0] && !is_entered(&key)) {
        entries[next_entry].key = key;
        entries[next_entry].until = now() + SECONDS_REMEMBERED;
        atomic_store(&last_until, entries[next_entry].until);
        next_entry = (next_entry + 1) % ENTRIES;
    }
    pthread_mutex_unlock(&lock);
}

bool silent_any(void)
{
    time_t until = atomic_load(&last_until);

    return until > 0 && until > now();
}

void silent_remember_server(const char *client, gss_name_t target)
{
    enter(server_key(client, target));
}

bool silent_has_server(const char *client, gss_name_t target)
{
    return silent_any() && has(server_key(client, target));
}

void silent_remember_realm(const char *client, gss_name_t target)
{
    enter(realm_key(client, target));
}

bool silent_has_realm(const char *client, gss_name_t target)
{
    return silent_any() && has(realm_key(client, target));
}

void silent_remember_client(const char *client)
{
    enter(key_of(client, "client", "", 0));
}

bool silent_has_client(const char *client)
{
    return silent_any() && has(key_of(client, "client", "", 0));
}
