/* SPDX-License-Identifier: MIT */
/* descriptors_test.c - what gss-negotiate opens, it closes: its commands run in this process,
 * and its connections, children and services' processes are had one by one, while suite.h
 * counts the descriptors. The account commands are wipes_test.c's. */

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/socket.h"
#include "commands.h"
#include "dispatch.h"
#include "link.h"
#include "mech_files.h"
#include "scratch.h"
#include "service.h"
#include "suite.h"
#include "system_log.h"
#include "trial.h"

#define UNIT "/run/systemd/system/kept-closed.service"

static bool apart; /* /run is this program's own */

static bool skipped_without_namespace(const char *test)
{
    if (!apart)
        printf("ok - %s # SKIP it needs a mount namespace of its own\n", test);
    return !apart;
}

/* ---- a server on the loopback interface ---- */

static struct {
    int fd;
    char port[8];
    const char *answer; /* to the first client, who is then left */
    pthread_t thread;
} server;

/* A port of which nobody else is told. */
static void take_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);

    server.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(server.fd, 0);
    ck_assert_int_eq(bind(server.fd, (struct sockaddr *)&address, len), 0);
    ck_assert_int_eq(getsockname(server.fd, (struct sockaddr *)&address, &len), 0);
    snprintf(server.port, sizeof(server.port), "%u", ntohs(address.sin_port));
}

static void *answer(void *unused)
{
    const int client = accept4(server.fd, NULL, NULL, SOCK_CLOEXEC);
    struct pollfd either[] = {{.fd = client, .events = POLLIN}, {.fd = server.fd}};
    char request[4096];

    if (client < 0)
        return unused;
    poll(either, 2, -1);
    if (either[0].revents && recv(client, request, sizeof(request), 0) > 0)
        send(client, server.answer, strlen(server.answer), MSG_NOSIGNAL);
    close(client);
    return unused;
}

static void server_begin(const char *text)
{
    take_port();
    server.answer = text;
    ck_assert_int_eq(listen(server.fd, 1), 0);
    ck_assert_int_eq(pthread_create(&server.thread, NULL, answer, NULL), 0);
}

/* Who still waits for the client, which may be left open, waits no longer. */
static void server_end(void)
{
    shutdown(server.fd, SHUT_RDWR);
    ck_assert_int_eq(pthread_join(server.thread, NULL), 0);
    close(server.fd);
}

/* ---- connections ---- */

START_TEST(a_connection_that_is_refused)
{
    struct link link;

    take_port(); /* and does not listen */
    ck_assert_int_eq(link_open(&link, "127.0.0.1", server.port, false, false), STATUS_TROUBLE);
    link_close(&link);
    close(server.fd);
}
END_TEST

START_TEST(a_connection_by_tcp)
{
    struct link link;
    char byte;

    server_begin("A");
    ck_assert_int_eq(link_open(&link, "127.0.0.1", server.port, false, false), STATUS_OK);
    ck_assert(link_write(&link, "a", 1));
    ck_assert(link_read_byte(&link, &byte));
    ck_assert_int_eq(byte, 'A');
    ck_assert(!link_read_byte(&link, &byte));
    link_close(&link);
    server_end();
}
END_TEST

START_TEST(a_connection_to_who_has_no_tls)
{
    struct link link;

    server_begin("no TLS at all");
    ck_assert_int_ne(link_open(&link, "127.0.0.1", server.port, true, false), STATUS_OK);
    link_close(&link);
    server_end();
}
END_TEST

/* ---- children ---- */

static int return_one(void *arg, char *text)
{
    (void)arg;
    strcpy(text, "one");
    return 1;
}

static int end(void *arg, char *text)
{
    (void)arg;
    (void)text;
    _exit(0);
}

static int crash(void *arg, char *text)
{
    (void)arg;
    (void)text;
    raise(SIGKILL);
    return 0;
}

static int hang(void *arg, char *text)
{
    (void)arg;
    (void)text;
    while (pause() < 0)
        ;
    return 0;
}

START_TEST(a_child)
{
    static const struct {
        int (*work)(void *arg, char *text);
        unsigned seconds;
        enum trial_end end;
        const char *text;
    } rows[] = {{return_one, 60, TRIAL_RETURNED, "one"},
                {end, 60, TRIAL_EXITED, ""},
                {crash, 60, TRIAL_CRASHED, ""},
                {hang, 0, TRIAL_LATE, ""}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct trial trial;

        trial_run(rows[i].work, NULL, rows[i].seconds, &trial);
        ck_assert_int_eq(trial.end, rows[i].end);
        ck_assert_str_eq(trial.text, rows[i].text);
        ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    }
}
END_TEST

/* ---- files ---- */

START_TEST(mechanism_files)
{
    struct mech_files files;

    setenv("GSS_MECH_CONFIG", scratch_write("mech", "some 1.2.3 /none.so\n"), 1);
    ck_assert(mech_files_read(&files));
    ck_assert_uint_eq(files.count, 1);
    mech_files_clear(&files);
}
END_TEST

