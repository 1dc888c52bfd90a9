/* SPDX-License-Identifier: MIT */
/* parse.c - from raw text to the fields of struct settings, as the table says.
 * Where the text comes from is inputs.c's, what is derived from the fields
 * derive.c's, and who shares the settings settings.c's. */

#include "config.h"

#include "settings/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <unistr.h>

#include "ntlm/text.h"
#include "support/host.h"

#define LIST_SEPARATORS " \t,"
#define NAME_MAX_BYTES 255

/* One value on its way into its field. */
struct parser {
    const struct setting_row *row;
    const char *value; /* a list's reader moves it */
    void *field;
    bool bad; /* it is none of the values that the row allows */
};

/* The words that libkrb5 takes for booleans. */
static enum ntlm_error read_boolean(struct parser *parser)
{
    static const char *const yes[] = {"y", "yes", "true", "t", "1", "on"};
    static const char *const no[] = {"n", "no", "false", "nil", "0", "off"};

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        bool is_yes = strcasecmp(parser->value, yes[i]) == 0;
        if (is_yes || strcasecmp(parser->value, no[i]) == 0) {
            *(bool *)parser->field = is_yes;
            return NTLM_OK;
        }
    }
    parser->bad = true;
    return NTLM_OK;
}

static enum ntlm_error read_number(struct parser *parser)
{
    const char *value = parser->value;
    char *most;
    unsigned long long least = strtoull(parser->row->range, &most, 10);
    unsigned long long read = strtoull(value, NULL, 10); /* ULLONG_MAX beyond its range */

    if (value[strspn(value, "0123456789")] == '\0' && *value && read >= least &&
        read <= strtoull(most, NULL, 10))
        *(unsigned *)parser->field = (unsigned)read;
    else
        parser->bad = true;
    return NTLM_OK;
}

/* Which of the range's words this is; false: none. */
static bool find_choice(const struct setting_row *row, const char *word, size_t len,
                        unsigned *choice)
{
    const char *known = row->range;

    for (unsigned i = 0; *known; i++) {
        size_t known_len = strcspn(known, " ");
        if (known_len == len && strncasecmp(known, word, len) == 0) {
            *choice = i;
            return true;
        }
        known += known_len + (known[known_len] == ' ');
    }
    return false;
}

static enum ntlm_error read_choice(struct parser *parser)
{
    parser->bad = !find_choice(parser->row, parser->value, strlen(parser->value),
                               (unsigned *)parser->field);
    return NTLM_OK;
}

/* The next word of the list, which is moved behind it; NULL at the list's end. */
static const char *next_word(const char **list, size_t *len)
{
    const char *word = *list + strspn(*list, LIST_SEPARATORS);

    *len = strcspn(word, LIST_SEPARATORS);
    *list = word + *len;
    return *len > 0 ? word : NULL;
}

static bool has_choice(const struct setting_choices *choices, unsigned choice)
{
    for (unsigned i = 0; i < choices->count; i++)
        if (choices->choice[i] == choice)
            return true;
    return false;
}

static enum ntlm_error read_choices(struct parser *parser)
{
    struct setting_choices *choices = parser->field;
    const char *word;

    for (size_t len; (word = next_word(&parser->value, &len)) != NULL;) {
        unsigned choice;
        if (!find_choice(parser->row, word, len, &choice) || has_choice(choices, choice) ||
            choices->count == SETTING_CHOICES_MAX) {
            parser->bad = true;
            return NTLM_OK;
        }
        choices->choice[choices->count++] = choice;
    }
    return NTLM_OK;
}

static bool is_utf8(const char *text)
{
    return u8_check((const uint8_t *)text, strlen(text)) == NULL;
}

static enum ntlm_error read_path(struct parser *parser)
{
    char *copy = strdup(parser->value);

    *(char **)parser->field = copy;
    return copy ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

static enum ntlm_error read_name(struct parser *parser)
{
    parser->bad = strlen(parser->value) > NAME_MAX_BYTES || !is_utf8(parser->value);
    return parser->bad ? NTLM_OK : read_path(parser);
}

static bool has_word(char *const *list, const char *word)
{
    for (; *list; list++)
        if (ntlm_text_same(*list, word))
            return true;
    return false;
}

/* Adds one word, upper-cased or not, unless it is there. The list has room. */
static enum ntlm_error add_word(char **list, const char *word, size_t len, bool upper)
{
    char *added = strndup(word, len), *made = NULL;
    enum ntlm_error error = added ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;

    if (!error && upper) {
        error = ntlm_text_upper(added, &made);
        free(added);
        added = made;
    }
    if (error || has_word(list, added)) {
        free(added);
        return error;
    }
    while (*list)
        list++;
    *list = added;
    return NTLM_OK;
}

/* krb5.conf has no comments behind a value: their words would be taken for the list's. */
static bool is_comment(const char *word)
{
    return *word == '#' || *word == ';';
}

static enum ntlm_error read_list(struct parser *parser)
{
    const bool hosts = parser->row->kind == SETTING_KIND_HOSTS;
    char **list = calloc(strlen(parser->value) + 1, sizeof(char *)); /* a word a byte */
    enum ntlm_error error = list ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
    const char *word;

