/* SPDX-License-Identifier: MIT */
/* door.c - see door.h. */

#include "config.h"

#include "door.h"

#include "place.h"

void door_begin(void)
{
    setenv("NTLM_USER_FILE",
           place_file("accounts", "TESTDOM:alice:Wonderland 7\nTESTDOM:bob:glass\n"), 1);
    setenv("KRB5_CONFIG", place_file("krb5.conf", "[ntlmssp]\n audit_logons = off\n"), 1);
    setenv("NTLMUSER", "TESTDOM\\alice", 1);
    setenv("NETBIOS_COMPUTER_NAME", "TESTHOST", 1);
    setenv("NETBIOS_DOMAIN_NAME", "TESTDOM", 1);
    unsetenv("NTLM_TRACE");
    unsetenv("GSSNTLMSSP_DEBUG");
    unsetenv("LM_COMPAT_LEVEL");
}

gss_buffer_desc door_bytes(const uint8_t *bytes, size_t len)
{
    return (gss_buffer_desc){len, (void *)(uintptr_t)bytes};
}

gss_buffer_desc door_text(const char *text)
{
    return door_bytes((const uint8_t *)text, strlen(text));
}

void door_release(gss_buffer_t buffer)
{
    if (buffer->length > 0)
        free(buffer->value);
    *buffer = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
}

void door_release_set(gss_OID_set *set)
{
    for (size_t i = 0; *set && i < (*set)->count; i++)
        free((*set)->elements[i].elements);
    if (*set)
        free((*set)->elements);
    free(*set);
    *set = GSS_C_NO_OID_SET;
}

void door_release_iov(gss_iov_buffer_desc *iov, int count)
{
    for (int i = 0; i < count; i++) {
        if (iov[i].type & GSS_IOV_BUFFER_FLAG_ALLOCATED)
            door_release(&iov[i].buffer);
        iov[i].type &= ~(OM_uint32)GSS_IOV_BUFFER_FLAG_ALLOCATED;
    }
}

gss_name_t door_name(const char *text, const gss_OID_desc *type)
{
    gss_buffer_desc buffer = door_text(text);
    gss_name_t name;
    OM_uint32 minor;

    MUST(gss_import_name(&minor, &buffer, oid_out(type), &name) == GSS_S_COMPLETE);
    return name;
}

void door_log_in(OM_uint32 flags, struct door_ends *ends)
{
    gss_name_t target = door_name("HTTP@server.test", &oid_nt_hostbased_service);
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER, answer = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor, client = GSS_S_CONTINUE_NEEDED, server = GSS_S_CONTINUE_NEEDED;

    *ends = (struct door_ends){GSS_C_NO_CONTEXT, GSS_C_NO_CONTEXT};
    while (server == GSS_S_CONTINUE_NEEDED) {
        client = gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &ends->client, target,
                                      NTLMSSP, flags, 0, GSS_C_NO_CHANNEL_BINDINGS, &answer,
                                      NULL, &token, NULL, NULL);
        MUST(!GSS_ERROR(client));
        door_release(&answer);
        server = gss_accept_sec_context(&minor, &ends->server, GSS_C_NO_CREDENTIAL, &token,
                                        GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &answer, NULL,
                                        NULL, NULL);
        MUST(!GSS_ERROR(server));
        door_release(&token);
    }
    MUST(client == GSS_S_COMPLETE && server == GSS_S_COMPLETE);
    gss_release_name(&minor, &target);
}

void door_delete(struct door_ends *ends)
{
    OM_uint32 minor;

    gss_delete_sec_context(&minor, &ends->client, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &ends->server, GSS_C_NO_BUFFER);
}
