# shellcheck shell=sh
# Read by packaging/dev: says what is done and how far it is, checks the disk, and ends in one sentence.

say() { printf 'coco-balcao: %s\n' "$*" >&2; }

stop() {
    say "$*"
    exit 1
}

begin_steps() {
    step=0
    beating=
    home=${HOME:-/root}
    [ -d "$home" ] || home=/
    log=$(mktemp) || stop "não há onde guardar um arquivo temporário; confira o espaço no disco."
    trap end_steps EXIT
    trap interrupted INT
}

end_steps() {
    end_heartbeat
    rm -f "$log"
}

interrupted() {
    trap '' INT
    say "interrompido; o mesmo comando continua de onde parou."
    exit 130
}

# Arguments: what is done, the megabytes that it takes on the disk, and the command.
run_step() {
    step=$((step + 1))
    say "passo $step de $steps: $1 (cerca de $2 MB)"
    shift
    run_watched "$@"
}

# Arguments: the megabytes and the command; says nothing about what is over within four seconds.
run_watched() {
    heartbeat "$1" &
    beating=$!
    shift
    status=0
    run_quietly "$@" || status=1
    end_heartbeat
    return "$status"
}

# What the command prints is shown only when it fails.
run_quietly() {
    "$@" >"$log" 2>&1 </dev/null && return
    tail -n 20 "$log" >&2
    return 1
}

# Argument: the megabytes that are expected. Its sleep holds none of our streams: a reader of them would wait for it.
heartbeat() {
    free_before=$(free_mb)
    waited=0
    while sleep 4 >/dev/null 2>&1 </dev/null && kill -0 $$ 2>/dev/null; do
        waited=$((waited + 4))
        grown=$((free_before - $(free_mb)))
        if [ "$grown" -lt 0 ]; then grown=0; fi
        say "  já $grown de cerca de $1 MB, em $waited s"
    done
}

end_heartbeat() {
    [ -n "$beating" ] || return 0
    kill "$beating" 2>/dev/null || true
    wait "$beating" 2>/dev/null || true
    beating=
}

# Free megabytes of the file systems that are written to, together.
free_mb() {
    df -Pk . / "$home" 2>/dev/null | awk 'NR > 1 && !seen[$NF]++ { free += $4 } END { print int(free / 1024) }'
}

# Argument: the megabytes that this folder must have; the system and the home folder, where apart, a third of them.
check_disk() {
    short=$(df -Pk . / "$home" 2>/dev/null | awk -v all="$1" '
        NR == 1 || seen[$NF]++ { next }
        { wanted = NR == 2 ? all : int(all / 3); free = int($4 / 1024) }
        free < wanted { print "em " $NF " há " free " MB livres, e são precisos " wanted; exit }')
    [ -z "$short" ] || stop "falta espaço no disco: $short. Libere espaço e rode de novo."
}
