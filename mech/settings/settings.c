/* SPDX-License-Identifier: MIT */
/* settings.c - the settings as a snapshot that is shared. What they are made
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
#include "settings/parse.h"
#include "support/failure.h"
#include "support/trace.h"

/* What settings_get hands out is the first member of one of these. */
struct snapshot {
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
    if ((!known || ntlm_sha256(parts, 2, id) != NTLM_OK) && getentropy(id, 32) != 0)
        trace("settings: no random bytes for the machine id");
}

static void free_snapshot(struct snapshot *snapshot)
{
    settings_derive_clear(&snapshot->settings);
    settings_parse_clear(&snapshot->settings);
    inputs_clear(&snapshot->inputs);
    free(snapshot);
}

static void trace_snapshot(const struct snapshot *snapshot)
{
    const struct settings *settings = &snapshot->settings;
    const char *account_file = settings_account_file(settings);

    trace("settings: computer %s, domain %s, lm_compat_level %u, account file %s",
          settings->netbios_computer, settings->netbios_domain, settings->lm_compat_level,
          account_file ? account_file : "none");
    if (snapshot->inputs.unknown)
        trace("settings: [ntlmssp] has names that mean nothing here, passed over: %s",
              snapshot->inputs.unknown);
    if (settings->error_text)
        trace("settings: %s", settings->error_text);
}

/* What settings_get last gave, and when and by whose rights it looked: a thread
 * may have a user's of its own, as where libsspi impersonates. The cache holds one
 * reference. */
static struct {
    pthread_mutex_t lock;
    struct snapshot *snapshot; /* NULL: none yet */
    struct timespec looked;
    uid_t eye;
    uint8_t machine_id[32];
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Fork waits for who looks at everything, or its child would wait for ever. */
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

static bool cache_is_fresh(const struct timespec *now)
{
    time_t seconds = now->tv_sec - cache.looked.tv_sec;

    if (!cache.snapshot || seconds > 1 ||
        (seconds == 1 && now->tv_nsec >= cache.looked.tv_nsec) ||
        (cache.snapshot->inputs.denied && cache.eye != geteuid()))
        return false;
    return inputs_environment_holds(&cache.snapshot->inputs);
}

/* Puts settings of these inputs into the cache. */
static enum ntlm_error replace_snapshot(const struct inputs *in)
{
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    enum ntlm_error error;

    if (!snapshot)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = settings_parse(in, &snapshot->settings);
    if (!error)
        error = settings_derive(in->host_name, &snapshot->settings);
    if (error) {
        free_snapshot(snapshot);
        return error;
    }
    if (!cache.snapshot)
        make_machine_id(cache.machine_id);
    else
        settings_put(&cache.snapshot->settings);
    memcpy(snapshot->settings.machine_id, cache.machine_id, sizeof(cache.machine_id));
    snapshot->inputs = *in;
    atomic_init(&snapshot->references, 1);
    cache.snapshot = snapshot;
    trace_snapshot(snapshot);
    return NTLM_OK;
}

/* Whether it is for this thread's rights alone that krb5.conf could not be read. */
static bool is_blind(const struct inputs *in)
{
    return in->denied && cache.snapshot && !cache.snapshot->inputs.denied &&
           cache.eye != geteuid() && inputs_environment_holds(&cache.snapshot->inputs);
}

/* Looks at everything again, and keeps the snapshot when all is the same, or when
 * another thread's eyes are needed. */
static enum ntlm_error refresh_cache(const struct timespec *now)
{
    struct inputs in;
    enum ntlm_error error = inputs_read(&in);
    bool blind = !error && is_blind(&in);
    bool same = !error && cache.snapshot && inputs_same(&in, &cache.snapshot->inputs);

    if (!error && !same && !blind)
        error = replace_snapshot(&in);
    if (error || same || blind)
        inputs_clear(&in);
    if (!error && !blind) {
        cache.looked = *now;
        cache.eye = geteuid();
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
        current = settings_ref(&cache.snapshot->settings);
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
static struct snapshot *snapshot_of(const struct settings *settings)
{
    return (struct snapshot *)(uintptr_t)settings;
}

const struct settings *settings_ref(const struct settings *settings)
{
    atomic_fetch_add(&snapshot_of(settings)->references, 1);
    return settings;
}

void settings_put(const struct settings *settings)
{
    if (settings && atomic_fetch_sub(&snapshot_of(settings)->references, 1) == 1)
        free_snapshot(snapshot_of(settings));
}

const char *settings_account_file(const struct settings *settings)
{
    if (settings->own_account_file)
        return settings->own_account_file;
    return settings->user_file ? settings->user_file : settings->account_file;
}