    *(char ***)parser->field = list;
    if (error)
        return error;
    parser->bad = !is_utf8(parser->value);
    for (size_t len; !error && !parser->bad && (word = next_word(&parser->value, &len));) {
        parser->bad = is_comment(word) || (hosts && !host_is_pattern(word, len));
        if (!parser->bad)
            error = add_word(list, word, len, hosts);
    }
    return error;
}

/* A DNS name without the dot that may end it; a dot alone stays. */
static char *copy_domain(const char *name, size_t len)
{
    return strndup(name, len > 1 && name[len - 1] == '.' ? len - 1 : len);
}

/* Puts the two names of "NAME=NAME" at the list's end, which has room. */
static enum ntlm_error add_pair(char **list, const char *word, size_t len, bool *bad)
{
    const char *equals = memchr(word, '=', len);
    size_t first = equals ? (size_t)(equals - word) : 0;
    size_t second = equals ? len - first - 1 : 0;

    *bad = is_comment(word) || first == 0 || second == 0 || memchr(equals + 1, '=', second);
    if (*bad)
        return NTLM_OK;
    while (*list)
        list++;
    list[0] = copy_domain(word, first);
    list[1] = list[0] ? copy_domain(equals + 1, second) : NULL;
    return list[1] ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

static enum ntlm_error read_pairs(struct parser *parser)
{
    char **list = calloc(strlen(parser->value) + 1, sizeof(char *)); /* a name a byte */
    enum ntlm_error error = list ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
    const char *word;

    *(char ***)parser->field = list;
    if (error)
        return error;
    parser->bad = !is_utf8(parser->value);
    for (size_t len; !error && !parser->bad && (word = next_word(&parser->value, &len));)
        error = add_pair(list, word, len, &parser->bad);
    return error;
}

static enum ntlm_error (*const readers[SETTING_KIND_COUNT])(struct parser *) = {
    [SETTING_KIND_BOOLEAN] = read_boolean, [SETTING_KIND_NUMBER] = read_number,
    [SETTING_KIND_CHOICE] = read_choice,   [SETTING_KIND_CHOICES] = read_choices,
    [SETTING_KIND_NAME] = read_name,       [SETTING_KIND_PATH] = read_path,
    [SETTING_KIND_LIST] = read_list,       [SETTING_KIND_HOSTS] = read_list,
    [SETTING_KIND_PAIRS] = read_pairs,
};

/* Which setting's value is wrong, where it stands, and what it must be. */
static enum ntlm_error set_error_text(const struct inputs *in, enum setting setting,
                                      struct settings *out)
{
    const struct setting_row *row = &setting_table[setting];
    const char *variable = in->environment[setting];
    char range[128] = "";
    int len;

    setting_range_text(row, range, sizeof(range));
    if (variable)
        len = asprintf(&out->error_text, "%s=%.200s in the environment: must be %s",
                       row->variable, variable, range);
    else
        len = asprintf(&out->error_text, "%s = %.200s in [ntlmssp] of krb5.conf: must be %s",
                       row->name, in->file[setting], range);
    if (len >= 0)
        return NTLM_OK;
    out->error_text = NULL;
    return NTLM_ERR_OUT_OF_MEMORY;
}

static enum ntlm_error parse_setting(const struct inputs *in, enum setting setting,
                                     struct settings *out)
{
    const struct setting_row *row = &setting_table[setting];
    struct parser parser = {.row = row, .field = (char *)out + row->offset};
    enum ntlm_error error;

    parser.value = in->environment[setting] ? in->environment[setting] : in->file[setting];
    if (!parser.value)
        parser.value = row->standard;
    if (!parser.value)
        return NTLM_OK;
    error = readers[row->kind](&parser);
    if (!error && parser.bad && !out->error_text)
        error = set_error_text(in, setting, out);
    return error;
}

enum ntlm_error settings_parse(const struct inputs *in, struct settings *out)
{
    enum ntlm_error error = NTLM_OK;

    if (in->trouble) {
        out->error_text = strdup(in->trouble);
        error = out->error_text ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
    }
    for (enum setting i = 0; i < SETTING_COUNT && !error; i++)
        error = parse_setting(in, i, out);
    return error;
}

static void free_list(char **list)
{
    for (char **text = list; text && *text; text++)
        free(*text);
    free(list);
}

void settings_parse_clear(struct settings *settings)
{
    for (enum setting i = 0; i < SETTING_COUNT; i++) {
        const struct setting_row *row = &setting_table[i];
        void *field = (char *)settings + row->offset;

        if (row->kind == SETTING_KIND_NAME || row->kind == SETTING_KIND_PATH)
            free(*(char **)field);
        else if (row->kind == SETTING_KIND_LIST || row->kind == SETTING_KIND_HOSTS ||
                 row->kind == SETTING_KIND_PAIRS)
            free_list(*(char ***)field);
    }
    free(settings->error_text);
}
