/* SPDX-License-Identifier: MIT */
/* matrix_test.c - our SPNEGO and MIT's in both roles, with a real KDC: in each
 * situation, whoever is on which side, it ends as with MIT's on both; or better, where
 * MIT's loses the mechListMIC. Each side is a process with a registration of its own.
 * mech_spnego(8) has the same list, with what else differs. */

#include "config.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gss_fixture.h"
#include "kdc.h"
#include "scratch.h"
#include "shifted_clock.h"

#define TOMORROW (25L * 60 * 60)
#define NAME_SIZE 64
#define FLAGS                                                                                  \
    (GSS_C_MUTUAL_FLAG | GSS_C_DELEG_FLAG | GSS_C_DCE_STYLE | GSS_C_INTEG_FLAG |               \
     GSS_C_CONF_FLAG)

static const char realm[] = "addprinc -pw secret alice\n"
                            "addprinc -randkey HTTP/server.home.test\n"
                            "ktadd -k keys HTTP/server.home.test\n";

static const struct situation {
    const char *what, *target, *tickets, *keys;
    OM_uint32 flags;
    long shift;
    const gss_OID_desc *mech; /* that it comes to. With NTLM MIT's may lose the mechListMIC */
} situations[] = {
    {"a ticket", "HTTP@server.home.test", "tickets", "keys", GSS_C_CONF_FLAG, 0, &krb5_oid},
    {"no ticket", "HTTP@server.home.test", "none", "keys", GSS_C_CONF_FLAG, 0, &ntlmssp_oid},
    {"an unknown service", "HTTP@nowhere.home.test", "tickets", "keys", GSS_C_CONF_FLAG, 0,
     &ntlmssp_oid},
    {"no keytab", "HTTP@server.home.test", "tickets", "none", GSS_C_CONF_FLAG, 0, &ntlmssp_oid},
    {"delegation", "HTTP@server.home.test", "tickets", "keys",
     GSS_C_DELEG_FLAG | GSS_C_CONF_FLAG, 0, &krb5_oid},
    {"mutual authentication", "HTTP@server.home.test", "tickets", "keys",
     GSS_C_MUTUAL_FLAG | GSS_C_CONF_FLAG, 0, &krb5_oid},
    {"DCE style", "HTTP@server.home.test", "tickets", "keys",
     GSS_C_MUTUAL_FLAG | GSS_C_DCE_STYLE | GSS_C_CONF_FLAG, 0, &krb5_oid},
    {"a ticket that has expired", "HTTP@server.home.test", "tickets", "keys", GSS_C_CONF_FLAG,
     TOMORROW, &ntlmssp_oid},
};
#define SITUATIONS ((int)(sizeof(situations) / sizeof(situations[0])))

/* How it ends for one side; all of it is compared. */
struct end {
    int complete, sealed, delegated;
    OM_uint32 flags;
    char mech[NAME_SIZE], source[NAME_SIZE];
};

static void send_bytes(int fd, const void *bytes, size_t len)
{
    if (write(fd, &len, sizeof(len)) != (ssize_t)sizeof(len) ||
        write(fd, bytes, len) != (ssize_t)len)
        _exit(9);
}

/* False when the peer has gone. The caller frees the value. */
static bool receive_bytes(int fd, gss_buffer_t out)
{
    size_t got = 0;

    *out = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    if (read(fd, &out->length, sizeof(out->length)) != (ssize_t)sizeof(out->length))
        return false;
    out->value = malloc(out->length + 1);
    while (got < out->length) {
        ssize_t more = read(fd, (char *)out->value + got, out->length - got);

        if (more <= 0)
            _exit(9);
        got += (size_t)more;
    }
    return true;
}

static void copy_text(char out[NAME_SIZE], gss_buffer_desc text)
{
    snprintf(out, NAME_SIZE, "%.*s", (int)text.length, (char *)text.value);
    release_buffer(&text);
}

