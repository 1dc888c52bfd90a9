/* SPDX-License-Identifier: MIT */
/* sspi-client.c - logs in to an HTTP server with Negotiate and shows the page;
 * at sspi-server it can also send an encrypted message. The security part is
 * written as for Windows, in its wide form. */

#define UNICODE
#define SECURITY_WIN32
#include <windows.h>

#include <security.h>

#include <limits.h>
#include <locale.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sealed.h"

#define MAX_NAME 256

static const char usage_text[] =
    "usage: sspi-client [-u USER -p PASSWORD] [-m MESSAGE] http://HOST[:PORT]/PATH\n"
    "  Without -u whoever the machine says we are: a Kerberos ticket, or a line of\n"
    "  NTLM's account file. USER may be DOMAIN\\user or user@realm.\n"
    "  -m sends MESSAGE encrypted, and shows the answer: only sspi-server has one.\n";

struct url {
    char host[MAX_NAME], port[16];
    const char *path;
};

struct login {
    CredHandle credential;
    CtxtHandle context;
    BOOL begun;
    SECURITY_STATUS status;
    WCHAR target[MAX_NAME + 8];
};

/* What the command line has is in the locale's characters. */
static BOOL to_wide(const char *text, WCHAR *wide, size_t room)
{
    const char *end = text + strlen(text) + 1;
    mbstate_t state;

    memset(&state, 0, sizeof(state));
    while (room-- > 0) {
        size_t used = mbrtoc16(wide, text, (size_t)(end - text), &state);

        if (used == 0)
            return TRUE;
        if (used == (size_t)-1 || used == (size_t)-2)
            return FALSE;
        if (used != (size_t)-3) /* the second half of a pair needs no more text */
            text += used;
        wide++;
    }
    return FALSE;
}

static ULONG wide_length(const WCHAR *wide)
{
    ULONG length = 0;

    while (wide[length])
        length++;
    return length;
}

static BOOL read_url(const char *text, struct url *url)
{
    strcpy(url->port, "80");
    if (sscanf(text, "http://%255[^:/]:%15[0-9]", url->host, url->port) < 1)
        return FALSE;
    url->path = strchr(text + strlen("http://"), '/');
    if (!url->path)
        url->path = "/";
    return TRUE;
}

static BOOL connect_to(const struct url *url, struct http *http)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found, *address;

    if (getaddrinfo(url->host, url->port, &hints, &found) != 0)
        return FALSE;
    http->ready = 0;
    http->socket = -1;
    for (address = found; address && http->socket < 0; address = address->ai_next) {
        http->socket = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
        if (connect(http->socket, address->ai_addr, address->ai_addrlen) != 0) {
            close(http->socket);
            http->socket = -1;
        }
    }
    freeaddrinfo(found);
    return http->socket >= 0;
}

/* The default credential, or this user's. */
static SECURITY_STATUS acquire(struct login *login, const char *user, const char *password)
{
    WCHAR wide_user[MAX_NAME], wide_password[MAX_NAME];
    SEC_WINNT_AUTH_IDENTITY identity;
    SECURITY_STATUS status;
    TimeStamp expiry;

    ZeroMemory(&identity, sizeof(identity));
    if (user) {
        if (!to_wide(user, wide_user, MAX_NAME) || !to_wide(password, wide_password, MAX_NAME))
            return SEC_E_INVALID_PARAMETER;
        identity.User = (USHORT *)wide_user;
        identity.UserLength = wide_length(wide_user);
        identity.Password = (USHORT *)wide_password;
        identity.PasswordLength = wide_length(wide_password);
        identity.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
    }
    status = AcquireCredentialsHandle(NULL, (LPWSTR)NEGOSSP_NAME, SECPKG_CRED_OUTBOUND, NULL,
                                      user ? &identity : NULL, NULL, NULL, &login->credential,
                                      &expiry);
    SecureZeroMemory(wide_password, sizeof(wide_password));
    return status;
}

/* One call. The token to send is *out, to be freed with FreeContextBuffer. */
static SECURITY_STATUS step(struct login *login, void *received, size_t length, SecBuffer *out)
{
    SecBuffer in = {(ULONG)length, SECBUFFER_TOKEN, received};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in}, output = {SECBUFFER_VERSION, 1, out};
    ULONG attributes;
    TimeStamp expiry;

    *out = (SecBuffer){0, SECBUFFER_TOKEN, NULL};
    login->status = InitializeSecurityContext(
        &login->credential, login->begun ? &login->context : NULL, login->target,
        ISC_REQ_MUTUAL_AUTH | ISC_REQ_CONFIDENTIALITY | ISC_REQ_ALLOCATE_MEMORY, 0,
        SECURITY_NATIVE_DREP, received ? &input : NULL, 0, &login->context, &output,
        &attributes, &expiry);
    if (!FAILED(login->status))
        login->begun = TRUE;
    return login->status;
}

