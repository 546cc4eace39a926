# Names and places that every script here shares. Sourced, not run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"

all_state=$(realpath -m -- "${MILLRACE_STATE:-$root/.millrace}")
state=$all_state
bin=${MILLRACE_BIN:-$root/.build/release}
services=(upload-gateway ingest-listener metadata variants transcoder manifest-writer notifier)

# The edge has PORT, the services the ports behind it, Redis PORT+10; each can be set by itself.
port=${PORT:-8080}
declare -A service_port=(
    [upload-gateway]=${UPLOAD_GATEWAY_PORT:-$((port + 1))}
    [ingest-listener]=${INGEST_LISTENER_PORT:-$((port + 2))}
    [metadata]=${METADATA_PORT:-$((port + 3))}
    [variants]=${VARIANTS_PORT:-$((port + 4))}
    [transcoder]=${TRANSCODER_PORT:-$((port + 5))}
    [manifest-writer]=${MANIFEST_WRITER_PORT:-$((port + 6))}
    [notifier]=${NOTIFIER_PORT:-$((port + 7))}
)
redis_port=${REDIS_PORT:-$((port + 10))}
own_redis=${REDIS_URL:-} # somebody's Redis, or cluster, instead of a private one
own_store=${STORE:-} # s3://bucket?endpoint=… instead of a folder
# API keys, and the media that Redis knows, belong to one store: each has a folder of its own.
if [[ -n $own_store && -z ${MILLRACE_STATE:-} ]]; then
    bucket=${own_store#*://}
    bucket=${bucket%%[/?]*}
    state=$all_state/${bucket:-store}-$(printf %s "$own_store" | sha256sum | cut -c1-8)
fi
url=http://127.0.0.1:$port

say() { printf '%s\n' "$@"; }
die() {
    printf 'millrace: %s\n' "$*" >&2
    exit 1
}

# Whether a stack runs on the state folder.
is_running() { [[ -e $state/lock ]] && ! flock -n "$state/lock" true; }

check_ports() {
    local number name
    for number in "$port" "$redis_port" "${service_port[@]}"; do
        [[ $number =~ ^[0-9]+$ ]] && ((number >= 1 && number <= 65535)) ||
            die "PORT: \"$number\" is not a port number from 1 to 65535"
    done
    for name in edge redis "${services[@]}"; do
        [[ $name == redis && -n $own_redis ]] && continue
        case $name in edge) number=$port ;; redis) number=$redis_port ;; *) number=${service_port[$name]} ;; esac
        if (: <"/dev/tcp/127.0.0.1/$number") 2>/dev/null; then
            die "port $number (for $name) is taken; choose others with PORT=<edge port>, or REDIS_PORT=… for Redis alone"
        fi
    done
}