static void describe(struct end *end, gss_ctx_id_t context)
{
    gss_name_t source = GSS_C_NO_NAME;
    gss_buffer_desc text;
    OM_uint32 ignored;
    gss_OID mech;

    end->complete = 1;
    if (gss_inquire_context(&ignored, context, &source, NULL, NULL, &mech, &end->flags, NULL,
                            NULL) != GSS_S_COMPLETE)
        return;
    end->flags &= FLAGS;
    if (gss_oid_to_str(&ignored, mech, &text) == GSS_S_COMPLETE)
        copy_text(end->mech, text);
    if (source && gss_display_name(&ignored, source, &text, NULL) == GSS_S_COMPLETE)
        copy_text(end->source, text);
    gss_release_name(&ignored, &source);
}

/* Each side sends its end's facts to the test, at last. */
static void run_client(const struct situation *situation, int peer, struct end *end)
{
    gss_buffer_desc in = GSS_C_EMPTY_BUFFER, out, text = text_buffer("Secret"), token;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_name_t target = service_of(situation->target);
    OM_uint32 major, ignored;

    do {
        major = gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &context, target, SPNEGO,
                                     situation->flags, 0, GSS_C_NO_CHANNEL_BINDINGS, &in, NULL,
                                     &out, NULL, NULL);
        free(in.value);
        if (out.length > 0)
            send_bytes(peer, out.value, out.length);
        release_buffer(&out);
    } while (major == GSS_S_CONTINUE_NEEDED && receive_bytes(peer, &in));
    if (major == GSS_S_COMPLETE) {
        describe(end, context);
        if (gss_wrap(&minor, context, 1, 0, &text, &end->sealed, &token) == GSS_S_COMPLETE)
            send_bytes(peer, token.value, token.length);
    }
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
    gss_release_name(&ignored, &target);
}

static void run_server(int peer, struct end *end)
{
    gss_buffer_desc in, out, text;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_cred_id_t delegated = GSS_C_NO_CREDENTIAL;
    OM_uint32 major = GSS_S_CONTINUE_NEEDED, ignored;

    while (major == GSS_S_CONTINUE_NEEDED && receive_bytes(peer, &in)) {
        major = gss_accept_sec_context(&minor, &context, GSS_C_NO_CREDENTIAL, &in,
                                       GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &out, NULL, NULL,
                                       &delegated);
        free(in.value);
        if (out.length > 0)
            send_bytes(peer, out.value, out.length);
        release_buffer(&out);
    }
    if (major == GSS_S_COMPLETE) {
        describe(end, context);
        end->delegated = delegated != GSS_C_NO_CREDENTIAL;
        if (receive_bytes(peer, &in) &&
            gss_unwrap(&minor, context, &in, &text, &end->sealed, NULL) != GSS_S_COMPLETE)
            end->sealed = -1;
    }
    gss_release_cred(&ignored, &delegated);
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
}

struct ends {
    struct end client, server;
};

static pid_t start(const struct situation *situation, const char *registration, bool initiator,
                   int peer, int other, int report)
{
    pid_t child = fork();
    struct end end = {0};

    if (child != 0)
        return child;
    close(other);
    setenv("GSS_MECH_CONFIG", registration, 1);
    if (strcmp(registration, SPNEGO_MECH_CONF) == 0)
        setenv("MECHANISM", registration, 1); /* nothing is mended for ours */
    if (initiator)
        run_client(situation, peer, &end);
    else
        run_server(peer, &end);
    _exit(write(report, &end, sizeof(end)) == (ssize_t)sizeof(end) ? 0 : 9);
}

