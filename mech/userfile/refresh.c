/* SPDX-License-Identifier: MIT */
/* refresh.c - reads the account file again when it has changed, and keeps the
 * previous accounts in force while somebody is writing it in place. */

#include "config.h"

#include "userfile/refresh.h"

#include <time.h>
#include <unistd.h>

#include "support/failure.h"
#include "support/trace.h"
#include "userfile/database.h"
#include "userfile/load.h"
#include "userfile/open.h"

/* One reading of a file. */
struct reading {
    const char *path;
    int fd;
    unsigned long asked, begun; /* in the order of all questions and readings */
    bool lm;                    /* LM hashes are wanted */
    struct fingerprint fingerprint;
    bool is_database;
    bool incomplete;              /* somebody is writing it */
    struct loaded_file *previous; /* what was read last; may be NULL */
};

/* A number that is larger than all before. */
static unsigned long next_number(void)
{
    static atomic_ulong last;

    return atomic_fetch_add(&last, 1) + 1;
}

/* Seconds of a clock that is cheap to read. */
static unsigned seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (unsigned)now.tv_sec;
}

/* Whether the file is still what is known of it: a database may change meanwhile. */
static bool is_same(const struct loaded_file *loaded, const struct fingerprint *fingerprint)
{
    return loaded->index ? fingerprint_same(&loaded->fingerprint, fingerprint)
                         : fingerprint_same_place(&loaded->fingerprint, fingerprint);
}

static bool is_database(const struct loaded_file *loaded)
{
    return loaded && !loaded->index;
}

static bool is_current(const struct loaded_file *loaded, const struct fingerprint *fingerprint,
                       bool lm)
{
    return loaded && loaded->reusable && is_same(loaded, fingerprint) &&
           (!lm || !loaded->index || index_has_lm(loaded->index));
}

/* Whether this file was read already, and is read again only for its LM hashes
 * or because its times are too coarse to show a change. */
static bool is_unchanged(const struct reading *in)
{
    return in->previous && in->previous->complete &&
           fingerprint_same(&in->previous->fingerprint, &in->fingerprint);
}

/* Whether the previous accounts stay in force. */
static bool keeps_previous(const struct reading *in)
{
    if (!in->incomplete || !in->previous || !in->previous->complete)
        return false;
    trace("account file %s is being written: its previous accounts stay in force", in->path);
    return true;
}

/* Whether the file was changed since it was opened. */
static bool was_changed(const struct reading *in)
{
    struct fingerprint after;
    struct stat st;

    return !fingerprint_file(in->fd, &after, &st) ||
           !fingerprint_same_content(&in->fingerprint, &after);
}

/* *index is NULL if the previous accounts stay in force. */
static enum ntlm_error read_index(struct reading *in, struct index **index)
{
    struct text text = {0};
    enum ntlm_error error = text_read(in->path, in->fd, in->fingerprint.size, &text);

    *index = NULL;
    if (!error && (text.len != text.size || was_changed(in)))
        in->incomplete = true;
    if (in->incomplete)
        text_drop_unfinished_line(&text);
    if (!error && !keeps_previous(in))
        error = load_index(in->path, &text, in->lm, index);
    text_clear(&text);
    return error;
}

/* What this reading has found: an index, which becomes the object's, or NULL for a
 * database. */
static enum ntlm_error make_loaded(const struct reading *in, struct index *index,
                                   struct loaded_file **loaded)
{
    *loaded = loaded_file_new(index);
    if (!*loaded)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    (*loaded)->fingerprint = in->fingerprint;
    (*loaded)->begun = in->begun;
    (*loaded)->complete = (*loaded)->reusable = true;
    atomic_init(&(*loaded)->checked, 0);
    return NTLM_OK;
}

static enum ntlm_error read_file(struct reading *in, struct loaded_file **loaded)
{
    struct index *index;
    enum ntlm_error error = read_index(in, &index);

    if (error)
        return error;
    if (!index) {
        *loaded = loaded_file_ref(in->previous);
        return NTLM_OK;
    }
    trace("account file %s: accounts indexed: %zu", in->path, index_count(index));
    error = make_loaded(in, index, loaded);
    if (error)
        return error;
    (*loaded)->complete = !in->incomplete;
    (*loaded)->reusable = !in->incomplete && !fingerprint_is_coarse(&in->fingerprint);
    return NTLM_OK;
}

/* Whether another thread has read the file since this one asked: what is there now need
 * not be read once more, even if it is newer. */
static bool was_read_meanwhile(const struct reading *in)
{
    const struct loaded_file *read = in->previous;

    return read && read->begun > in->asked &&
           (!in->lm || !read->index || index_has_lm(read->index));
}

static enum ntlm_error read_if_needed(struct reading *in, struct loaded_file **loaded)
{
    bool needed = !is_current(in->previous, &in->fingerprint, in->lm);

    if (needed && !is_unchanged(in))
        in->incomplete =
            in->incomplete ||
            stat_is_being_written(in->fd, &in->fingerprint,
                                  in->previous ? &in->previous->fingerprint : NULL);
    if (!needed || keeps_previous(in)) {
        *loaded = loaded_file_ref(in->previous);
        return NTLM_OK;
    }
    in->lm = in->lm || (in->previous && index_has_lm(in->previous->index));
    return read_file(in, loaded);
}

