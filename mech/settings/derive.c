/* SPDX-License-Identifier: MIT */
/* derive.c - who this machine is, where the settings do not say it: from the
 * host's name, as Windows derives it. */

#include "config.h"

#include "settings/derive.h"

#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "ntlm/text.h"

#define NETBIOS_NAME_MAX 15

static enum ntlm_error copy(const char *text, size_t len, char **out)
{
    *out = strndup(text, len);
    return *out ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

/* The first label of the host's name, upper-cased. */
static enum ntlm_error computer_of_host(const char *host, char **computer)
{
    size_t characters = u8_mbsnlen((const uint8_t *)host, strcspn(host, "."));
    const uint8_t *cut = (const uint8_t *)host;
    enum ntlm_error error;
    char *label;

    if (characters > NETBIOS_NAME_MAX)
        characters = NETBIOS_NAME_MAX;
    for (ucs4_t skipped; characters > 0; characters--)
        cut = u8_next(&skipped, cut);
    error = copy(host, (size_t)(cut - (const uint8_t *)host), &label);
    if (!error)
        error = ntlm_text_upper(label, computer);
    free(label);
    return error;
}

static enum ntlm_error derive_netbios(const char *host, struct settings *out)
{
    const char *computer = out->netbios_computer_name, *domain = out->netbios_domain_name;
    enum ntlm_error error;

    error = computer ? copy(computer, strlen(computer), &out->netbios_computer)
                     : computer_of_host(host, &out->netbios_computer);
    if (error)
        return error;
    if (!domain)
        domain = out->netbios_computer;
    error = copy(domain, strlen(domain), &out->netbios_domain);
    if (!error)
        out->domain_member = !ntlm_text_same(out->netbios_computer, out->netbios_domain);
    return error;
}

static enum ntlm_error derive_dns(const char *host, struct settings *out)
{
    const char *dot = strchr(host, '.');
    enum ntlm_error error;

    if (!dot || !dot[1])
        return NTLM_OK;
    error = copy(host, strlen(host), &out->dns_computer);
    if (!error)
        error = copy(dot + 1, strlen(dot + 1), &out->dns_domain);
    return error;
}

static bool has_name(char *const *names, const char *name)
{
    for (; *names; names++)
        if (ntlm_text_same(*names, name))
            return true;
    return false;
}

/* Adds a name of len bytes unless it is there. The list has room. */
static enum ntlm_error add_name(char **names, const char *name, size_t len)
{
    char *added;
    enum ntlm_error error = copy(name, len, &added);

    if (error || !*added || has_name(names, added)) {
        free(added);
        return error;
    }
    while (*names)
        names++;
    *names = added;
    return NTLM_OK;
}

static enum ntlm_error derive_hosts(const char *host, struct settings *out)
{
    const char *own[] = {out->netbios_computer, host, "localhost"};
    enum ntlm_error error = NTLM_OK;
    size_t listed = 0;

    while (out->target_names[listed])
        listed++;
    out->hosts = calloc(listed + 5, sizeof(char *)); /* our own four, the end */
    if (!out->hosts)
        return NTLM_ERR_OUT_OF_MEMORY;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]) && !error; i++)
        error = add_name(out->hosts, own[i], strlen(own[i]));
    if (!error)
        error = add_name(out->hosts, host, strcspn(host, "."));
    for (size_t i = 0; i < listed && !error; i++)
        error = add_name(out->hosts, out->target_names[i], strlen(out->target_names[i]));
    return error;
}

enum ntlm_error settings_derive(const char *host_name, struct settings *out)
{
    const bool valid = *host_name && *host_name != '.' &&
                       !u8_check((const uint8_t *)host_name, strlen(host_name));
    const char *host = valid ? host_name : "localhost"; /* administrators set anything */
    enum ntlm_error error = derive_netbios(host, out);

    if (!error)
        error = derive_dns(host, out);
    if (!error)
        error = derive_hosts(host, out);
    return error;
}

void settings_derive_clear(struct settings *settings)
{
    for (char **name = settings->hosts; name && *name; name++)
        free(*name);
    free(settings->hosts);
    free(settings->netbios_computer);
    free(settings->netbios_domain);
    free(settings->dns_computer);
    free(settings->dns_domain);
}
