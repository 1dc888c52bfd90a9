# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# programs.sh - how each program's SSPI sources are compiled and who runs them.
# Sourced by run. The sources are as Debian's archive has them; a driver of ours
# (tests/sources/PROGRAM.c) is around those that are no whole program. A function
# build_PROGRAM leaves a program $objects/PROGRAM, and login_PROGRAM checks what it
# does. What a program's own configure would have made is made by sed.

# compile FLAGS... FILE OBJECT
compile() {
    local object=${*: -1}
    "$cc" -w -O2 -D_GNU_SOURCE=1 -c "${@:1:$#-1}" -o "$objects/$object"
}

# What is not SSPI's and is compiled for wide programs, too.
wide_program=(-include "$here/beside.h")

bring_neon() { package neon27; }
build_neon() {
    ./configure -q --without-ssl --without-gssapi --without-zlib --without-libproxy \
        --disable-nls --disable-webdav --disable-shared --enable-static CC="$cc" \
        CPPFLAGS="-DHAVE_SSPI ${sspi[*]}" && make -s -j"$jobs" -C src &&
        compile -DHAVE_CONFIG_H "${sspi[@]}" -DHAVE_SSPI -I. -Isrc src/ne_sspi.c neon-sspi.o &&
        "$cc" -Isrc -o "$objects/neon" "$here/neon.c" src/.libs/libneon.a \
            "$objects/neon-sspi.o" "${sspi_libs[@]}"
}

bring_postgresql() {
    package 'postgresql-15|postgresql-17|postgresql-18' '*/src/interfaces/libpq/*' \
        '*/src/include/*' '*/src/port/*' '*/src/common/*'
}
build_postgresql() {
    local libpq=$source/src/interfaces/libpq file flags own=$objects/postgresql-config
    mkdir -p "$own"
    printf '#include_next <pg_config.h>\n' >"$own/pg_config.h"
    printf '#undef %s\n' USE_LDAP USE_OPENSSL ENABLE_NLS >>"$own/pg_config.h"
    flags=("${sspi[@]}" -include windows.h -DENABLE_SSPI -DFRONTEND -DUNSAFE_STAT_OK
        -DSO_MAJOR_VERSION=5 -I"$own" -I"$source/src/include" -I"$source/src/port" -I"$libpq"
        -I/usr/include/postgresql)
    printf '#define %s "/"\n' SYSCONFDIR LOCALEDIR >"$libpq/pg_config_paths.h"
    for file in "$libpq"/{fe-[!s]*,fe-secure,fe-secure-gssapi,pqexpbuffer,libpq-events}.c \
        "$source"/src/common/{base64,cryptohash,encnames,hmac,ip,link-canary,md5,md5_common}.c \
        "$source"/src/common/{saslprep,scram-common,sha1,sha2,string,unicode_norm,wchar}.c \
        "$source"/src/port/{chklocale,inet_net_ntop,noblock,pgstrcasecmp,snprintf}.c \
        "$source"/src/port/{strerror,strlcpy,thread,pg_strong_random,explicit_bzero,getpeereid,timingsafe_bcmp}.c; do
        compile "${flags[@]}" "$file" "postgresql-$(basename "$file" .c).o" || return
    done
    compile "${flags[@]}" -I"$here" "$here/postgresql.c" postgresql.o &&
        "$cc" -o "$objects/postgresql" "$objects"/postgresql*.o "$objects/server.o" \
            -lgssapi_krb5 -pthread \
            "${sspi_libs[@]}"
}

bring_librdkafka() { package librdkafka; }
build_librdkafka() {
    ./configure --disable-ssl --disable-gssapi --disable-zstd --disable-lz4-ext \
        --disable-curl --disable-zlib || return
    compile "${sspi_wide[@]}" -DUNICODE -D_UNICODE "${wide_program[@]}" -I. -Isrc \
        src/rdkafka_sasl_win32.c librdkafka-sasl.o &&
        compile "${sspi_wide[@]}" -I. -Isrc -I"$here" "$here/librdkafka.c" librdkafka.o &&
        "$cc" -o "$objects/librdkafka" "$objects"/{librdkafka,librdkafka-sasl,beside,server}.o \
            "${sspi_libs[@]}"
}