/* Of a database only that it is one is remembered. */
static enum ntlm_error take_database(const struct reading *in, struct loaded_file **loaded)
{
    struct record_header header;
    enum ntlm_error error = database_check(in->path, in->fd, &header);

    if (error)
        return error;
    trace("account file %s is a database with %llu accounts", in->path,
          (unsigned long long)header.accounts);
    return make_loaded(in, NULL, loaded);
}

static enum ntlm_error take_text(struct reading *in, struct loaded_file **loaded)
{
    if (is_database(in->previous)) { /* it was a database */
        loaded_file_unref(in->previous);
        in->previous = NULL;
    }
    return read_if_needed(in, loaded);
}

/* Opens the file. If it was changed only just now, opens it again after a moment,
 * and sees whether somebody goes on writing it or has replaced it. */
static enum ntlm_error open_settled(struct reading *in)
{
    enum ntlm_error error = userfile_open(in->path, &in->fd, &in->fingerprint);
    const struct fingerprint before = in->fingerprint;

    if (!error)
        error = database_is(in->path, in->fd, &in->is_database);
    if (error || in->is_database || !stat_wait_if_new(&before))
        return error;
    close(in->fd);
    in->fd = -1;
    error = userfile_open(in->path, &in->fd, &in->fingerprint);
    in->incomplete = !error && fingerprint_rewritten(&before, &in->fingerprint);
    return error ? error : database_is(in->path, in->fd, &in->is_database);
}

/* Opens and reads the file. The slot's lock is held: one thread reads, and it reads what is
 * there then. */
static enum ntlm_error take_turn(struct reading *in, struct loaded_file **loaded)
{
    unsigned opened = seconds();
    enum ntlm_error error;

    in->begun = next_number();
    error = open_settled(in);
    if (!error)
        error = in->is_database ? take_database(in, loaded) : take_text(in, loaded);
    if (!error)
        atomic_store(&(*loaded)->checked, opened);
    if (in->fd >= 0)
        close(in->fd);
    return error;
}

static enum ntlm_error read_again(const char *path, bool lm, unsigned slot,
                                  struct loaded_file **loaded)
{
    struct reading in = {.path = path, .fd = -1, .asked = next_number(), .lm = lm};
    unsigned slot_now; /* another path may have taken the first one meanwhile */
    enum ntlm_error error;

    cache_lock(slot);
    error = cache_get(path, &slot_now, &in.previous);
    if (error)
        error = fail(error, NULL);
    else if (was_read_meanwhile(&in))
        *loaded = loaded_file_ref(in.previous);
    else
        error = take_turn(&in, loaded);
    if (!error && *loaded != in.previous)
        cache_put(slot_now, path, *loaded);
    cache_unlock(slot);
    loaded_file_unref(in.previous);
    return error;
}

/* A directory on the path may have become unsafe, which the file's fingerprint does
 * not show: looks at the directories, too, once a second. *checked: all is as it was.
 * NTLM_ERR_OUT_OF_MEMORY alone is told: what else is wrong is found by who reads the
 * file again. */
static enum ntlm_error check_path(const char *path, struct loaded_file *loaded, bool *checked)
{
    struct fingerprint fingerprint;
    unsigned now = seconds();
    enum ntlm_error error;
    int fd;

    *checked = atomic_load(&loaded->checked) == now;
    if (*checked)
        return NTLM_OK;
    error = userfile_open(path, &fd, &fingerprint);
    if (error)
        return error == NTLM_ERR_OUT_OF_MEMORY ? error : NTLM_OK;
    close(fd);
    *checked = is_same(loaded, &fingerprint);
    if (*checked)
        atomic_store(&loaded->checked, now);
    return NTLM_OK;
}

enum ntlm_error userfile_current(const char *path, bool lm, struct loaded_file **loaded)
{
    struct loaded_file *previous;
    struct fingerprint fingerprint;
    bool checked = false;
    unsigned slot;
    enum ntlm_error error = cache_get(path, &slot, &previous);

    *loaded = NULL;
    if (error)
        return fail(error, NULL);
    /* Where one of these fails, so does opening the file, and says why. A database is opened
     * in any case, and looked at then. */
    if (is_database(previous) ||
        (fingerprint_path(path, &fingerprint) && is_current(previous, &fingerprint, lm)))
        error = check_path(path, previous, &checked);
    if (checked) {
        *loaded = previous;
        return NTLM_OK;
    }
    loaded_file_unref(previous);
    return error ? error : read_again(path, lm, slot, loaded);
}

enum ntlm_error userfile_forget(const char *path)
{
    struct loaded_file *loaded;
    unsigned slot;
    enum ntlm_error error = cache_get(path, &slot, &loaded);

    if (error)
        return fail(error, NULL);
    cache_put(slot, path, NULL);
    loaded_file_unref(loaded);
    return NTLM_OK;
}