static BOOL request(struct http *http, const struct url *url, const SecBuffer *token,
                    BOOL upgrade)
{
    char *text = http_encode(token->pvBuffer, token->cbBuffer), *head = NULL;
    BOOL sent = FALSE;

    if (text &&
        asprintf(&head, "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Negotiate %s\r\n%s\r\n",
                 url->path, url->host, text,
                 upgrade ? "Connection: Upgrade\r\nUpgrade: sspi-messages\r\n"
                         : "Connection: keep-alive\r\n") >= 0)
        sent = http_send_text(http, head);
    free(head);
    free(text);
    return sent;
}

/* Calls and requests in turn, until the server shows something or we give up.
 * The answer's status; 0 when there was none. */
static int exchange(struct http *http, const struct url *url, struct login *login, BOOL upgrade)
{
    static char head[HTTP_HEAD];
    void *received = NULL;
    size_t length = 0;
    SecBuffer token;
    int code = 0;

    while (step(login, received, length, &token) == SEC_I_CONTINUE_NEEDED ||
           (login->status == SEC_E_OK && token.cbBuffer > 0)) {
        BOOL sent = request(http, url, &token, upgrade);
        const char *challenge;

        FreeContextBuffer(token.pvBuffer);
        free(received);
        received = NULL;
        if (!sent || !http_receive_head(http, head) ||
            sscanf(head, "HTTP/1.%*c %d", &code) != 1)
            return 0;
        challenge = http_header(head, "WWW-Authenticate", "Negotiate ");
        if (challenge)
            received = http_decode(challenge, &length);
        if (code != 101 && !http_receive_body(http, head, code == 401 ? NULL : stdout))
            return 0;
        if (!received) /* nothing more to say, or refused */
            break;
        if (code != 401 && login->status == SEC_E_OK)
            break;
    }
    free(received);
    return code;
}

static void print_wide(const WCHAR *wide, FILE *out)
{
    char text[MB_LEN_MAX];
    mbstate_t state;

    memset(&state, 0, sizeof(state));
    for (; *wide; wide++) {
        size_t length = c16rtomb(text, *wide, &state);

        if (length != (size_t)-1)
            fwrite(text, 1, length, out);
    }
}

static void show_login(struct login *login)
{
    SecPkgContext_NegotiationInfo info;

    if (QueryContextAttributes(&login->context, SECPKG_ATTR_NEGOTIATION_INFO, &info) !=
        SEC_E_OK)
        return;
    fputs("sspi-client: logged in with ", stderr);
    print_wide(info.PackageInfo->Name, stderr);
    fputs("\n", stderr);
    FreeContextBuffer(info.PackageInfo);
}

static SECURITY_STATUS converse(struct http *http, struct login *login, const char *message)
{
    static char answer[SEALED_MAX];
    SECURITY_STATUS status = sealed_send(http, &login->context, message);

    if (status == SEC_E_OK)
        status = sealed_receive(http, &login->context, answer);
    if (status == SEC_E_OK)
        puts(answer);
    return status;
}

static int fail(const char *what, SECURITY_STATUS status)
{
    fprintf(stderr, "sspi-client: %s", what);
    if (FAILED(status))
        fprintf(stderr, " (status %#010x)", (unsigned)status);
    fputs("\n", stderr);
    return EXIT_FAILURE;
}

static int run(const struct url *url, const char *user, const char *password,
               const char *message)
{
    static struct http http;
    struct login login = {.begun = FALSE};
    char target[MAX_NAME + 8];
    int code, result = EXIT_SUCCESS;

    snprintf(target, sizeof(target), "HTTP/%s", url->host);
    if (!to_wide(target, login.target, MAX_NAME + 8))
        return fail("the host's name cannot be understood", SEC_E_INVALID_PARAMETER);
    login.status = acquire(&login, user, password);
    if (login.status != SEC_E_OK)
        return fail("there is nothing to log in with", login.status);
    if (!connect_to(url, &http)) {
        FreeCredentialsHandle(&login.credential);
        return fail("the server cannot be reached", SEC_E_OK);
    }
    code = exchange(&http, url, &login, message != NULL);
    if (code == 401)
        result = fail("the server refuses us", SEC_E_OK);
    else if (FAILED(login.status))
        result = fail("the login failed", login.status);
    else if (login.status != SEC_E_OK || code != (message ? 101 : 200))
        result = fail("the server has nothing to show", SEC_E_OK);
    else
        show_login(&login);
    if (result == EXIT_SUCCESS && message) {
        login.status = converse(&http, &login, message);
        if (login.status != SEC_E_OK)
            result = fail("the message or its answer was lost", login.status);
    }
    if (login.begun)
        DeleteSecurityContext(&login.context);
    FreeCredentialsHandle(&login.credential);
    close(http.socket);
    return result;
}

int main(int argc, char **argv)
{
    const char *user = NULL, *password = NULL, *message = NULL;
    struct url url;
    int option;

    setlocale(LC_ALL, "");
    while ((option = getopt(argc, argv, "u:p:m:")) != -1) {
        if (option == 'u')
            user = optarg;
        else if (option == 'p')
            password = optarg;
        else if (option == 'm')
            message = optarg;
        else
            break;
    }
    if (option != -1 || !user != !password || optind + 1 != argc ||
        !read_url(argv[optind], &url)) {
        fputs(usage_text, stderr);
        return EXIT_FAILURE;
    }
    return run(&url, user, password, message);
}
