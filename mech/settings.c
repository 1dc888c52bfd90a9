/* settings.c - from raw text to settings, and the snapshot that is shared.
 * Where the text comes from is settings_inputs.c's. */

#include "config.h"

#include "settings.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <unistr.h>

#include "failure.h"
#include "ntlm/crypto.h"
#include "ntlm/text.h"
#include "settings_inputs.h"
#include "trace.h"

#define DEFAULT_LM_COMPAT_LEVEL 5
#define DEFAULT_MAX_SKEW (36 * 60 * 60)
#define DEFAULT_WINBIND_TIMEOUT 30
#define MAX_WINBIND_TIMEOUT 300             /* libwbclient's own */
#define UNITS_PER_SECOND UINT64_C(10000000) /* of 100 ns */
#define LIST_SEPARATORS " \t,"
#define NETBIOS_NAME_MAX 15
#define NAME_MAX_BYTES 255

/* What settings_get hands out is the first member of one of these. */
struct snapshot {
    struct settings settings;
    struct inputs inputs;
    atomic_uint references;
};

/* A snapshot in the making: nothing more is done after memory ended. */
struct maker {
    struct settings *out;
    const struct inputs *in;
    enum ntlm_error error;
};

static char *copy(struct maker *maker, const char *text, size_t len)
{
    char *made = maker->error ? NULL : strndup(text, len);

    if (!made)
        maker->error = NTLM_ERR_OUT_OF_MEMORY;
    return made;
}

static char *copy_all(struct maker *maker, const char *text)
{
    return copy(maker, text, strlen(text));
}

static const char *value_of(const struct inputs *in, enum setting setting)
{
    return in->environment[setting] ? in->environment[setting] : in->file[setting];
}

/* The value of this setting is not `wanted`. The first complaint is kept. */
static void complain(struct maker *maker, enum setting setting, const char *wanted)
{
    const struct setting_name *name = &setting_names[setting];
    const char *value = value_of(maker->in, setting);
    int len;

    if (maker->out->complaint || maker->error)
        return;
    if (maker->in->environment[setting])
        len = asprintf(&maker->out->complaint, "%s=%.200s in the environment: %s is wanted",
                       name->in_environment, value, wanted);
    else
        len = asprintf(&maker->out->complaint,
                       "%s = %.200s in [ntlmssp] of krb5.conf: %s is wanted", name->in_file,
                       value, wanted);
    if (len < 0) {
        maker->out->complaint = NULL;
        maker->error = NTLM_ERR_OUT_OF_MEMORY;
    }
}

/* The words that libkrb5 takes for booleans. */
static bool boolean(struct maker *maker, enum setting setting, bool standard)
{
    static const char *const yes[] = {"y", "yes", "true", "t", "1", "on"};
    static const char *const no[] = {"n", "no", "false", "nil", "0", "off"};
    const char *value = value_of(maker->in, setting);

    if (!value)
        return standard;
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (ntlm_text_same(value, yes[i]))
            return true;
        if (ntlm_text_same(value, no[i]))
            return false;
    }
    complain(maker, setting, "true or false");
    return standard;
}

static uint64_t number(struct maker *maker, enum setting setting, uint64_t min, uint64_t max,
                       uint64_t standard, const char *wanted)
{
    const char *value = value_of(maker->in, setting);
    unsigned long long read;

    if (!value)
        return standard;
    read = strtoull(value, NULL, 10); /* ULLONG_MAX beyond its range */
    if (value[strspn(value, "0123456789")] == '\0' && read >= min && read <= max)
        return read;
    complain(maker, setting, wanted);
    return standard;
}

static enum ntlm_check target_check(struct maker *maker)
{
    const char *value = value_of(maker->in, SETTING_CHECK_TARGET_NAME);

    if (!value || ntlm_text_same(value, "off"))
        return NTLM_CHECK_OFF;
    if (ntlm_text_same(value, "if-sent"))
        return NTLM_CHECK_IF_SENT;
    if (ntlm_text_same(value, "required"))
        return NTLM_CHECK_REQUIRED;
    complain(maker, SETTING_CHECK_TARGET_NAME, "off, if-sent or required");
    return NTLM_CHECK_OFF;
}

static bool is_utf8(const char *text)
{
    return u8_check((const uint8_t *)text, strlen(text)) == NULL;
}

/* The value of a setting that is a name; NULL when there is none. */
static const char *name_value(struct maker *maker, enum setting setting)
{
    const char *value = value_of(maker->in, setting);

    if (!value || (strlen(value) <= NAME_MAX_BYTES && is_utf8(value)))
        return value;
    complain(maker, setting, "a name of at most 255 bytes of UTF-8");
    return NULL;
}

/* The host's name where it is one; administrators may have set anything. */
static const char *host_name(const struct inputs *in)
{
    const char *name = in->host_name;

    return *name && *name != '.' && is_utf8(name) ? name : "localhost";
}