static struct ends run(const struct situation *situation, const char *initiator,
                       const char *acceptor)
{
    int peers[2], reports[2][2], status;
    struct ends ends;
    pid_t children[2];

    setenv("KRB5CCNAME", scratch_path(situation->tickets), 1);
    setenv("KRB5_KTNAME", scratch_path(situation->keys), 1);
    clock_shift(situation->shift);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, peers), 0);
    ck_assert_int_eq(pipe(reports[0]), 0);
    ck_assert_int_eq(pipe(reports[1]), 0);
    children[0] = start(situation, initiator, true, peers[0], peers[1], reports[0][1]);
    children[1] = start(situation, acceptor, false, peers[1], peers[0], reports[1][1]);
    close(peers[0]);
    close(peers[1]);
    for (int i = 0; i < 2; i++) {
        struct end *end = i == 0 ? &ends.client : &ends.server;

        close(reports[i][1]);
        ck_assert_int_eq(read(reports[i][0], end, sizeof(*end)), (ssize_t)sizeof(*end));
        close(reports[i][0]);
        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    clock_shift(0);
    return ends;
}

static void assert_as_good(const struct situation *situation, const char *who,
                           const struct end *end, const struct end *mits)
{
    const char *what = situation->what;

    if (end->complete && !mits->complete && situation->mech == &ntlmssp_oid) {
        printf("# %s: %s gets through, and MIT's does not\n", what, who);
        return;
    }
    ck_assert_msg(memcmp(end, mits, sizeof(*end)) == 0,
                  "%s: %s ends with complete %d, flags %#x, %s, \"%s\", sealed %d, delegated "
                  "%d; MIT's with %d, %#x, %s, \"%s\", %d, %d",
                  what, who, end->complete, end->flags, end->mech, end->source, end->sealed,
                  end->delegated, mits->complete, mits->flags, mits->mech, mits->source,
                  mits->sealed, mits->delegated);
}

static void assert_comes_to(const struct situation *situation, const struct ends *ends)
{
    gss_buffer_desc text;
    char mech[NAME_SIZE];

    assert_complete(gss_oid_to_str(&minor, (gss_OID)(uintptr_t)situation->mech, &text));
    copy_text(mech, text);
    ck_assert_msg(ends->client.complete && ends->server.complete, "%s: nobody gets in",
                  situation->what);
    ck_assert_msg(strcmp(ends->client.mech, mech) == 0 && strcmp(ends->server.mech, mech) == 0,
                  "%s: comes to %s and %s", situation->what, ends->client.mech,
                  ends->server.mech);
}

/* Each combination but MIT's with MIT's, whose end is the measure. */
START_TEST(it_ends_as_with_mits)
{
    static const struct {
        const char *who, *initiator, *acceptor;
    } pairs[] = {
        {"ours with ours", SPNEGO_MECH_CONF, SPNEGO_MECH_CONF},
        {"ours with MIT's", SPNEGO_MECH_CONF, GSS_MECH_CONF},
        {"MIT's with ours", GSS_MECH_CONF, SPNEGO_MECH_CONF},
    };
    const struct situation *situation = &situations[_i];
    struct ends mits = run(situation, GSS_MECH_CONF, GSS_MECH_CONF);

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct ends ends = run(situation, pairs[i].initiator, pairs[i].acceptor);

        assert_as_good(situation, pairs[i].who, &ends.client, &mits.client);
        assert_as_good(situation, pairs[i].who, &ends.server, &mits.server);
        if (i == 0)
            assert_comes_to(situation, &ends);
    }
}
END_TEST

static void begin(void)
{
    kdc_begin(realm);
}

static void set_up(void)
{
    kdc_configure();
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    kdc_log_in("alice", "secret");
}

int main(void)
{
    Suite *suite = suite_create("spnego_matrix");
    TCase *cases;

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    scratch_begin();
    cases = fixture_case(suite, "kdc");
    tcase_add_unchecked_fixture(cases, begin, kdc_end);
    tcase_add_checked_fixture(cases, set_up, NULL);
    tcase_add_loop_test(cases, it_ends_as_with_mits, 0, SITUATIONS);
    return suite_run(suite);
}
