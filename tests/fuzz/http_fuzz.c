/* SPDX-License-Identifier: MIT */
/* http_fuzz.c - what gss-negotiate's HTTP takes from a peer: a head, its fields, and the
 * body behind it in each of its forms. What is found lies in the head, and after a body
 * the next head begins where it should. */

#include "config.h"

#include "http.h"
#include "target.h"

static size_t room; /* of a head: what the input can fill */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

/* Only as much as is needed (--wrap): reading beyond it is seen, and it is quick. */
void *__wrap_calloc(size_t count, size_t size)
{
    return __real_calloc(count, size == HTTP_HEAD_MAX + 2 ? room : size);
}

static void must_lie_within(const char *value, const struct http_head *head)
{
    MUST(!value || (value >= head->text && value + strlen(value) < head->text + head->len));
}

static void look_at(const struct http_head *head)
{
    static const char *const fields[] = {"WWW-Authenticate", "Authorization", "Content-Length",
                                         "Transfer-Encoding", "x"};
    static const char *const schemes[] = {"Negotiate", "NTLM"};

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        const char *value = head->text;

        for (unsigned nth = 0; nth < 4 && value; nth++) {
            value = http_field(head, fields[i], nth);
            must_lie_within(value, head);
        }
        for (size_t scheme = 0; scheme < 2 && i < 2; scheme++)
            must_lie_within(http_scheme(head, fields[i], schemes[scheme]), head);
    }
    MUST(head->len >= 1 && head->text[head->len - 1] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct link link = {.fd = -1};
    struct http_head head;
    bool more = true;
    size_t before;

    if (size > sizeof(link.buffer))
        return 0;
    if (size > 0)
        memcpy(link.buffer, data, size);
    room = size + 2;
    link.len = size; /* all has come; then the connection ends */
    while (more) {
        before = link.at;
        more = http_read_head(&link, &head);
        if (more) {
            MUST(link.at > before);
            look_at(&head);
            more = http_skip_body(&link, &head);
        }
        MUST(link.at <= link.len);
        http_head_clear(&head);
    }
    return 0;
}
