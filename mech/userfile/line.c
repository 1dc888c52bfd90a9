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

static struct line bad_line(enum line_fault fault)
{
    return (struct line){.kind = LINE_BAD, .fault = fault};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool has_outer_blank(const char *text)
{
    size_t len = strlen(text);

    return len > 0 && (is_blank(text[0]) || is_blank(text[len - 1]));
}

/* The user may have a domain in front of it, which Samba's have not. */
static struct line smbpasswd_line(char *const fields[FIELDS])
{
    struct line line = {.kind = LINE_SMBPASSWD,
                        .user = fields[USER],
                        .domain = "",
                        .lm = fields[LM],
                        .nt = fields[NT],
                        .flags = fields[FLAGS]};
    char *backslash;

    for (size_t i = 0; i < FIELDS; i++)
        end_field(fields[i]);
    if ((!is_hash(line.lm) && !is_no_hash(line.lm)) ||
        (!is_hash(line.nt) && !is_no_hash(line.nt)))
        return bad_line(LINE_FAULT_BAD_HASH);
    backslash = strchr(fields[USER], '\\');
    if (backslash) {
        *backslash = '\0';
        line.domain = fields[USER];
        line.user = backslash + 1;
    }
    if (!*line.user)
        return bad_line(LINE_FAULT_NO_USER);
    if (has_outer_blank(line.domain) || has_outer_blank(line.user))
        line.fault = LINE_FAULT_NAME_BLANK;
    return line;
}

/* Why a line of too few fields is none, from how such lines are written
 * elsewhere. */
static enum line_fault too_few_fields(const char *text, size_t count)
{
    const char *first_end = text + strcspn(text, ":");

    if (strchr(text, ';'))
        return LINE_FAULT_SEMICOLON;
    if (strchr(text, '\\') && strchr(text, '\\') < first_end)
        return LINE_FAULT_BACKSLASH;
    return count < 2 ? LINE_FAULT_NO_COLON : LINE_FAULT_NO_DOMAIN;
}

/* user:uid:LMHASH:NTHASH:[flags], but for the hashes' length. */
static bool resembles_smbpasswd(const struct line *line)
{
    const char *flags = strstr(line->password, ":[");

    return *line->user && line->user[strspn(line->user, "0123456789")] == '\0' && flags &&
           strchr(line->password, ':') < flags && strchr(flags, ']');
}

/* What a line that counts may not have been meant to say. */
static enum line_fault find_doubt(const struct line *line)
{
    size_t len = strlen(line->password);

    if (resembles_smbpasswd(line))
        return LINE_FAULT_SMBPASSWD;
    if (has_outer_blank(line->domain) || has_outer_blank(line->user))
        return LINE_FAULT_NAME_BLANK;
    if (strchr(line->password, '\r'))
        return LINE_FAULT_CARRIAGE_RETURN;
    if (len > 0 && is_blank(line->password[len - 1]))
        return LINE_FAULT_PASSWORD_BLANK;
    return len > 0 ? LINE_FAULT_NONE : LINE_FAULT_EMPTY_PASSWORD;
}

/* DOMAIN:user:password, whose last field takes all the colons that follow. */
static struct line password_line(char *const fields[FIELDS])
{
    struct line line = {
        .kind = LINE_PASSWORD, .domain = fields[0], .user = fields[1], .password = fields[2]};

    end_field(fields[0]);
    end_field(fields[1]);
    if (strchr(line.domain, ';')) /* the colons may be the password's */
        return bad_line(LINE_FAULT_SEMICOLON);
    if (strchr(line.domain, '\\'))
        return bad_line(LINE_FAULT_BACKSLASH);
    if (!*line.user)
        return bad_line(LINE_FAULT_NO_USER);
    line.fault = find_doubt(&line);
    return line;
}

struct line line_parse(char *text, size_t len)
{
    char *fields[FIELDS];
    size_t count;

