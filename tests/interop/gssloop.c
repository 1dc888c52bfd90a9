/* SPDX-License-Identifier: MIT */
/* gssloop.c - one security context between two processes, each with an
 * environment of its own: so that one can have this mechanism module and the
 * other another's. What the two do is in gssloop_side.c.
 *
 * What they say are lines "initiator: ..." and "acceptor: ..."; the exit status
 * is in enum outcome. */

#include "config.h"

#include "gssloop_side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char usage_text[] =
    "usage: gssloop [option ...]\n"
    "  -i NAME=VALUE  sets the initiator's environment (may be repeated)\n"
    "  -a NAME=VALUE  the acceptor's\n"
    "  -m MECH        ntlm or spnego (the default)\n"
    "  -f FLAG,...    asks for integ, conf, replay, sequence, mutual, identify, anon\n"
    "  -t SERVICE     the target, default HTTP@localhost; \"\" for none\n"
    "  -u USER        the initiator's name; with -p PASSWORD\n"
    "  -b DATA        the initiator's channel bindings\n"
    "  -B DATA        the acceptor's\n"
    "  -q             compares with gss_inquire_context, which not every mechanism\n"
    "                 survives as acceptor\n"
    "exit status: 0 complete, 10 refused by either side, anything else is a fault\n";

static pid_t start(struct side *side, int peer, int other)
{
    pid_t pid = fork();
    if (pid == 0) {
        close(other);
        side->peer = peer;
        exit((int)side_run(side));
    }
    return pid;
}

static enum outcome outcome_of(const struct side *side, pid_t pid)
{
    int status;
    if (waitpid(pid, &status, 0) == pid && WIFEXITED(status)) {
        if (WEXITSTATUS(status) == COMPLETE || WEXITSTATUS(status) == REFUSED)
            return (enum outcome)WEXITSTATUS(status);
        say(side, "exited with %d", WEXITSTATUS(status));
    } else {
        say(side, "died of signal %d", WTERMSIG(status));
    }
    return FAULT;
}

static bool read_flags(char *text)
{
    char *rest = NULL;
    for (char *word = strtok_r(text, ",", &rest); word; word = strtok_r(NULL, ",", &rest))
        if (!ask_for_flag(word))
            return false;
    return true;
}

static bool add_variable(struct side *side, const char *text)
{
    size_t count = 0;
    while (side->variables[count] != NULL)
        count++;
    side->variables[count] = text;
    return count < MAX_VARIABLES && strchr(text, '=') != NULL;
}

static bool read_options(int argc, char **argv, struct side *initiator, struct side *acceptor)
{
    bool good = true;
    for (int option; good && (option = getopt(argc, argv, "i:a:m:f:t:u:p:b:B:q")) != -1;)
        switch (option) {
        case 'i':
            good = add_variable(initiator, optarg);
            break;
        case 'a':
            good = add_variable(acceptor, optarg);
            break;
        case 'm':
            good = ask_for_mech(optarg);
            break;
        case 'f':
            good = read_flags(optarg);
            break;
        case 't':
            asked.target = optarg;
            break;
        case 'u':
            asked.user = optarg;
            break;
        case 'p':
            asked.password = optarg;
            break;
        case 'b':
            initiator->bindings = optarg;
            break;
        case 'B':
            acceptor->bindings = optarg;
            break;
        case 'q':
            asked.inquire = true;
            break;
        default:
            good = false;
        }
    return good && optind == argc;
}

int main(int argc, char **argv)
{
    struct side initiator = {.label = "initiator", .initiator = true};
    struct side acceptor = {.label = "acceptor"};
    int pair[2];

    ask_for_mech("spnego");
    asked.target = "HTTP@localhost";
    if (!read_options(argc, argv, &initiator, &acceptor)) {
        fputs(usage_text, stderr);
        return FAULT;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) {
        perror("gssloop: socketpair");
        return FAULT;
    }
    pid_t acceptor_pid = start(&acceptor, pair[0], pair[1]);
    pid_t initiator_pid = start(&initiator, pair[1], pair[0]);
    close(pair[0]);
    close(pair[1]);
    if (acceptor_pid < 0 || initiator_pid < 0) {
        perror("gssloop: fork");
        return FAULT;
    }
    enum outcome first = outcome_of(&acceptor, acceptor_pid);
    enum outcome second = outcome_of(&initiator, initiator_pid);
    if (first == COMPLETE && second == COMPLETE)
        return COMPLETE;
    return first == FAULT || second == FAULT ? FAULT : REFUSED;
}
