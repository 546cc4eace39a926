# Starts, watches and stops the processes of one stack. Sourced after settings.sh.

declare -A pids=() # name → pid
stopping=

# Starts NAME with its log in the state folder.
start() {
    local name=$1
    case $name in
        redis) [[ -n $own_redis ]] || run redis redis-server "$state/redis.conf" ;;
        edge) run edge "$nginx" -p "$state/edge" -c nginx.conf -g 'daemon off;' ;;
        *)
            MILLRACE_PORT=${service_port[$name]} \
                MILLRACE_REDIS_URL=${own_redis:-redis://$name:$redis_password@127.0.0.1:$redis_port} \
                run "$name" "$bin/$name"
            ;;
    esac
}

run() {
    local name=$1
    shift
    # A session of its own: Ctrl-C in the terminal reaches this script alone, which stops the others in order.
    setsid "$@" >>"$state/log/$name.log" 2>&1 </dev/null &
    pids[$name]=$!
    echo $! >"$state/pid/$name"
}

prepare_state() {
    umask 077
    mkdir -p "$state"/{log,pid,redis} "$state"/edge/tmp
    [[ -n $own_store ]] || mkdir -p "$state/store/objects"
    [[ -s $state/signing-key ]] || head -c 48 /dev/urandom | base64 -w0 >"$state/signing-key"
    cat >"$state/redis.conf" <<CONF
bind 127.0.0.1
port $redis_port
dir "$state/redis"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
daemonize no
aclfile "$state/users.acl"
CONF
    render_users
    render_edge
    export MILLRACE_REDIS_URL=${own_redis:-redis://127.0.0.1:$redis_port}
    export MILLRACE_STORE=${own_store:-file://$state/store}
    export MILLRACE_PUBLIC_URL=${MILLRACE_PUBLIC_URL:-$url}
    # nginx sends the files of our own store itself.
    [[ -n $own_store ]] || export MILLRACE_ACCEL=/_store
    # Subscribers of a local stack are on this machine as well.
    export MILLRACE_WEBHOOK_ALLOW_PRIVATE=${MILLRACE_WEBHOOK_ALLOW_PRIVATE:-true}
    MILLRACE_SIGNING_KEY=$(<"$state/signing-key")
    export MILLRACE_SIGNING_KEY
    # What the command line needs to find this stack.
    printf '%s\n' "MILLRACE_REDIS_URL=$MILLRACE_REDIS_URL" "MILLRACE_STORE=$MILLRACE_STORE" \
        "MILLRACE_PARTITIONS=${MILLRACE_PARTITIONS:-1}" >"$state/environment"
    [[ -z $own_store ]] || env | grep '^AWS_' >>"$state/environment" || true
}

# Each service is a user with its own rights, as in production. Whoever sits at this machine may look into Redis without a password.
render_users() {
    [[ -s $state/redis-password ]] || head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$state/redis-password"
    redis_password=$(<"$state/redis-password")
    sed -e "s/\${[A-Z_]*_PASSWORD}/$redis_password/" -e 's/^user default off$/user default on nopass ~* \&* +@all/' \
        compose/redis/users.acl.template >"$state/users.acl"
}

render_edge() {
    nginx=$(command -v nginx || echo /usr/sbin/nginx)
    local text
    text=$(<compose/edge/nginx.conf.template)
    local -A values=(
        [LISTEN]=${LISTEN:-127.0.0.1:$port} [CACHE_SIZE]=${CACHE_SIZE:-1g}
        [ACCEL_PREFIX]=/_store [STORE_OBJECTS]=$state/store/objects
        [UPLOAD_GATEWAY]=127.0.0.1:${service_port[upload-gateway]} [INGEST_LISTENER]=127.0.0.1:${service_port[ingest-listener]}
        [VARIANTS]=127.0.0.1:${service_port[variants]} [NOTIFIER]=127.0.0.1:${service_port[notifier]}
    )
    local name
    for name in "${!values[@]}"; do text=${text//"\${$name}"/"${values[$name]}"}; done
    # nginx started by root would serve as `nobody`, who may not read the state folder.
    ((EUID)) || text="user root;"$'\n'"$text"
    printf '%s\n' "$text" >"$state/edge/nginx.conf"
}

start_stack() {
    check_ports
    mkdir -p "$state"
    # Held by this script and all that it starts: two stacks on one state folder would destroy each other's data.
    exec 9>"$state/lock"
    flock -n 9 || die "a stack is already running on $state; stop it first, or choose another with MILLRACE_STATE=…"
    prepare_state
    echo "$port" >"$state/up.port"
    echo $$ >"$state/up.pid"
    trap stop_stack EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    local name
    for name in redis "${services[@]}" edge; do start "$name"; done
    wait_until_ready
    first_key
}

# Waits for every /readyz and the edge; names what is not ready, and why, when it takes too long.
wait_until_ready() {
    local deadline=$((SECONDS + 60)) name
    for name in "${services[@]}"; do
        until curl -fs -o /dev/null "http://127.0.0.1:${service_port[$name]}/readyz"; do
            kill -0 "${pids[$name]}" 2>/dev/null || die "$name did not start: $(tail -1 "$state/log/$name.log")"
            [[ -n $own_redis ]] || kill -0 "${pids[redis]}" 2>/dev/null || die "redis did not start: $(tail -1 "$state/log/redis.log")"
            ((SECONDS < deadline)) || die "$name is not ready: $(curl -s "http://127.0.0.1:${service_port[$name]}/readyz")"
            sleep 0.1
        done
    done
    until curl -fs -o /dev/null "$url/livez"; do
        kill -0 "${pids[edge]}" 2>/dev/null || die "the edge did not start: $(tail -1 "$state/log/edge.log")"
        ((SECONDS < deadline)) || die "the edge is not ready; see $state/log/edge.log"
        sleep 0.1
    done
}

# The first start makes an API key for the project "demo"; later ones find it again, unless the store was emptied meanwhile.
first_key() {
    is_known_key || "$bin/millrace" keys create --project demo --name first --json |
        sed -n 's/.*"token" *: *"\([^"]*\)".*/\1/p' >"$state/api-key"
    [[ -s $state/api-key ]] || die "could not create an API key"
    api_key=$(<"$state/api-key")
}

is_known_key() {
    [[ -s $state/api-key ]] || return 1
    [[ $(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $(<"$state/api-key")" "$url/api/v2/media?projectId=demo") != 401 ]]
}

# Starts again whatever ends by itself, as an orchestrator would; returns only by a signal.
# It looks instead of waiting: `wait -n` misses processes that end in the same moment.
supervise() {
    local name
    while [[ -z $stopping ]]; do
        sleep 0.5 &
        wait $! || true # a signal's trap interrupts it
        for name in "${!pids[@]}"; do
            kill -0 "${pids[$name]}" 2>/dev/null && continue
            say "$(date +%T) $name ended; starting it again (see $state/log/$name.log)"
            end_group "$name"
            start "$name"
        done
    done
}

# What a process has left behind, for example the workers of a killed nginx.
end_group() { kill -KILL -- "-${pids[$1]}" 2>/dev/null || true; }

# Services first, so that they can drain; then what they stand on.
stop_stack() {
    local status=$?
    stopping=yes
    trap '' INT TERM HUP
    local name
    for name in "${services[@]}"; do end "$name"; done
    for name in "${services[@]}"; do await_end "$name"; done
    for name in edge redis; do end "$name"; done
    for name in edge redis; do await_end "$name"; done
    rm -rf "$state/up.pid" "$state/up.port" "$state/pid"
    exit "$status"
}

end() { [[ -z ${pids[$1]:-} ]] || kill -TERM "${pids[$1]}" 2>/dev/null || true; }

await_end() {
    local pid=${pids[$1]:-} tries=0
    [[ -n $pid ]] || return 0
    while kill -0 "$pid" 2>/dev/null; do
        ((++tries < 300)) || { say "$1 did not stop within 30 s; killing it"; kill -KILL "$pid" 2>/dev/null || true; }
        sleep 0.1
    done
    wait "$pid" 2>/dev/null || true
    end_group "$1"
}
