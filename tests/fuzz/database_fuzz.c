/* SPDX-License-Identifier: MIT */
/* database_fuzz.c - account databases in which anything is changed: bytes here and there,
 * whole runs, and the file's length. Who is found then is somebody whom the database has,
 * with his own hash, or nobody; and a walk through all of it finds no more than it has.
 * The input is what is changed in one of the files of tests/fuzz/databases. */

#include "config.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "target.h"
#include "userfile/database.h"
#include "userfile_query.h"

#define LARGEST 65536
#define CHANGES 24
#define ACCOUNTS 200

static const char *const names[] = {"few", "many"};
#define DATABASES (sizeof(names) / sizeof(names[0]))

/* A file in memory, which is mapped, and what is in it. */
static struct base {
    int fd;
    uint8_t bytes[LARGEST], *now; /* as it was, and as it is */
    size_t size, size_now, count;
    struct account accounts[ACCOUNTS];
    uint32_t hashes[ACCOUNTS]; /* of their names */
} bases[DATABASES];

/* The file is read where it lies (--wrap; by each name that the C library has for it):
 * else most of an execution is the kernel's. */
static ssize_t read_mapped(int fd, void *data, size_t len, size_t at)
{
    const struct base *base = bases;

    while (base->fd != fd)
        base++;
    if (at >= base->size_now)
        return 0;
    if (len > base->size_now - at)
        len = base->size_now - at;
    memcpy(data, base->now + at, len);
    return (ssize_t)len;
}

ssize_t __wrap_pread(int fd, void *data, size_t len, off_t at);
ssize_t __wrap_pread64(int fd, void *data, size_t len, off_t at);
ssize_t __wrap___pread_chk(int fd, void *data, size_t len, off_t at, size_t room);
ssize_t __wrap___pread64_chk(int fd, void *data, size_t len, off_t at, size_t room);

ssize_t __wrap_pread(int fd, void *data, size_t len, off_t at)
{
    return read_mapped(fd, data, len, (size_t)at);
}

ssize_t __wrap_pread64(int fd, void *data, size_t len, off_t at)
{
    return read_mapped(fd, data, len, (size_t)at);
}

ssize_t __wrap___pread_chk(int fd, void *data, size_t len, off_t at, size_t room)
{
    MUST(len <= room);
    return read_mapped(fd, data, len, (size_t)at);
}

ssize_t __wrap___pread64_chk(int fd, void *data, size_t len, off_t at, size_t room)
{
    MUST(len <= room);
    return read_mapped(fd, data, len, (size_t)at);
}

/* Nobody puts a database in order while this waits: the linker leads the waiting here
 * (--wrap). */
int __wrap_nanosleep(const struct timespec *wanted, struct timespec *left);

int __wrap_nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)wanted;
    (void)left;
    return 0;
}

OWN_WORK static uint32_t hash_name(const struct account *account)
{
    uint32_t hash = 2166136261U;

    for (const char *at = account->user; *at; at++)
        hash = (hash ^ (uint8_t)*at) * 16777619U;
    for (const char *at = account->domain; *at; at++)
        hash = (hash ^ (uint8_t)*at) * 16777619U;
    return hash;
}

static enum ntlm_error keep(void *arg, const struct account *account, uint64_t added)
{
    struct base *base = arg;
    struct account *kept = &base->accounts[base->count++];

    (void)added;
    MUST(base->count <= ACCOUNTS);
    *kept = *account;
    kept->user = strdup(account->user);
    kept->domain = strdup(account->domain);
    MUST(kept->user && kept->domain);
    base->hashes[base->count - 1] = hash_name(kept);
    return NTLM_OK;
}

static void resize(struct base *base, size_t size)
{
    MUST(ftruncate(base->fd, (off_t)size) == 0);
    base->size_now = size;
}

