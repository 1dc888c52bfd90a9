/* SPDX-License-Identifier: MIT */
/* account_edit_fuzz.c - account files of whatever bytes that gss-negotiate account changes
 * and looks through, and names and passwords as people give them. A change leaves all
 * other lines; who was put in is there once, with his hash or password, and nobody once he
 * was taken out. */

#include "config.h"

#include "account_edit.h"
#include "account_lines.h"
#include "ntlm/keys.h"
#include "target.h"

/* The linker leads complaints here (--wrap): nobody reads them. */
enum exit_status __wrap_complain(enum exit_status status, const char *format, ...);

enum exit_status __wrap_complain(enum exit_status status, const char *format, ...)
{
    MUST(format);
    return status;
}

static void take_finding(void *arg, const struct line_finding *finding)
{
    size_t *findings = arg;

    MUST(finding->text && *finding->text);
    ++*findings;
}

/* How many accounts there are. */
static size_t look_through(const char *data, size_t len)
{
    struct account_file file = {
        .path = (char *)(uintptr_t) "accounts",
        .text = {.data = (char *)(uintptr_t)data, .size = len, .len = len}};
    struct line_counts counts = {.accounts = 0};
    size_t findings = 0;

    MUST(!account_lines_check(&file, take_finding, &findings, &counts));
    MUST(counts.bad <= counts.findings && findings >= counts.findings);
    return counts.accounts;
}

/* A word of the input, up to a NUL. */
static char *take_word(struct input *in)
{
    const uint8_t *end = in->left > 0 ? memchr(in->at, 0, in->left) : NULL;
    size_t len = end ? (size_t)(end - in->at) : in->left, taken;
    const uint8_t *bytes = take_bytes(in, len, &taken);
    char *word = taken > 0 ? strndup((const char *)bytes, taken) : strdup("");

    take_byte(in);
    MUST(word);
    return word;
}

/* What was made of a name and a password or hash is a line of just these. */
static void must_say_so(const char *made, const struct username *name, const char *password)
{
    struct text text = {.size = strlen(made), .len = strlen(made)};
    struct raw_line raw = {.begin = NULL};
    struct parsed_line parsed;

    text.data = (char *)exact_copy((const uint8_t *)made, text.len);
    MUST(raw_line_next(&text, &raw) && raw.len == text.len && !raw_line_parse(&raw, &parsed));
    MUST(parsed.line.kind == (password ? LINE_PASSWORD : LINE_SMBPASSWD));
    MUST(is_account(&parsed.line, name));
    MUST(!password || strcmp(parsed.line.password, password) == 0);
    parsed_line_clear(&parsed);
    MUST(!raw_line_next(&text, &raw));
    free(text.data);
}

static struct text text_of(const struct edited *edited)
{
    return (struct text){.data = edited->data, .size = edited->len, .len = edited->len};
}

static void edit(const struct text *text, const struct username *name, const char *line)
{
    const size_t before = look_through(text->data, text->len);
    struct edited with, without, again;
    struct text changed;

    MUST(!account_edit(text, name, line, &with));
    changed = text_of(&with);
    MUST(look_through(with.data, with.len) == before - with.found + 1);
    MUST(!account_edit(&changed, name, NULL, &without));
    MUST(without.found == 1);
    MUST(look_through(without.data, without.len) == before - with.found);
    MUST(!account_edit(text, name, NULL, &again));
    MUST(again.found == with.found && again.len <= text->len);
    MUST(with.found > 0 ||
         (again.len == text->len &&
          (text->len == 0 || memcmp(again.data, text->data, text->len) == 0)));
    edited_clear(&with);
    edited_clear(&without);
    edited_clear(&again);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    setenv("KRB5_CONFIG", "/dev/null", 1);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t hash[NTLM_HASH_SIZE];
    struct input in = {data, size};
    const bool hashed = take_byte(&in) & 1;
    char *argument = take_word(&in), *password = take_word(&in), *line = NULL;
    struct username name = {.memory = NULL};
    struct text text = {.size = in.left, .len = in.left};

    text.data = (char *)exact_copy(in.at, in.left);
    if (!ntlm_nt_hash(password, strlen(password), hash) && !account_name(argument, &name) &&
        !account_line_make(&name, hash, hashed ? NULL : password, &line)) {
        must_say_so(line, &name, hashed ? NULL : password);
        edit(&text, &name, line);
    } else {
        look_through(text.data, text.len);
    }
    free(line);
    free(name.memory);
    free(argument);
    free(password);
    free(text.data);
    return 0;
}
