/* SPDX-License-Identifier: MIT */
/* userfile.c - opens the account file, reads it whole, and keeps its index for as
 * long as the file stays as it is. What a line means is line.h's, how an
 * account is found index.h's, and who is writing the file watch.h's. */

#include "config.h"

#include "userfile/userfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ntlm/crypto.h"
#include "support/failure.h"
#include "support/trace.h"
#include "userfile/cache.h"

#define LINE_LIMIT 65536
#define NAMED_LINES 20 /* bad ones that are traced by their numbers */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

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

static enum ntlm_error unreadable(const char *path)
{
    return fail(NTLM_ERR_FILE_UNREADABLE, "%s: %s", path, strerror(errno));
}

static enum ntlm_error check_file(const char *path, int fd, struct look *look)
{
    struct stat st;

    if (!look_at_file(fd, look, &st))
        return unreadable(path);
    if (!S_ISREG(st.st_mode))
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s is not a regular file", path);
    return check_safe(path, &st);
}

/* O_NONBLOCK: a named pipe in the file's place must not hang us. */
static enum ntlm_error open_file(const char *path, int *opened, struct look *look)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    enum ntlm_error error;

    if (fd < 0)
        return unreadable(path);
    error = check_file(path, fd, look);
    if (error)
        close(fd);
    else
        *opened = fd;
    return error;
}

/* A file's content. It holds passwords. */
struct text {
    char *data; /* `size` bytes, and one for a terminator */
    size_t size, len;
};

static void clear_text(struct text *text)
{
    if (text->data)
        ntlm_cleanse(text->data, text->size + 1);
    free(text->data);
    *text = (struct text){0};
}

