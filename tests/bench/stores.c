/* SPDX-License-Identifier: MIT */
/* stores.c - what accounts cost that are in a text or in a database, to one process or to
 * many, while they stay or change. Every process has its credential before it is forked,
 * and reads nothing until its first logon, as a server that forks its workers.
 *
 *   usage: stores_bench PATH KIND COUNT PROCESSES PAUSE SECONDS
 *          KIND: text or database; it is at PATH, with COUNT users. PAUSE: milliseconds
 *          between changes of one account (of a text: as if it had changed); 0: none
 *   usage: stores_bench PATH changes COUNT CHANGES
 *          how large a process is after one reading of a text, and after so many changes,
 *          in MiB
 *   usage: stores_bench PATH write COUNT
 *          makes such a text */

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "login.h"

#define PROCESSES_MAX 64

extern char **environ;

/* What a process tells, in memory that it shares with the others. */
struct told {
    double first, taken; /* seconds: the first logon's, of the wall; the others', of the
                          * processor */
    unsigned long done, lost;
    int resident;       /* KiB, its part of what is shared with others */
    volatile int stage; /* how far it has come; the parent moves it on */
};
enum { BEGUN, MAY_LOG_IN, HAS_LOGGED_IN, MAY_GO_ON, IS_DONE, MAY_END };

struct run {
    const char *path;
    bool database;
    unsigned long count, processes, pause;
    double seconds;
    gss_cred_id_t server;
    struct told *told;
    unsigned long *changes;
};

static void sleep_ms(unsigned long milliseconds)
{
    const struct timespec pause = {.tv_sec = (time_t)(milliseconds / 1000),
                                   .tv_nsec = (long)(milliseconds % 1000) * 1000000};

    nanosleep(&pause, NULL);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void await(const struct told *told, int stage)
{
    while (told->stage < stage)
        sleep_ms(1);
}

/* KiB of this process in memory, with its part of what others have, too. */
static int resident(void)
{
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    char line[256];
    int kib = 0;

    while (file && fgets(line, sizeof(line), file))
        if (sscanf(line, "Pss: %d", &kib) == 1)
            break;
    if (file)
        fclose(file);
    return kib;
}

static void child(const struct run *run, unsigned number)
{
    struct told *told = &run->told[number];
    double taken, end;

    srand(number + 1);
    await(told, MAY_LOG_IN);
    told->lost += !log_in(run->server, number % run->count, CLOCK_MONOTONIC, &told->first);
    told->stage = HAS_LOGGED_IN;
    await(told, MAY_GO_ON);
    for (end = now() + run->seconds; now() < end;) {
        bool good = log_in(run->server, (unsigned long)rand() % run->count,
                           CLOCK_PROCESS_CPUTIME_ID, &taken);

        told->taken += taken;
        told->done++;
        told->lost += !good;
    }
    told->stage = IS_DONE;
    await(told, MAY_END);
    told->resident = resident();
    _exit(0);
}

/* Gives the last user its own password once more. */
static void change_database(const struct run *run)
{
    char user[64], password[64];
    char *const arguments[] = {(char[]){GSS_NEGOTIATE},
                               (char[]){"account"},
                               (char[]){"add"},
                               (char[]){"--replace"},
                               (char[]){"--file"},
                               (char *)(uintptr_t)run->path,
                               user,
                               NULL};
    posix_spawn_file_actions_t actions;
    int ends[2], status;
    pid_t pid;

    snprintf(user, sizeof(user), ACCOUNT_FORMAT, '\\', run->count - 1);
    snprintf(password, sizeof(password), PASSWORD_FORMAT "\n", run->count - 1);
    if (pipe2(ends, O_CLOEXEC) != 0 || posix_spawn_file_actions_init(&actions) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0) != 0 ||
        posix_spawn(&pid, GSS_NEGOTIATE, &actions, NULL, arguments, environ) != 0)
        die("gss-negotiate cannot be run");
    if (write(ends[1], password, strlen(password)) < 0)
        die("gss-negotiate does not read");
    close(ends[0]);
    close(ends[1]);
    posix_spawn_file_actions_destroy(&actions);
    if (waitpid(pid, &status, 0) != pid || status != 0)
        die("an account cannot be changed");
}

static void change_text(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0 || chmod(path, st.st_mode ^ 0200) != 0)
        die("the file cannot be changed");
}

static void changer(const struct run *run)
{
    for (;;) {
        double next = now() + (double)run->pause / 1000;

        if (run->database)
            change_database(run);
        else
            change_text(run->path);
        ++*run->changes;
        if (now() < next)
            sleep_ms((unsigned long)((next - now()) * 1000));
    }
}

