/* SPDX-License-Identifier: MIT */
/* sspi_message.c - what sspi_message.h has. */

#include "config.h"

#include "sspi_message.h"

#include <check.h>
#include <string.h>

struct sspi_message m;

SecBufferDesc *message(const char *text)
{
    m.buffers[0] = (SecBuffer){sizeof(m.token), SECBUFFER_TOKEN, m.token};
    m.buffers[1] = (SecBuffer){(ULONG)strlen(text) + 1, SECBUFFER_DATA, m.data};
    m.buffers[2] = (SecBuffer){sizeof(m.padding), SECBUFFER_PADDING, m.padding};
    m.desc = (SecBufferDesc){SECBUFFER_VERSION, 3, m.buffers};
    strcpy((char *)m.data, text);
    return &m.desc;
}

void encrypt(CtxtHandle *from, const char *text)
{
    ck_assert_int_eq(EncryptMessage(from, 0, message(text), 0), SEC_E_OK);
}

void decrypt(CtxtHandle *to, const char *text)
{
    ck_assert_int_eq(DecryptMessage(to, &m.desc, 0, NULL), SEC_E_OK);
    ck_assert_uint_eq(m.buffers[1].cbBuffer, strlen(text) + 1);
    ck_assert_str_eq(m.buffers[1].pvBuffer, text);
}

void sign(CtxtHandle *from, const char *text)
{
    ck_assert_int_eq(MakeSignature(from, 0, message(text), 0), SEC_E_OK);
}

SECURITY_STATUS verify(CtxtHandle *to)
{
    return VerifySignature(to, &m.desc, 0, NULL);
}
