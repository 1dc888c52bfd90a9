/* SPDX-License-Identifier: MIT */
/* userfile.c - the questions that the account file answers. */

#include "config.h"

#include "userfile/userfile.h"

#include <string.h>
#include <unistd.h>

#include "support/failure.h"
#include "userfile/database.h"
#include "userfile/open.h"
#include "userfile/refresh.h"

#define REPLACED_MOST 20 /* times that a file may become another in one search */

/* All but an unknown user: see userfile_find. */
static enum ntlm_error record(enum ntlm_error error)
{
    return error && error != NTLM_ERR_NO_SUCH_LINE ? fail(error, NULL) : error;
}

/* Which of several accounts is a client's own must be said. */
static enum ntlm_error fail_for_many(const char *path, uint64_t count)
{
    return fail(NTLM_ERR_NO_IDENTITY, "%s has %llu accounts and no user is named: set NTLMUSER",
                path, (unsigned long long)count);
}

static enum ntlm_error find_only_account(const char *path, const struct index *index,
                                         struct account *account)
{
    size_t count = index_count(index);

    return count > 1 ? fail_for_many(path, count) : record(index_only_account(index, account));
}

static enum ntlm_error copy_account(void *arg, const struct account *account, uint64_t added)
{
    struct account *copy = arg;

    (void)added;
    *copy = *account;
    copy->user = strdup(account->user);
    copy->domain = strdup(account->domain);
    return copy->user && copy->domain ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

static enum ntlm_error find_only_record(const char *path, int fd, struct account *account)
{
    struct record_header header;
    enum ntlm_error error = database_check(path, fd, &header);

    if (error)
        return error;
    if (header.accounts > 1)
        return fail_for_many(path, header.accounts);
    error = database_for_each(path, fd, copy_account, account, &header);
    return error || account->user ? error : NTLM_ERR_NO_SUCH_LINE;
}

/* *changed: the file is not the database that it was, and there is no answer. */
static enum ntlm_error find_in_database(const char *path, const struct loaded_file *loaded,
                                        const struct account_query *query,
                                        struct account *account, bool *changed)
{
    bool same, still;
    off_t size;
    int fd;
    enum ntlm_error error = database_open(path, &loaded->fingerprint, &fd, &size, &same);

    if (!error && !same) {
        *changed = true;
        return userfile_forget(path);
    }
    if (error)
        return error;
    error = query->user ? database_find(path, fd, size, query, account)
                        : find_only_record(path, fd, account);
    if (error == NTLM_ERR_FILE_UNREADABLE && !database_is(path, fd, &still) && !still) {
        *changed = true; /* a text was put in it */
        error = userfile_forget(path);
    }
    close(fd);
    return error;
}

static enum ntlm_error find(const char *path, const struct account_query *query,
                            struct account *account, bool *changed)
{
    struct loaded_file *loaded;
    enum ntlm_error error = userfile_current(path, query->lm, &loaded);

    *account = (struct account){0};
    *changed = false;
    if (error)
        return error;
    if (!loaded->index)
        error = find_in_database(path, loaded, query, account, changed);
    else
        error = query->user ? record(index_find(loaded->index, query, account))
                            : find_only_account(path, loaded->index, account);
    loaded_file_unref(loaded);
    return error;
}

enum ntlm_error userfile_find(const char *path, const struct account_query *query,
                              struct account *account)
{
    enum ntlm_error error = NTLM_OK;
    bool changed = true;

    for (int i = 0; i < REPLACED_MOST && changed; i++)
        error = find(path, query, account, &changed);
    if (changed)
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s is replaced too often to be read", path);
    return error;
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
    struct fingerprint fingerprint;
    struct record_header header;
    bool is = false;
    int fd = -1;
    enum ntlm_error error = userfile_open(path, &fd, &fingerprint);

    if (error)
        return error;
    error = database_is(path, fd, &is);
    if (!error && is)
        error = database_check(path, fd, &header);
    close(fd);
    return error;
}
