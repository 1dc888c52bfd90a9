/* SPDX-License-Identifier: MIT */
/* web.c - many clients at once that log in to web servers again and again, each login over a
 * connection of its own, while the servers' account files change every second. Measures
 * servers in turn, and judges each answer.
 *
 *   usage: web TOOL CONNECTIONS SECONDS ROUNDS SERVER...
 *     TOOL is gss-negotiate; a SERVER is NAME,SCHEME,PORT,PID,CHANGE,ACCOUNTS:
 *     SCHEME  open (no login), NTLM or Negotiate
 *     PID     the server's; its children's processor time and memory are counted with its own
 *     CHANGE  of the file ACCOUNTS: never, rename, turns or database (web_accounts.h)
 *
 * After half of a round, which is not counted, it prints for each server and round
 *     round NAME LOGINS SECONDS SERVER CLIENT KIB
 * with both sides' seconds of processor time and the server's own memory then, and for each
 * server at the end all NAME MEDIAN P99 LOST WRONG BROKEN EITHER CHANGES with the time of a
 * login in milliseconds, how many were refused that should not be, let in that should not be,
 * without an answer, and of either outcome since the account changed meanwhile. */

#include "config.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "clock.h"
#include "web_accounts.h"
#include "web_client.h"

#define CONNECTIONS_MAX 1000
#define SERVERS_MAX 16
#define PATIENCE 60.0 /* seconds for one login */

struct server {
    char name[64], path[1024];
    enum web_scheme scheme;
    unsigned port;
    int pid;
    struct accounts *accounts;
    unsigned begun, lost, wrong, broken, either, complaints;
    double *times; /* of all logins */
    size_t count, room;
};

struct connection {
    struct web_client *client;
    struct attempt attempt;
    double begun;
};

static struct connection connections[CONNECTIONS_MAX];
static unsigned connection_count;
static gss_name_t target;
static int events;

struct usage {
    double seconds;      /* of processor time */
    unsigned long pages; /* that are no file's */
};

/* Adds what this process has used. */
static void add_usage(int pid, struct usage *usage)
{
    unsigned long user = 0, system = 0, resident = 0, shared = 0;
    char path[64];
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    file = fopen(path, "r");
    if (!file ||
        fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
               &system) != 2)
        die("a server is not there any more");
    fclose(file);
    snprintf(path, sizeof(path), "/proc/%d/statm", pid);
    file = fopen(path, "r");
    if (!file || fscanf(file, "%*u %lu %lu", &resident, &shared) != 2)
        die("a server is not there any more");
    fclose(file);
    usage->seconds += (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
    usage->pages += resident - shared;
}

/* Of the server's process and its children. */
static struct usage usage_of(const struct server *server)
{
    struct usage usage = {0, 0};
    char path[64];
    FILE *file;
    int child;

    add_usage(server->pid, &usage);
    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", server->pid, server->pid);
    file = fopen(path, "r");
    while (file && fscanf(file, "%d", &child) == 1)
        add_usage(child, &usage);
    if (file)
        fclose(file);
    return usage;
}

static void begin(struct server *server, unsigned slot)
{
    struct connection *connection = &connections[slot];
    struct epoll_event event = {.events = EPOLLOUT, .data.u32 = slot};

    connection->attempt = accounts_attempt(server->accounts, server->begun++);
    connection->begun = wall_clock();
    connection->client = web_client_begin(server->port, server->scheme,
                                          connection->attempt.credential, target, slot);
    if (!connection->client)
        die(web_client_fault(NULL));
    if (epoll_ctl(events, EPOLL_CTL_ADD, web_client_descriptor(connection->client), &event))
        die("a connection cannot be waited for");
}

static void keep_time(struct server *server, double time)
{
    if (server->count == server->room) {
        server->room = server->room ? 2 * server->room : 1024;
        server->times = realloc(server->times, server->room * sizeof(*server->times));
        if (!server->times)
            die("there is not enough memory");
    }
    server->times[server->count++] = time;
}

/* The first few are enough to see what is wrong. */
static void complain(struct server *server, const struct connection *connection,
                     const char *fault)
{
    if (server->complaints++ < 5)
        fprintf(stderr, "web: %s: %s: %s\n", server->name, connection->attempt.user, fault);
}

/* Whether the server has let in who logged in, and nobody else. */
static bool is_meant(const struct connection *connection)
{
    const char *user = web_client_user(connection->client);
    const char *found = strstr(user, connection->attempt.user);

    return found && found[strlen(connection->attempt.user)] == '\0';
}

static void judge(struct server *server, const struct connection *connection,
                  enum web_outcome outcome)
{
    enum verdict right = accounts_verdict(server->accounts, &connection->attempt);

    if (outcome == WEB_BROKEN) {
        server->broken++;
        complain(server, connection, web_client_fault(connection->client));
        return;
    }
    keep_time(server, wall_clock() - connection->begun);
    if (server->scheme == WEB_OPEN)
        return;
    if (outcome == WEB_LET_IN && (right == REFUSED || !is_meant(connection))) {
        server->wrong++;
        complain(server, connection, "let in, as whom it should not be");
    } else if (outcome == WEB_REFUSED && right == LET_IN) {
        server->lost++;
        complain(server, connection, "refused, with the right password");
    } else {
        server->either += right == EITHER;
    }
}

