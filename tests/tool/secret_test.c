/* SPDX-License-Identifier: MIT */
/* secret_test.c - a password that is typed at a terminal: asked for there, never shown,
 * once or twice; and the terminal is as before when somebody ends the program instead. The
 * program at the terminal is a child with a pseudo-terminal of its own. What it has read is
 * wiped. */

#include "config.h"

#include <dlfcn.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "secret.h"
#include "secrets.h"
#include "suite.h"
#include "wiped.h"

#define NO_PASSWORD 100 /* exit status: what was read is not what was typed */
#define NOT_WIPED 101   /* or it was not wiped as often as it should be */

static int terminal;
static pid_t child;
static char seen[4096]; /* all that was shown */
static size_t seen_len;
static int interrupts; /* a signal comes just as the n-th of the waits below begins; 0: none */
static const char *wipes; /* how often it wipes which secret: see wiped.h; NULL: as it does */
static unsigned other_wipes;

static void interrupt(void)
{
    if (interrupts > 0 && --interrupts == 0)
        raise(SIGINT);
}

/* The program's waits: these stand before the C library's. */
ssize_t read(int fd, void *buffer, size_t size)
{
    ssize_t (*real)(int, void *, size_t) =
        (ssize_t(*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");

    interrupt();
    return real(fd, buffer, size);
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *limit, const sigset_t *mask)
{
    int (*real)(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *) =
        (int (*)(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *))dlsym(
            RTLD_NEXT, "ppoll");

    interrupt();
    return real(fds, count, limit, mask);
}

/* Asks, and exits with what came of it. */
static void start(const struct secret_request *request, const char *typed)
{
    seen_len = 0;
    child = forkpty(&terminal, NULL, NULL, NULL);
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct secret secret;
        enum exit_status status;

        signal(SIGINT, wipes ? SIG_IGN : SIG_DFL); /* Check has a handler */
        wiped_watch(wipes);
        status = secret_read(request, &secret);
        if (!status && strcmp(secret.text, typed) != 0)
            status = (enum exit_status)NO_PASSWORD;
        if (wipes)
            _exit(strcmp(wiped_secrets(), wipes) || wiped_others() != other_wipes
                      ? NOT_WIPED
                      : (int)status);
        secret_clear(&secret);
        _exit((int)status);
    }
}

/* Waits until the terminal has shown the text, and another time for each more of it. */
static void wait_for(const char *text, int times)
{
    struct pollfd poll_fd = {.fd = terminal, .events = POLLIN};

    for (;;) {
        int found = 0;

        seen[seen_len] = '\0';
        for (const char *at = seen; (at = strstr(at, text)); at++)
            found++;
        if (found >= times)
            return;
        ck_assert_int_gt(poll(&poll_fd, 1, 60000), 0);
        ssize_t got = read(terminal, seen + seen_len, sizeof(seen) - 1 - seen_len);
        ck_assert_int_gt(got, 0);
        seen_len += (size_t)got;
    }
}

static void type(const char *text)
{
    ck_assert_int_eq(write(terminal, text, strlen(text)), (ssize_t)strlen(text));
}

/* What is left to be shown is read, too: a child waits for that. */
static int end(void)
{
    int status;

    while (seen_len < sizeof(seen) - 1) {
        ssize_t got = read(terminal, seen + seen_len, sizeof(seen) - 1 - seen_len);
        if (got <= 0)
            break;
        seen_len += (size_t)got;
    }
    seen[seen_len] = '\0';
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    close(terminal);
    return status;
}

static bool echoes(void)
{
    struct termios settings;

    ck_assert_int_eq(tcgetattr(terminal, &settings), 0);
    return settings.c_lflag & ECHO;
}

START_TEST(a_password_is_asked_for_and_not_shown)
{
    const struct secret_request request = {.prompt = "Password: "};
    int status;

    start(&request, "Wonderland 7");
    wait_for("Password: ", 1);
    ck_assert(!echoes());
    type("Wonderland 7\n");
    status = end();
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), STATUS_OK);
    ck_assert_ptr_null(strstr(seen, "Wonderland"));
}
END_TEST

