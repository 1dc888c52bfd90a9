/* SPDX-License-Identifier: MIT */
/* frames.c - see frames.h. */

#include "frames.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static bool send_all(int socket, const unsigned char *data, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(socket, data, length, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        data += sent;
        length -= (size_t)sent;
    }
    return true;
}

static bool receive_all(int socket, unsigned char *data, size_t length)
{
    while (length > 0) {
        ssize_t received = recv(socket, data, length, 0);

        if (received <= 0)
            return false;
        data += received;
        length -= (size_t)received;
    }
    return true;
}

bool frame_send(int socket, const gss_buffer_desc *frame)
{
    uint32_t length = (uint32_t)frame->length;
    unsigned char head[4] = {(unsigned char)(length >> 24), (unsigned char)(length >> 16),
                             (unsigned char)(length >> 8), (unsigned char)length};

    return frame->length <= FRAME_MAX && send_all(socket, head, sizeof(head)) &&
           send_all(socket, frame->value, frame->length);
}

bool frame_receive(int socket, gss_buffer_desc *frame)
{
    unsigned char head[4];

    frame->value = NULL;
    if (!receive_all(socket, head, sizeof(head)))
        return false;
    frame->length =
        (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (frame->length > FRAME_MAX)
        return false;
    frame->value = malloc(frame->length + 1);
    if (frame->value && receive_all(socket, frame->value, frame->length))
        return true;
    free(frame->value);
    frame->value = NULL;
    return false;
}

static void print_texts(OM_uint32 code, int type, gss_OID mech)
{
    OM_uint32 more = 0, minor;
    gss_buffer_desc text;

    do {
        if (GSS_ERROR(gss_display_status(&minor, code, type, mech, &more, &text)))
            return;
        fprintf(stderr, "; %.*s", (int)text.length, (const char *)text.value);
        gss_release_buffer(&minor, &text);
    } while (more);
}

void print_status(const char *who, const char *what, OM_uint32 major, OM_uint32 minor,
                  gss_OID mech)
{
    fprintf(stderr, "%s: %s", who, what);
    print_texts(major, GSS_C_GSS_CODE, mech);
    if (minor != 0)
        print_texts(minor, GSS_C_MECH_CODE, mech);
    fputs("\n", stderr);
}
