/* SPDX-License-Identifier: MIT */
/* userfile.c - the questions that the account file answers. */

#include "config.h"

#include "userfile/userfile.h"

#include <unistd.h>

#include "support/failure.h"
#include "userfile/open.h"
#include "userfile/refresh.h"

/* All but an unknown user: see userfile_find. */
static enum ntlm_error record(enum ntlm_error error)
{
    return error && error != NTLM_ERR_NO_SUCH_LINE ? fail(error, NULL) : error;
}

/* Which of several accounts is a client's own must be said. */
static enum ntlm_error find_only_account(const char *path, const struct index *index,
                                         struct account *account)
{
    size_t count = index_count(index);

    if (count > 1)
        return fail(NTLM_ERR_NO_IDENTITY,
                    "%s has %zu accounts and no user is named: set NTLMUSER", path, count);
    return record(index_only_account(index, account));
}

enum ntlm_error userfile_find(const char *path, const struct account_query *query,
                              struct account *account)
{
    struct loaded_file *loaded;
    enum ntlm_error error = userfile_current(path, query->lm, &loaded);

    *account = (struct account){0};
    if (error)
        return error;
    error = query->user ? record(index_find(loaded->index, query, account))
                        : find_only_account(path, loaded->index, account);
    loaded_file_unref(loaded);
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
    int fd = -1;
    enum ntlm_error error = userfile_open(path, &fd, &fingerprint);

    if (!error)
        close(fd);
    return error;
}
