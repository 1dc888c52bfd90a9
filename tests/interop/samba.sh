# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# samba.sh - a Windows domain: Samba's domain controller, dc1.example.test of
# EXAMPLE, and a member of it, web.example.test, which has winbind and on which
# the test runs. Their ports, sockets and processes are in namespaces of their
# own: nobody else's, and gone with the test. Sourced after fixture.sh.

samba_realm=example.test
# shellcheck disable=SC2034 # for who sources this
samba_url=ldap://dc1.$samba_realm

# samba_enter: runs this script again, inside of the namespaces. Skips it where
# that cannot be.
samba_enter() {
    local program
    umask 022 # for not only root reads what is made
    [ -z "${SAMBA_NAMESPACES-}" ] || return 0
    [ "$(id -u)" = 0 ] || skip_all "only root can have namespaces for a domain controller"
    PATH=$PATH:/usr/sbin:/sbin
    for program in samba-tool samba winbindd wbinfo net ldapmodify ip mount unshare; do
        command -v "$program" >/dev/null || skip_all "there is no $program here"
    done
    compgen -G '/usr/share/samba/setup/provision.ldif' >/dev/null ||
        skip_all "there is nothing to make a domain of here (samba-ad-provision)"
    compgen -G '/usr/lib/*/samba/ldb/samba_dsdb.so' >/dev/null ||
        compgen -G '/usr/lib*/samba/ldb/samba_dsdb.so' >/dev/null ||
        skip_all "Samba cannot keep a directory here (samba-dsdb-modules)"
    unshare -nmp --fork --mount-proc ip link set lo up 2>/dev/null ||
        skip_all "there are no namespaces for a domain controller here"
    export SAMBA_NAMESPACES=1 PATH
    exec unshare -nmp --fork --kill-child --mount-proc bash "$0"
}

# bind_over FILE TEXT: what everybody in the namespaces reads in place of it.
bind_over() {
    local mine=$work/${1##*/}
    printf '%s\n' "${@:2}" >"$mine"
    mount --bind "$mine" "$1"
}

samba_network() {
    ip link set lo up &&
        bind_over /etc/resolv.conf 'nameserver 127.0.0.1' 'options timeout:1 attempts:1' &&
        bind_over /etc/hosts '127.0.0.1 localhost' "127.0.0.1 dc1.$samba_realm dc1" \
            "127.0.0.1 web.$samba_realm web" &&
        mkdir -p /run/samba && mount -t tmpfs none /run/samba
}

# samba_exec HOST COMMAND...: becomes that, as dc1 or web, with nothing of the
# test's.
samba_exec() {
    exec env -u GSS_MECH_CONFIG -u KRB5CCNAME KRB5_CONFIG="$work/realm.conf" \
        SMB_CONF_PATH="$work/$1/smb.conf" "${@:2}"
}

samba_run() { (samba_exec "$@"); }

dc_provision() {
    printf '%s\n' '[libdefaults]' "default_realm = ${samba_realm^^}" 'dns_lookup_realm = false' \
        'dns_lookup_kdc = true' >"$work/realm.conf"
    mkdir "$work/dc1" && : >"$work/dc1/smb.conf" || return
    samba_run dc1 samba-tool domain provision --realm=$samba_realm --domain=EXAMPLE \
        --server-role=dc --host-name=dc1 --host-ip=127.0.0.1 --dns-backend=SAMBA_INTERNAL \
        --adminpass='Adm1n-pass' --targetdir="$work/dc1" \
        --option='interfaces=lo' --option='bind interfaces only=yes' \
        --option='server services=s3fs,rpc,ldap,cldap,nbt,kdc,winbindd,dns' \
        --option='prefork children=1' \
        --option='dns forwarder=' --option="log file=$work/dc1/log" --option='logging=file' \
        >"$work/provision.log" 2>&1 ||
        return
    mv "$work/dc1/etc/smb.conf" "$work/dc1/smb.conf"
}

member_configure() {
    local dir=$work/web
    mkdir -p "$dir"/{private,state,cache,lock}
    cat >"$dir/smb.conf" <<CONF
[global]
    security = ads
    realm = $samba_realm
    workgroup = EXAMPLE
    netbios name = WEB
    interfaces = lo
    bind interfaces only = yes
    idmap config * : backend = tdb
    idmap config * : range = 100000-199999
    private dir = $dir/private
    state directory = $dir/state
    cache directory = $dir/cache
    lock directory = $dir/lock
    log file = $dir/log
    logging = file
CONF
}

dc_answers() { ldapsearch -x -H "$samba_url" -s base -b ''; }

# dc_start SETTING...: with these in smb.conf, from now on. Its winbind is not
# the one that the test sees.
dc_start() {
    local setting settings=()
    for setting in "$@"; do
        settings+=("--option=$setting")
    done
    # shellcheck disable=SC2016 # for that shell
    samba_exec dc1 setsid unshare -m sh -c 'mount -t tmpfs none /run/samba && exec samba "$@"' sh \
        -F --no-process-group "${settings[@]}" >>"$work/dc1/output" 2>&1 </dev/null &
    dc_pid=$!
    await "$dc_pid" dc_answers
}

# It is many processes in one session.
dc_stop() {
    local tick
    kill "$dc_pid"
    wait "$dc_pid" 2>/dev/null
    for ((tick = 0; tick < 20; tick++)); do
        pgrep -s "$dc_pid" >/dev/null || return 0
        sleep 0.25
    done
    pkill -KILL -s "$dc_pid"
}

# dc_modify: changes the directory by the LDIF on standard input, in which
# {PASSWORD} stands for unicodePwd with that password.
dc_modify() {
    local line
    while IFS= read -r line; do
        if [[ $line =~ ^\{(.*)\}$ ]]; then
            line="unicodePwd:: $(printf '"%s"' "${BASH_REMATCH[1]}" |
                iconv -f UTF-8 -t UTF-16LE | base64 -w0)"
        fi
        printf '%s\n' "$line"
    done | LDAPTLS_REQCERT=never ldapmodify -x -H "ldaps://dc1.$samba_realm" \
        -D "administrator@$samba_realm" -w 'Adm1n-pass' >"$work/ldif.log" 2>&1
}

# The controller's services come up one after the other.
member_joins() {
    samba_run web net ads join -U 'Administrator%Adm1n-pass' --no-dns-updates \
        >"$work/join.log" 2>&1
}

member_join() {
    await "$dc_pid" member_joins
}

# winbind does not look again within a minute for a controller that it has not
# found; nor need the test wait so long.
winbind_forget() { samba_run web net cache flush; }

winbind_start() {
    samba_exec web winbindd -F --no-process-group >>"$work/web/output" 2>&1 </dev/null &
    winbind_pid=$!
    await "$winbind_pid" wbinfo -t
}

winbind_stop() {
    kill "$winbind_pid"
    wait "$winbind_pid" 2>/dev/null
    return 0
}

# The user's or group's SID.
sid_of() { wbinfo -n "EXAMPLE\\$1" | cut -d' ' -f1; }

samba_logs() { tail -n 15 "$work"/*.log "$work"/{dc1,web}/{output,log} 2>/dev/null; }
