/* SPDX-License-Identifier: MIT */
/* librdkafka.c - a login by librdkafka's rdkafka_sasl_win32.c, which is compiled as
 * it is: a broker's connection of ours around it, and a server at its end. */

#include <rdkafka_int.h>
#include <rdkafka_sasl_int.h>
#include <rdkafka_transport_int.h>

#include "server.h"

extern const struct rd_kafka_sasl_provider rd_kafka_sasl_win32_provider;

static rd_kafka_t client;
static rd_kafka_broker_t broker;
static rd_kafka_transport_t transport;
static char error[512];

static void die(const char *what)
{
    fprintf(stderr, "librdkafka: %s: %s\n", what, error);
    exit(1);
}

/* What the server says next, as the provider's own recv would get it. */
static void answer(const void *frame, size_t length)
{
    /* the provider decrypts in place */
    void *copy = rd_memdup(frame, length);

    if (rd_kafka_sasl_win32_provider.recv(&transport, copy, length, error, sizeof(error)))
        die("a frame is refused");
    rd_free(copy);
}

/* The provider's tokens, and at last its choice of no security layer and its name. */
int rd_kafka_sasl_send(rd_kafka_transport_t *rktrans, const void *payload, int length,
                       char *errstr, size_t errstr_size)
{
    static const char layers[4] = {1, 0, 0, 0};
    static int established;
    const void *reply;
    size_t reply_length;
    const char *chosen;

    (void)rktrans, (void)errstr, (void)errstr_size;
    if (established && length == 0) { /* the last token is empty: SASL goes on */
        server_wrap(layers, sizeof(layers), &reply, &reply_length);
        answer(reply, reply_length);
        return 0;
    }
    if (established) {
        chosen = server_unwrap(payload, (size_t)length, &reply_length);
        if (!chosen || reply_length < 5 || chosen[0] != 1)
            die("the choice of a layer is wrong");
        printf("user %.*s\n", (int)reply_length - 4, chosen + 4);
        answer("", 0);
        return 0;
    }
    if (server_token(payload, (size_t)length, &reply, &reply_length) != 1)
        die("the token is refused");
    established = 1;
    answer(reply, reply_length);
    return 0;
}

void rd_kafka_sasl_auth_done(rd_kafka_transport_t *rktrans)
{
    (void)rktrans;
    server_greet();
}

void rd_kafka_log0(const rd_kafka_conf_t *conf, const rd_kafka_t *rk, const char *extra,
                   int level, int ctx, const char *fac, const char *fmt, ...)
{
    (void)conf, (void)rk, (void)extra, (void)level, (void)ctx, (void)fac, (void)fmt;
}

int main(int count, char **arguments)
{
    server_start("Kerberos");
    client.rk_conf.sasl.mechanisms = "GSSAPI";
    client.rk_conf.sasl.service_name = "HTTP";
    broker.rkb_rk = &client;
    broker.rkb_features = RD_KAFKA_FEATURE_SASL_AUTH_REQ;
    transport.rktrans_rkb = &broker;
    if (count != 2 ||
        rd_kafka_sasl_win32_provider.client_new(&transport, arguments[1], error, sizeof(error)))
        die("no login");
    rd_kafka_sasl_win32_provider.close(&transport);
    return 0;
}
