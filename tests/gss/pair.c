/* pair.c - both sides of an exchange. */

#include "pair.h"

void pair_begin(struct pair *pair, const struct exchange *asked)
{
    *pair = (struct pair){.asked = *asked};
    if (!pair->asked.mech)
        pair->asked.mech = NTLMSSP;
    pair->target = service_of(asked->target ? asked->target : "HTTP@server.test");
}

static void step_client(struct pair *pair, gss_buffer_t input, gss_buffer_t output)
{
    struct side *side = &pair->client;

    side->major = gss_init_sec_context(
        &side->minor, pair->asked.client_credential, &side->context, pair->target,
        pair->asked.mech, pair->asked.flags, GSS_C_INDEFINITE, pair->asked.client_bindings,
        input, &side->mech, output, &side->flags, &side->lifetime);
}

static void step_server(struct pair *pair, gss_buffer_t input, gss_buffer_t output)
{
    struct side *side = &pair->server;

    side->major =
        gss_accept_sec_context(&side->minor, &side->context, pair->asked.server_credential,
                               input, pair->asked.server_bindings, &pair->source, &side->mech,
                               output, &side->flags, &side->lifetime, NULL);
}

bool pair_step(struct pair *pair)
{
    bool clients = pair->steps % 2 == 0;
    struct side *side = clients ? &pair->client : &pair->server;
    gss_buffer_t input = pair->steps > 0 ? &pair->tokens[pair->steps - 1] : GSS_C_NO_BUFFER;
    gss_buffer_t output = &pair->tokens[pair->steps];

    if (pair->over)
        return false;
    ck_assert_int_lt(pair->steps, STEPS_MAX);
    if (clients)
        step_client(pair, input, output);
    else
        step_server(pair, input, output);
    pair->steps++;
    minor = side->minor;
    side->complete = side->major == GSS_S_COMPLETE;
    pair->over = GSS_ERROR(side->major) || (pair->client.complete && pair->server.complete) ||
                 (side->complete && output->length == 0);
    return !pair->over;
}

void pair_run(struct pair *pair, const struct exchange *asked)
{
    pair_begin(pair, asked);
    while (pair_step(pair))
        continue;
}

void pair_establish(struct pair *pair, const struct exchange *asked)
{
    pair_run(pair, asked);
    ck_assert_msg(pair->client.complete, "the initiator: %#x, %s", pair->client.major,
                  side_text(pair, &pair->client));
    ck_assert_msg(pair->server.complete, "the acceptor: %#x, %s", pair->server.major,
                  side_text(pair, &pair->server));
}

void pair_end(struct pair *pair)
{
    OM_uint32 ignored;

    gss_delete_sec_context(&ignored, &pair->client.context, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&ignored, &pair->server.context, GSS_C_NO_BUFFER);
    gss_release_name(&ignored, &pair->source);
    gss_release_name(&ignored, &pair->target);
    for (int i = 0; i < STEPS_MAX; i++)
        release_buffer(&pair->tokens[i]);
}

const char *side_text(const struct pair *pair, const struct side *side)
{
    return status_text(side->minor, pair->asked.mech);
}

void assert_refused(const struct pair *pair, const struct side *side, OM_uint32 major,
                    enum ntlm_error error)
{
    const char *text = side_text(pair, side), *own = ntlm_error_text(error);

    ck_assert_msg(side->major == major, "the major status is %#x, not %#x (%s)", side->major,
                  major, text);
    ck_assert_msg(strncmp(text, own, strlen(own)) == 0, "\"%s\" should begin with \"%s\"", text,
                  own);
    if (gss_oid_equal(pair->asked.mech, NTLMSSP))
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
