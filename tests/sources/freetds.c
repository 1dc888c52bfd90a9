/* SPDX-License-Identifier: MIT */
/* freetds.c - a login to MS SQL Server by FreeTDS' sspi.c, which is compiled as it
 * is: the packets that it writes and reads go to a server of ours.
 *
 *   freetds [USER PASSWORD] */

#include <config.h>

#include <freetds/tds.h>

#include <freetds/iconv.h>
#include <freetds/utils/string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

extern TDSAUTHENTICATION *tds_sspi_get_auth(TDSSOCKET *tds);

static unsigned char incoming[65536], outgoing[65536];
static size_t outgoing_length;

/* What FreeTDS' other files do, for the one connection there is. */
bool tds_write_dump;
#undef tdsdump_log
void tdsdump_log(const char *file, unsigned int level_line, const char *format, ...)
{
    (void)file, (void)level_line, (void)format;
}

bool tds_get_n(TDSSOCKET *tds, void *data, size_t length)
{
    (void)tds;
    memcpy(data, incoming, length);
    return true;
}

int tds_put_n(TDSSOCKET *tds, const void *data, size_t length)
{
    (void)tds;
    memcpy(outgoing, data, length);
    outgoing_length = length;
    return 0;
}

TDSRET tds_flush_packet(TDSSOCKET *tds)
{
    (void)tds;
    return TDS_SUCCESS;
}

/* UTF-16 of ASCII */
size_t tds_iconv(TDSSOCKET *tds, TDSICONV *conv, TDS_ICONV_DIRECTION direction, const char **in,
                 size_t *in_left, char **out, size_t *out_left)
{
    (void)tds, (void)conv, (void)direction;
    for (; *in_left > 0 && *out_left >= 2; --*in_left, *out_left -= 2) {
        *(*out)++ = *(*in)++;
        *(*out)++ = 0;
    }
    return 0;
}

static DSTR string_of(const char *text)
{
    DSTR string = calloc(1, sizeof(*string) + strlen(text) + 1);

    string->dstr_size = strlen(text);
    strcpy(string->dstr_s, text);
    return string;
}

int main(int count, char **arguments)
{
    static TDSLOGIN login;
    static TDSSOCKET socket;
    static TDSICONV conversion, *conversions[initial_char_conv_count];
    TDSAUTHENTICATION *auth;
    const void *reply;
    size_t length;
    int done;

    server_start("Negotiate");
    for (int i = 0; i < initial_char_conv_count; i++)
        conversions[i] = &conversion;
    socket.conn->char_convs = conversions;
    login.user_name = string_of(count == 3 ? arguments[1] : "");
    login.password = string_of(count == 3 ? arguments[2] : "");
    login.server_host_name = string_of("sql.home.test");
    login.port = 1433;
    socket.login = &login;
    auth = tds_sspi_get_auth(&socket);
    if (!auth) {
        fprintf(stderr, "freetds: no login\n");
        return 1;
    }
    done = server_token(auth->packet, (size_t)auth->packet_len, &reply, &length);
    while (done >= 0 && length > 0) {
        memcpy(incoming, reply, length);
        outgoing_length = 0;
        if (auth->handle_next(&socket, auth, length) != TDS_SUCCESS) {
            fprintf(stderr, "freetds: the server's token is refused\n");
            return 1;
        }
        if (done)
            break;
        done = server_token(outgoing, outgoing_length, &reply, &length);
    }
    if (done == 1)
        server_greet();
    auth->free(socket.conn, auth);
    return done != 1;
}