/* One step of a connection. True: it is over. */
static bool step(struct server *server, unsigned slot)
{
    struct connection *connection = &connections[slot];
    int descriptor = web_client_descriptor(connection->client);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = slot};
    enum web_outcome outcome = web_client_step(connection->client);

    if (outcome == WEB_GOES_ON) {
        epoll_ctl(events, EPOLL_CTL_MOD, descriptor, &event);
        return false;
    }
    judge(server, connection, outcome);
    web_client_end(connection->client); /* closes, which takes it out of `events` too */
    connection->client = NULL;
    return true;
}

/* Who has no answer for so long gets none. */
static void check_patience(struct server *server)
{
    double limit = wall_clock() - PATIENCE;

    for (unsigned i = 0; i < connection_count; i++)
        if (connections[i].client && connections[i].begun < limit) {
            complain(server, &connections[i], "no answer within a minute");
            exit(EXIT_FAILURE);
        }
}

/* Logins for so long; those that are under way then are waited for. */
static void log_in_for(struct server *server, double seconds)
{
    double end = wall_clock() + seconds;
    struct epoll_event ready[64];
    unsigned open;

    accounts_start(server->accounts);
    for (open = 0; open < connection_count; open++)
        begin(server, open);
    while (open > 0) {
        int count = epoll_wait(events, ready, 64, 1000);

        for (int i = 0; i < count; i++) {
            if (!step(server, ready[i].data.u32))
                continue;
            if (wall_clock() < end)
                begin(server, ready[i].data.u32);
            else
                open--;
        }
        check_patience(server);
    }
    accounts_stop(server->accounts);
}

static void measure(struct server *server, double seconds)
{
    double wall = wall_clock(), client = processor_clock();
    struct usage before = usage_of(server), after;
    size_t count = server->count;

    log_in_for(server, seconds);
    wall = wall_clock() - wall;
    after = usage_of(server);
    printf("round %s %zu %.3f %.3f %.3f %lu\n", server->name, server->count - count, wall,
           after.seconds - before.seconds, processor_clock() - client,
           after.pages * (unsigned long)sysconf(_SC_PAGESIZE) / 1024);
    fflush(stdout);
}

/* What comes first in a server's threads is not measured. */
static void warm_up(struct server *server, double seconds)
{
    log_in_for(server, seconds);
    server->count = 0;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static void print_all(struct server *server)
{
    if (server->count == 0)
        die("nobody has logged in");
    qsort(server->times, server->count, sizeof(*server->times), compare);
    printf("all %s %.2f %.2f %u %u %u %u %u\n", server->name,
           server->times[server->count / 2] * 1e3,
           server->times[server->count * 99 / 100] * 1e3, server->lost, server->wrong,
           server->broken, server->either, accounts_changes(server->accounts));
}

/* Which of the words it is; -1: none. */
static int word_of(const char *word, const char *const *words, int count)
{
    while (count-- > 0)
        if (strcmp(word, words[count]) == 0)
            break;
    return count;
}

static void open_server(struct server *server, const char *tool, const char *text)
{
    static const char *const schemes[] = {"open", "NTLM", "Negotiate"};
    static const char *const changes[] = {"never", "rename", "turns", "database"};
    char scheme[16], change[16];
    int which, how;

    if (sscanf(text, "%63[^,],%15[^,],%u,%d,%15[^,],%1023s", server->name, scheme,
               &server->port, &server->pid, change, server->path) != 6)
        die("a SERVER is NAME,SCHEME,PORT,PID,CHANGE,ACCOUNTS");
    which = word_of(scheme, schemes, 3);
    how = word_of(change, changes, 4);
    if (which < 0 || how < 0)
        die("there is no such SCHEME or CHANGE");
    server->scheme = (enum web_scheme)which;
    server->accounts = accounts_open(tool, server->path, (enum change)how);
}

static gss_name_t import_target(void)
{
    static char service[] = "HTTP@localhost";
    gss_buffer_desc text = {sizeof(service) - 1, service};
    gss_name_t name;
    OM_uint32 minor;

    if (gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &name))
        die("there is no name of the service");
    return name;
}

int main(int argc, char **argv)
{
    static struct server servers[SERVERS_MAX];
    int count = argc - 5;
    unsigned rounds;
    double seconds;
    OM_uint32 minor;

    if (count < 1 || count > SERVERS_MAX)
        die("usage: web TOOL CONNECTIONS SECONDS ROUNDS SERVER...");
    connection_count = (unsigned)strtoul(argv[2], NULL, 10);
    seconds = strtod(argv[3], NULL);
    rounds = (unsigned)strtoul(argv[4], NULL, 10);
    if (connection_count < 1 || connection_count > CONNECTIONS_MAX || seconds <= 0)
        die("1 to 1000 CONNECTIONS, and some SECONDS");
    signal(SIGPIPE, SIG_IGN); /* the tool's end is its exit status */
    events = epoll_create1(EPOLL_CLOEXEC);
    target = import_target();
    for (int i = 0; i < count; i++)
        open_server(&servers[i], argv[1], argv[5 + i]);
    for (int i = 0; i < count; i++)
        warm_up(&servers[i], seconds / 2);
    for (unsigned round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++)
            measure(&servers[round % 2 ? count - 1 - i : i], seconds);
    for (int i = 0; i < count; i++) {
        print_all(&servers[i]);
        accounts_close(servers[i].accounts);
        free(servers[i].times);
    }
    gss_release_name(&minor, &target);
    close(events);
    return EXIT_SUCCESS;
}
