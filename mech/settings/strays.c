/* SPDX-License-Identifier: MIT */
/* strays.c - see strays.h. The grammar is the profile library's: a heading begins the
 * first section only at the start of a line, and what stands before it is a comment. */

#include "config.h"

#include "settings/strays.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Names longer than any of ours are none of ours misspelled. */
#define NAME_SIZE 64
#define SECTION_DISTANCE 2
#define SETTING_DISTANCE 3
#define FOREIGN_DISTANCE 2 /* no name that Kerberos has is nearer to one of ours */
#define INCLUDE_DISTANCE 2
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static enum ntlm_error set_trouble(struct inputs *in, const struct strays *strays,
                                   const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The text begins with the file's name and the line's number. */
static enum ntlm_error set_trouble(struct inputs *in, const struct strays *strays,
                                   const char *format, ...)
{
    char what[512];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    if (asprintf(&in->trouble, "%s, line %u: %s", strays->path, strays->line, what) >= 0)
        return NTLM_OK;
    in->trouble = NULL;
    return NTLM_ERR_OUT_OF_MEMORY;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many letters are added, left out, changed or swapped with their neighbour to
 * come from one name to the other; case does not count. */
static unsigned distance(const char *a, const char *b)
{
    unsigned rows[3][NAME_SIZE + 1], *before = rows[0], *last = rows[1], *row = rows[2];
    const size_t a_len = strlen(a), b_len = strlen(b);

    if (a_len > NAME_SIZE || b_len > NAME_SIZE)
        return NAME_SIZE;
    for (unsigned k = 0; k <= b_len; k++)
        last[k] = before[k] = k;
    for (unsigned i = 1; i <= a_len; i++) {
        unsigned *oldest = before;
        row[0] = i;
        for (size_t k = 1; k <= b_len; k++) {
            int one = tolower((unsigned char)a[i - 1]),
                other = tolower((unsigned char)b[k - 1]);
            row[k] = least(least(last[k], row[k - 1]) + 1, last[k - 1] + (one != other));
            if (i > 1 && k > 1 && one == tolower((unsigned char)b[k - 2]) &&
                other == tolower((unsigned char)a[i - 2]))
                row[k] = least(row[k], before[k - 2] + 1);
        }
        before = last;
        last = row;
        row = oldest;
    }
    return last[b_len];
}

/* The setting of this name; SETTING_COUNT: there is none. */
static enum setting setting_of(const char *name)
{
    enum setting i = 0;

    while (i < SETTING_COUNT &&
           !(setting_table[i].name && strcmp(setting_table[i].name, name) == 0))
        i++;
    return i;
}

/* The setting that a name up to this far from it is likely to mean; NULL. */
static const char *nearest_setting(const char *name, unsigned distance_max)
{
    unsigned best = distance_max + 1;
    const char *nearest = NULL;

    for (enum setting i = 0; i < SETTING_COUNT; i++) {
        unsigned far = setting_table[i].name ? distance(setting_table[i].name, name) : best;
        if (far < best) {
            best = far;
            nearest = setting_table[i].name;
        }
    }
    return nearest;
}

/* Whether a name that is not SECTION is meant to be. */
static bool is_meant_for_us(const char *name)
{
    static const char *const others[] = {"ntlm", "gssntlm", "gssntlmssp", "mechntlmssp",
                                         "gssnegotiate"};
    char letters[NAME_SIZE] = "";
    size_t len = 0;

    for (; *name; name++)
        if (isalnum((unsigned char)*name) && len < sizeof(letters) - 1)
            letters[len++] = *name;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (strcasecmp(letters, others[i]) == 0)
            return true;
    return distance(letters, SECTION) <= SECTION_DISTANCE;
}

static char *cut_blanks(char *text)
{
    size_t len;

    text += strspn(text, BLANKS);
    for (len = strlen(text); len > 0 && strchr(BLANKS, text[len - 1]); len--)
        ;
    text[len] = '\0';
    return text;
}

static enum ntlm_error check_heading(struct strays *strays, char *heading, struct inputs *in)
{
    char *end = strchr(heading, ']');

    if (!end)
        return set_trouble(in, strays, "the section's heading has no ]");
    *end = '\0';
    snprintf(strays->section, sizeof(strays->section), "%s", heading);
    if (strcmp(heading, SECTION) == 0) {
        strays->final |= end[1] == '*';
        return NTLM_OK;
    }
    if (!is_meant_for_us(heading))
        return NTLM_OK;
    return set_trouble(
        in, strays, "nothing reads the section [%.100s]; did you mean [" SECTION "]?", heading);
}

/* Another one of the setting. */
static enum ntlm_error note_value(struct strays *strays, enum setting setting,
                                  struct inputs *in)
{
    strays->values[setting]++;
    if (in->place[setting])
        return NTLM_OK;
    if (asprintf(&in->place[setting], "%s, line %u", strays->path, strays->line) >= 0)
        return NTLM_OK;
    in->place[setting] = NULL;
    return NTLM_ERR_OUT_OF_MEMORY;
}

/* Whether libkrb5 finds a value here. An empty one is none, except for a list. */
static bool is_value(const char *value, enum setting setting)
{
    return *value && *value != '{' &&
           (strcmp(value, "\"\"") != 0 || setting_is_list(&setting_table[setting]));
}

static enum ntlm_error check_own(struct strays *strays, const char *name, const char *value,
                                 struct inputs *in)
{
    enum setting setting = setting_of(name);
    const char *nearest =
        setting == SETTING_COUNT ? nearest_setting(name, SETTING_DISTANCE) : NULL;

    if (setting < SETTING_COUNT && is_value(value, setting))
        return note_value(strays, setting, in);
    if (setting < SETTING_COUNT)
        return set_trouble(in, strays, "%s needs a value on its line", name);
    if (nearest)
        return set_trouble(in, strays, "[" SECTION "] has no setting %.100s; did you mean %s?",
                           name, nearest);
    return set_trouble(in, strays, "[" SECTION "] has no setting %.100s", name);
}

/* In a section that is not ours, or before all sections. */
static enum ntlm_error check_other(const struct strays *strays, const char *name,
                                   const char *value, struct inputs *in)
{
    const char *nearest = nearest_setting(name, FOREIGN_DISTANCE);

    if (nearest && strcmp(nearest, name) == 0)
        return set_trouble(in, strays, "nothing reads %s here; it belongs in [" SECTION "]",
                           name);
    if (nearest)
        return set_trouble(in, strays,
                           "nothing reads %.100s here; did you mean %s in [" SECTION "]?", name,
                           nearest);
    if ((strcmp(strays->section, "appdefaults") == 0 ||
         strcmp(strays->section, "libdefaults") == 0) &&
        (!*value || *value == '{') && (strcmp(name, SECTION) == 0 || is_meant_for_us(name)))
        return set_trouble(in, strays,
                           "nothing reads the subsection %.100s; the settings "
                           "belong in a section [" SECTION "]",
                           name);
    return NTLM_OK;
}

static enum ntlm_error check_relation(struct strays *strays, char *line, struct inputs *in)
{
    char *equals = strchr(line, '='), *name, *value;

    if (!equals)
        return NTLM_OK;
    *equals = '\0';
    name = cut_blanks(line);
    value = cut_blanks(equals + 1);
    if (*name && name[strlen(name) - 1] == '*')
        name[strlen(name) - 1] = '\0';
    return strcmp(strays->section, SECTION) == 0 ? check_own(strays, name, value, in)
                                                 : check_other(strays, name, value, in);
}

/* Before a file's first section libkrb5 takes any line for a comment, also one that is
 * meant to include a file. An include counts at the start of a line only. */
static enum ntlm_error check_preamble(const struct strays *strays, const char *line,
                                      struct inputs *in)
{
    static const char *const words[] = {"include", "includedir"};
    char word[NAME_SIZE] = "";
    const char *text = line;
    size_t len = 0;

    if (strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
        text += strlen(BYTE_ORDER_MARK);
    for (text += strspn(text, BLANKS);
         (isalpha((unsigned char)*text) || *text == '_') && len < sizeof(word) - 1; text++)
        word[len++] = *text;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t word_len = strlen(words[i]);
        if (strncmp(line, words[i], word_len) == 0 && isspace((unsigned char)line[word_len]))
            return NTLM_OK;
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (distance(word, words[i]) <= INCLUDE_DISTANCE)
            return set_trouble(in, strays,
                               "nothing reads this line; to include files, begin it with "
                               "\"%s \"",
                               words[i]);
    return NTLM_OK;
}

enum ntlm_error strays_check(struct strays *strays, char *line, bool whole, struct inputs *in)
{
    char *text = line + strspn(line, BLANKS);

    strays->line++;
    if (!whole)
        return set_trouble(in, strays, "the line has a NUL character");
    if (*text == '#' || *text == ';')
        return NTLM_OK;
    if (*line == '[' || (*text == '[' && *strays->section))
        return check_heading(strays, text + 1, in);
    if (!*strays->section && !strchr(text, '='))
        return check_preamble(strays, line, in);
    return check_relation(strays, text, in);
}
