/* SPDX-License-Identifier: MIT */
/* mariadb.c - a login by MariaDB's sspi_client.c, which is compiled as it is with the
 * rest of its plugin: the plugin's network is ours, and a server at its end. */

#include <ma_global.h>

#include <mysql.h>

#include <mysql/client_plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

extern struct st_mysql_client_plugin_AUTHENTICATION auth_gssapi_client_client_plugin;

static unsigned char packet[65536];
static int length;

/* First the service's name and, behind a NUL, the package; then the tokens. */
static int read_packet(MYSQL_PLUGIN_VIO *vio, unsigned char **data)
{
    (void)vio;
    *data = packet;
    return length;
}

static int write_packet(MYSQL_PLUGIN_VIO *vio, const unsigned char *data, int size)
{
    const void *reply;
    size_t reply_length;

    (void)vio;
    if (server_token(data, (size_t)size, &reply, &reply_length) < 0)
        return 1;
    memcpy(packet, reply, reply_length);
    length = (int)reply_length;
    return 0;
}

int main(int count, char **arguments)
{
    static MYSQL mysql;
    MYSQL_PLUGIN_VIO vio = {read_packet, write_packet, NULL};
    int result;

    if (count != 2)
        return 2;
    server_start(arguments[1]);
    length = sprintf((char *)packet, "HTTP/localhost%c%s", 0, arguments[1]) + 1;
    result = auth_gssapi_client_client_plugin.authenticate_user(&vio, &mysql);
    if (result != CR_OK) {
        fprintf(stderr, "mariadb: %d: %s\n", result, mysql.net.last_error);
        return 1;
    }
    server_greet();
    return 0;
}
