/* SPDX-License-Identifier: MIT */
/* identity.c - a user's name with the hashes that prove it, or with winbind,
 * which keeps them. The account file is read by accounts/file.h. */

#include "config.h"

#include "identity/identity.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "ntlm/keys.h"
#include "ntlm/secret.h"
#include "settings/domain.h"
#include "settings/sources.h"
#include "support/failure.h"
#include "support/hex.h"
#include "support/trace.h"
#include "userfile/userfile.h"
#include "winbind/user.h"
#include "winbind/winbind.h"

/* The exported forms' names and versions: "NID1", and "NIW1" for a password
 * that winbind keeps. */
#define EXPORT_MARK 0x3144494eu
#define EXPORT_MARK_WINBIND 0x3157494eu

struct identity {
    atomic_uint references;
    char *user, *domain;
    uint8_t nt_hash[NTLM_HASH_SIZE], lm_hash[NTLM_HASH_SIZE];
    bool has_lm_hash;
    unsigned winbind_timeout; /* seconds; 0: the hashes are here */
};

static bool is_utf8(const char *text)
{
    return u8_check((const uint8_t *)text, strlen(text)) == NULL;
}

static enum ntlm_error check_names(const char *user, const char *domain)
{
    if (!user || !*user)
        return fail(NTLM_ERR_NO_IDENTITY, "no user is named");
    if (!is_utf8(user) || (domain && !is_utf8(domain)))
        return fail(NTLM_ERR_BAD_NAME, "\"%.128s\" is not UTF-8 text", user);
    return NTLM_OK;
}

/* An identity without its hashes. The names are good. */
static enum ntlm_error new_identity(const char *user, const char *domain,
                                    struct identity **made)
{
    struct identity *identity = calloc(1, sizeof(*identity));

    *made = NULL;
    if (!identity)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    atomic_init(&identity->references, 1);
    identity->user = strdup(user);
    identity->domain = strdup(domain ? domain : "");
    if (!identity->user || !identity->domain) {
        identity_release(identity);
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    }
    *made = identity;
    return NTLM_OK;
}

static enum ntlm_error hash_password(struct identity *identity, const char *password,
                                     size_t len)
{
    enum ntlm_error error = ntlm_nt_hash(password, len, identity->nt_hash);

    if (error)
        return error;
    error = ntlm_lm_hash(password, len, identity->lm_hash);
    identity->has_lm_hash = error == NTLM_OK;
    return error == NTLM_ERR_NO_LM_HASH ? NTLM_OK : error;
}

enum ntlm_error identity_from_password(const char *user, const char *domain,
                                       const char *password, size_t password_len,
                                       struct identity **identity)
{
    enum ntlm_error error = check_names(user, domain);

    *identity = NULL;
    if (!error)
        error = new_identity(user, domain, identity);
    if (error)
        return error;
    error = hash_password(*identity, password_len ? password : "", password_len);
    if (!error)
        return NTLM_OK;
    identity_release(*identity);
    *identity = NULL;
    return fail(error, "for user \"%.128s\"", user);
}

enum ntlm_error identity_from_nt_hash(const char *user, const char *domain, const char *hex,
                                      struct identity **identity)
{
    enum ntlm_error error = check_names(user, domain);

    *identity = NULL;
    if (!error)
        error = new_identity(user, domain, identity);
    if (error)
        return error;
    if (hex_decode(hex, (*identity)->nt_hash, NTLM_HASH_SIZE))
        return NTLM_OK;
    identity_release(*identity);
    *identity = NULL;
    return fail(NTLM_ERR_BAD_NT_HASH, "for user \"%.128s\"", user);
}

/* NTLMUSER's text taken apart. user and domain lie in memory. */
struct user_name {
    char *memory;
    const char *user, *domain;
};

/* DOMAIN\user, user@realm, or user. With a backslash an @ is the user's, so
 * \user@realm stays whole. */
static enum ntlm_error split_user(const char *text, struct user_name *name)
{
    char *backslash, *at;

    name->user = name->memory = strdup(text);
    name->domain = "";
    if (!name->memory)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    backslash = strchr(name->memory, '\\');
    at = strrchr(name->memory, '@');
    if (backslash) {
        *backslash = '\0';
        name->domain = name->memory;
        name->user = backslash + 1;
    } else if (at) {
        *at = '\0';
        name->domain = at + 1;
    }
    return NTLM_OK;
}

/* An identity of this line. A line without a domain is good for any: then the
 * one that was asked for. */
static enum ntlm_error from_account(const struct account *account, const char *domain,
                                    const char *path, struct identity **identity)
{
    enum ntlm_error error;

    if (!account->has_nt_hash)
        return fail(NTLM_ERR_NO_IDENTITY, "\"%.128s\" has no password in %s", account->user,
                    path);
    error = new_identity(account->user, *account->domain ? account->domain : domain, identity);
    if (error)
        return error;
    memcpy((*identity)->nt_hash, account->nt_hash, NTLM_HASH_SIZE);
    memcpy((*identity)->lm_hash, account->lm_hash, NTLM_HASH_SIZE);
    (*identity)->has_lm_hash = account->has_lm_hash;
    trace("identity: user \"%s%s%s\" of %s", (*identity)->domain,
          *(*identity)->domain ? "\\" : "", (*identity)->user, path);
    return NTLM_OK;
}

