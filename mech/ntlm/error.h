/* SPDX-License-Identifier: MIT */
/* error.h - every reason for which this module fails, with its number and
 * its text. The numbers are the mechanism's GSSAPI minor statuses, so they
 * are published: add at the end of a group, never renumber.
 *
 * The detail (which file, which user, how many hours) is not here: see
 * ntlm_fail() in env.h. */

#ifndef NTLM_ERROR_H
#define NTLM_ERROR_H

/* "NT" in the upper half keeps the codes apart from errno and from the
 * com_err tables of other mechanisms. */
#define NTLM_ERROR_BASE 0x4e540000

/* X(symbol, number, text a person can act on) */
#define NTLM_ERRORS(X)                                                                         \
    /* this process */                                                                         \
    X(OUT_OF_MEMORY, 1, "Out of memory")                                                       \
    X(CRYPTO, 2, "OpenSSL failed to compute a digest or cipher")                               \
    X(NO_LEGACY_PROVIDER, 3,                                                                   \
      "OpenSSL's legacy provider, which NTLM needs for MD4 and RC4, cannot be loaded; "        \
      "install it (Debian: libssl3 or openssl-provider-legacy) or check OPENSSL_MODULES")      \
    X(RANDOM, 4, "The system's random generator failed")                                       \
    X(BAD_ARGUMENT, 5, "The calling program passed an invalid argument")                       \
    X(BAD_SETTING, 6,                                                                          \
      "A setting in [ntlmssp] of krb5.conf or in the environment has an invalid value")        \
    X(UNKNOWN_OPTION, 8, "This option or inquiry is not known to NTLM")                        \
    X(FIPS_MODE, 9,                                                                            \
      "OpenSSL is in FIPS mode here, which leaves out the algorithms of NTLM "                 \
      "(allow_in_fips_mode)")                                                                  \
    X(FIPS_MODE_UNKNOWN, 10,                                                                   \
      "NTLM is off, because it cannot be found out whether OpenSSL is in FIPS mode here; "     \
      "mend its openssl.cnf, or set allow_in_fips_mode")                                       \
    /* tokens, 20.. */                                                                         \
    X(NOT_NTLM, 20, "The token does not begin with NTLMSSP")                                   \
    X(WRONG_MESSAGE, 21, "The token is not the NTLM message expected now")                     \
    X(TRUNCATED, 22, "The NTLM message is shorter than its header")                            \
    X(TOO_LARGE, 23, "The NTLM message is larger than such a message may be")                  \
    X(FIELD_OUTSIDE, 24, "A field of the NTLM message lies outside of it")                     \
    X(BAD_TEXT, 25, "A name in the NTLM message is not valid text")                            \
    X(BAD_AV_PAIRS, 26, "The NTLM message's AV pair list is malformed")                        \
    X(BAD_RESPONSE, 27, "The response in the NTLM AUTHENTICATE message is malformed")          \
    X(NO_CHARSET, 28, "The peer offers neither Unicode nor OEM text")                          \
    X(DEAD_CONTEXT, 29, "An earlier step failed, so this security context is unusable")        \
    X(ALREADY_COMPLETE, 30, "The security context is already complete")                        \
    X(NOT_COMPLETE, 31, "The security context is not complete yet")                            \
    X(NAME_TOO_LONG, 32, "A name in the NTLM message is longer than Windows allows")           \
    /* an acceptor's refusals, 40.. */                                                         \
    X(LOGON_DENIED, 40, "Unknown user or wrong password")                                      \
    X(ACCOUNT_DISABLED, 41, "The account is disabled")                                         \
    X(ACCOUNT_EXPIRED, 42, "The account has expired")                                          \
    X(ACCOUNT_LOCKED, 43, "The account is locked out")                                         \
    X(PASSWORD_EXPIRED, 44, "The account's password has expired")                              \
    X(NTLMV1_REFUSED, 45, "The client sent an NTLMv1 response, which lm_compat_level forbids") \
    X(LM_REFUSED, 46, "The client sent an LM response, which lm_compat_level forbids")         \
    X(ANONYMOUS_REFUSED, 47, "Anonymous logons are not allowed here (allow_anonymous)")        \
    X(MIC_MISSING, 48,                                                                         \
      "A message integrity code was announced and is missing: the exchange was altered "       \
      "on its way")                                                                            \
    X(MIC_WRONG, 49,                                                                           \
      "The message integrity code is wrong: the exchange was altered on its way")              \
    X(BINDINGS_DIFFER, 50,                                                                     \
      "The channel bindings differ: the client is not at the other end of this TLS "           \
      "channel")                                                                               \
    X(BINDINGS_MISSING, 51,                                                                    \
      "Channel bindings are required here (require_channel_bindings) and missing")             \
    X(TARGET_NAME, 52, "The target name is not ours")                                          \
    X(WEAK_NO_SIGN, 53,                                                                        \
      "Signing is required here (require_sign) and the client does not sign")                  \
    X(WEAK_NO_SEAL, 54,                                                                        \
      "Sealing is required here (require_seal) and the client does not seal")                  \
    X(WEAK_NO_128, 55,                                                                         \
      "128-bit keys are required here (require_128) and the peer does not use them")           \
    X(WEAK_NO_ESS, 56,                                                                         \
      "Extended session security is required here (require_ess) and the peer does not "        \
      "use it")                                                                                \
    X(REPLAY, 57, "The response was made for another challenge: it was replayed")              \
    X(REFLECTION, 58,                                                                          \
      "The response was made by this machine for another server: it was reflected")            \
    X(TIME_SKEW, 59, "The client's clock and ours differ by more than max_clock_skew")         \
    X(CHALLENGE_ALTERED, 61, "The CHALLENGE was altered on its way to the client")             \
    X(LOGON_REFUSED, 62, "The domain controller refused the logon")                            \
    X(RECEIVING_RESTRICTED, 63,                                                                \
      "Accepting logins with NTLM is forbidden here (restrict_receiving_ntlm)")                \
    /* an initiator's, 70.. */                                                                 \
    X(NO_IDENTITY, 70, "There is no user name and password to log in with")                    \
    X(SERVER_FLAGS, 71, "The server does not grant the protection that was asked for")         \
    X(NO_LM_HASH, 72,                                                                          \
      "An LM response is asked for, and there is no LM hash: the password is too long "        \
      "for LM, or only its NT hash is known")                                                  \
    X(SENDING_RESTRICTED, 73,                                                                  \
      "Logging in with NTLM is forbidden here (restrict_sending_ntlm)")                        \
    X(EXTERNAL_NTLMV1, 74,                                                                     \
      "winbind produced an NTLMv1 response, which lm_compat_level forbids")                    \
    X(NO_SERVER_NAMES, 75,                                                                     \
      "The server's CHALLENGE lacks its NetBIOS names, without which signing and "             \
      "sealing are not safe")                                                                  \
    X(NO_DATAGRAM, 76, "The server does not offer connectionless (datagram) NTLM")             \
    X(EXTERNAL_FLAGS, 77, "winbind produced a response with other flags than were agreed")     \
    X(ANONYMOUS_PROTECTION, 78,                                                                \
      "An anonymous login can have neither integrity nor confidentiality, and the calling "    \
      "program asked for them")                                                                \
    X(CLIENT_POLICY, 79,                                                                       \
      "Logins from here must be signed or sealed (client_require_sign, "                       \
      "client_require_seal)")                                                                  \
    /* protected messages, 80.. */                                                             \
    X(BAD_SIGNATURE, 80, "The message's signature is wrong: it was altered on its way")        \
    X(OUT_OF_SEQUENCE, 81, "The message came out of sequence")                                 \
    X(MESSAGE_TRUNCATED, 82, "The message is shorter than its signature")                      \
    X(NO_PROTECTION, 83, "The security context was made without signing and sealing")          \
    X(BAD_QOP, 84, "NTLM has only the default quality of protection")                          \
    X(BAD_IOV, 85, "The buffers are not laid out as NTLM needs them")                          \
    X(MESSAGE_TOO_LARGE, 86, "The message is too large")                                       \
    X(NOT_DATAGRAM, 87, "Only a datagram context's sequence number can be set")                \
    /* accounts and identity, 100.. */                                                         \
    X(NO_ACCOUNTS, 100,                                                                        \
      "No account file is named (NTLM_ACCOUNT_FILE, NTLM_USER_FILE or account_file) "          \
      "and no winbind runs here")                                                              \
    X(FILE_UNREADABLE, 101, "The account file cannot be read")                                 \
    X(FILE_INSECURE, 102, "The account file has unsafe ownership or permissions")              \
    X(NO_SUCH_LINE, 104, "The account file has no line for this user")                         \
    X(BAD_NT_HASH, 105, "The NT hash is not 32 hexadecimal digits")                            \
    X(BAD_PASSWORD_TEXT, 106, "The password is not valid UTF-8 text")                          \
    X(NO_AUTHORITY, 107, "The domain's logon service cannot be reached")                       \
    X(LOGIN_EXPIRED, 108, "The login has expired: log in again (gss-negotiate login)")         \
    X(BAD_LOGIN, 109,                                                                          \
      "A login in the kernel's keyring is damaged or unsafe: remove it (gss-negotiate "        \
      "logout) and log in again")                                                              \
    X(NO_KEYRING, 110, "The kernel's keyring cannot be used")                                  \
    X(LOGIN_EXISTS, 111, "There is a login already for this user and these servers")           \
    /* GSSAPI objects, 120.. */                                                                \
    X(NOT_INITIATOR, 120, "The credential cannot be used to log in")                           \
    X(NOT_ACCEPTOR, 121, "The credential cannot be used to accept logons")                     \
    X(BAD_NAME, 122, "The name cannot be understood")                                          \
    X(BAD_NAME_TYPE, 123, "NTLM does not know this type of name")                              \
    X(BAD_EXPORT, 124, "The exported object is damaged, or of another version")                \
    X(NO_LOCAL_USER, 126, "The name maps to no account of this machine")                       \
    X(NO_ATTRIBUTE, 127, "The name has no such attribute")                                     \
    X(EXPORT_TOO_LATE, 128,                                                                    \
      "Too much was already encrypted in this security context for it to be exported")

enum ntlm_error {
    NTLM_OK = 0,
#define NTLM_ERROR_MEMBER(symbol, number, text) NTLM_ERR_##symbol = NTLM_ERROR_BASE + number,
    NTLM_ERRORS(NTLM_ERROR_MEMBER)
#undef NTLM_ERROR_MEMBER
};

/* The text of a code above; NULL for a number that is none of them. The text
 * is static. Safe from any thread. */
const char *ntlm_error_text(enum ntlm_error error);

#endif