static pid_t begin(const struct run *run, unsigned number)
{
    pid_t pid = fork();

    if (pid < 0)
        die("no process can be forked");
    if (pid == 0) {
        if (number < run->processes)
            child(run, number);
        changer(run);
    }
    return pid;
}

/* Moves every process on, and waits until it has come so far. */
static void move(const struct run *run, int to, int until)
{
    for (unsigned long i = 0; i < run->processes; i++)
        run->told[i].stage = to;
    for (unsigned long i = 0; i < run->processes && until; i++)
        await(&run->told[i], until);
}

/* One after the other: they would wait for a processor, too. */
static void log_in_first(const struct run *run)
{
    for (unsigned long i = 0; i < run->processes; i++) {
        run->told[i].stage = MAY_LOG_IN;
        await(&run->told[i], HAS_LOGGED_IN);
    }
}

static void print(const struct run *run, double changing)
{
    double taken = 0, worst = 0;
    unsigned long done = 0, lost = 0, kib = 0;

    for (unsigned long i = 0; i < run->processes; i++) {
        const struct told *told = &run->told[i];

        taken += told->taken;
        done += told->done;
        lost += told->lost;
        kib += (unsigned long)told->resident;
        worst = told->first > worst ? told->first : worst;
    }
    printf("%-8s %8lu %5lu %9.1f %9.0f %10.2f %9.1f %5lu\n",
           run->database ? "database" : "text", run->count, run->processes,
           run->pause ? (double)*run->changes / changing : 0, (double)done / taken,
           worst * 1000, (double)kib / 1024, lost);
}

static void run_all(struct run *run)
{
    pid_t pids[PROCESSES_MAX + 1];
    double begun;

    run->told = mmap(NULL, sizeof(*run->told) * PROCESSES_MAX + sizeof(*run->changes),
                     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (run->told == MAP_FAILED)
        die("there is no memory");
    run->changes = (unsigned long *)(run->told + PROCESSES_MAX);
    for (unsigned i = 0; i < run->processes; i++)
        pids[i] = begin(run, i);
    begun = now();
    if (run->pause)
        pids[run->processes] = begin(run, (unsigned)run->processes);
    log_in_first(run);
    move(run, MAY_GO_ON, IS_DONE);
    begun = now() - begun;
    if (run->pause)
        kill(pids[run->processes], SIGKILL);
    move(run, MAY_END, 0);
    for (unsigned long i = 0; i < run->processes + (run->pause != 0); i++)
        waitpid(pids[i], NULL, 0);
    print(run, begun);
}

static void measure_changes(const char *path, unsigned long count, unsigned long changes)
{
    gss_cred_id_t server = server_with(path);
    int before = resident(), once;
    double taken;

    log_in(server, count - 1, CLOCK_MONOTONIC, &taken);
    once = resident() - before;
    for (unsigned long i = 0; i < changes; i++) {
        change_text(path);
        if (!log_in(server, i % count, CLOCK_MONOTONIC, &taken))
            die("a logon failed");
    }
    printf("%.1f %.1f\n", once / 1024.0, (resident() - before) / 1024.0);
}

int main(int argc, char **argv)
{
    struct run run = {.count = argc > 3 ? strtoul(argv[3], NULL, 10) : 0};

    setenv("GSS_MECH_CONFIG", GSS_MECH_CONF, 0);
    setenv("KRB5_CONFIG", "/dev/null", 0);
    if (argc == 5 && run.count > 0 && strcmp(argv[2], "changes") == 0) {
        measure_changes(argv[1], run.count, strtoul(argv[4], NULL, 10));
        return EXIT_SUCCESS;
    }
    if (argc == 4 && run.count > 0 && strcmp(argv[2], "write") == 0) {
        write_text(argv[1], run.count);
        return EXIT_SUCCESS;
    }
    if (argc != 7 || run.count < 1) {
        fputs("usage: stores_bench PATH text|database COUNT PROCESSES PAUSE SECONDS\n"
              "       stores_bench PATH changes COUNT CHANGES\n"
              "       stores_bench PATH write COUNT\n",
              stderr);
        return 2;
    }
    run.path = argv[1];
    run.database = strcmp(argv[2], "database") == 0;
    run.processes = strtoul(argv[4], NULL, 10);
    run.pause = strtoul(argv[5], NULL, 10);
    run.seconds = strtod(argv[6], NULL);
    if (run.processes < 1 || run.processes > PROCESSES_MAX)
        die("so many processes are not measured");
    run.server = server_with(run.path);
    run_all(&run);
    return EXIT_SUCCESS;
}
