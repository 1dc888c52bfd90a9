/* SPDX-License-Identifier: MIT */
/* main.c - the command gss-negotiate: the table of its subcommands. What each does is in
 * a file of its name. */

#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "complete.h"
#include "dispatch.h"
#include "translate.h"

#define ABOUT N_("Sets up NTLM and Negotiate logins, signs in, and shows what goes on.")

/* In the order of help. */
static const struct command *const table[] = {
    &command_check,  &command_login, &command_logout, &command_list,     &command_account,
    &command_decode, &command_try,   &command_serve,  &command_settings, NULL,
};

/* Where a standard descriptor is closed, the next file that is opened would be taken for
 * it. */
static void open_standard_files(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv)
{
    enum exit_status status;

    open_standard_files();
    setlocale(LC_CTYPE, "");
    setlocale(LC_MESSAGES, "");
    textdomain("gss-negotiate");
    output_begin();
    if (argc == 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
        say("gss-negotiate %s", PACKAGE_VERSION);
        status = STATUS_OK;
    } else if (argc >= 2 && strcmp(argv[1], "--complete") == 0) {
        status = complete(table, argc - 2, argv + 2);
    } else {
        status = command_dispatch(table, "gss-negotiate", _(ABOUT), argc, argv);
    }
    return (int)output_end(status);
}