static void open_base(struct base *base, const char *name)
{
    struct record_header header;
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", FUZZ_DATABASES, name);
    file = fopen(path, "rb");
    MUST(file);
    base->size = fread(base->bytes, 1, sizeof(base->bytes), file);
    fclose(file);
    base->fd = memfd_create(name, MFD_CLOEXEC);
    MUST(base->fd >= 0);
    MUST(ftruncate(base->fd, LARGEST) == 0);
    base->now = mmap(NULL, LARGEST, PROT_READ | PROT_WRITE, MAP_SHARED, base->fd, 0);
    MUST(base->now != MAP_FAILED);
    resize(base, base->size);
    memcpy(base->now, base->bytes, base->size);
    MUST(!database_for_each(name, base->fd, keep, base, &header));
    MUST(base->count == header.accounts);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    for (size_t i = 0; i < DATABASES; i++)
        open_base(&bases[i], names[i]);
    return 0;
}

/* What was changed, to be put back. */
struct change {
    size_t at, len;
};

static struct change change(struct input *in, struct base *base)
{
    const uint8_t how = take_byte(in);
    size_t at = take_number(in) % base->size, len = 1 + (how >> 3 & 7), taken;
    uint8_t bytes[64] = {0};
    const uint8_t *source;

    if (how & 1) { /* a run of the file itself, from elsewhere */
        len *= 8;
        source = base->bytes + take_number(in) % (base->size - sizeof(bytes));
        taken = len;
    } else {
        source = take_bytes(in, len, &taken);
    }
    if (len > base->size - at)
        len = base->size - at;
    if (taken > 0)
        memcpy(bytes, source, taken < sizeof(bytes) ? taken : sizeof(bytes));
    if (at + len > base->size_now)
        resize(base, at + len);
    memcpy(base->now + at, bytes, len);
    return (struct change){at, len};
}

static void put_back(const struct base *base, struct change change)
{
    memcpy(base->now + change.at, base->bytes + change.at, change.len);
}

OWN_WORK static void must_be_one_of(const struct base *base, const struct account *account)
{
    const uint32_t hash = hash_name(account);

    for (size_t i = 0; i < base->count; i++)
        if (base->hashes[i] == hash && strcmp(base->accounts[i].user, account->user) == 0 &&
            strcmp(base->accounts[i].domain, account->domain) == 0) {
            MUST(memcmp(base->accounts[i].nt_hash, account->nt_hash,
                        sizeof(account->nt_hash)) == 0);
            return;
        }
    MUST(account == NULL); /* there is no such account */
}

static enum ntlm_error take(void *arg, const struct account *account, uint64_t added)
{
    (void)added;
    must_be_one_of(arg, account);
    return NTLM_OK;
}

static void ask(const struct base *base, const char *user, const char *domain)
{
    const struct account_query query = query_of(user, domain, false);
    struct account account;
    struct stat st;

    MUST(fstat(base->fd, &st) == 0);
    if (!database_find("database", base->fd, st.st_size, &query, &account))
        must_be_one_of(base, &account);
    account_clear(&account);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const uint8_t how = take_byte(&in), who = take_byte(&in);
    struct base *base = &bases[how % DATABASES];
    const struct account *account = &base->accounts[who % base->count];
    struct change changes[CHANGES];
    struct record_header header;
    size_t count = 0;
    bool is;

    if (how & 2)
        resize(base, take_number(&in));
    while (count < CHANGES && in.left > 2)
        changes[count++] = change(&in, base);
    if (!database_is("database", base->fd, &is) && is) {
        ask(base, account->user, account->domain);
        ask(base, account->user, "");
        ask(base, "nobody", account->domain);
        if (how & 4)
            database_for_each("database", base->fd, take, base, &header);
        else
            database_check("database", base->fd, &header);
    }
    if (base->size_now != base->size) {
        resize(base, base->size);
        memcpy(base->now, base->bytes, base->size);
    }
    while (count > 0)
        put_back(base, changes[--count]);
    return 0;
}
