/* SPDX-License-Identifier: MIT */
/* settings_fuzz.c - [ntlmssp] and the environment as anybody may have written them. Each
 * file is read whole, with libkrb5, from memory; what the values are made of is either
 * settings or a text that says what is wrong, and the same again the next time. */

#include "config.h"

#include <sys/mman.h>
#include <unistd.h>

#include "settings/derive.h"
#include "settings/inputs.h"
#include "settings/krb5conf.h"
#include "settings/parse.h"
#include "target.h"

static int memory;
static char path[64];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    memory = memfd_create("krb5.conf", MFD_CLOEXEC);
    MUST(memory >= 0);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
    setenv("KRB5_CONFIG", path, 1); /* libkrb5 reads it, too */
    return 0;
}

/* A word of the input, up to a NUL; NULL: none. */
static char *take_word(struct input *in)
{
    size_t len = 0;
    char *word;

    while (len < in->left && in->at[len])
        len++;
    word = len > 0 ? strndup((const char *)in->at, len) : NULL;
    in->at += len < in->left ? len + 1 : len;
    in->left -= len < in->left ? len + 1 : len;
    return word;
}

static void make_settings(const struct inputs *in)
{
    struct settings first = {0}, second = {0};

    MUST(!settings_parse(in, &first) && !settings_parse(in, &second));
    MUST(!settings_derive(in->host_name, &first));
    MUST((first.error_text == NULL) == (second.error_text == NULL));
    MUST(!first.error_text || strcmp(first.error_text, second.error_text) == 0);
    MUST(!in->trouble || first.error_text);
    MUST(first.netbios_computer && *first.netbios_computer && first.netbios_domain);
    settings_derive_clear(&first);
    settings_parse_clear(&first);
    settings_parse_clear(&second);
}

/* krb5.conf has all of the input. */
static void read_file(struct input *in, struct inputs *inputs)
{
    MUST(ftruncate(memory, 0) == 0);
    MUST(pwrite(memory, in->at, in->left, 0) == (ssize_t)in->left);
    inputs->krb5_config = strdup(path);
    MUST(inputs->krb5_config);
    MUST(!krb5conf_read(inputs));
}

/* Values as if they were read. */
static void take_values(struct input *in, struct inputs *inputs)
{
    while (in->left > 2) {
        const uint8_t which = take_byte(in);
        char **value = which & 128 ? &inputs->environment[(which & 127) % SETTING_COUNT]
                                   : &inputs->file[which % SETTING_COUNT];

        free(*value);
        *value = take_word(in);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const uint8_t how = take_byte(&in);
    struct inputs inputs = {0};

    inputs.host_name = how & 2 ? take_word(&in) : strdup("host.example.org");
    if (!inputs.host_name)
        inputs.host_name = strdup("");
    if (how & 1)
        read_file(&in, &inputs);
    else
        take_values(&in, &inputs);
    make_settings(&inputs);
    inputs_clear(&inputs);
    return 0;
}
