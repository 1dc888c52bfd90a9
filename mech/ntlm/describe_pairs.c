/* SPDX-License-Identifier: MIT */
/* describe_pairs.c - the AV pairs ([MS-NLMP] 2.2.2.1) of a CHALLENGE or of an NTLMv2
 * response. */

#include "config.h"

#include "describe_pairs.h"

#include <inttypes.h>

#include "avpair.h"
#include "flags.h"
#include "secret.h"

#define MAX_PAIRS 64 /* that are shown */

static const char *const av_names[] = {
    [MSV_AV_EOL] = "MsvAvEOL",
    [MSV_AV_NB_COMPUTER_NAME] = "MsvAvNbComputerName",
    [MSV_AV_NB_DOMAIN_NAME] = "MsvAvNbDomainName",
    [MSV_AV_DNS_COMPUTER_NAME] = "MsvAvDnsComputerName",
    [MSV_AV_DNS_DOMAIN_NAME] = "MsvAvDnsDomainName",
    [MSV_AV_DNS_TREE_NAME] = "MsvAvDnsTreeName",
    [MSV_AV_FLAGS] = "MsvAvFlags",
    [MSV_AV_TIMESTAMP] = "MsvAvTimestamp",
    [MSV_AV_SINGLE_HOST] = "MsvAvSingleHost",
    [MSV_AV_TARGET_NAME] = "MsvAvTargetName",
    [MSV_AV_CHANNEL_BINDINGS] = "MsvAvChannelBindings",
};
#define AV_NAME_COUNT (sizeof(av_names) / sizeof(av_names[0]))

static void say_av_flags(const struct ntlm_fields *fields, uint32_t flags)
{
    char names[NTLM_QUOTE_SIZE] = "";
    const uint32_t known =
        MSV_AV_FLAG_CONSTRAINED | MSV_AV_FLAG_MIC | MSV_AV_FLAG_UNVERIFIED_TARGET;

    if (flags & MSV_AV_FLAG_CONSTRAINED)
        ntlm_add_word("constrained", names, sizeof(names));
    if (flags & MSV_AV_FLAG_MIC)
        ntlm_add_word("MIC", names, sizeof(names));
    if (flags & MSV_AV_FLAG_UNVERIFIED_TARGET)
        ntlm_add_word("unverified-target", names, sizeof(names));
    if (flags & ~known)
        ntlm_add_word("others", names, sizeof(names));
    ntlm_field(fields, 2, "MsvAvFlags", "0x%" PRIx32 ": %s", flags, *names ? names : "none");
}

static void say_pair(const struct ntlm_fields *fields, const struct ntlm_av_pair *pair)
{
    const size_t size = ntlm_av_fixed_size(pair->id);
    const char *name = pair->id < AV_NAME_COUNT ? av_names[pair->id] : NULL;
    struct ntlm_reader in;

    ntlm_reader_init(&in, pair->value);
    if (!name) {
        ntlm_field(fields, 2, NULL, "AvId %u, %zu bytes", pair->id, pair->value.len);
        return;
    }
    if (size && pair->value.len != size) {
        ntlm_field(fields, 2, name, "%zu bytes instead of %zu", pair->value.len, size);
        return;
    }
    switch (pair->id) {
    case MSV_AV_FLAGS:
        say_av_flags(fields, ntlm_read32(&in));
        break;
    case MSV_AV_TIMESTAMP:
        ntlm_field_time(fields, 2, name, ntlm_read64(&in));
        break;
    case MSV_AV_SINGLE_HOST:
        ntlm_field(fields, 2, name, "%zu bytes", pair->value.len);
        break;
    case MSV_AV_CHANNEL_BINDINGS:
        ntlm_field(fields, 2, name, "%s",
                   ntlm_is_zero(pair->value.data, pair->value.len) ? "none (zeros)"
                                                                   : "present");
        break;
    default:
        ntlm_field_name(fields, 2, name, NTLMSSP_NEGOTIATE_UNICODE, pair->value);
    }
}

void ntlm_describe_pairs(const struct ntlm_fields *fields, struct ntlm_bytes list)
{
    const enum ntlm_error error = ntlm_av_check(list);
    struct ntlm_av_pair pair;
    size_t count;

    for (count = 0; ntlm_av_next(&list, &pair); count++)
        if (count < MAX_PAIRS)
            say_pair(fields, &pair);
    if (count > MAX_PAIRS)
        ntlm_field(fields, 2, NULL, "and %zu pairs more", count - MAX_PAIRS);
    if (error)
        ntlm_field(fields, 2, NULL, "%s", ntlm_error_text(error));
}