bring_mongo-c-driver() {
    package mongo-c-driver '*/src/libmongoc/src/*' '*/src/libbson/src/*' '*/src/common/*'
}
build_mongo-c-driver() {
    local src own=$objects/mongoc flags
    src=$source/src
    mkdir -p "$own/bson" "$own/mongoc"
    sed -e 's/@MONGOC_ENABLE_SASL\(_SSPI\|\)@/1/; s/@MONGOC_HAVE_SOCKLEN@/1/' \
        -e 's/@MONGOC_SOCKET_ARG2@/struct sockaddr/; s/@MONGOC_SOCKET_ARG3@/socklen_t/' \
        -e 's/@[A-Za-z0-9_]*@/0/g' "$src/libmongoc/src/mongoc/mongoc-config.h.in" \
        >"$own/mongoc/mongoc-config.h"
    sed 's/@BSON_BYTE_ORDER@/1234/; s/@BSON_\(OS\|HAVE_[A-Z_]*\)@/1/; s/@[A-Za-z_]*@/0/g' \
        "$src/libbson/src/bson/bson-config.h.in" >"$own/bson/bson-config.h"
    sed 's/@[A-Za-z_]*@/0/g' "$src/libbson/src/bson/bson-version.h.in" >"$own/bson/bson-version.h"
    sed 's/@[A-Za-z_]*@/0/g' "$src/libmongoc/src/mongoc/mongoc-version.h.in" \
        >"$own/mongoc/mongoc-version.h"
    flags=("${sspi_wide[@]}" -DMONGOC_COMPILATION -DBSON_COMPILATION -I"$own" -I"$own/bson"
        -I"$own/mongoc" -I"$src/libbson/src" -I"$src/libbson/src/bson" -I"$src/libmongoc/src"
        -I"$src/libmongoc/src/mongoc" -I"$src/common")
    compile "${flags[@]}" "${wide_program[@]}" "$src/libmongoc/src/mongoc/mongoc-sspi.c" \
        mongoc-sspi.o &&
        compile "${flags[@]}" -I"$here" "$here/mongo-c-driver.c" mongoc.o &&
        "$cc" -o "$objects/mongo-c-driver" "$objects"/{mongoc,mongoc-sspi,beside,server}.o \
            "${sspi_libs[@]}"
}

bring_mariadb() { package mariadb '*/libmariadb/include/*' '*/libmariadb/plugins/auth/*'; }
build_mariadb() {
    local file auth own=$objects/mariadb-config flags
    auth=$source/libmariadb/plugins/auth
    mkdir -p "$own"
    sed 's/@[A-Za-z0-9_]*@/0/g' "$source/libmariadb/include/mariadb_version.h.in" \
        >"$own/mariadb_version.h"
    sed '/#cmakedefine/d; s/@[A-Za-z0-9_]*@//g' "$source/libmariadb/include/ma_config.h.in" \
        >"$own/ma_config.h"
    flags=("${sspi[@]}" -DSOCKET_SIZE_TYPE=unsigned -DSIZEOF_INT=4 -DSIZEOF_LONG=8
        -DSIZEOF_LONG_LONG=8 -DSIZEOF_CHARP=8 -DHAVE_UINT -DHAVE_ULONG -I"$own"
        -I"$source/libmariadb/include" -I"$auth")
    for file in auth_gssapi_client sspi_client sspi_errmsg; do
        compile "${flags[@]}" "$auth/$file.c" "mariadb-$file.o" || return
    done
    compile "${flags[@]}" -I"$here" "$here/mariadb.c" mariadb.o &&
        "$cc" -o "$objects/mariadb" "$objects"/mariadb{,-auth_gssapi_client,-sspi_client,-sspi_errmsg}.o \
            "$objects/server.o" "${sspi_libs[@]}"
}

bring_putty() { package putty; }
build_putty() {
    # It has a gss_mech_krb5 of its own, which GSSAPI's library must not find.
    local flags=("${sspi_wide[@]}" -fvisibility=hidden -I. -Iunix -Icharset -I"$objects/putty-config") file
    mkdir -p "$objects/putty-config"
    printf '#define %s 1\n' HAVE_CLOCK_GETTIME HAVE_DECL_CLOCK_MONOTONIC \
        >"$objects/putty-config/cmake.h"
    compile "${flags[@]}" -include "$here/putty_beside.h" windows/gss.c putty-gss.o || return
    for file in utils/{tree234,memory,dupcat,dupprintf,dupstr,smemclr,burnstr}.c; do
        [ ! -f "$file" ] || compile "${flags[@]}" "$file" "putty-$(basename "$file" .c).o" || return
    done
    compile "${flags[@]}" -I"$here" "$here/putty.c" putty.o &&
        "$cc" -o "$objects/putty" "$objects"/putty*.o "$objects/server.o" "${sspi_libs[@]}"
}

