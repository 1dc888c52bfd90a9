/* SPDX-License-Identifier: MIT */
/* export.c - an identity as bytes, with its secret, and back. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "identity/identity.h"
#include "identity/object.h"
#include "support/failure.h"

/* How the exported forms begin, with their version: "NID1", "NIW1" for an identity whose
 * password winbind has, and "NIK1" for a login of the keyring. */
#define EXPORT_MARK 0x3144494eu
#define EXPORT_MARK_WINBIND 0x3157494eu
#define EXPORT_MARK_LOGIN 0x314b494eu

void identity_write_text(struct ntlm_writer *out, const char *text)
{
    size_t len = strlen(text);

    if (len > NTLM_MAX_TOKEN)
        ntlm_writer_fail(out, NTLM_ERR_TOO_LARGE);
    ntlm_write32(out, (uint32_t)len);
    ntlm_write(out, text, len);
}

static uint32_t mark_of(const struct identity *identity)
{
    return identity->winbind_timeout > 0 ? EXPORT_MARK_WINBIND
           : identity->target            ? EXPORT_MARK_LOGIN
                                         : EXPORT_MARK;
}

void identity_export(const struct identity *identity, struct ntlm_writer *out)
{
    ntlm_write32(out, mark_of(identity));
    identity_write_text(out, identity->user);
    identity_write_text(out, identity->domain);
    if (identity->winbind_timeout > 0) {
        ntlm_write32(out, identity->winbind_timeout);
        return;
    }
    if (identity->target) {
        ntlm_write64(out, identity->expires);
        identity_write_text(out, identity->target);
    }
    ntlm_write(out, identity->nt_hash, NTLM_HASH_SIZE);
    ntlm_write8(out, identity->has_lm_hash);
    ntlm_write(out, identity->lm_hash, NTLM_HASH_SIZE);
}

enum ntlm_error identity_read_text(struct ntlm_reader *in, char **text)
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
    if (has_lm_hash > 1)
        ntlm_reader_fail(in, NTLM_ERR_BAD_EXPORT);
}

static void read_winbind(struct ntlm_reader *in, struct identity *identity)
{
    identity->winbind_timeout = ntlm_read32(in);
    if (identity->winbind_timeout == 0)
        ntlm_reader_fail(in, NTLM_ERR_BAD_EXPORT);
}

static void read_login(struct ntlm_reader *in, struct identity *identity)
{
    identity->expires = ntlm_read64(in);
    ntlm_reader_fail(in, identity_read_text(in, &identity->target));
}

static enum ntlm_error read_names(struct ntlm_reader *in, uint32_t *mark, char **user,
                                  char **domain)
{
    enum ntlm_error error = NTLM_ERR_BAD_EXPORT;

    *user = *domain = NULL;
    *mark = ntlm_read32(in);
    if (*mark == EXPORT_MARK || *mark == EXPORT_MARK_WINBIND || *mark == EXPORT_MARK_LOGIN)
        error = identity_read_text(in, user);
    if (!error)
        error = identity_read_text(in, domain);
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
        error = identity_new(user, domain, identity);
    free(user);
    free(domain);
    if (error)
        return error;
    if (mark == EXPORT_MARK_LOGIN)
        read_login(in, *identity);
    if (mark == EXPORT_MARK_WINBIND)
        read_winbind(in, *identity);
    else
        read_hashes(in, *identity);
    error = in->error;
    if (!error && mark != EXPORT_MARK_WINBIND)
        error = identity_make_ntowfv2(*identity);
    if (!error)
        return NTLM_OK;
    identity_release(*identity);
    *identity = NULL;
    return error == NTLM_ERR_OUT_OF_MEMORY
               ? fail(error, NULL)
               : fail(NTLM_ERR_BAD_EXPORT, "the identity's secret cannot be read");
}