/* Whom the sources are asked for. */
struct wanted {
    const struct settings *settings;
    const char *file;          /* the caller's, which is then the only source; NULL: none */
    const char *user, *domain; /* NULL: whoever is ours; "": any */
};

/* LM hashes are needed for responses older than NTLMv2. */
static enum ntlm_error find_account(const struct wanted *wanted, const char *path,
                                    struct account *account)
{
    const char *realm = wanted->user ? strrchr(wanted->user, '@') : NULL;
    const char **domains = domain_other_names(wanted->settings, wanted->domain);
    const char **realms = domain_other_names(wanted->settings, realm ? realm + 1 : "");
    const struct account_query query = {.user = wanted->user,
                                        .domain = wanted->domain,
                                        .same_domains = *wanted->domain ? domains : NULL,
                                        .same_realms = realms,
                                        .lm = wanted->settings->lm_compat_level < 3};
    enum ntlm_error error;

    *account = (struct account){.user = NULL};
    error = domains && realms ? userfile_find(path, &query, account)
                              : fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    free(domains);
    free(realms);
    return error;
}

static enum ntlm_error from_file(const struct wanted *wanted, const char *path,
                                 struct identity **identity)
{
    struct account account;
    enum ntlm_error error = find_account(wanted, path, &account);

    if (error == NTLM_ERR_NO_SUCH_LINE)
        error = userfile_no_such_line(path, wanted->user, wanted->domain);
    if (!error)
        error = from_account(&account, wanted->domain, path, identity);
    account_clear(&account);
    return error;
}

static enum ntlm_error from_winbind(const struct wanted *wanted, struct identity **identity)
{
    unsigned timeout = wanted->settings->winbind_timeout;
    char *user, *domain;
    enum ntlm_error error =
        winbind_user_find(timeout, wanted->user, wanted->domain, &user, &domain);

    if (!error)
        error = new_identity(user, domain, identity);
    if (!error) {
        (*identity)->winbind_timeout = timeout;
        trace("identity: user \"%s\\%s\", whose password winbind keeps", domain, user);
    }
    free(user);
    free(domain);
    return error;
}

static enum ntlm_error from_source(const struct wanted *wanted, enum account_source source,
                                   struct identity **identity)
{
    if (source == ACCOUNTS_IN_WINBIND)
        return from_winbind(wanted, identity);
    return from_file(wanted, wanted->settings->user_file, identity);
}

static bool is_unknown(enum ntlm_error error)
{
    return error == NTLM_ERR_NO_IDENTITY || error == NTLM_ERR_NO_SUCH_LINE;
}

/* From the first of the sources that knows the user. */
static enum ntlm_error from_sources(const struct wanted *wanted, struct identity **identity)
{
    const struct settings *settings = wanted->settings;
    struct source_order order;
    enum ntlm_error error;

    if (wanted->file)
        return from_file(wanted, wanted->file, identity);
    order = settings_sources(settings, settings->user_file != NULL, winbind_is_there);
    error = order.count > 0 ? NTLM_ERR_NO_IDENTITY : fail(NTLM_ERR_NO_IDENTITY, NULL);
    for (size_t i = 0; i < order.count && is_unknown(error); i++)
        error = from_source(wanted, order.sources[i], identity);
    return error;
}

/* The settings' user; in this domain, or the one that he is named with. A
 * user@realm who is not found as user in realm may be called so himself. */
static enum ntlm_error find_own(const struct wanted *wanted, struct identity **identity)
{
    const char *name = wanted->settings->user;
    bool may_be_whole = strchr(name, '@') && !strchr(name, '\\');
    struct wanted split = *wanted, whole = *wanted;
    struct user_name own;
    enum ntlm_error error = split_user(name, &own);

    if (error)
        return error;
    split.user = own.user;
    if (!*split.domain)
        split.domain = own.domain;
    whole.user = name;
    error = from_sources(&split, identity);
    if (is_unknown(error) && may_be_whole)
        error = from_sources(&whole, identity);
    free(own.memory);
    return error;
}

enum ntlm_error identity_find(const struct settings *settings, const char *file,
                              const char *user, const char *domain, struct identity **identity)
{
    const struct wanted wanted = {
        .settings = settings, .file = file, .user = user, .domain = domain ? domain : ""};

    *identity = NULL;
    if (!user && settings->user)
        return find_own(&wanted, identity);
    return from_sources(&wanted, identity);
}

struct identity *identity_ref(struct identity *identity)
{
    atomic_fetch_add(&identity->references, 1);
    return identity;
}