/* A process of this name, until it is told to end. */
static pid_t start(const char *name)
{
    int ready[2];
    char byte;
    pid_t child;

    ck_assert_int_eq(pipe(ready), 0);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_NAME, name);
        close(ready[0]);
        close(ready[1]);
        for (;;)
            pause();
    }
    close(ready[1]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 0);
    close(ready[0]);
    return child;
}

static void stop(pid_t child)
{
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

START_TEST(a_service_that_runs)
{
    struct environment environment;
    char name[16];
    uid_t worker;
    pid_t child;

    snprintf(name, sizeof(name), "open-%d", (int)getpid());
    child = start(name);
    ck_assert_int_eq(service_process(name, &worker), child);
    ck_assert(service_process_environment(child, &environment));
    ck_assert_uint_gt(environment.count, 0);
    environment_clear(&environment);
    stop(child);
}
END_TEST

static void write_unit(void)
{
    FILE *unit;

    mkdir("/run/systemd/system", 0755);
    unit = fopen(UNIT, "w");
    ck_assert_ptr_nonnull(unit);
    fprintf(unit, "[Service]\nEnvironmentFile=%s\nEnvironment=GSS_MECH_CONFIG=%s\n",
            scratch_write("environment", "KRB5_CONFIG=/dev/null\n"), MECH_CONFIG);
    ck_assert_int_eq(fclose(unit), 0);
}

START_TEST(a_service_that_does_not_run)
{
    struct environment environment;
    char *user;

    if (skipped_without_namespace("a_service_that_does_not_run"))
        return;
    write_unit();
    ck_assert(service_unit("kept-closed", &environment, &user));
    ck_assert_str_eq(environment_get(&environment, "KRB5_CONFIG"), "/dev/null");
    ck_assert_uint_eq(environment.count, 2);
    environment_clear(&environment);
    free(user);
}
END_TEST

/* ---- commands ---- */

static enum exit_status command(const char *const *words, int count)
{
    static const struct command *const commands[] = {
        &command_check,    &command_decode, &command_list, &command_logout,
        &command_settings, &command_try,    NULL};
    char *argv[8] = {(char *)(uintptr_t) "gss-negotiate"};

    for (int i = 0; i < count; i++)
        argv[i + 1] = (char *)(uintptr_t)words[i];
    return command_dispatch(commands, "gss-negotiate", "", count + 1, argv);
}
#define COMMAND(...)                                                                           \
    command((const char *const[]){__VA_ARGS__},                                                \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

START_TEST(check)
{
    int log;

    if (skipped_without_namespace("check"))
        return;
    setenv("GSS_MECH_CONFIG", MECH_CONFIG, 1);
    setenv("NTLM_ACCOUNT_FILE", scratch_write("accounts", "CORP:alice:secret\n"), 1);
    setenv("NTLM_USER_FILE", scratch_path("accounts"), 1);
    log = system_log_listen(AUDIT_SYSLOG, SOCK_DGRAM);
    ck_assert_int_ne(COMMAND("check"), STATUS_TROUBLE);
    close(log);
}
END_TEST

START_TEST(check_of_a_service)
{
    if (skipped_without_namespace("check_of_a_service"))
        return;
    write_unit();
    ck_assert_int_ne(COMMAND("check", "--service", "kept-closed"), STATUS_TROUBLE);
}
END_TEST

START_TEST(try_of_a_server_without_logins)
{
    static const char *const schemes[] = {"http", "ldap", "https", "ldaps"};
    char url[64];

    server_begin("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    snprintf(url, sizeof(url), "%s://127.0.0.1:%s", schemes[_i], server.port);
    ck_assert_int_ne(COMMAND("try", url), STATUS_OK);
    server_end();
}
END_TEST

START_TEST(commands_that_only_tell)
{
    ck_assert_int_eq(COMMAND("settings"), STATUS_OK);
    ck_assert_int_eq(COMMAND("decode", "TlRMTVNTUAABAAAAAgAAAA=="), STATUS_OK);
    ck_assert_int_eq(COMMAND("list"), STATUS_TROUBLE); /* logins are off */
    ck_assert_int_eq(COMMAND("logout"), STATUS_TROUBLE);
}
END_TEST

static void set_up(void)
{
    setenv("KRB5_CONFIG", "/dev/null", 1);
    setenv("GSS_MECH_CONFIG", "/dev/null", 1);
    setenv("NTLM_LOGIN_KEYRING", "off", 1);
}

int main(void)
{
    const TTest *const tests[] = {a_connection_that_is_refused,
                                  a_connection_by_tcp,
                                  a_connection_to_who_has_no_tls,
                                  a_child,
                                  mechanism_files,
                                  a_service_that_runs,
                                  a_service_that_does_not_run,
                                  check,
                                  check_of_a_service,
                                  commands_that_only_tell};
    Suite *suite = suite_create("tool_descriptors");
    TCase *cases = tcase_create("descriptors");

    apart = system_log_begin();
    scratch_begin();
    tcase_add_checked_fixture(cases, set_up, NULL);
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
        tcase_add_test(cases, tests[i]);
    tcase_add_loop_test(cases, try_of_a_server_without_logins, 0, 4);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
