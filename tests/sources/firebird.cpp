/* SPDX-License-Identifier: MIT */
/* firebird.cpp - a trusted login by both sides of Firebird's AuthSspi.cpp, which is
 * compiled as it is. */

#include <firebird.h>

#include <auth/trusted/AuthSspi.h>

#include <stdio.h>
#include <string.h>

int main()
{
    Auth::AuthSspi client, server;
    Auth::AuthSspi::DataHolder data;
    Auth::AuthSspi::GroupsList groups(*getDefaultMemoryPool());
    Firebird::string login;
    bool administrator;

    do {
        if (!client.request(data)) {
            fprintf(stderr, "firebird: the client gives up\n");
            return 1;
        }
        if (!server.accept(data)) {
            fprintf(stderr, "firebird: the server refuses\n");
            return 1;
        }
    } while (server.isActive());
    if (!server.getLogin(login, administrator, groups) || administrator) {
        fprintf(stderr, "firebird: nobody is logged in\n");
        return 1;
    }
    if (!client.getKey() || !server.getKey() ||
        client.getKey()->getCount() != server.getKey()->getCount() ||
        memcmp(client.getKey()->begin(), server.getKey()->begin(),
               client.getKey()->getCount()) != 0) {
        fprintf(stderr, "firebird: the keys differ\n");
        return 1;
    }
    printf("%s with a key of %u bytes\n", login.c_str(), client.getKey()->getCount());
    return 0;
}
