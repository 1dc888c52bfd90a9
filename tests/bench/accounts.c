/* accounts.c - what an account file costs: the time to index it, the memory
 * for that, and how many lookups and logons there are in a second then, with
 * few accounts and with many.
 *
 *   usage: accounts_bench [NUMBER ...]      of accounts; by default 1, 1000,
 *                                           100000 and 1000000 */

#include "config.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "accounts/file.h"
#include "ntlm/crypto.h"
#include "ntlm/keys.h"
#include "ntlm/text.h"

#define DOMAIN "EXAMPLE"
#define USER_FORMAT "user%07lu"
#define PASSWORD_FORMAT "secret%07lu"
#define MEASURED 0.05 /* seconds, at least */

static char directory[] = "/tmp/accounts_bench.XXXXXX";
static char path[64], link_path[64]; /* one file; each name has its own index */

static void remove_files(void)
{
    unlink(path);
    unlink(link_path);
    rmdir(directory);
}

static void die(const char *what)
{
    fprintf(stderr, "accounts_bench: %s\n", what);
    remove_files();
    exit(EXIT_FAILURE);
}

static void must(enum ntlm_error error)
{
    if (error)
        die(ntlm_error_text(error));
}

static double seconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t allocated(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

/* The file, not just written any more: that would be waited for. */
static double write_file(unsigned long count)
{
    const struct timespec rest = {.tv_nsec = 50000000};
    FILE *file = fopen(path, "w");
    struct stat st;

    if (!file)
        die("the file cannot be written");
    for (unsigned long i = 0; i < count; i++)
        fprintf(file, DOMAIN ":" USER_FORMAT ":" PASSWORD_FORMAT "\n", i, i);
    if (fclose(file) != 0 || stat(path, &st) != 0)
        die("the file cannot be written");
    nanosleep(&rest, NULL);
    return (double)st.st_size;
}

static void look_up(unsigned long number)
{
    struct account account;
    char user[32];

    snprintf(user, sizeof(user), USER_FORMAT, number);
    must(account_file_find_nt(path, user, DOMAIN, &account));
    account_clear(&account);
}

static void look_up_with_lm(unsigned long number)
{
    struct account account;
    char user[32];

    snprintf(user, sizeof(user), USER_FORMAT, number);
    must(account_file_find(link_path, user, DOMAIN, &account));
    account_clear(&account);
}

struct cost {
    double elapsed, cpu; /* seconds */
    size_t memory;
};

static struct cost cost_of(void (*first)(unsigned long number))
{
    size_t memory = allocated();
    struct cost cost = {.elapsed = seconds(CLOCK_MONOTONIC),
                        .cpu = seconds(CLOCK_PROCESS_CPUTIME_ID)};

    first(0);
    return (struct cost){.elapsed = seconds(CLOCK_MONOTONIC) - cost.elapsed,
                         .cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cost.cpu,
                         .memory = allocated() - memory};
}

static double lookups_a_second(unsigned long count)
{
    double start = seconds(CLOCK_MONOTONIC), passed;
    unsigned long done = 0, number = 0;

    do {
        for (int i = 0; i < 1000; i++, done++) {
            number = (number + 7919) % count;
            look_up(number);
        }
        passed = seconds(CLOCK_MONOTONIC) - start;
    } while (passed < MEASURED);
    return (double)done / passed;
}

/* An NTLMv2 response that is right, so that all of a logon is done. */
static void answer(struct ntlm_logon *logon, const char *password, uint8_t response[64])
{
    static const uint8_t blob[48] = {1, 1};
    uint8_t nt_hash[16], ntowfv2[16];

    must(ntlm_nt_hash(password, strlen(password), nt_hash));
    must(ntlm_ntowfv2(nt_hash, logon->user_utf16, logon->domain_utf16, ntowfv2));
    memcpy(response + 16, blob, sizeof(blob));
    must(ntlm_v2_proof(ntowfv2, logon->server_challenge, ntlm_bytes(blob, sizeof(blob)),
                       response));
    logon->nt_response = ntlm_bytes(response, 64);
}

static double time_logons(struct accounts *accounts, const struct ntlm_logon *logon)
{
    double start = seconds(CLOCK_MONOTONIC), passed;
    unsigned long done = 0;

    do {
        for (int i = 0; i < 1000; i++, done++) {
            struct account_reply reply;

            must(accounts_logon(accounts, logon, &reply));
            account_reply_clear(&reply);
        }
        passed = seconds(CLOCK_MONOTONIC) - start;
    } while (passed < MEASURED);
    return (double)done / passed;
}

static double logons_a_second(unsigned long count)
{
    const struct settings settings = {0};
    char user[32], password[32];
    struct ntlm_logon logon = {.kind = NTLM_RESPONSE_V2,
                               .user = user,
                               .domain = DOMAIN,
                               .workstation = "",
                               .server_name = "",
                               .server_domain = ""};
    uint8_t response[64], *user_utf16, *domain_utf16;
    struct accounts *accounts;
    size_t len;
    double rate;

    snprintf(user, sizeof(user), USER_FORMAT, count - 1);
    snprintf(password, sizeof(password), PASSWORD_FORMAT, count - 1);
    must(ntlm_text_to_utf16(user, strlen(user), &user_utf16, &len));
    logon.user_utf16 = ntlm_bytes(user_utf16, len);
    must(ntlm_text_to_utf16(DOMAIN, strlen(DOMAIN), &domain_utf16, &len));
    logon.domain_utf16 = ntlm_bytes(domain_utf16, len);
    answer(&logon, password, response);
    must(accounts_open(&settings, path, &accounts));
    rate = time_logons(accounts, &logon);
    accounts_close(accounts);
    free(user_utf16);
    free(domain_utf16);
    return rate;
}

static void measure(unsigned long count)
{
    double size, lookups, logons;
    struct cost index, with_lm;

    snprintf(path, sizeof(path), "%s/%lu", directory, count);
    snprintf(link_path, sizeof(link_path), "%s/%lu.lm", directory, count);
    size = write_file(count);
    if (symlink(path, link_path) != 0)
        die("a link cannot be made");
    index = cost_of(look_up);
    lookups = lookups_a_second(count);
    logons = logons_a_second(count);
    with_lm = cost_of(look_up_with_lm);
    printf("%9lu %9.1f %8.3f %8.3f %8.3f %8.3f %11zu %8.1f %10.0f %9.0f\n", count,
           size / (double)count, index.elapsed, index.cpu, with_lm.elapsed, with_lm.cpu,
           index.memory, (double)index.memory / (double)count, lookups, logons);
    fflush(stdout);
    unlink(path);
    unlink(link_path);
}

int main(int argc, char **argv)
{
    static const unsigned long usual[] = {1, 1000, 100000, 1000000};

    if (!mkdtemp(directory))
        die("a directory cannot be made");
    must(ntlm_crypto_ready());
    printf("%9s %9s %8s %8s %8s %8s %11s %8s %10s %9s\n", "accounts", "line", "index", "cpu",
           "with LM", "cpu", "memory", "each", "lookups/s", "logons/s");
    for (size_t i = 0; argc < 2 && i < sizeof(usual) / sizeof(usual[0]); i++)
        measure(usual[i]);
    for (int i = 1; i < argc; i++)
        measure(strtoul(argv[i], NULL, 10));
    remove_files();
    return EXIT_SUCCESS;
}
