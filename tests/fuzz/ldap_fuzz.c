/* SPDX-License-Identifier: MIT */
/* ldap_fuzz.c - what "gss-negotiate try" takes from an LDAP server: BER in whatever forms
 * and lengths. A token that is taken out of an answer lies in it. The connection and the
 * login are played here. */

#include "config.h"

#include <stdarg.h>

#include "story.h"
#include "target.h"
#include "try.h"

static struct input in;
static uint8_t how;       /* the login is complete after so many tokens */
static bool over;         /* the server refused, or spoke no LDAP */
static unsigned complete; /* tokens */

enum exit_status link_open(struct link *link, const char *host, const char *port, bool tls,
                           bool verify)
{
    (void)verify;
    MUST(*host && *port && tls == ((how & 4) != 0));
    *link = (struct link){.fd = -1};
    return STATUS_OK;
}

void link_close(struct link *link)
{
    MUST(link->fd == -1);
}

bool link_write(struct link *link, const void *data, size_t len)
{
    (void)link;
    free(exact_copy(data, len)); /* all of it can be read */
    return true;
}

bool link_read(struct link *link, void *data, size_t len)
{
    size_t taken;
    const uint8_t *bytes = take_bytes(&in, len, &taken);

    (void)link;
    if (taken > 0)
        memcpy(data, bytes, taken);
    return taken == len;
}

enum exit_status attempt_begin(const struct attempt_request *request, struct attempt *attempt)
{
    (void)request;
    *attempt = (struct attempt){.complete = false};
    return STATUS_OK;
}

enum exit_status attempt_initiate(struct attempt *attempt, struct ntlm_bytes token,
                                  gss_buffer_t out)
{
    MUST(!attempt->complete);
    free(exact_copy(token.data, token.len));
    *out = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    attempt->complete = complete++ == (how & 3U);
    if (attempt->complete && how & 8)
        return STATUS_OK; /* nothing more to send */
    out->value = strdup("token");
    out->length = strlen("token");
    return STATUS_OK;
}

void attempt_tell(const struct attempt *attempt)
{
    MUST(attempt->complete);
}

void attempt_end(struct attempt *attempt)
{
    (void)attempt;
}

void story_tell(const char *step, const char *before, const char *text)
{
    MUST(strcmp(step, "answer") == 0 && *before && strlen(text) < 256);
}

enum exit_status complain(enum exit_status status, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    MUST(status && *text);
    over = true;
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct attempt_request request = {.host = "server.test"};
    struct url url = {.host = "server.test", .port = "", .path = "/"};
    enum exit_status status;

    in = (struct input){data, size};
    how = take_byte(&in);
    over = false;
    complete = 0;
    url.scheme = how & 4 ? "ldaps" : "ldap";
    status = try_ldap(&url, true, &request);
    MUST(over == (status != STATUS_OK));
    return 0;
}