bring_curl() { package curl; }
build_curl() {
    local feature protocol off=()
    for feature in zlib brotli zstd libpsl nghttp2 libidn2 librtmp ssl; do
        off+=("--without-$feature")
    done
    for protocol in ftp file ldap rtsp dict telnet tftp pop3 imap smb smtp gopher mqtt; do
        off+=("--disable-$protocol")
    done
    ./configure -q "${off[@]}" --disable-shared --disable-manual --disable-threaded-resolver \
        --disable-dependency-tracking CC="$cc" CFLAGS=-O0 &&
        compile "$here/curl.c" curl-init.o || return
    for part in lib src; do
        make -s -j"$jobs" -C $part CFLAGS=-O0 LIBS="$objects/curl-init.o ${sspi_libs[*]}" \
            CPPFLAGS="-D_GNU_SOURCE=1 -DUSE_WINDOWS_SSPI -DSSPI_UNSIGNED_LONG ${sspi[*]} -include $here/curl_beside.h" ||
            return
    done
    cp src/curl "$objects/curl"
}

bring_freetds() { package freetds; }
build_freetds() {
    local flags=("${sspi_wide[@]}" -DUNICODE=1 -D_UNICODE=1 -DHAVE_SSPI=1 -Iinclude)
    ./configure -q --disable-odbc --disable-mars --disable-apps --disable-server --disable-pool \
        --without-openssl --disable-krb5 CC="$cc" &&
        compile "${flags[@]}" "${wide_program[@]}" src/tds/sspi.c freetds-sspi.o &&
        compile "${flags[@]}" -I"$here" "$here/freetds.c" freetds.o &&
        "$cc" -o "$objects/freetds" "$objects"/{freetds,freetds-sspi,beside,server}.o \
            "${sspi_libs[@]}"
}

bring_serf() { package serf; }
build_serf() {
    local apr file
    read -ra apr < <(env -u PKG_CONFIG_SYSROOT_DIR pkg-config --cflags --libs apr-util-1 apr-1)
    for file in *.c auth/*.c buckets/*.c; do
        compile "${sspi[@]}" -include windows.h -include netdb.h -DSERF_HAVE_SSPI '-DERR_GET_FUNC(error)=0' "${apr[@]}" -I. "$file" \
            "serf-$(basename "$file" .c).o" || return
    done
    compile "${apr[@]}" -I. test/serf_get.c serf.o &&
        "$cc" -o "$objects/serf" "$objects"/serf*.o "${apr[@]}" "${sspi_libs[@]}" \
            -lssl -lcrypto -lz
}

bring_wine() { package wine '*/dlls/secur32/tests/*'; }
build_wine() {
    local file
    for file in main ntlm negotiate secur32; do
        compile "${sspi_wide[@]}" -I"$here/wine" -include "$here/wine_beside.h" \
            "dlls/secur32/tests/$file.c" "wine-$file.o" &&
            "$cc" -o "$objects/wine-$file" "$objects/wine-$file.o" "${sspi_libs[@]}" || return
    done
}

# The interfaces that its own build generates come with Debian's firebird-dev.
bring_firebird() { package 'firebird3.0|firebird4.0' '*/src/*'; }
build_firebird() {
    local own=$objects/firebird-config file flags
    mkdir -p "$own/gen"
    printf '#define %s 1\n' AMD64 LINUX HAVE_{UNISTD,STDLIB,STRING,STRINGS,ERRNO,PTHREAD}_H \
        HAVE_{STDARG,LIMITS,SEMAPHORE,INTTYPES,STDINT,FCNTL,TIME}_H HAVE_SYS_{TYPES,TIME,STAT}_H \
        TIME_WITH_SYS_TIME HAVE_VA_COPY HAVE_STRCASECMP HAVE_STRNCASECMP HAVE_VSNPRINTF \
        >"$own/gen/autoconfig.h"
    printf '#define %s\n' 'FB_ALIGNMENT 8' 'FB_DOUBLE_ALIGN 8' 'SIZEOF_VOID_P 8' \
        'SIZEOF_LONG 8' 'CASE_SENSITIVITY true' 'SHRLIB_EXT "so"' 'FB_BINDIR "/"' >>"$own/gen/autoconfig.h"
    flags=("${sspi[@]}" -w -O1 -fno-pie -std=c++14 -D_GNU_SOURCE -DTRUSTED_AUTH
        -include "$here/firebird_beside.h" -I"$own" -Isrc/include -Isrc/include/firebird
        -I/usr/include/firebird -Isrc -Isrc/jrd)
    for file in src/auth/trusted/AuthSspi src/common/classes/{alloc,fb_string,init,locks}; do
        g++ "${flags[@]}" -c $file.cpp -o "$objects/firebird-${file##*/}.o" || return
    done
    # What its other files have is not called.
    g++ "${flags[@]}" -no-pie -fno-pie -o "$objects/firebird" "$here/firebird.cpp" "$objects"/firebird-*.o \
        -Wl,--unresolved-symbols=ignore-all -pthread "${sspi_libs[@]}"
}
