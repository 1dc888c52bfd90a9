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

enum { TRIES = 1000 }; /* of 10 ms each */

static pid_t kdc;
static int port, dead_port;

static struct sockaddr_in loopback(int at)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)at),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* A port that nobody listens on. */
static int free_port(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);
    int found = 0, fd = socket(AF_INET, SOCK_STREAM, 0);

    if (bind(fd, (struct sockaddr *)&address, size) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &size) == 0)
        found = ntohs(address.sin_port);
    close(fd);
    return found;
}

static bool answers(int at)
{
    struct sockaddr_in address = loopback(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool connected = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

    close(fd);
    return connected;
}

/* Under another name each time: settings are read again at once when
 * KRB5_CONFIG differs, and after a while when only the file does. */
void kdc_configure_with(const char *lines)
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
             port, dead_port, lines);
    snprintf(name, sizeof(name), "krb5-%d.conf", count++ % 16);
    setenv("KRB5_CONFIG", scratch_write(name, text), 1);
    /* the replay cache would stay behind, in /var/tmp */
    setenv("KRB5RCACHENAME", "none:", 1);
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
             port, port, scratch_path("principals"), scratch_path("stash"),
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

static bool is_up(void)
{
    const struct timespec pause = {0, 10000000};

    for (int i = 0; i < TRIES; i++) {
        if (answers(port))
            return true;
        if (waitpid(kdc, NULL, WNOHANG) == kdc)
            return false;
        nanosleep(&pause, NULL);
    }
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
    port = free_port();
    dead_port = free_port();
    kdc_configure();
    write_profile();
    ck_assert_msg(make_realm(commands), "no realm:\n%s", scratch_read("setup.log"));
    start();
    ck_assert_msg(is_up(), "the KDC does not start:\n%s", scratch_read("kdc.log"));
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