/* The first label of the host's name, upper-cased, as Windows derives it. */
static char *computer_of_host(struct maker *maker)
{
    const char *host = host_name(maker->in);
    size_t characters = u8_mbsnlen((const uint8_t *)host, strcspn(host, "."));
    const uint8_t *cut = (const uint8_t *)host;
    char *label, *upper = NULL;

    if (characters > NETBIOS_NAME_MAX)
        characters = NETBIOS_NAME_MAX;
    for (ucs4_t skipped; characters > 0; characters--)
        cut = u8_next(&skipped, cut);
    label = copy(maker, host, (size_t)(cut - (const uint8_t *)host));
    if (label && !maker->error)
        maker->error = ntlm_text_upper(label, &upper);
    free(label);
    return upper;
}

static void make_names(struct maker *maker)
{
    struct settings *out = maker->out;
    const char *host = host_name(maker->in), *dot = strchr(host, '.');
    const char *computer = name_value(maker, SETTING_COMPUTER_NAME);
    const char *domain = name_value(maker, SETTING_DOMAIN_NAME);

    out->computer_named = computer != NULL;
    out->domain_named = domain != NULL;
    out->netbios_computer = computer ? copy_all(maker, computer) : computer_of_host(maker);
    if (maker->error)
        return;
    out->netbios_domain = copy_all(maker, domain ? domain : out->netbios_computer);
    if (maker->error)
        return;
    out->domain_member = !ntlm_text_same(out->netbios_computer, out->netbios_domain);
    if (dot && dot[1]) {
        out->dns_computer = copy_all(maker, host);
        out->dns_domain = copy_all(maker, dot + 1);
    }
}

static bool has_name(char *const *names, const char *name)
{
    for (; *names; names++)
        if (ntlm_text_same(*names, name))
            return true;
    return false;
}

/* Adds a name of len bytes unless it is there. The list has room. */
static void add_target_name(struct maker *maker, size_t *count, const char *name, size_t len)
{
    char *added = copy(maker, name, len);

    if (!added || !*added || has_name(maker->out->target_names, added))
        free(added);
    else
        maker->out->target_names[(*count)++] = added;
}

static void add_listed_names(struct maker *maker, size_t *count, const char *list)
{
    for (size_t len; *list; list += len) {
        list += strspn(list, LIST_SEPARATORS);
        len = strcspn(list, LIST_SEPARATORS);
        add_target_name(maker, count, list, len);
    }
}

static void make_target_names(struct maker *maker)
{
    const char *host = host_name(maker->in);
    const char *list = value_of(maker->in, SETTING_TARGET_NAMES);
    size_t count = 0;

    if (list && !is_utf8(list))
        complain(maker, SETTING_TARGET_NAMES, "UTF-8 text");
    if (!list || !is_utf8(list))
        list = "";
    /* our own four, at most one for each byte of the list, the end */
    maker->out->target_names = calloc(4 + strlen(list) + 1, sizeof(char *));
    if (!maker->out->target_names) {
        maker->error = NTLM_ERR_OUT_OF_MEMORY;
        return;
    }
    add_target_name(maker, &count, maker->out->netbios_computer,
                    strlen(maker->out->netbios_computer));
    add_target_name(maker, &count, host, strlen(host));
    add_target_name(maker, &count, host, strcspn(host, "."));
    add_target_name(maker, &count, "localhost", strlen("localhost"));
    add_listed_names(maker, &count, list);
}

static void make_policy(struct maker *maker)
{
    struct settings *out = maker->out;

    out->lm_compat_level = (unsigned)number(maker, SETTING_LM_COMPAT_LEVEL, 0, 5,
                                            DEFAULT_LM_COMPAT_LEVEL, "a number from 0 to 5");
    out->require_sign = boolean(maker, SETTING_REQUIRE_SIGN, false);
    out->require_seal = boolean(maker, SETTING_REQUIRE_SEAL, false);
    out->require_128 = boolean(maker, SETTING_REQUIRE_128, true);
    out->require_ess = boolean(maker, SETTING_REQUIRE_ESS, true);
    out->allow_anonymous = boolean(maker, SETTING_ALLOW_ANONYMOUS, false);
    out->check_bindings = boolean(maker, SETTING_REQUIRE_CHANNEL_BINDINGS, false)
                              ? NTLM_CHECK_REQUIRED
                              : NTLM_CHECK_IF_SENT;
    out->check_target = target_check(maker);
    out->max_skew = number(maker, SETTING_MAX_CLOCK_SKEW, 0, UINT32_MAX, DEFAULT_MAX_SKEW,
                           "a number of seconds, or 0 for no check") *
                    UNITS_PER_SECOND;
}

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