START_TEST(a_new_password_is_typed_twice)
{
    const struct secret_request request = {.prompt = "New password: ", .twice = true};
    int status;

    start(&request, "glass");
    wait_for("New password: ", 1);
    type("glass\n");
    wait_for("Again: ", 1);
    ck_assert(!echoes());
    type(_i ? "grass\n" : "glass\n");
    status = end();
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), _i ? STATUS_TROUBLE : STATUS_OK);
    ck_assert_int_eq(strstr(seen, "the two passwords differ") != NULL, _i);
    ck_assert_ptr_null(strstr(seen, "glass"));
    ck_assert_ptr_null(strstr(seen, "grass"));
}
END_TEST

START_TEST(an_ended_input_is_no_password)
{
    const struct secret_request request = {.prompt = "Password: "};
    int status;

    start(&request, "");
    wait_for("Password: ", 1);
    type("\x04"); /* the end of input */
    status = end();
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), STATUS_TROUBLE);
    ck_assert_ptr_nonnull(strstr(seen, "no password was given"));
}
END_TEST

/* _i: whether what was typed before it is there. */
START_TEST(who_interrupts_ends_the_program_and_finds_the_terminal_as_it_was)
{
    const struct secret_request request = {.prompt = "Password: "};
    int status;

    start(&request, "");
    wait_for("Password: ", 1);
    type(_i ? "Wonder\x03" : "\x03");
    wait_for("\n", 1);
    ck_assert(echoes());
    status = end();
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGINT);
    ck_assert_ptr_null(strstr(seen, "Wonder"));
}
END_TEST

START_TEST(an_interrupt_just_before_the_wait_ends_it)
{
    const struct secret_request request = {.prompt = "Password: "};
    int status;

    interrupts = 1;
    start(&request, "");
    interrupts = 0;
    wait_for("\n", 1);
    ck_assert(echoes());
    status = end();
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGINT);
}
END_TEST

static bool learn(void *arg)
{
    (void)arg;
    secrets_add_password("Wonderland");
    return true;
}

/* What is asked for once more is wiped, what was typed before a signal that does not end the
 * program, and each line's last byte; the password itself is the caller's. Two others are the
 * texts of a complaint. */
START_TEST(what_was_typed_is_wiped)
{
    static const struct {
        bool twice;
        const char *first, *second, *wiped;
        unsigned others;
        int interrupts, status;
    } rows[] = {{false, "Wonderland\n", NULL, "", 1, 0, STATUS_OK},
                {true, "Wonderland\n", "Wonderland\n", "1 password\n", 2, 0, STATUS_OK},
                {true, "Wonderland\n", "Wonderlands\n", "1 password\n", 4, 0, STATUS_TROUBLE},
                {false, "Wonderland\x04", NULL, "1 password\n", 3, 21, STATUS_TROUBLE}};
    const struct secret_request request = {.prompt = "Password: ", .twice = rows[_i].twice};
    int status;

    if (skipped_sanitized("what_was_typed_is_wiped"))
        return;
    secrets_learn(learn, NULL);
    wipes = rows[_i].wiped;
    other_wipes = rows[_i].others;
    interrupts = rows[_i].interrupts;
    start(&request, rows[_i].status ? "" : "Wonderland");
    interrupts = 0;
    wait_for("Password: ", 1);
    type(rows[_i].first);
    if (rows[_i].second) {
        wait_for("Again: ", 1);
        type(rows[_i].second);
    }
    status = end();
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), rows[_i].status);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tool_secret");
    TCase *cases = tcase_create("at a terminal");

    tcase_add_test(cases, a_password_is_asked_for_and_not_shown);
    tcase_add_loop_test(cases, a_new_password_is_typed_twice, 0, 2);
    tcase_add_test(cases, an_ended_input_is_no_password);
    tcase_add_loop_test(cases, who_interrupts_ends_the_program_and_finds_the_terminal_as_it_was,
                        0, 2);
    tcase_add_test(cases, an_interrupt_just_before_the_wait_ends_it);
    tcase_add_loop_test(cases, what_was_typed_is_wiped, 0, 4);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
