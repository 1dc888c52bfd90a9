/* SPDX-License-Identifier: MIT */
/* settings.c - settings that are shared and replaced. What they are made
 * from is inputs.c's, and how parse.c's and derive.c's. */

#include "config.h"

#include "settings/settings.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "ntlm/crypto.h"
#include "settings/derive.h"
#include "settings/inputs.h"
#include "settings/krb5conf.h"
#include "settings/parse.h"
#include "support/failure.h"
#include "support/trace.h"

/* What settings_get hands out is the first member of one of these. */
struct shared_settings {
    struct settings settings;
    struct inputs inputs;
    atomic_uint references;
};

/* SHA-256 over a name of its own and the boot's id. Where that can't be had,
 * random bytes recognize this process, at least. */
static void make_machine_id(uint8_t id[32])
{
    static const char label[] = "gss-negotiate machine id";
    char boot[36];
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    bool known = fd >= 0 && read(fd, boot, sizeof(boot)) == (ssize_t)sizeof(boot);
    const struct ntlm_bytes parts[] = {ntlm_bytes(label, sizeof(label) - 1),
                                       ntlm_bytes(boot, sizeof(boot))};

    if (fd >= 0)
        close(fd);
    if ((!known || ntlm_sha256(parts, 2, id)) && getentropy(id, 32) != 0)
        trace("settings: no random bytes for the machine id");
}

static void free_shared(struct shared_settings *shared)
{
    settings_derive_clear(&shared->settings);
    settings_parse_clear(&shared->settings);
    inputs_clear(&shared->inputs);
    free(shared);
}

static void trace_settings(const struct shared_settings *shared)
{
    const struct settings *settings = &shared->settings;
    const char *account_file = settings_account_file(settings);

    trace("settings: computer %s, domain %s, lm_compat_level %u, account file %s",
          settings->netbios_computer, settings->netbios_domain, settings->lm_compat_level,
          account_file ? account_file : "none");
    if (settings->error_text)
        trace("settings: %s", settings->error_text);
}

/* What settings_get last gave, when it was read, and by which user: a thread may
 * have a user id of its own, as where libsspi impersonates. The cache holds one
 * reference. */
static struct {
    pthread_mutex_t lock;
    struct shared_settings *current; /* NULL: none yet */
    struct timespec read_at;
    uid_t euid;
    uint8_t machine_id[32];
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Fork waits for the thread that holds the lock: in the child nobody would
 * unlock it. */
static void before_fork(void)
{
    pthread_mutex_lock(&cache.lock);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&cache.lock);
}

/* When the module is loaded: done at first use, it could itself be cut through by
 * a fork and done again in the child, whose own forks would then lock twice. */
__attribute__((constructor)) static void prepare_for_fork(void)
{
    pthread_atfork(before_fork, after_fork, after_fork);
}

/* What could not be read is tried again by the next login: the process may have had no
 * descriptor left for a moment. */
static bool cache_is_fresh(const struct timespec *now)
{
    time_t seconds = now->tv_sec - cache.read_at.tv_sec;

    if (!cache.current || cache.current->inputs.trouble || seconds > 1 ||
        (seconds == 1 && now->tv_nsec >= cache.read_at.tv_nsec) ||
        (cache.current->inputs.denied && cache.euid != geteuid()))
        return false;
    return inputs_environment_holds(&cache.current->inputs);
}

/* Puts settings made from these inputs into the cache. */
static enum ntlm_error replace_settings(const struct inputs *in)
{
    struct shared_settings *shared = calloc(1, sizeof(*shared));
    enum ntlm_error error;

    if (!shared)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = settings_parse(in, &shared->settings);
    if (!error)
        error = settings_derive(in->host_name, &shared->settings);
    if (error) {
        free_shared(shared);
        return error;
    }
    if (!cache.current)
        make_machine_id(cache.machine_id);
    else
        settings_put(&cache.current->settings);
    memcpy(shared->settings.machine_id, cache.machine_id, sizeof(cache.machine_id));
    shared->inputs = *in;
    atomic_init(&shared->references, 1);
    cache.current = shared;
    trace_settings(shared);
    return NTLM_OK;
}

/* Whether it is for this thread's rights alone that krb5.conf could not be read. */
static bool is_denied_here(const struct inputs *in)
{
    return in->denied && cache.current && !cache.current->inputs.denied &&
           cache.euid != geteuid() && inputs_environment_holds(&cache.current->inputs);
}

/* Reads everything again. The settings stay when all is the same, and when only
 * this thread's user may not read krb5.conf. */
static enum ntlm_error refresh_cache(const struct timespec *now)
{
    struct inputs in;
    enum ntlm_error error = inputs_read(&in);
    bool denied, same;

    if (!error)
        error = krb5conf_read(&in);
    denied = !error && is_denied_here(&in);
    same = !error && cache.current && inputs_same(&in, &cache.current->inputs);
    if (!error && !same && !denied)
        error = replace_settings(&in);
    if (error || same || denied)
        inputs_clear(&in);
    if (!error && !denied) {
        cache.read_at = *now;
        cache.euid = geteuid();
    }
    return error;
}

enum ntlm_error settings_get(const struct settings **settings)
{
    const struct settings *current = NULL;
    enum ntlm_error error = NTLM_OK;
    struct timespec now;

    *settings = NULL;
    pthread_mutex_lock(&cache.lock);
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!cache_is_fresh(&now))
        error = refresh_cache(&now);
    if (!error)
        current = settings_ref(&cache.current->settings);
    pthread_mutex_unlock(&cache.lock);
    if (error)
        return fail(error, NULL);
    if (current->error_text) {
        error = fail(NTLM_ERR_BAD_SETTING, "%s", current->error_text);
        settings_put(current);
        return error;
    }
    *settings = current;
    return NTLM_OK;
}

/* The settings are const to their users; the count behind them is not. */
static struct shared_settings *shared_of(const struct settings *settings)
{
    return (struct shared_settings *)(uintptr_t)settings;
}

const struct settings *settings_ref(const struct settings *settings)
{
    atomic_fetch_add(&shared_of(settings)->references, 1);
    return settings;
}

void settings_put(const struct settings *settings)
{
    if (settings && atomic_fetch_sub(&shared_of(settings)->references, 1) == 1)
        free_shared(shared_of(settings));
}

const char *settings_account_file(const struct settings *settings)
{
    if (settings->own_account_file)
        return settings->own_account_file;
    return settings->user_file ? settings->user_file : settings->account_file;
}
