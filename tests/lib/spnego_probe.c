/* SPDX-License-Identifier: MIT */
/* spnego_probe.c - does this GSSAPI library's SPNEGO find a mechListMIC, with this build's
 * module and no Kerberos? The question is tool/mic_probe.h's.
 *
 * exit status: 10 it does not, anything else: it is not known to lose any */

#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../tool/mic_probe.h"

enum { LOSES_MICS = 10 };

/* This build's module, and no Kerberos. */
static void set_environment(const char *accounts)
{
    setenv("GSS_MECH_CONFIG", GSS_MECH_CONF, 1);
    setenv("NTLM_USER_FILE", accounts, 1);
    setenv("KRB5_CONFIG", "/dev/null", 1);
    setenv("KRB5CCNAME", "MEMORY:spnego_probe", 1); /* libkrb5 may crash on /dev/null */
    setenv("KRB5_KTNAME", "FILE:/dev/null", 1);
    setenv("KRB5_CLIENT_KTNAME", "FILE:/dev/null", 1);
    unsetenv("NTLMUSER");
    unsetenv("LM_COMPAT_LEVEL");
}

int main(void)
{
    static const char account[] = "DOMAIN:alice:secret\n";
    char path[] = "/tmp/spnego_probe.XXXXXX";
    int fd = mkstemp(path);
    bool loses = false;

    if (fd < 0)
        return EXIT_FAILURE;
    if (write(fd, account, strlen(account)) == (ssize_t)strlen(account)) {
        set_environment(path);
        loses = mic_probe() == MIC_PROBE_LOSES;
    }
    close(fd);
    unlink(path);
    return loses ? LOSES_MICS : EXIT_SUCCESS;
}
