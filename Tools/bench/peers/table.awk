# The results of bench-bus → tables in Markdown. A line: round, place, side, mode, JSON. Medians over the rounds; in brackets
# Millrace ÷ the row, the median of the ratios round by round.

BEGIN {
    FS = "\t"
    sides = split("millrace taskiq faststream batches celery bare1 bare16 bare100 redis_benchmark", order, " ")
    name["millrace"] = "**Millrace**"
    name["taskiq"] = "taskiq-redis (streams)"
    name["faststream"] = "FastStream, single"
    name["batches"] = "FastStream, batches of 500"
    name["celery"] = "Celery, 2 solo workers"
    name["bare1"] = "bare hiredis, depth 1"
    name["bare16"] = "bare hiredis, depth 16"
    name["bare100"] = "bare hiredis, depth 100"
    name["redis_benchmark"] = "redis-benchmark -c 50 -P 100"
}

{
    if ($1 > rounds) rounds = $1
    count = split($5, parts, /[{}:,"]+/)
    for (i = 2; i < count; i += 2) value[$1, $2, $3, $4, parts[i]] = parts[i + 1]
    has[$2, $3] = 1
}

END {
    table("near", "Redis beside us, one process each")
    hops = median("near", "millrace", "two-hops", "eventsPerSecond")
    if (hops != "") printf "\nTwo chained streams: %s events/s go through both.\n", short(hops)
    table("far", "Redis 1 ms away")
    table("pair", "Redis beside us, two processes each")
}

function table(place, title,   i, side) {
    printf "\n| %-34s | %16s | %16s | %16s | %16s | %26s |\n", title, "publish/s", "drain/s", "both at once/s", \
        "CPU " "\302\265" "s/event", "p50 / p99 ms at 500/s"
    print "|---|--:|--:|--:|--:|--:|"
    for (i = 1; i <= sides; i++) {
        side = order[i]
        if (!((place, side) in has)) continue
        printf "| %-34s | %s | %s | %s | %s | %s |\n", name[side], rate(place, side, "publish"), rate(place, side, "drain"), \
            rate(place, side, "both"), pad(cell(place, side, "both", "cpuMicrosecondsPerEvent"), 16), latency(place, side)
    }
}

function rate(place, side, mode) { return pad(cell(place, side, mode, "eventsPerSecond"), 16) }

function cell(place, side, mode, figure,   middle) {
    middle = median(place, side, mode, figure)
    if (middle == "") return ""
    return short(middle) quotient(place, side, mode, figure)
}

function quotient(place, side, mode, figure,   ratio) {
    if (side == "millrace") return ""
    ratio = median(place, side, mode, figure, "millrace")
    return ratio == "" ? "" : sprintf(" (%s" "\303\227" ")", short(ratio))
}

function latency(place, side,   p50, p99) {
    p50 = median(place, side, "latency", "p50")
    if (p50 == "") return pad("", 26)
    p99 = median(place, side, "latency", "p99")
    return pad(sprintf("%.2f / %.2f%s", p50, p99, quotient(place, side, "latency", "p50")), 26)
}

# The median over the rounds of one figure, or of another side's figure divided by it.
function median(place, side, mode, figure, over,   round, number, n, sorted, i) {
    n = 0
    for (round = 1; round <= rounds; round++) {
        if (!((round, place, side, mode, figure) in value)) continue
        number = value[round, place, side, mode, figure]
        if (over != "") {
            if (!((round, place, over, mode, figure) in value) || number == 0) continue
            number = value[round, place, over, mode, figure] / number
        }
        for (i = n++; i > 0 && sorted[i] > number; i--) sorted[i + 1] = sorted[i]
        sorted[i + 1] = number + 0
    }
    return n ? sorted[int((n + 1) / 2)] : ""
}

# Two or three digits that mean something.
function short(number) {
    if (number >= 9950) return sprintf("%.0fk", number / 1000)
    if (number >= 1000) return sprintf("%.1fk", number / 1000)
    if (number >= 10) return sprintf("%.0f", number)
    return number >= 1 ? sprintf("%.1f", number) : sprintf("%.2f", number)
}

# To the right; a sign of two bytes is one wide.
function pad(text, width,   signs, copy) {
    copy = text
    signs = gsub(/\303/, "", copy)
    return sprintf("%" (width + signs) "s", text)
}
