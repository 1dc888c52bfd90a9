/* file.c - opens the account file, reads it line by line, and finds an
 * account. What a line means is line.h's. */

#include "config.h"

#include "accounts/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/line.h"
#include "failure.h"
#include "ntlm/crypto.h"
#include "ntlm/text.h"
#include "trace.h"

#define LINE_LIMIT 65536
#define BUFFER_SIZE (LINE_LIMIT + 2) /* a line and its end, \r\n at most */

/* How well a line fits, best first (the order in file.h). */
enum fit { FIT_EXACT, FIT_ANY_DOMAIN, FIT_NO_DOMAIN_ASKED, FIT_REALM, FIT_NONE };

struct search {
    const char *user, *domain; /* user NULL: the first account will do */
    char *local;               /* of "local@realm" with no domain; else NULL */
    const char *realm;
    struct account *account;
    enum fit fit; /* of the account found so far */
};

/* The file as it is read. The buffer holds passwords: it is our own, so that
 * none are left behind in the C library's. */
struct lines {
    int fd;
    char *buffer;      /* BUFFER_SIZE, and one for a terminator */
    size_t start, end; /* what is read and not yet taken */
    bool at_end;
    unsigned long number; /* of the line taken last */
};

void account_clear(struct account *account)
{
    free(account->user);
    free(account->domain);
    ntlm_cleanse(account, sizeof(*account));
}

/* Whoever may write the file may log in as anybody. */
static enum ntlm_error check_safe(const char *path, const struct stat *st)
{
    bool by_others = st->st_mode & S_IWOTH;
    bool by_group = st->st_mode & S_IWGRP && (st->st_uid != 0 || st->st_gid != 0);

    if (st->st_uid != 0 && st->st_uid != geteuid())
        return fail(NTLM_ERR_FILE_INSECURE, "%s belongs to user %lu: chown it to root", path,
                    (unsigned long)st->st_uid);
    if (by_others || by_group)
        return fail(NTLM_ERR_FILE_INSECURE,
                    "%s may be written by %s (mode %04o): chmod go-w it", path,
                    !by_others ? "group"
                    : by_group ? "group and others"
                               : "others",
                    (unsigned)st->st_mode & 07777);
    if (st->st_mode & S_IROTH)
        trace("account file %s may be read by others (mode %04o): chmod o-r it", path,
              (unsigned)st->st_mode & 07777);
    return NTLM_OK;
}

static enum ntlm_error check_file(const char *path, int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s is not a regular file", path);
    return check_safe(path, &st);
}

/* O_NONBLOCK: a named pipe in the file's place must not hang us. */
static enum ntlm_error open_file(const char *path, int *opened)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    enum ntlm_error error;

    if (fd < 0)
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s: %s", path, strerror(errno));
    error = check_file(path, fd);
    if (error)
        close(fd);
    else
        *opened = fd;
    return error;
}

/* Reads on, behind what is not yet taken. False and errno when it can't. */
static bool fill(struct lines *in)
{
    ssize_t got;

    memmove(in->buffer, in->buffer + in->start, in->end - in->start);
    in->end -= in->start;
    in->start = 0;
    do
        got = read(in->fd, in->buffer + in->end, BUFFER_SIZE - in->end);
    while (got < 0 && errno == EINTR);
    in->at_end = got == 0;
    in->end += got > 0 ? (size_t)got : 0;
    return got >= 0;
}

/* The length of the next line with its newline; what is left when the file
 * ends without one. A line that is longer than the buffer is dropped, and
 * *dropped set, as it is read. False and errno when it can't be read. */
static bool find_end(struct lines *in, size_t *len, bool *dropped)
{
    *dropped = false;
    for (;;) {
        size_t left = in->end - in->start;
        const char *newline = left ? memchr(in->buffer + in->start, '\n', left) : NULL;

        if (newline || in->at_end) {
            *len = newline ? (size_t)(newline - in->buffer) + 1 - in->start : left;
            return true;
        }
        if (left == BUFFER_SIZE) {
            *dropped = true;
            in->start = in->end;
        }
        if (!fill(in))
            return false;
    }
}

/* The text at `at` without its line end, and in the first line without the
 * byte order mark that some editors write. */
static struct line parse_line(char *at, size_t len, bool first)
{
    if (len > 0 && at[len - 1] == '\n')
        len--;
    if (len > 0 && at[len - 1] == '\r')
        len--;
    if (first && len >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0) {
        at += 3;
        len -= 3;
    }
    return len > LINE_LIMIT ? (struct line){.kind = LINE_BAD} : line_parse(at, len);
}

