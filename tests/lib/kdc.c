/* SPDX-License-Identifier: MIT */
/* kdc.c - see kdc.h. */

#include "config.h"

#include "kdc.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <check.h>
#include <krb5.h>

#include "scratch.h"

enum { STARTS = 10, LOOKS = 12000 }; /* for a minute or two, 10 ms each */

static pid_t kdc;

/* Ports that are nobody else's as long as these sockets are there; -1: none. One
 * that listens on such a port must say that it may be used again, as krb5kdc
 * does. */
static int held = -1, dead_held = -1;

/* A port that nobody listens on, instead of the one before. */
static void hold_port(int *fd)
{
    const struct sockaddr_in any = {.sin_family = AF_INET,
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1;

    if (*fd >= 0)
        close(*fd);
    *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(*fd, 0);
    ck_assert_int_eq(bind(*fd, (const struct sockaddr *)&any, sizeof(any)), 0);
    ck_assert_int_eq(setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
}

static int port_of(int fd)
{
    struct sockaddr_in address = {0};
    socklen_t size = sizeof(address);

    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    return ntohs(address.sin_port);
}

/* Under another name each time: settings are read again at once when
 * KRB5_CONFIG differs, and after a while when only the file does. */
static void configure(int port, const char *lines)
{
    static int count;
    char text[2048], name[32];

    snprintf(text, sizeof(text),
             "[libdefaults]\n"
             " default_realm = HOME.TEST\n"
             " dns_lookup_kdc = false\n"
             " dns_lookup_realm = false\n"
             " dns_canonicalize_hostname = false\n"
             " forwardable = true\n"
             "[realms]\n"
             " HOME.TEST = {\n  kdc = 127.0.0.1:%d\n }\n"
             " DEAD.TEST = {\n  kdc = 127.0.0.1:%d\n }\n"
             "[domain_realm]\n"
             " .home.test = HOME.TEST\n"
             " .dead.test = DEAD.TEST\n"
             "%s",
             port, port_of(dead_held), lines);
    snprintf(name, sizeof(name), "krb5-%d.conf", count++ % 16);
    setenv("KRB5_CONFIG", scratch_write(name, text), 1);
    /* the replay cache would stay behind, in /var/tmp */
    setenv("KRB5RCACHENAME", "none:", 1);
}

void kdc_configure_with(const char *lines)
{
    configure(port_of(held), lines);
}

void kdc_configure_away(const char *lines)
{
    configure(1, lines);
}

void kdc_configure(void)
{
    kdc_configure_with("");
}

static void write_profile(void)
{
    char text[2048];

    snprintf(text, sizeof(text),
             "[kdcdefaults]\n"
             " kdc_listen = 127.0.0.1:%d\n"
             " kdc_tcp_listen = 127.0.0.1:%d\n"
             "[realms]\n"
             " HOME.TEST = {\n"
             "  database_name = %s\n"
             "  key_stash_file = %s\n"
             "  acl_file = /dev/null\n"
             "  max_life = 10h\n"
             "  max_renewable_life = 1d\n"
             "  supported_enctypes = aes256-cts:normal\n"
             " }\n"
             "[logging]\n"
             " kdc = FILE:%s\n"
             " admin_server = FILE:%s\n",
             port_of(held), port_of(held), scratch_path("principals"), scratch_path("stash"),
             scratch_path("kdc.log"), scratch_path("kadmin.log"));
    setenv("KRB5_KDC_PROFILE", scratch_write("kdc.conf", text), 1);
}

/* Its output goes to a log; true when it ends well. */
static bool run(const char *command, const char *input)
{
    char line[1024];
    FILE *pipe;

    /* where kadmin.local writes its keytabs */
    snprintf(line, sizeof(line), "cd '%s' && %s >>setup.log 2>&1", scratch_path("."), command);
    pipe = popen(line, "w");
    if (!pipe)
        return false;
    fputs(input, pipe);
    return pclose(pipe) == 0;
}

/* Once a program, however often the KDC is started. */
static bool make_realm(const char *commands)
{
    static bool made;

    if (made)
        return true;
    made =
        run("kdb5_util create -s -P master -r HOME.TEST", "") && run("kadmin.local", commands);
    return made;
}

static void start(void)
{
    pid_t parent = getpid();

    unlink(scratch_path("kdc.log"));
    kdc = fork();
    if (kdc != 0)
        return;
    /* It does not outlive a test program that crashes, not even suspended. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    dup2(open(scratch_path("kdc.out"), O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    execlp("krb5kdc", "krb5kdc", "-n", "-P", scratch_path("kdc.pid"), (char *)NULL);
    _exit(1);
}

/* It says so after it has bound its ports. */
static bool is_up(void)
{
    const struct timespec pause = {0, 10000000};

    for (int i = 0; i < LOOKS; i++) {
        if (strstr(scratch_read("kdc.log"), "commencing operation"))
            return true;
        if (waitpid(kdc, NULL, WNOHANG) == kdc) {
            kdc = 0;
            return false;
        }
        nanosleep(&pause, NULL);
    }
    kdc_end();
    return false;
}

bool kdc_is_installed(void)
{
    char path[4096];
    const char *given = getenv("PATH");

    snprintf(path, sizeof(path), "%s:/usr/sbin:/sbin", given ? given : "/bin:/usr/bin");
    setenv("PATH", path, 1);
    if (system("command -v krb5kdc kdb5_util kadmin.local >/dev/null") == 0)
        return true;
    puts("1..0 # SKIP krb5kdc is not installed");
    return false;
}

void kdc_begin(const char *commands)
{
    int starts = 0;
    bool up;

    hold_port(&dead_held);
    do { /* somebody may have the port for UDP */
        hold_port(&held);
        kdc_configure();
        write_profile();
        ck_assert_msg(make_realm(commands), "no realm:\n%s", scratch_read("setup.log"));
        start();
        up = is_up();
    } while (!up && ++starts < STARTS);
    ck_assert_msg(up, "the KDC does not start:\n%s", scratch_read("kdc.log"));
}

void kdc_log_in(const char *user, const char *password)
{
    krb5_context context;
    krb5_principal client;
    krb5_ccache tickets;
    krb5_creds ticket;

    ck_assert_int_eq(krb5_init_context(&context), 0);
    ck_assert_int_eq(krb5_parse_name(context, user, &client), 0);
    ck_assert_int_eq(krb5_get_init_creds_password(context, &ticket, client, password, NULL,
                                                  NULL, 0, NULL, NULL),
                     0);
    ck_assert_int_eq(krb5_cc_default(context, &tickets), 0);
    ck_assert_int_eq(krb5_cc_initialize(context, tickets, client), 0);
    ck_assert_int_eq(krb5_cc_store_cred(context, tickets, &ticket), 0);
    krb5_cc_close(context, tickets);
    krb5_free_cred_contents(context, &ticket);
    krb5_free_principal(context, client);
    krb5_free_context(context);
}

void kdc_suspend(void)
{
    ck_assert_int_eq(kill(kdc, SIGSTOP), 0);
}

void kdc_resume(void)
{
    ck_assert_int_eq(kill(kdc, SIGCONT), 0);
}

void kdc_end(void)
{
    if (kdc <= 0)
        return;
    kill(kdc, SIGTERM);
    kill(kdc, SIGCONT);
    waitpid(kdc, NULL, 0);
    kdc = 0;
}
