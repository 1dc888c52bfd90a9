/* SPDX-License-Identifier: MIT */
/* trace.c - lines to the trace file. What a token's lines say is
 * ntlm/describe.h's. */

#include "config.h"

#include "support/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ntlm/describe.h"
#include "support/printable.h"

#define TEXT_SIZE 1024
#define LINE_SIZE (TEXT_SIZE + 128)

/* The descriptor is remembered with the file behind it: a program that closes
 * every descriptor it doesn't know, and then opens a socket or a database
 * under the same number, must not find our lines in there. */
static struct {
    pthread_mutex_t lock;
    int fd; /* -1: none */
    dev_t device;
    ino_t inode;
} output = {.lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1};

enum state { NOT_LOOKED, OFF, ON }; /* NOT_LOOKED: at the environment */
static _Atomic enum state state;

/* Whether fd is a file that our lines may go to. In a directory that others
 * may write it could be a trap: another's file, or a hard link to one of our
 * own. */
static bool is_suitable(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return false;
    if (S_ISCHR(st.st_mode))
        return true;
    return (S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode)) && st.st_nlink == 1 &&
           (st.st_uid == 0 || st.st_uid == geteuid());
}

static int open_file(const char *path)
{
    int fd = open(
        path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
        0600);

    if (fd >= 0 && !is_suitable(fd)) {
        close(fd);
        errno = EPERM;
        return -1;
    }
    return fd;
}

/* A descriptor of our own for the output that `path` names, or -1 and errno.
 * Symbolic links are refused, except for two of /dev: people know these from
 * KRB5_TRACE. */
static int open_output(const char *path)
{
    if (strcmp(path, "-") == 0 || strcmp(path, "stderr") == 0 ||
        strcmp(path, "/dev/stderr") == 0)
        return fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (strcmp(path, "/dev/stdout") == 0)
        return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    return open_file(path);
}

/* Whether the output's descriptor is still the file that we opened. Called
 * with the lock held. */
static bool output_is_ours(void)
{
    struct stat st;

    return output.fd >= 0 && fstat(output.fd, &st) == 0 && st.st_dev == output.device &&
           st.st_ino == output.inode;
}

/* Goes on with this descriptor, which is the output's from now on; -1: with
 * none. */
static void switch_output(int fd)
{
    struct stat st = {0};

    pthread_mutex_lock(&output.lock);
    if (output_is_ours())
        close(output.fd);
    if (fd >= 0)
        fstat(fd, &st);
    output.fd = fd;
    output.device = st.st_dev;
    output.inode = st.st_ino;
    atomic_store(&state, fd >= 0 ? ON : OFF);
    pthread_mutex_unlock(&output.lock);
}

/* A file that cannot be opened leaves the trace off: a library does not write to a
 * program's standard error unasked. */
static void look_at_environment(void)
{
    const char *path = secure_getenv("NTLM_TRACE");

    if (!path || !*path)
        path = secure_getenv("GSSNTLMSSP_DEBUG");
    switch_output(path && *path ? open_output(path) : -1);
}

/* Fork does not wait for a thread that writes a line: a write into a pipe takes as
 * long as its reader likes. So the child makes the lock anew. */
static void after_fork_in_child(void)
{
    pthread_mutex_init(&output.lock, NULL);
}

static void begin(void)
{
    pthread_atfork(NULL, NULL, after_fork_in_child);
    look_at_environment();
}

bool trace_on(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (atomic_load(&state) == NOT_LOOKED)
        pthread_once(&once, begin);
    return atomic_load(&state) == ON;
}

/* "2024-02-29T12:34:56.789Z 4711/4712 " */
static size_t put_prefix(char *out, size_t out_size)
{
    struct timespec now;
    struct tm utc;
    char time[32];

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%S", &utc);
    return (size_t)snprintf(out, out_size, "%s.%03ldZ %ld/%ld ", time, now.tv_nsec / 1000000,
                            (long)getpid(), (long)gettid());
}

static void put_line(const char *text)
{
    char line[LINE_SIZE];
    int saved = errno;
    size_t len = put_prefix(line, sizeof(line));

    len += printable(text, line + len, sizeof(line) - len - 1);
    line[len++] = '\n';
    pthread_mutex_lock(&output.lock);
    if (output_is_ours()) {
        /* A full disk loses the line: there is nobody to tell. */
        ssize_t written = write(output.fd, line, len);
        (void)written;
    }
    pthread_mutex_unlock(&output.lock);
    errno = saved;
}

void trace(const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list args;

    if (!trace_on())
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    put_line(text);
}

struct token_lines {
    const char *what;
    bool begun;
};

static void trace_token_line(void *arg, const char *text)
{
    struct token_lines *lines = arg;

    if (lines->begun)
        trace("    %s", text);
    else
        trace("%s %s", lines->what, text);
    lines->begun = true;
}

void trace_token(const char *what, struct ntlm_bytes token)
{
    struct token_lines lines = {.what = what};

    if (trace_on())
        ntlm_describe(token, trace_token_line, &lines);
}

int trace_open(const char *path)
{
    int fd = -1;

    trace_on(); /* reads the environment first, which the path overrides */
    if (path) {
        fd = open_output(path);
        if (fd < 0)
            return errno;
    }
    switch_output(fd);
    return 0;
}
