# shellcheck shell=sh
# Read by packaging/dev: finds the system packages that are missing, and installs them or names the command for it.

missing=

# Arguments: packages of the system.
need() {
    for package in "$@"; do
        case " $missing " in *" $package "*) ;; *) missing="${missing:+$missing }$package" ;; esac
    done
}

# The system's own version first, so that the script and a bare `uv run` agree on one.
find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            "$name" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

# What every task needs: certificates for the downloads, a Python, and its venv module where uv is still to come.
miss_base() {
    if [ ! -e /etc/ssl/certs/ca-certificates.crt ] && command -v apt-get >/dev/null; then need ca-certificates; fi
    if ! python=$(find_python); then
        # Ubuntu 22.04 keeps 3.10 under that name and offers 3.11 beside it.
        python=python3
        if command -v python3 >/dev/null; then python=python3.11; fi
        need "$python" "$python-venv"
    elif ! find_uv && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        need "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
}

# The window's libraries, by the names under which the loader finds them; the further sets speak to a screen. Argument:
# not empty where a screen is still to come.
miss_window() {
    screen=${1:-}
    command -v apt-get >/dev/null || return 0
    set -- libEGL.so.1 libegl1 libGL.so.1 libgl1 libxkbcommon.so.0 libxkbcommon0 libdbus-1.so.3 libdbus-1-3 \
        libfontconfig.so.1 libfontconfig1 libglib-2.0.so.0 libglib2.0-0 libbrotlidec.so.1 libbrotli1 \
        libgssapi_krb5.so.2 libgssapi-krb5-2
    if [ -n "${DISPLAY:-}$screen" ]; then
        set -- "$@" libxcb-cursor.so.0 libxcb-cursor0 libxkbcommon-x11.so.0 libxkbcommon-x11-0 \
            libxcb-icccm.so.4 libxcb-icccm4 libxcb-keysyms.so.1 libxcb-keysyms1 libxcb-shape.so.0 libxcb-shape0 \
            libxcb-image.so.0 libxcb-image0 libxcb-render-util.so.0 libxcb-render-util0
    fi
    if [ -n "${WAYLAND_DISPLAY:-}" ]; then
        set -- "$@" libwayland-client.so.0 libwayland-client0 libwayland-cursor.so.0 libwayland-cursor0 \
            libwayland-egl.so.1 libwayland-egl1
    fi
    known=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p)
    while [ $# -gt 0 ]; do
        case $known in *"$1"*) ;; *) need "$2" ;; esac
        shift 2
    done
}

# Without one every emoji of a message is a box. Fontconfig's own programs are not asked: they may be missing too.
miss_emoji_font() {
    command -v apt-get >/dev/null || return 0
    find /usr/share/fonts /usr/local/share/fonts "${XDG_DATA_HOME:-$home/.local/share}/fonts" "$home/.fonts" \
        -iname '*emoji*.tt[fc]' 2>/dev/null | grep -q . || need fonts-noto-color-emoji
}

# Arguments: a program that must be there, then the package that brings it, and so on.
miss_programs() {
    while [ $# -gt 0 ]; do
        command -v "$1" >/dev/null || need "$2"
        shift 2
    done
}

# The contract test of the keyring starts a bus and a keyring; others ask git for the project's files; the frozen program
# is put together with binutils and Python's shared library; what records the writes before a power cut is built from C;
# mmdebstrap makes the Debian 13 in which the newest Python is tried.
miss_test_tools() {
    miss_programs git git dbus-run-session dbus gnome-keyring-daemon gnome-keyring objdump binutils
    if [ "$(id -u)" -eq 0 ]; then miss_programs mmdebstrap mmdebstrap; fi
    # With the headers of the C library, which a bare gcc lacks.
    echo '#include <stdlib.h>' | cc -E - >/dev/null 2>&1 || need gcc libc6-dev
    miss_python_library
    miss_screen_reader
}

# The window is worked from outside, through the accessibility bus, on a screen in memory. Whether the bindings of the
# system's own Python are there, its package says: the `python3` of this PATH may be another.
miss_screen_reader() {
    command -v apt-get >/dev/null || return 0
    miss_programs Xvfb xvfb
    for package in at-spi2-core python3-pyatspi; do
        dpkg -s "$package" 2>/dev/null | grep -q '^Status: .* installed$' || need "$package"
    done
    # Its test fails, and is not skipped, where one of them is missing all the same.
    TEST_TOOLS_INSTALLED=1
    export TEST_TOOLS_INSTALLED
}

# Of a Python that is still to come only the development package has a name without the version.
miss_python_library() {
    case $python in
    /*) "$python" -c 'import ctypes, sysconfig; ctypes.CDLL(sysconfig.get_config_var("INSTSONAME"))' 2>/dev/null ||
        need "$("$python" -c 'import sys; print("libpython%d.%d" % sys.version_info[:2])')" ;;
    *) need "$python-dev" ;;
    esac
}

# Never asks: without the right to install, it says what to run instead.
may_install() {
    command -v apt-get >/dev/null || stop "falta instalar: $missing. Este sistema não tem apt-get."
    if [ "$(id -u)" -eq 0 ]; then
        as_root=env
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root='sudo -n env'
    else
        stop "falta instalar: $missing. $(command_for_a_person)"
    fi
}

install_packages() {
    failed="não foi possível instalar $missing. Confira a internet e tente de novo."
    # What an interrupted installation left half done would stop the next one.
    run_quietly as_root dpkg --configure -a || stop "$failed"
    run_step "ler a lista de pacotes do sistema" 100 apt update || stop "$failed"
    # shellcheck disable=SC2086 # one word per package
    run_step "instalar $missing" "$(packages_mb)" apt install --no-install-recommends $missing || stop "$failed"
}

as_root() {
    # shellcheck disable=SC2086 # a command and its words
    $as_root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"
}

apt() { as_root apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@"; }

# What apt says that the missing packages take, downloaded and unpacked, in whole megabytes.
packages_mb() {
    # shellcheck disable=SC2086 # one word per package
    as_root apt-get install --assume-no --no-install-recommends $missing 2>/dev/null | awk '
        function mb(amount, unit) { sub(",", "", amount); return unit == "GB" ? amount * 1000 : unit == "MB" ? amount : 1 }
        /^Need to get/ { sub("/.*", "", $4); total += mb($4, $5) }
        /additional disk space/ { total += mb($4, $5) }
        END { print int(total) + 1 }'
}

# The installing command in the words of this machine: a member of sudo's group types sudo, others root's password.
command_for_a_person() {
    command="apt-get update && apt-get install -y --no-install-recommends $missing"
    groups=" $(id -nG) "
    if command -v sudo >/dev/null; then
        case $groups in
        *' sudo '* | *' admin '* | *' wheel '*) printf "Rode antes: sudo sh -c '%s'" "$command" && return ;;
        esac
    fi
    # Without the dash, su keeps a PATH in which dpkg finds no ldconfig.
    if command -v su >/dev/null; then
        printf "Rode antes, com a senha de root: su - -c '%s'" "$command"
    else
        printf 'Peça a quem administra este computador que rode, como root: %s' "$command"
    fi
}