    text[len] = '\0';
    if (len == 0 || text[0] == '#')
        return (struct line){.kind = LINE_NOTHING};
    if (len > LINE_MAX_SIZE)
        return bad_line(LINE_FAULT_TOO_LONG);
    if (strlen(text) != len)
        return bad_line(LINE_FAULT_NUL);
    if (u8_check((const uint8_t *)text, len))
        return bad_line(LINE_FAULT_NOT_UTF8);
    count = find_fields(text, fields);
    if (is_smbpasswd(fields, count))
        return smbpasswd_line(fields);
    return count < 3 ? bad_line(too_few_fields(text, count)) : password_line(fields);
}

const char *line_fault_text(enum line_fault fault)
{
    static const char *const texts[] = {
        [LINE_FAULT_TOO_LONG] = "it is longer than 64 KiB",
        [LINE_FAULT_NUL] = "it has a NUL byte: write the file as UTF-8, not UTF-16",
        [LINE_FAULT_NOT_UTF8] = "it is not UTF-8 text",
        [LINE_FAULT_SEMICOLON] = "its fields are separated by ; in place of :",
        [LINE_FAULT_BACKSLASH] = "write DOMAIN:user:password, not DOMAIN\\user:password",
        [LINE_FAULT_NO_COLON] = "it has no colon",
        [LINE_FAULT_NO_DOMAIN] =
            "it has no domain: write DOMAIN:user:password, or :user:password for any domain",
        [LINE_FAULT_NO_USER] = "its user is empty",
        [LINE_FAULT_BAD_HASH] = "a hash of it is not 32 hexadecimal digits",
        [LINE_FAULT_SMBPASSWD] =
            "it is read as DOMAIN:user:password; as smbpasswd its hashes would need 32 digits",
        [LINE_FAULT_CARRIAGE_RETURN] = "its password contains a carriage return",
        [LINE_FAULT_NAME_BLANK] = "its domain or user begins or ends with a blank",
        [LINE_FAULT_PASSWORD_BLANK] = "its password ends with a blank",
        [LINE_FAULT_EMPTY_PASSWORD] =
            "its password is empty: nobody can log in (allow_empty_passwords)"};

    return texts[fault];
}

static enum ntlm_error hash_password(const char *password, bool lm, struct account *account)
{
    size_t len = strlen(password);
    enum ntlm_error error = ntlm_nt_hash(password, len, account->nt_hash);

    account->has_nt_hash = !error;
    if (error || !lm)
        return error;
    error = ntlm_lm_hash(password, len, account->lm_hash);
    account->has_lm_hash = !error;
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

/* The NT and the LM hash of no password. */
static const uint8_t empty_nt[NTLM_HASH_SIZE] = {0x31, 0xd6, 0xcf, 0xe0, 0xd1, 0x6a,
                                                 0xe9, 0x31, 0xb7, 0x3c, 0x59, 0xd7,
                                                 0xe0, 0xc0, 0x89, 0xc0};
static const uint8_t empty_lm[NTLM_HASH_SIZE] = {0xaa, 0xd3, 0xb4, 0x35, 0xb5, 0x14,
                                                 0x04, 0xee, 0xaa, 0xd3, 0xb4, 0x35,
                                                 0xb5, 0x14, 0x04, 0xee};

/* Windows writes the LM hash of no password where there is none, as for a password that
 * is too long for one: it must not let in who gives no password. */
static void find_empty(struct account *account)
{
    account->empty_password =
        account->has_nt_hash && ntlm_equal(account->nt_hash, empty_nt, sizeof(empty_nt));
    if (!account->empty_password && account->has_lm_hash &&
        ntlm_equal(account->lm_hash, empty_lm, sizeof(empty_lm)))
        account->has_lm_hash = false;
}

enum ntlm_error line_account(const struct line *line, bool lm, struct account *account)
{
    enum ntlm_error error = NTLM_OK;

    *account = (struct account){0};
    if (line->kind == LINE_PASSWORD)
        error = hash_password(line->password, lm, account);
    else
        take_hashes(line, lm, account);
    find_empty(account);
    return error;
}
