/* SPDX-License-Identifier: MIT */
/* parse.c - from raw text to settings. Where the text comes from is
 * settings_inputs.c's, and who shares the settings settings.c's. */

#include "config.h"

#include "settings/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <unistr.h>

#include "ntlm/text.h"

#define DEFAULT_LM_COMPAT_LEVEL 5
#define DEFAULT_MAX_SKEW (36 * 60 * 60)
#define DEFAULT_WINBIND_TIMEOUT 30
#define MAX_WINBIND_TIMEOUT 300             /* libwbclient's own */
#define UNITS_PER_SECOND UINT64_C(10000000) /* of 100 ns */
#define LIST_SEPARATORS " \t,"
#define NETBIOS_NAME_MAX 15
#define NAME_MAX_BYTES 255

/* Settings in the making: nothing more is done after memory ended. */
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

/* The value of this setting is not `wanted`. The first error_text is kept. */
static void complain(struct maker *maker, enum setting setting, const char *wanted)
{
    const struct setting_name *name = &setting_names[setting];
    const char *value = value_of(maker->in, setting);
    int len;

    if (maker->out->error_text || maker->error)
        return;
    if (maker->in->environment[setting])
        len = asprintf(&maker->out->error_text, "%s=%.200s in the environment: %s is wanted",
                       name->in_environment, value, wanted);
    else
        len = asprintf(&maker->out->error_text,
                       "%s = %.200s in [ntlmssp] of krb5.conf: %s is wanted", name->in_file,
                       value, wanted);
    if (len < 0) {
        maker->out->error_text = NULL;
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

/* The next word of a list, which is moved behind it; NULL at the list's end. */
static const char *next_word(const char **list, size_t *len)
{
    const char *word = *list + strspn(*list, LIST_SEPARATORS);

    *len = strcspn(word, LIST_SEPARATORS);
    *list = word + *len;
    return *len > 0 ? word : NULL;
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
    const char *name;

    for (size_t len; (name = next_word(&list, &len)) != NULL;)
        add_target_name(maker, count, name, len);
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

static enum restriction restriction(struct maker *maker, enum setting setting)
{
    static const char *const words[] = {[RESTRICTION_ALLOW] = "allow",
                                        [RESTRICTION_AUDIT] = "audit",
                                        [RESTRICTION_DENY] = "deny"};
    const char *value = value_of(maker->in, setting);

    if (!value)
        return RESTRICTION_ALLOW;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (ntlm_text_same(value, words[i]))
            return (enum restriction)i;
    complain(maker, setting, "allow, audit or deny");
    return RESTRICTION_DENY;
}

/* A host's name with one asterisk at most; no SPN. */
static bool is_host_pattern(const char *word, size_t len)
{
    const char *asterisk = memchr(word, '*', len);
    size_t rest = asterisk ? len - (size_t)(asterisk + 1 - word) : 0;

    return !memchr(word, '/', len) && !(asterisk && memchr(asterisk + 1, '*', rest));
}

static void add_allowed_server(struct maker *maker, char **slot, const char *word, size_t len)
{
    char *pattern;

    if (!is_host_pattern(word, len)) {
        complain(maker, SETTING_ALLOWED_SERVERS, "a list of hosts, each with one * at most,");
        return;
    }
    pattern = copy(maker, word, len);
    if (pattern)
        maker->error = ntlm_text_upper(pattern, slot);
    free(pattern);
}

static void make_allowed_servers(struct maker *maker)
{
    const char *list = value_of(maker->in, SETTING_ALLOWED_SERVERS), *word;
    size_t count = 0;

    if (list && !is_utf8(list))
        complain(maker, SETTING_ALLOWED_SERVERS, "UTF-8 text");
    if (!list || !is_utf8(list))
        list = "";
    /* at most one for each byte, the end */
    maker->out->allowed_servers = calloc(strlen(list) + 1, sizeof(char *));
    if (!maker->out->allowed_servers)
        maker->error = NTLM_ERR_OUT_OF_MEMORY;
    for (size_t len; !maker->error && (word = next_word(&list, &len)) != NULL;) {
        add_allowed_server(maker, &maker->out->allowed_servers[count], word, len);
        if (maker->out->allowed_servers[count])
            count++;
    }
}

static void make_restrictions(struct maker *maker)
{
    maker->out->sending = restriction(maker, SETTING_RESTRICT_SENDING);
    maker->out->receiving = restriction(maker, SETTING_RESTRICT_RECEIVING);
    if (!maker->error)
        make_allowed_servers(maker);
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

/* With no word at all the standard order is kept; so it is after a error_text. */
static void make_source_order(struct maker *maker)
{
    const char *list = value_of(maker->in, SETTING_ACCOUNT_SOURCES), *name;

    for (size_t len; list && (name = next_word(&list, &len)) != NULL;) {
        if (add_source(maker->out, name, len))
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

enum ntlm_error settings_parse(const struct inputs *in, struct settings *out)
{
    struct maker maker = {.out = out, .in = in, .error = NTLM_OK};

    if (in->trouble)
        out->error_text = copy_all(&maker, in->trouble);
    make_policy(&maker);
    make_restrictions(&maker);
    make_sources(&maker);
    make_names(&maker);
    if (!maker.error)
        make_target_names(&maker);
    return maker.error;
}

static void free_list(char **list)
{
    for (char **text = list; text && *text; text++)
        free(*text);
    free(list);
}

void settings_clear(struct settings *settings)
{
    free(settings->netbios_computer);
    free(settings->netbios_domain);
    free(settings->dns_computer);
    free(settings->dns_domain);
    free_list(settings->target_names);
    free_list(settings->allowed_servers);
    free(settings->account_file);
    free(settings->user);
    free(settings->error_text);
}
