/* SPDX-License-Identifier: MIT */
/* secret.c - see secret.h. */

#include "config.h"

#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ntlm/keys.h"
#include "ntlm/secret.h"
#include "support/hex.h"
#include "translate.h"

/* The signals that may end or stop a program that waits at the terminal. */
static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
#define ENDING (sizeof(ending) / sizeof(ending[0]))

static volatile sig_atomic_t caught;

static void catch (int number)
{
    caught = number;
}

void secret_clear(struct secret *secret)
{
    ntlm_cleanse(secret, sizeof(*secret));
}

static enum exit_status check_line(const struct secret *secret, bool begun)
{
    if (!begun)
        return complain(STATUS_TROUBLE, "%s", _("no password was given"));
    if (memchr(secret->text, '\0', secret->len))
        return complain(STATUS_TROUBLE, "%s", _("the password has a NUL byte in it"));
    if (secret->len > 0 && secret->text[secret->len - 1] == '\r')
        return complain(STATUS_TROUBLE, "%s",
                        _("the password ends with a carriage return; end its line with a "
                          "newline alone"));
    return STATUS_OK;
}

/* As read, but a signal that came before the wait for input began ends it, too: the caller
 * has blocked the ending signals, and only the wait lets them in. unblocked: NULL to change
 * nothing. */
static ssize_t read_byte(int fd, const sigset_t *unblocked, char *byte)
{
    struct pollfd input = {.fd = fd, .events = POLLIN};

    if (ppoll(&input, 1, NULL, unblocked) < 0)
        return -1;
    return read(fd, byte, 1);
}

/* A line, byte by byte: what follows it is for others. unblocked: see read_byte. */
static enum exit_status read_line(int fd, const sigset_t *unblocked, struct secret *secret)
{
    enum exit_status status = STATUS_OK;
    bool begun = false, ended = false;
    char byte = '\0';

    secret->len = 0;
    while (!status && !ended && !caught) {
        ssize_t got = read_byte(fd, unblocked, &byte);
        ended = got == 0 || (got == 1 && byte == '\n');
        begun = begun || got == 1;
        if (got < 0 && errno != EINTR)
            status =
                complain(STATUS_TROUBLE, _("the password cannot be read: %s"), strerror(errno));
        else if (got == 1 && !ended && secret->len == SECRET_MAX)
            status =
                complain(STATUS_TROUBLE, _("the password is longer than %d bytes"), SECRET_MAX);
        else if (got == 1 && !ended)
            secret->text[secret->len++] = byte;
    }
    secret->text[secret->len] = '\0';
    ntlm_cleanse(&byte, 1);
    return status || caught ? status : check_line(secret, begun);
}

static void put(int terminal, const char *text)
{
    ssize_t written = write(terminal, text, strlen(text));

    (void)written; /* a terminal that is gone shows in the read */
}

/* Asks with the echo off, and puts it on again before a signal does what it does. */
static enum exit_status ask(int terminal, const char *prompt, struct secret *secret)
{
    struct sigaction action = {.sa_handler = catch}, before[ENDING];
    struct termios shown, hidden;
    sigset_t blocked, unblocked;
    enum exit_status status;

    caught = 0;
    sigemptyset(&blocked);
    for (size_t i = 0; i < ENDING; i++)
        sigaddset(&blocked, ending[i]);
    sigprocmask(SIG_BLOCK, &blocked, &unblocked);
    for (size_t i = 0; i < ENDING; i++)
        sigaction(ending[i], &action, &before[i]);
    if (tcgetattr(terminal, &shown) != 0) {
        status =
            complain(STATUS_TROUBLE, _("the terminal cannot be used: %s"), strerror(errno));
    } else {
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
        tcsetattr(terminal, TCSAFLUSH, &hidden);
        put(terminal, prompt);
        status = read_line(terminal, &unblocked, secret);
        tcsetattr(terminal, TCSAFLUSH, &shown);
        put(terminal, "\n");
    }
    for (size_t i = 0; i < ENDING; i++)
        sigaction(ending[i], &before[i], NULL);
    sigprocmask(SIG_SETMASK, &unblocked, NULL);
    if (!caught)
        return status;
    secret_clear(secret);
    raise(caught);
    caught = 0;
    return complain(STATUS_TROUBLE, "%s", _("no password was given"));
}

static enum exit_status ask_twice(int terminal, struct secret *secret)
{
    struct secret again = {.len = 0};
    enum exit_status status = ask(terminal, _("Again: "), &again);

    if (!status &&
        (again.len != secret->len || !ntlm_equal(again.text, secret->text, again.len)))
        status = complain(STATUS_TROUBLE, "%s", _("the two passwords differ"));
    secret_clear(&again);
    return status;
}

static enum exit_status ask_terminal(const struct secret_request *request,
                                     struct secret *secret)
{
    int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    enum exit_status status;

    if (terminal < 0)
        return complain(STATUS_TROUBLE, "%s",
                        _("there is no terminal to ask for the password; give it with "
                          "--password-fd"));
    status = ask(terminal, request->prompt, secret);
    if (!status && request->twice)
        status = ask_twice(terminal, secret);
    close(terminal);
    return status;
}

static enum exit_status read_descriptor(const char *number, struct secret *secret)
{
    char *end;
    unsigned long fd = strtoul(number, &end, 10);

    if (*number < '0' || *number > '9' || *end || fd > 1048576)
        return complain(STATUS_USAGE, _("--password-fd needs a number, not \"%s\""), number);
    return read_line((int)fd, NULL, secret);
}

enum exit_status secret_read(const struct secret_request *request, struct secret *secret)
{
    *secret = (struct secret){.len = 0};
    caught = 0;
    if (request->fd)
        return read_descriptor(request->fd, secret);
    if (request->input_taken || isatty(STDIN_FILENO))
        return ask_terminal(request, secret);
    return read_line(STDIN_FILENO, NULL, secret);
}

enum exit_status secret_nt_hash(const struct secret *secret, bool digits, uint8_t hash[16])
{
    enum ntlm_error error;

    if (digits)
        error = hex_decode(secret->text, hash, NTLM_HASH_SIZE) ? NTLM_OK : NTLM_ERR_BAD_NT_HASH;
    else
        error = ntlm_nt_hash(secret->text, secret->len, hash);
    return error ? complain_of(error) : STATUS_OK;
}
