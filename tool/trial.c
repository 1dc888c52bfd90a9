/* SPDX-License-Identifier: MIT */
/* trial.c - see trial.h. */

#include "config.h"

#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "translate.h"

/* Told apart from what a module that calls exit ends with. */
#define RETURNED 100

static void be_child(int out, int (*work)(void *arg, char *text), void *arg)
{
    char text[TRIAL_TEXT_SIZE] = "";
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), status;
    ssize_t written;

    if (null >= 0) {
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
    }
    status = work(arg, text);
    written = write(out, text, strnlen(text, sizeof(text)));
    (void)written; /* the parent then has fewer words */
    _exit(RETURNED + status);
}

static int milliseconds_until(const struct timespec *end)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int)((end->tv_sec - now.tv_sec) * 1000 + (end->tv_nsec - now.tv_nsec) / 1000000);
}

/* Until the child closes its end, which it does when it ends. False: it is late. */
static bool read_text(int in, const struct timespec *end, char *text)
{
    size_t len = 0;
    ssize_t got = 1;

    while (got != 0) {
        struct pollfd wait = {.fd = in, .events = POLLIN};
        char more[512];
        int left = milliseconds_until(end);

        if (left <= 0)
            return false;
        if (poll(&wait, 1, left) <= 0)
            continue;
        got = read(in, more, sizeof(more));
        for (ssize_t i = 0; i < got && len < TRIAL_TEXT_SIZE - 1; i++)
            text[len++] = more[i];
    }
    text[len] = '\0';
    return true;
}

static void wait_for(pid_t child, bool in_time, struct trial *trial)
{
    int status = 0;

    if (!in_time)
        kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    trial->end = TRIAL_RETURNED;
    trial->status = WEXITSTATUS(status) - RETURNED;
    if (!in_time) {
        trial->end = TRIAL_LATE;
    } else if (WIFSIGNALED(status)) {
        trial->end = TRIAL_CRASHED;
        trial->status = WTERMSIG(status);
    } else if (trial->status < 0) {
        trial->end = TRIAL_EXITED;
    }
}

void trial_run(int (*work)(void *arg, char *text), void *arg, unsigned seconds,
               struct trial *trial)
{
    struct timespec end;
    int ends[2];
    pid_t child;

    *trial = (struct trial){.end = TRIAL_FAILED};
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += (time_t)seconds;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        trial->status = errno;
        return;
    }
    fflush(stdout);
    child = fork();
    if (child == 0) {
        close(ends[0]);
        be_child(ends[1], work, arg);
    }
    trial->status = errno;
    close(ends[1]);
    if (child > 0)
        wait_for(child, read_text(ends[0], &end, trial->text), trial);
    close(ends[0]);
}

const char *trial_end_text(const struct trial *trial, char *out, unsigned long size)
{
    if (trial->end == TRIAL_LATE)
        return _("hangs");
    if (trial->end == TRIAL_EXITED)
        return _("ends the program");
    if (trial->end == TRIAL_CRASHED)
        snprintf(out, size, _("crashes (%s)"), strsignal(trial->status));
    else
        snprintf(out, size, _("cannot be tried: %s"), strerror(trial->status));
    return out;
}
