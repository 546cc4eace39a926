# Who is measured by bench-bus: a function for each side, which prints one line of JSON for the mode it is given. They use
# $place (near: Redis beside us; far: 1 ms away; pair: two processes share the work), $target and $events. Sourced.

peers=() async_peers=() bare=()
programs=$root/Tools/bench/peers
python=$state/peers/bin/python

prepare_sides() {
    if compile_bare 2>"$dir/error"; then
        bare=(bare1 bare16 bare100)
    else
        say "Bare hiredis is skipped: $(tail -1 "$dir/error")" >&2
    fi
    if [[ -n ${SKIP_PEERS:-} ]]; then return; fi
    if install_peers >"$dir/error" 2>&1; then
        async_peers=(taskiq faststream batches)
        peers=("${async_peers[@]}" celery)
    else
        say "The peers are skipped: $(tail -1 "$dir/error")" >&2
    fi
}

compile_bare() {
    local compiler
    compiler=$(command -v cc || command -v clang) || { echo "no C compiler" >&2; return 1; }
    "$compiler" -O2 -o "$dir/bare" "$programs/bare.c" -lhiredis -lpthread
}

# Once, below the state folder; again when the pinned versions have changed.
install_peers() {
    cmp -s "$programs/requirements.txt" "$state/peers/installed" && return
    rm -rf "$state/peers"
    mkdir -p "$state"
    python3 -m venv "$state/peers" &&
        "$python" -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 10 --only-binary :all: \
            --requirement "$programs/requirements.txt" &&
        cp "$programs/requirements.txt" "$state/peers/installed"
}

# share PERMILLE: how many events, so that everybody takes about a second. Latency takes 800 at 500/s.
share() { if [[ $mode == latency ]]; then echo 800; else echo $((events * $1 / 1000)); fi; }

millrace() {
    local command=(timeout 120 "$bin/bench" bus "$mode" --redis "$target" --count "$(share 1000)")
    if [[ $place != pair ]]; then "${command[@]}"; return; fi
    "${command[@]}" --processes 2 >"$dir/first" &
    "${command[@]}" --processes 2 >"$dir/second"
    wait $! && sed 's/[^0-9.:,]//g; s/[:,]/ /g' "$dir/first" "$dir/second" | add
}
# The slower one's events a second, and the processor time of both.
add() {
    awk '{cpu += $1; if (!rate || $2 < rate) rate = $2}
        END {printf "{\"cpuMicrosecondsPerEvent\":%s,\"eventsPerSecond\":%s}\n", cpu, rate}'
}

# peer PROGRAM SHARE OPTIONS…
peer() {
    local processes=1
    [[ $place != pair ]] || processes=2
    timeout 120 "$python" -B "$programs/$1.py" "$mode" --redis "$target" --count "$(share "$2")" --processes "$processes" "${@:3}"
}
taskiq() { peer taskiq_streams 50; }
# Handlers beside each other cost FastStream more than they bring, unless they wait for a Redis that is far away.
faststream() { if [[ $place == far ]]; then peer faststream_streams 60 --handlers 20; else peer faststream_streams 60; fi; }
batches() { peer faststream_streams 600 --batch 500; }
celery() { if [[ $place == far ]]; then peer celery_solo 10; else peer celery_solo 25; fi; }

bare() { timeout 120 "$dir/bare" "$mode" --redis "$target" --depth "$1" --count "$(share "$2")"; }
bare1() { if [[ $place == far ]]; then bare 1 15; else bare 1 200; fi; }
bare16() { if [[ $place == far ]]; then bare 16 300; else bare 16 2000; fi; }
bare100() { bare 100 2000; }

redis_benchmark() {
    timeout 120 redis-benchmark -p "$redis_port" -c 50 -P 100 -n "$(share 4000)" --csv \
        XADD bare '*' event "$(printf 'x%.0s' {1..256})" | sed -n 's/^"XADD[^"]*","\([0-9.]*\)".*/{"eventsPerSecond":\1}/p'
}