/* Reads as much as fits. */
static bool fill_text(int fd, struct text *text)
{
    while (text->len < text->size) {
        ssize_t got = read(fd, text->data + text->len, text->size - text->len);

        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return false;
        text->len += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static enum ntlm_error read_text(const char *path, int fd, off_t size, struct text *text)
{
    if (size > INDEX_MAX_BYTES)
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s is larger than 4 GiB", path);
    text->size = (size_t)size;
    text->data = malloc(text->size + 1);
    if (!text->data)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    return fill_text(fd, text) ? NTLM_OK : unreadable(path);
}

static size_t count_lines(const struct text *text)
{
    size_t count = 1, left = text->len;
    const char *at = text->data, *newline;

    while ((newline = memchr(at, '\n', left))) {
        count++;
        left -= (size_t)(newline + 1 - at);
        at = newline + 1;
    }
    return count;
}

/* The lines of a file on their way into its index. */
struct lines {
    const char *path;
    struct index *index;
    unsigned long number, bad;
};

/* So that a file of another kind does not flood the trace. */
static void pass_over(struct lines *lines)
{
    if (++lines->bad <= NAMED_LINES)
        trace("account file %s: line %lu fits neither format, passed over", lines->path,
              lines->number);
}

/* Takes the line at `at`, which ends before a newline or the text's end. */
static enum ntlm_error add_line(struct lines *lines, char *at, size_t len)
{
    struct line line = {.kind = LINE_BAD};

    lines->number++;
    if (len > 0 && at[len - 1] == '\r')
        len--;
    if (len <= LINE_LIMIT)
        line = line_parse(at, len);
    if (line.kind == LINE_BAD)
        pass_over(lines);
    return line.kind == LINE_BAD || line.kind == LINE_NOTHING ? NTLM_OK
                                                              : index_add(lines->index, &line);
}

static enum ntlm_error add_lines(const char *path, const struct text *text, struct index *index)
{
    size_t mark = strlen(BYTE_ORDER_MARK);
    bool marked = text->len >= mark && memcmp(text->data, BYTE_ORDER_MARK, mark) == 0;
    char *at = text->data + (marked ? mark : 0), *end = text->data + text->len;
    struct lines lines = {.path = path, .index = index};
    enum ntlm_error error = NTLM_OK;

    while (at < end && !error) {
        char *newline = memchr(at, '\n', (size_t)(end - at));
        char *stop = newline ? newline : end;

        error = add_line(&lines, at, (size_t)(stop - at));
        at = stop + 1;
    }
    if (lines.bad > NAMED_LINES)
        trace("account file %s: %lu lines in all fit neither format", path, lines.bad);
    return error;
}

/* Makes the text's index. The text is cleared before the index is finished:
 * they are not in memory both at their largest. */
static enum ntlm_error make_index(const char *path, struct text *text, bool lm,
                                  struct index **index)
{
    size_t lines = count_lines(text);
    enum ntlm_error error;

    *index = NULL;
    if (!index_can_hold(lines, text->len, lm))
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s has too many lines: %zu", path, lines);
    error = index_new(lines, text->len, lm, index);
    if (!error)
        error = add_lines(path, text, *index);
    clear_text(text);
    if (!error)
        error = index_finish(*index);
    if (!error)
        return NTLM_OK;
    index_free(*index);
    *index = NULL;
    return fail(error, NULL);
}

/* A file that is being read anew. */
struct reading {
    const char *path;
    int fd;
    bool lm; /* LM hashes are wanted */
    struct look look;
    bool doubtful;           /* somebody seems to be at work on it */
    struct snapshot *former; /* what answered until now; may be NULL */
};

static bool answers(const struct snapshot *snapshot, const struct look *look, bool lm)
{
    return snapshot && snapshot->lasting && look_same(&snapshot->look, look) &&
           (!lm || index_has_lm(snapshot->index));
}

/* Whether the file that was read last is this one, which is only to be read
 * with more hashes, or by a clock that shows no change. */
static bool is_known(const struct reading *in)
{
    return in->former && in->former->whole && look_same(&in->former->look, &in->look);
}

/* The former one answers while the file is half-written. */
static bool is_shielded(const struct reading *in)
{
    if (!in->doubtful || !in->former || !in->former->whole)
        return false;
    trace("account file %s is being written: its former accounts are in force", in->path);
    return true;
}

/* Whether the file is as it was when it was looked at before it was read. */
static bool was_left_alone(const struct reading *in)
{
    struct look after;
    struct stat st;

    return look_at_file(in->fd, &after, &st) && look_same_content(&in->look, &after);
}

/* What is written of a password so far may be short, or nothing. */
static void drop_unfinished_line(struct text *text)
{
    while (text->len > 0 && text->data[text->len - 1] != '\n')
        text->len--;
}

/* *index is NULL if the former one is to answer. */
static enum ntlm_error read_index(struct reading *in, struct index **index)
{
    struct text text = {0};
    enum ntlm_error error = read_text(in->path, in->fd, in->look.size, &text);

    *index = NULL;
    if (!error && (text.len != text.size || !was_left_alone(in)))
        in->doubtful = true;
    if (in->doubtful)
        drop_unfinished_line(&text);
    if (!error && !is_shielded(in))
        error = make_index(in->path, &text, in->lm, index);
    clear_text(&text);
    return error;
}

static enum ntlm_error read_snapshot(struct reading *in, struct snapshot **snapshot)
{
    struct index *index;
    enum ntlm_error error = read_index(in, &index);

    if (error)
        return error;
    if (!index) {
        *snapshot = snapshot_ref(in->former);
        return NTLM_OK;
    }
    trace("account file %s: accounts indexed: %zu", in->path, index_count(index));
    *snapshot = snapshot_new(index);
    if (!*snapshot)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    (*snapshot)->look = in->look;
    (*snapshot)->whole = !in->doubtful;
    (*snapshot)->lasting = !in->doubtful && !watch_is_blind(&in->look);
    return NTLM_OK;
}

/* Whether another thread has read the file while we waited, as it is now or as
 * it was when we began. */
static bool was_read_by_now(const struct reading *in)
{
    struct look now;

    return answers(in->former, &in->look, in->lm) ||
           (look_at_path(in->path, &now) && answers(in->former, &now, in->lm));
}

static enum ntlm_error read_if_needed(struct reading *in, struct snapshot **snapshot)
{
    bool needed = !was_read_by_now(in);

    if (needed && !is_known(in))
        in->doubtful = in->doubtful || watch_unfinished(in->fd, &in->look,
                                                        in->former ? &in->former->look : NULL);
    if (!needed || is_shielded(in)) {
        *snapshot = snapshot_ref(in->former);
        return NTLM_OK;
    }
    in->lm = in->lm || (in->former && index_has_lm(in->former->index));
    return read_snapshot(in, snapshot);
}

static enum ntlm_error take_turn(struct reading *in, unsigned place, struct snapshot **snapshot)
{
    enum ntlm_error error;
    unsigned place_now; /* it may have lost the other one meanwhile */

    cache_lock(place);
    error = cache_get(in->path, &place_now, &in->former);
    error = error ? fail(error, NULL) : read_if_needed(in, snapshot);
    if (!error && *snapshot != in->former)
        cache_put(place_now, in->path, *snapshot);
    cache_unlock(place);
    snapshot_unref(in->former);
    return error;
}

/* Opens the file; one that was changed just now, or was just replaced by
 * another, is opened again after a moment. */
static enum ntlm_error begin_reading(struct reading *in)
{
    enum ntlm_error error = open_file(in->path, &in->fd, &in->look);
    const struct look before = in->look;

    if (error || !watch_rest(&before))
        return error;
    close(in->fd);
    in->fd = -1;
    error = open_file(in->path, &in->fd, &in->look);
    in->doubtful = !error && watch_written_between(&before, &in->look);
    return error;
}

static enum ntlm_error renew(const char *path, bool lm, unsigned place,
                             struct snapshot **snapshot)
{
    struct reading in = {.path = path, .fd = -1, .lm = lm};
    enum ntlm_error error = begin_reading(&in);

    if (!error)
        error = take_turn(&in, place, snapshot);
    if (in.fd >= 0)
        close(in.fd);
    return error;
}

/* The snapshot that answers now: a reference. */
static enum ntlm_error get_snapshot(const char *path, bool lm, struct snapshot **snapshot)
{
    struct snapshot *former;
    struct look look;
    unsigned place;
    enum ntlm_error error = cache_get(path, &place, &former);

    *snapshot = NULL;
    if (error)
        return fail(error, NULL);
    /* What can't be looked at can't be opened either, which says why. */
    if (look_at_path(path, &look) && answers(former, &look, lm)) {
        *snapshot = former;
        return NTLM_OK;
    }
    snapshot_unref(former);
    return renew(path, lm, place, snapshot);
}

static enum ntlm_error find(const char *path, const char *user, const char *domain, bool lm,
                            struct account *account)
{
    struct snapshot *snapshot;
    enum ntlm_error error = get_snapshot(path, lm, &snapshot);

    *account = (struct account){0};
    if (error)
        return error;
    if (!domain)
        domain = "";
    error = index_find(snapshot->index, user, domain, account);
    snapshot_unref(snapshot);
    return error && error != NTLM_ERR_NO_SUCH_LINE ? fail(error, NULL) : error;
}

enum ntlm_error userfile_find(const char *path, const char *user, const char *domain,
                              struct account *account)
{
    return find(path, user, domain, true, account);
}

enum ntlm_error userfile_find_nt(const char *path, const char *user, const char *domain,
                                 struct account *account)
{
    return find(path, user, domain, false, account);
}

enum ntlm_error userfile_no_such_line(const char *path, const char *user, const char *domain)
{
    if (!user)
        return fail(NTLM_ERR_NO_SUCH_LINE, "%s has no account", path);
    if (!domain)
        domain = "";
    return fail(NTLM_ERR_NO_SUCH_LINE, "%s has no line for \"%.128s%s%.128s\"", path, domain,
                *domain ? "\\" : "", user);
}

enum ntlm_error userfile_check(const char *path)
{
    struct look look;
    int fd = -1;
    enum ntlm_error error = open_file(path, &fd, &look);

    if (!error)
        close(fd);
    return error;
}