static void clear_settings(struct settings *settings)
{
    free(settings->netbios_computer);
    free(settings->netbios_domain);
    free(settings->dns_computer);
    free(settings->dns_domain);
    for (char **name = settings->target_names; name && *name; name++)
        free(*name);
    free(settings->target_names);
    free(settings->account_file);
    free(settings->user);
    free(settings->complaint);
}

static void free_snapshot(struct snapshot *snapshot)
{
    clear_settings(&snapshot->settings);
    inputs_clear(&snapshot->inputs);
    free(snapshot);
}

/* Adds the source of this name, and each only once; false for others. */
static bool add_source(struct settings *out, const char *name, size_t len)
{
    static const char *const names[] = {
        [ACCOUNTS_IN_FILE] = "file", [ACCOUNTS_IN_WINBIND] = "winbind"};

    for (enum account_source i = 0; i < ACCOUNT_SOURCE_COUNT; i++) {
        if (strlen(names[i]) != len || strncasecmp(name, names[i], len) != 0)
            continue;
        for (size_t k = 0; k < out->source_count; k++)
            if (out->sources[k] == i)
                return false;
        out->sources[out->source_count++] = i;
        return true;
    }
    return false;
}

/* With no word at all the standard order is kept; so it is after a complaint. */
static void make_source_order(struct maker *maker)
{
    const char *list = value_of(maker->in, SETTING_ACCOUNT_SOURCES);

    for (size_t len; list && *list; list += len) {
        list += strspn(list, LIST_SEPARATORS);
        len = strcspn(list, LIST_SEPARATORS);
        if (len == 0 || add_source(maker->out, list, len))
            continue;
        complain(maker, SETTING_ACCOUNT_SOURCES, "file, winbind, or both, each once");
        maker->out->source_count = 0;
        return;
    }
}

static void make_sources(struct maker *maker)
{
    const char *account_file = value_of(maker->in, SETTING_ACCOUNT_FILE);
    const char *user = name_value(maker, SETTING_USER);

    maker->out->winbind_timeout =
        (unsigned)number(maker, SETTING_WINBIND_TIMEOUT, 1, MAX_WINBIND_TIMEOUT,
                         DEFAULT_WINBIND_TIMEOUT, "a number of seconds from 1 to 300");
    make_source_order(maker);
    if (account_file)
        maker->out->account_file = copy_all(maker, account_file);
    if (user)
        maker->out->user = copy_all(maker, user);
}

static enum ntlm_error make_settings(const struct inputs *in, struct settings *out)
{
    struct maker maker = {.out = out, .in = in, .error = NTLM_OK};

    if (in->trouble)
        out->complaint = copy_all(&maker, in->trouble);
    make_policy(&maker);
    make_sources(&maker);
    make_names(&maker);
    if (!maker.error)
        make_target_names(&maker);
    return maker.error;
}

static void trace_snapshot(const struct snapshot *snapshot)
{
    const struct settings *settings = &snapshot->settings;

    trace("settings: computer %s, domain %s, lm_compat_level %u, account file %s",
          settings->netbios_computer, settings->netbios_domain, settings->lm_compat_level,
          settings->account_file ? settings->account_file : "none");
    if (snapshot->inputs.unknown)
        trace("settings: [ntlmssp] has names that mean nothing here, passed over: %s",
              snapshot->inputs.unknown);
    if (settings->complaint)
        trace("settings: %s", settings->complaint);
}

/* What settings_get last gave, and when it looked. The cache holds one
 * reference. */
static struct {
    pthread_mutex_t lock;
    struct snapshot *snapshot; /* NULL: none yet */
    struct timespec looked;
    uint8_t machine_id[32];
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool cache_is_fresh(const struct timespec *now)
{
    time_t seconds = now->tv_sec - cache.looked.tv_sec;

    if (!cache.snapshot || seconds > 1 ||
        (seconds == 1 && now->tv_nsec >= cache.looked.tv_nsec))
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
    error = make_settings(in, &snapshot->settings);
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

/* Looks at everything again, and keeps the snapshot when all is the same. */
static enum ntlm_error refresh_cache(const struct timespec *now)
{
    struct inputs in;
    enum ntlm_error error = inputs_read(&in);
    bool same = !error && cache.snapshot && inputs_same(&in, &cache.snapshot->inputs);

    if (!error && !same)
        error = replace_snapshot(&in);
    if (error || same)
        inputs_clear(&in);
    if (!error)
        cache.looked = *now;
    return error;
}

enum ntlm_error settings_get(const struct settings **settings)
{
    enum ntlm_error error = NTLM_OK;
    struct timespec now;

    *settings = NULL;
    pthread_mutex_lock(&cache.lock);
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!cache_is_fresh(&now))
        error = refresh_cache(&now);
    if (!error)
        *settings = settings_ref(&cache.snapshot->settings);
    pthread_mutex_unlock(&cache.lock);
    return error ? fail(error, NULL) : NTLM_OK;
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