/* Takes the next line. *more is false when there is none. */
static bool next_line(struct lines *in, struct line *line, bool *more)
{
    bool dropped;
    size_t len;

    if (!find_end(in, &len, &dropped))
        return false;
    *more = len > 0 || dropped;
    in->number++;
    *line = dropped ? (struct line){.kind = LINE_BAD}
                    : parse_line(in->buffer + in->start, len, in->number == 1);
    in->start += len;
    return true;
}

static enum fit fit_of(const struct search *search, const struct line *line)
{
    bool user;

    if (!search->user)
        return FIT_EXACT;
    user = ntlm_text_same(line->user, search->user);
    if (user && ntlm_text_same(line->domain, search->domain))
        return FIT_EXACT;
    if (user && !*line->domain)
        return FIT_ANY_DOMAIN;
    if (user && !*search->domain)
        return FIT_NO_DOMAIN_ASKED;
    if (search->local && ntlm_text_same(line->user, search->local) &&
        ntlm_text_same(line->domain, search->realm))
        return FIT_REALM;
    return FIT_NONE;
}

/* Keeps the line's account when it fits better than what was found so far. */
static enum ntlm_error consider(struct search *search, const struct line *line)
{
    enum fit fit = fit_of(search, line);
    enum ntlm_error error;

    if (fit >= search->fit)
        return NTLM_OK;
    account_clear(search->account);
    error = line_account(line, search->account);
    if (error)
        return fail(error, NULL);
    search->fit = fit;
    return NTLM_OK;
}

/* The whole file is read even when an exact fit was found: how long it takes
 * tells nobody whether an account is there. */
static enum ntlm_error search_lines(const char *path, struct lines *in, struct search *search)
{
    for (;;) {
        enum ntlm_error error = NTLM_OK;
        struct line line;
        bool more;

        if (!next_line(in, &line, &more))
            return fail(NTLM_ERR_FILE_UNREADABLE, "%s: %s", path, strerror(errno));
        if (!more)
            return NTLM_OK;
        if (line.kind == LINE_BAD)
            trace("account file %s: line %lu fits neither format, passed over", path,
                  in->number);
        else if (line.kind != LINE_NOTHING)
            error = consider(search, &line);
        if (error)
            return error;
    }
}

static enum ntlm_error search_file(const char *path, int fd, struct search *search)
{
    struct lines in = {.fd = fd, .buffer = malloc(BUFFER_SIZE + 1)};
    enum ntlm_error error;

    if (!in.buffer)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    error = search_lines(path, &in, search);
    ntlm_cleanse(in.buffer, BUFFER_SIZE + 1);
    free(in.buffer);
    return error;
}

static enum ntlm_error no_such_line(const char *path, const struct search *search)
{
    enum ntlm_error error = line_waste_hashes();

    if (error)
        return fail(error, NULL);
    if (!search->user)
        return fail(NTLM_ERR_NO_SUCH_LINE, "%s has no account", path);
    return fail(NTLM_ERR_NO_SUCH_LINE, "%s has no line for \"%.128s%s%.128s\"", path,
                search->domain, *search->domain ? "\\" : "", search->user);
}

/* "user@realm" with no domain also asks for user in domain realm. */
static enum ntlm_error split_realm(struct search *search)
{
    const char *at = search->user && !*search->domain ? strrchr(search->user, '@') : NULL;

    if (!at || at == search->user || !at[1])
        return NTLM_OK;
    search->local = strndup(search->user, (size_t)(at - search->user));
    search->realm = at + 1;
    return search->local ? NTLM_OK : fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
}

enum ntlm_error account_file_find(const char *path, const char *user, const char *domain,
                                  struct account *account)
{
    struct search search = {
        .user = user, .domain = domain ? domain : "", .account = account, .fit = FIT_NONE};
    enum ntlm_error error;
    int fd = -1;

    *account = (struct account){0};
    error = split_realm(&search);
    if (!error)
        error = open_file(path, &fd);
    if (!error)
        error = search_file(path, fd, &search);
    if (!error && search.fit == FIT_NONE)
        error = no_such_line(path, &search);
    if (error)
        account_clear(account);
    if (fd >= 0)
        close(fd);
    free(search.local);
    return error;
}

enum ntlm_error account_file_check(const char *path)
{
    int fd;
    enum ntlm_error error = open_file(path, &fd);

    if (!error)
        close(fd);
    return error;
}