void identity_release(struct identity *identity)
{
    if (!identity || atomic_fetch_sub(&identity->references, 1) != 1)
        return;
    free(identity->user);
    free(identity->domain);
    ntlm_cleanse(identity, sizeof(*identity));
    free(identity);
}

const char *identity_user(const struct identity *identity)
{
    return identity->user;
}

const char *identity_domain(const struct identity *identity)
{
    return identity->domain;
}

static enum ntlm_error answer_by_winbind(const void *arg, struct ntlm_bytes negotiate,
                                         struct ntlm_bytes challenge,
                                         struct ntlm_writer *authenticate,
                                         uint8_t session_key[16])
{
    const struct identity *identity = arg;

    return winbind_user_respond(identity->winbind_timeout, identity->user, identity->domain,
                                negotiate, challenge, authenticate, session_key);
}

void identity_secret(const struct identity *identity, struct ntlm_secret *secret)
{
    *secret = (struct ntlm_secret){.user = identity->user, .domain = identity->domain};
    if (identity->winbind_timeout > 0) {
        secret->respond = answer_by_winbind;
        secret->arg = identity;
    } else {
        secret->nt_hash = identity->nt_hash;
        secret->lm_hash = identity->has_lm_hash ? identity->lm_hash : NULL;
    }
}

static void write_text(struct ntlm_writer *out, const char *text)
{
    size_t len = strlen(text);

    if (len > NTLM_MAX_TOKEN && !out->error)
        out->error = NTLM_ERR_TOO_LARGE;
    ntlm_write32(out, (uint32_t)len);
    ntlm_write(out, text, len);
}

void identity_export(const struct identity *identity, struct ntlm_writer *out)
{
    ntlm_write32(out, identity->winbind_timeout > 0 ? EXPORT_MARK_WINBIND : EXPORT_MARK);
    write_text(out, identity->user);
    write_text(out, identity->domain);
    if (identity->winbind_timeout > 0) {
        ntlm_write32(out, identity->winbind_timeout);
        return;
    }
    ntlm_write(out, identity->nt_hash, NTLM_HASH_SIZE);
    ntlm_write8(out, identity->has_lm_hash);
    ntlm_write(out, identity->lm_hash, NTLM_HASH_SIZE);
}

/* *text is heap memory, the caller's; NULL after an error. */
static enum ntlm_error read_text(struct ntlm_reader *in, char **text)
{
    uint32_t len = ntlm_read32(in);
    struct ntlm_bytes bytes = ntlm_read_bytes(in, len);

    *text = NULL;
    if (in->error || (len > 0 && memchr(bytes.data, '\0', len)) ||
        (len > 0 && u8_check(bytes.data, len)))
        return NTLM_ERR_BAD_EXPORT;
    *text = strndup(len > 0 ? (const char *)bytes.data : "", len);
    return *text ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

static void read_hashes(struct ntlm_reader *in, struct identity *identity)
{
    uint8_t has_lm_hash = 0;

    ntlm_read_copy(in, identity->nt_hash, NTLM_HASH_SIZE);
    ntlm_read_copy(in, &has_lm_hash, 1);
    ntlm_read_copy(in, identity->lm_hash, NTLM_HASH_SIZE);
    identity->has_lm_hash = has_lm_hash == 1;
    if (has_lm_hash > 1 && !in->error)
        in->error = NTLM_ERR_BAD_EXPORT;
}

static void read_winbind(struct ntlm_reader *in, struct identity *identity)
{
    identity->winbind_timeout = ntlm_read32(in);
    if (identity->winbind_timeout == 0 && !in->error)
        in->error = NTLM_ERR_BAD_EXPORT;
}

static enum ntlm_error read_names(struct ntlm_reader *in, uint32_t *mark, char **user,
                                  char **domain)
{
    enum ntlm_error error = NTLM_ERR_BAD_EXPORT;

    *user = *domain = NULL;
    *mark = ntlm_read32(in);
    if (*mark == EXPORT_MARK || *mark == EXPORT_MARK_WINBIND)
        error = read_text(in, user);
    if (!error)
        error = read_text(in, domain);
    if (!error && !**user)
        error = NTLM_ERR_BAD_EXPORT;
    return error ? fail(error, "the identity's names cannot be read") : NTLM_OK;
}

enum ntlm_error identity_import(struct ntlm_reader *in, struct identity **identity)
{
    char *user, *domain;
    uint32_t mark;
    enum ntlm_error error = read_names(in, &mark, &user, &domain);

    *identity = NULL;
    if (!error)
        error = new_identity(user, domain, identity);
    free(user);
    free(domain);
    if (error)
        return error;
    if (mark == EXPORT_MARK)
        read_hashes(in, *identity);
    else
        read_winbind(in, *identity);
    if (!in->error)
        return NTLM_OK;
    identity_release(*identity);
    *identity = NULL;
    return fail(NTLM_ERR_BAD_EXPORT, "the identity's secret cannot be read");
}
