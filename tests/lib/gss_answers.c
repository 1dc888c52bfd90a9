/* SPDX-License-Identifier: MIT */
/* gss_answers.c - see gss_answers.h. Arguments are passed on as words, whatever they are:
 * as many as gss_init_sec_context has. */

#include "config.h"

#include "gss_answers.h"

#include <stdlib.h>
#include <string.h>

static struct gss_answer armed[GSS_ANSWERS];

void gss_answers_arm(const struct gss_answer answers[GSS_ANSWERS])
{
    memcpy(armed, answers, sizeof(armed));
}

bool gss_answers_disarm(void)
{
    bool all = true;

    for (int i = 0; i < GSS_ANSWERS; i++)
        all = all && armed[i].nth == 0;
    memset(armed, 0, sizeof(armed));
    return all;
}

void gss_answers_put(gss_buffer_t buffer, const void *bytes, size_t length)
{
    OM_uint32 minor;
    void *copy = length > 0 ? malloc(length) : NULL;

    gss_release_buffer(&minor, buffer);
    if (copy) {
        memcpy(copy, bytes, length);
        *buffer = (gss_buffer_desc){length, copy};
    }
}

#define WORDS                                                                                  \
    void *a, void *b, void *c, void *d, void *e, void *f, void *g, void *h, void *i, void *j,  \
        void *k, void *l, void *m
#define PASSED a, b, c, d, e, f, g, h, i, j, k, l, m

/* The answer that this call gets; NULL: the mechanism's. */
static const struct gss_answer *find_answer(const char *function)
{
    const struct gss_answer *found = NULL;

    for (int i = 0; i < GSS_ANSWERS; i++)
        if (armed[i].nth > 0 &&
            (!armed[i].function || strcmp(armed[i].function, function) == 0) &&
            --armed[i].nth == 0)
            found = &armed[i];
    return found;
}

#define ANSWERED(name)                                                                         \
    OM_uint32 __real_##name(WORDS);                                                            \
    OM_uint32 __wrap_##name(WORDS);                                                            \
    OM_uint32 __wrap_##name(WORDS)                                                             \
    {                                                                                          \
        const struct gss_answer *answer = find_answer(#name);                                  \
        void *const words[] = {PASSED};                                                        \
        OM_uint32 major;                                                                       \
                                                                                               \
        if (answer && answer->major != GSS_S_COMPLETE) {                                       \
            *(OM_uint32 *)a = answer->minor;                                                   \
            return answer->major;                                                              \
        }                                                                                      \
        major = __real_##name(PASSED);                                                         \
        if (answer && major == GSS_S_COMPLETE)                                                 \
            answer->alter(words);                                                              \
        return major;                                                                          \
    }

ANSWERED(gss_accept_sec_context)
ANSWERED(gss_acquire_cred)
ANSWERED(gss_acquire_cred_from)
ANSWERED(gss_add_oid_set_member)
ANSWERED(gss_canonicalize_name)
ANSWERED(gss_context_time)
ANSWERED(gss_create_empty_oid_set)
ANSWERED(gss_display_name)
ANSWERED(gss_export_cred)
ANSWERED(gss_export_sec_context)
ANSWERED(gss_get_mic)
ANSWERED(gss_get_mic_iov)
ANSWERED(gss_get_mic_iov_length)
ANSWERED(gss_get_name_attribute)
ANSWERED(gss_import_cred)
ANSWERED(gss_import_name)
ANSWERED(gss_import_sec_context)
ANSWERED(gss_init_sec_context)
ANSWERED(gss_inquire_context)
ANSWERED(gss_inquire_cred)
ANSWERED(gss_inquire_sec_context_by_oid)
ANSWERED(gss_localname)
ANSWERED(gss_set_cred_option)
ANSWERED(gss_set_neg_mechs)
ANSWERED(gss_set_sec_context_option)
ANSWERED(gss_unwrap)
ANSWERED(gss_unwrap_iov)
ANSWERED(gss_verify_mic)
ANSWERED(gss_verify_mic_iov)
ANSWERED(gss_wrap)
ANSWERED(gss_wrap_iov)
ANSWERED(gss_wrap_iov_length)
ANSWERED(gss_wrap_size_limit)
