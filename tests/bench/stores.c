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

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef HAVE_LMDB
#include <lmdb.h>
#endif

#include "clock.h"
#include "login.h"

#define PROCESSES_MAX 64

/* What a process tells, in memory that it shares with the others. */
struct told {
    double first;    /* seconds of the wall: the first logon's */
    double taken[2]; /* seconds of the processor: the others'; while accounts change [1] */
    unsigned long done[2], lost;
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
    struct {
        unsigned long changes;
        volatile int changing;
    } * shared;
};

static void sleep_ms(unsigned long milliseconds)
{
    const struct timespec pause = {.tv_sec = (time_t)(milliseconds / 1000),
                                   .tv_nsec = (long)(milliseconds % 1000) * 1000000};

    nanosleep(&pause, NULL);
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
    told->lost += !log_in(run->server, number % run->count, thread_clock, &told->first);
    told->stage = HAS_LOGGED_IN;
    await(told, MAY_GO_ON);
    for (end = wall_clock() + run->seconds; wall_clock() < end;) {
        const int changing = run->shared->changing;
        bool good =
            log_in(run->server, (unsigned long)rand() % run->count, processor_clock, &taken);

        told->taken[changing] += taken;
        told->done[changing]++;
        told->lost += !good;
    }
    told->stage = IS_DONE;
    await(told, MAY_END);
    told->resident = resident();
    _exit(0);
}

#ifdef HAVE_LMDB
/* Writes the last entry once more, for which LMDB writes every page that leads to it anew.
 * Not through to the disk, for which the readers do not wait. */
static void change_database(const struct run *run)
{
    static MDB_env *env;
    char copy[1024];
    MDB_val key, value;
    MDB_cursor *cursor;
    MDB_txn *txn;
    MDB_dbi dbi;

    if (!env &&
        (mdb_env_create(&env) != 0 || mdb_env_set_mapsize(env, (size_t)1 << 30) != 0 ||
         mdb_env_open(env, run->path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0600) != 0))
        die("the database cannot be opened");
    if (mdb_txn_begin(env, NULL, 0, &txn) != 0 || mdb_dbi_open(txn, NULL, 0, &dbi) != 0 ||
        mdb_cursor_open(txn, dbi, &cursor) != 0 ||
        mdb_cursor_get(cursor, &key, &value, MDB_LAST) != 0 || value.mv_size > sizeof(copy))
        die("an account cannot be changed");
    memcpy(copy, value.mv_data, value.mv_size);
    value.mv_data = copy;
    if (mdb_cursor_put(cursor, &key, &value, MDB_CURRENT) != 0)
        die("an account cannot be changed");
    mdb_cursor_close(cursor);
    if (mdb_txn_commit(txn) != 0)
        die("an account cannot be changed");
}
#else
static void change_database(const struct run *run)
{
    (void)run;
    die("there was no liblmdb when this was built");
}
#endif

static void change_text(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0 || chmod(path, st.st_mode ^ 0200) != 0)
        die("the file cannot be changed");
}

static void changer(const struct run *run)
{
    for (;;) {
        double next = wall_clock() + (double)run->pause / 1000;

        if (!run->shared->changing) {
            sleep_ms(1);
            continue;
        }
        if (run->database)
            change_database(run);
        else
            change_text(run->path);
        run->shared->changes++;
        if (wall_clock() < next)
            sleep_ms((unsigned long)((next - wall_clock()) * 1000));
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

static void move(const struct run *run, int to)
{
    for (unsigned long i = 0; i < run->processes; i++)
        run->told[i].stage = to;
}

/* One after the other: they would wait for a processor, too. */
static void log_in_first(const struct run *run)
{
    for (unsigned long i = 0; i < run->processes; i++) {
        run->told[i].stage = MAY_LOG_IN;
        await(&run->told[i], HAS_LOGGED_IN);
    }
}

/* Logons a second of one processor. */
static double rate(const struct run *run, int changing)
{
    double taken = 0;
    unsigned long done = 0;

    for (unsigned long i = 0; i < run->processes; i++) {
        taken += run->told[i].taken[changing];
        done += run->told[i].done[changing];
    }
    return taken > 0 ? (double)done / taken : 0;
}

static void print(const struct run *run)
{
    const bool changes = run->pause > 0;
    unsigned long lost = 0, kib = 0;
    double worst = 0;

    for (unsigned long i = 0; i < run->processes; i++) {
        const struct told *told = &run->told[i];

        lost += told->lost;
        kib += (unsigned long)told->resident;
        worst = told->first > worst ? told->first : worst;
    }
    printf("%-8s %8lu %5lu %9.1f %9.0f %8.2f %10.2f %9.1f %5lu\n",
           run->database ? "database" : "text", run->count, run->processes,
           (double)run->shared->changes / (run->seconds / 2), rate(run, changes),
           changes ? rate(run, 1) / rate(run, 0) : 1, worst * 1000, (double)kib / 1024, lost);
}

static bool all_are_done(const struct run *run)
{
    for (unsigned long i = 0; i < run->processes; i++)
        if (run->told[i].stage < IS_DONE)
            return false;
    return true;
}

/* Accounts change in every second slice of the time, so that what else this machine does is
 * the same for both. */
static void let_change(const struct run *run)
{
    for (unsigned slice = 0; !all_are_done(run); slice++) {
        run->shared->changing = run->pause > 0 && slice % 2;
        sleep_ms(run->pause * 5 + 50);
    }
}

static void run_all(struct run *run)
{
    pid_t pids[PROCESSES_MAX + 1];
    const unsigned long count = run->processes + (run->pause > 0);

    run->told = mmap(NULL, sizeof(*run->told) * PROCESSES_MAX + sizeof(*run->shared),
                     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (run->told == MAP_FAILED)
        die("there is no memory");
    run->shared = (void *)(run->told + PROCESSES_MAX);
    for (unsigned i = 0; i < count; i++)
        pids[i] = begin(run, i);
    log_in_first(run);
    move(run, MAY_GO_ON);
    let_change(run);
    if (run->pause)
        kill(pids[run->processes], SIGKILL);
    move(run, MAY_END);
    for (unsigned long i = 0; i < count; i++)
        waitpid(pids[i], NULL, 0);
    print(run);
}

static void measure_changes(const char *path, unsigned long count, unsigned long changes)
{
    gss_cred_id_t server = server_with(path);
    int before = resident(), once;
    double taken;

    log_in(server, count - 1, wall_clock, &taken);
    once = resident() - before;
    for (unsigned long i = 0; i < changes; i++) {
        change_text(path);
        if (!log_in(server, i % count, wall_clock, &taken))
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
