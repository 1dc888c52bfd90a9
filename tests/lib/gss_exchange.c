/* SPDX-License-Identifier: MIT */
/* gss_exchange.c - both sides of an exchange. */

#include "config.h"

#include "gss_exchange.h"

void exchange_begin(struct exchange *exchange, const struct request *asked)
{
    *exchange = (struct exchange){.asked = *asked};
    if (!exchange->asked.mech)
        exchange->asked.mech = NTLMSSP;
    exchange->target = service_of(asked->target ? asked->target : "HTTP@server.test");
}

static void step_client(struct exchange *exchange, gss_buffer_t input, gss_buffer_t output)
{
    struct side *side = &exchange->client;

    side->major =
        gss_init_sec_context(&side->minor, exchange->asked.client_credential, &side->context,
                             exchange->target, exchange->asked.mech, exchange->asked.flags,
                             GSS_C_INDEFINITE, exchange->asked.client_bindings, input,
                             &side->mech, output, &side->flags, &side->lifetime);
}

static void step_server(struct exchange *exchange, gss_buffer_t input, gss_buffer_t output)
{
    struct side *side = &exchange->server;
    OM_uint32 ignored;

    gss_release_name(&ignored, &exchange->source); /* of a server that was complete */
    side->major =
        gss_accept_sec_context(&side->minor, &side->context, exchange->asked.server_credential,
                               input, exchange->asked.server_bindings, &exchange->source,
                               &side->mech, output, &side->flags, &side->lifetime, NULL);
}

bool exchange_step(struct exchange *exchange)
{
    bool clients = exchange->steps % 2 == 0;
    struct side *side = clients ? &exchange->client : &exchange->server;
    gss_buffer_t input =
        exchange->steps > 0 ? &exchange->tokens[exchange->steps - 1] : GSS_C_NO_BUFFER;
    gss_buffer_t output = &exchange->tokens[exchange->steps];

    if (exchange->over)
        return false;
    ck_assert_int_lt(exchange->steps, STEPS_MAX);
    if (clients)
        step_client(exchange, input, output);
    else
        step_server(exchange, input, output);
    exchange->steps++;
    minor = side->minor;
    side->complete = side->major == GSS_S_COMPLETE;
    exchange->over = GSS_ERROR(side->major) ||
                     (exchange->client.complete && exchange->server.complete) ||
                     (side->complete && output->length == 0);
    return !exchange->over;
}

void exchange_run(struct exchange *exchange, const struct request *asked)
{
    exchange_begin(exchange, asked);
    while (exchange_step(exchange))
        continue;
}

void exchange_establish(struct exchange *exchange, const struct request *asked)
{
    exchange_run(exchange, asked);
    ck_assert_msg(exchange->client.complete, "the initiator: %#x, %s", exchange->client.major,
                  side_text(exchange, &exchange->client));
    ck_assert_msg(exchange->server.complete, "the acceptor: %#x, %s", exchange->server.major,
                  side_text(exchange, &exchange->server));
}

void exchange_end(struct exchange *exchange)
{
    OM_uint32 ignored;

    gss_delete_sec_context(&ignored, &exchange->client.context, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&ignored, &exchange->server.context, GSS_C_NO_BUFFER);
    gss_release_name(&ignored, &exchange->source);
    gss_release_name(&ignored, &exchange->target);
    for (int i = 0; i < STEPS_MAX; i++)
        release_buffer(&exchange->tokens[i]);
}

const char *side_text(const struct exchange *exchange, const struct side *side)
{
    return status_text(side->minor, exchange->asked.mech);
}

void assert_refused(const struct exchange *exchange, const struct side *side, OM_uint32 major,
                    enum ntlm_error error)
{
    const char *text = side_text(exchange, side), *own = ntlm_error_text(error);

    ck_assert_msg(side->major == major, "the major status is %#x, not %#x (%s)", side->major,
                  major, text);
    /* our SPNEGO says whose reason it is where there are several */
    if (strncmp(text, "NTLM: ", 6) == 0)
        text += 6;
    ck_assert_msg(strncmp(text, own, strlen(own)) == 0, "\"%s\" should begin with \"%s\"", text,
                  own);
    if (gss_oid_equal(exchange->asked.mech, NTLMSSP))
        ck_assert_uint_eq(side->minor, (OM_uint32)error);
}

void assert_said(gss_ctx_id_t from, gss_ctx_id_t to, const char *text)
{
    gss_buffer_desc in = text_buffer(text), token, out;
    int conf_state = 0;

    assert_complete(gss_wrap(&minor, from, 1, GSS_C_QOP_DEFAULT, &in, &conf_state, &token));
    ck_assert_int_eq(conf_state, 1);
    assert_complete(gss_unwrap(&minor, to, &token, &out, &conf_state, NULL));
    assert_bytes(out, text, strlen(text));
    release_buffer(&token);
    release_buffer(&out);
}

void assert_talk(gss_ctx_id_t one, gss_ctx_id_t other)
{
    assert_said(one, other, "How doth the little crocodile");
    assert_said(other, one, "Improve his shining tail");
    assert_said(one, other, "And pour the waters of the Nile");
    assert_said(other, one, "On every golden scale!");
}

struct gss_channel_bindings_struct bindings_of(const char *application_data)
{
    return (struct gss_channel_bindings_struct){.application_data =
                                                    text_buffer(application_data)};
}

gss_buffer_desc inquire(gss_ctx_id_t context, const char *oid, size_t oid_len)
{
    gss_OID_desc object = {(OM_uint32)oid_len, (void *)(uintptr_t)oid};
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
    gss_buffer_desc copy = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored;

    assert_complete(gss_inquire_sec_context_by_oid(&minor, context, &object, &set));
    ck_assert_uint_eq(set->count, 1);
    copy.length = set->elements[0].length;
    copy.value = malloc(copy.length + 1);
    ck_assert_ptr_nonnull(copy.value);
    memcpy(copy.value, set->elements[0].value, copy.length);
    gss_release_buffer_set(&ignored, &set);
    return copy;
}
