/* SPDX-License-Identifier: MIT */
/* line.c - the two formats of the account file's lines. */

#include "config.h"

#include "userfile/line.h"

#include <string.h>

#include <unistr.h>

#include "ntlm/keys.h"
#include "ntlm/secret.h"
#include "support/hex.h"

#define HASH_DIGITS (2 * NTLM_HASH_SIZE)
#define NO_PASSWORD "NO PASSWORD"

/* The fields of user:uid:LMHASH:NTHASH:[flags]:... */
enum { USER, UID, LM, NT, FLAGS, FIELDS };

/* Finds where the line's first fields begin. A field that is not there begins
 * at the line's end. Returns how many are there. */
static size_t find_fields(char *text, char *fields[FIELDS])
{
    size_t count = 0;

    for (char *at = text; count < FIELDS; at++) {
        fields[count++] = at;
        at += strcspn(at, ":");
        if (!*at) {
            for (size_t rest = count; rest < FIELDS; rest++)
                fields[rest] = at;
            break;
        }
    }
    return count;
}

/* Ends the field here instead of at its colon. */
static void end_field(char *field)
{
    field[strcspn(field, ":")] = '\0';
}

static bool is_smbpasswd(char *const fields[FIELDS], size_t count)
{
    return count > NT && strcspn(fields[USER], ":") > 0 && strcspn(fields[UID], ":") > 0 &&
           strspn(fields[UID], "0123456789") == strcspn(fields[UID], ":") &&
           strcspn(fields[LM], ":") == HASH_DIGITS && strcspn(fields[NT], ":") == HASH_DIGITS;
}

/* "NO PASSWORD" padded with X's, or X's alone. */
static bool is_no_hash(const char *digits)
{
    if (strncmp(digits, NO_PASSWORD, strlen(NO_PASSWORD)) == 0)
        digits += strlen(NO_PASSWORD);
    return digits[strspn(digits, "Xx")] == '\0';
}

static bool is_hash(const char *digits)
{
    uint8_t hash[NTLM_HASH_SIZE];
    bool good = hex_decode(digits, hash, sizeof(hash));

    ntlm_cleanse(hash, sizeof(hash));
    return good;
}

static struct line smbpasswd_line(char *const fields[FIELDS])
{
    struct line line = {.kind = LINE_SMBPASSWD,
                        .user = fields[USER],
                        .domain = "",
                        .lm = fields[LM],
                        .nt = fields[NT],
                        .flags = fields[FLAGS]};

    for (size_t i = 0; i < FIELDS; i++)
        end_field(fields[i]);
    if ((!is_hash(line.lm) && !is_no_hash(line.lm)) ||
        (!is_hash(line.nt) && !is_no_hash(line.nt)))
        line.kind = LINE_BAD;
    return line;
}

/* DOMAIN:user:password, whose last field takes all the colons that follow. */
static struct line password_line(char *const fields[FIELDS], size_t count)
{
    struct line line = {
        .kind = LINE_PASSWORD, .domain = fields[0], .user = fields[1], .password = fields[2]};

    if (count < 3 || fields[1][0] == ':')
        return (struct line){.kind = LINE_BAD};
    end_field(fields[0]);
    end_field(fields[1]);
    return line;
}

struct line line_parse(char *text, size_t len)
{
    char *fields[FIELDS];
    size_t count;

    text[len] = '\0';
    if (len == 0 || text[0] == '#')
        return (struct line){.kind = LINE_NOTHING};
    if (strlen(text) != len || u8_check((const uint8_t *)text, len))
        return (struct line){.kind = LINE_BAD};
    count = find_fields(text, fields);
    return is_smbpasswd(fields, count) ? smbpasswd_line(fields) : password_line(fields, count);
}

static enum ntlm_error hash_password(const char *password, bool lm, struct account *account)
{
    size_t len = strlen(password);
    enum ntlm_error error = ntlm_nt_hash(password, len, account->nt_hash);

    account->has_nt_hash = error == NTLM_OK;
    if (error || !lm)
        return error;
    error = ntlm_lm_hash(password, len, account->lm_hash);
    account->has_lm_hash = error == NTLM_OK;
    return error == NTLM_ERR_NO_LM_HASH ? NTLM_OK : error;
}

/* The flags are [UX         ] and the like; before Samba 2.0 there were none. */
static bool has_flag(const char *flags, char flag)
{
    const char *found = flags[0] == '[' ? strchr(flags, flag) : NULL;

    return found && found < flags + strcspn(flags, "]");
}

static void take_hashes(const struct line *line, bool lm, struct account *account)
{
    bool allowed = !has_flag(line->flags, 'N');

    account->disabled = has_flag(line->flags, 'D');
    account->locked = has_flag(line->flags, 'L');
    account->has_nt_hash =
        allowed && hex_decode(line->nt, account->nt_hash, sizeof(account->nt_hash));
    account->has_lm_hash =
        allowed && lm && hex_decode(line->lm, account->lm_hash, sizeof(account->lm_hash));
}

enum ntlm_error line_account(const struct line *line, bool lm, struct account *account)
{
    *account = (struct account){0};
    if (line->kind == LINE_PASSWORD)
        return hash_password(line->password, lm, account);
    take_hashes(line, lm, account);
    return NTLM_OK;
}
