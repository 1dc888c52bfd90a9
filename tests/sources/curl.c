/* SPDX-License-Identifier: MIT */
/* curl.c - what curl's system_win32.c, which is for Windows alone, does at first. */

extern int Curl_sspi_global_init(void);

__attribute__((constructor)) static void begin(void)
{
    Curl_sspi_global_init();
}
