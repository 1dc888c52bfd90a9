/* SPDX-License-Identifier: MIT */
/* silent.c - which KDCs were found silent. */

#include "config.h"

#include "spnego/silent.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "spnego/oids.h"

#define SECONDS_REMEMBERED 60
#define ENTRIES 32
#define KEY_SIZE 512

struct silent_kdc {
    unsigned references;
    const char *client;
    char server_key[KEY_SIZE], realm_key[KEY_SIZE]; /* "": not known */
};

/* Of the KDCs that are held, and of the entries. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    char key[KEY_SIZE];
    time_t until;
} entries[ENTRIES];
static size_t next_entry; /* the oldest goes first */

static time_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

/* What does not fit is no key. */
static void write_key(char key[KEY_SIZE], const char *client, const char *kind,
                      const char *text, size_t len)
{
    int size = snprintf(key, KEY_SIZE, "%s %s %.*s", client, kind, (int)len, text);

    if (size < 0 || size >= KEY_SIZE)
        key[0] = '\0';
}

struct silent_kdc *silent_kdc_new(const char *client, gss_name_t target)
{
    const char *known = client ? client : "";
    struct silent_kdc *made = calloc(1, sizeof(*made) + strlen(known) + 1);
    gss_buffer_desc text;
    OM_uint32 ignored;

    if (!made)
        return NULL;
    made->references = 1;
    made->client = strcpy((char *)(made + 1), known);
    if (gss_display_name(&ignored, target, &text, NULL) == GSS_S_COMPLETE) {
        write_key(made->server_key, known, "server", text.value, text.length);
        gss_release_buffer(&ignored, &text);
    }
    return made;
}

struct silent_kdc *silent_kdc_hold(struct silent_kdc *kdc)
{
    pthread_mutex_lock(&lock);
    kdc->references++;
    pthread_mutex_unlock(&lock);
    return kdc;
}

void silent_kdc_drop(struct silent_kdc *kdc)
{
    bool last;

    if (!kdc)
        return;
    pthread_mutex_lock(&lock);
    last = --kdc->references == 0;
    pthread_mutex_unlock(&lock);
    if (last)
        free(kdc);
}

/* Kerberos' name for it is SERVICE/HOST@REALM, where [domain_realm] has the realm. Where
 * it has not, the KDC that is asked is the client's own: the key has no realm then. */
void silent_find_realm(struct silent_kdc *kdc, gss_name_t target)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 ignored;
    const char *at;
    size_t len;

    if (gss_canonicalize_name(&ignored, target, oid_in(&oid_krb5), &name) == GSS_S_COMPLETE &&
        gss_display_name(&ignored, name, &text, NULL) == GSS_S_COMPLETE) {
        at = memrchr(text.value, '@', text.length);
        len = at ? text.length - (size_t)(at + 1 - (const char *)text.value) : 0;
        pthread_mutex_lock(&lock);
        write_key(kdc->realm_key, kdc->client, "realm", len > 0 ? at + 1 : "", len);
        pthread_mutex_unlock(&lock);
    }
    gss_release_buffer(&ignored, &text);
    gss_release_name(&ignored, &name);
}

/* With the lock. */
static bool is_entered(const char *key)
{
    time_t time = now();

    for (size_t i = 0; i < ENTRIES; i++)
        if (key[0] && entries[i].until > time && strcmp(entries[i].key, key) == 0)
            return true;
    return false;
}

static void enter(const char *key)
{
    if (!key[0] || is_entered(key))
        return;
    snprintf(entries[next_entry].key, KEY_SIZE, "%s", key);
    entries[next_entry].until = now() + SECONDS_REMEMBERED;
    next_entry = (next_entry + 1) % ENTRIES;
}

bool silent_is_remembered(struct silent_kdc *kdc)
{
    bool remembered;

    pthread_mutex_lock(&lock);
    remembered = is_entered(kdc->server_key) || is_entered(kdc->realm_key);
    pthread_mutex_unlock(&lock);
    return remembered;
}

void silent_remember(struct silent_kdc *kdc)
{
    pthread_mutex_lock(&lock);
    enter(kdc->server_key);
    enter(kdc->realm_key);
    pthread_mutex_unlock(&lock);
}
