"""What the peers have in common: options, the payload, processes that start together, and one line of JSON at the end."""

import argparse
import asyncio
import json
import multiprocessing
import time
from multiprocessing.sharedctypes import RawArray

PAYLOAD_SIZE = 256
MODES = ["publish", "drain", "both", "latency"]


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=MODES)
    parser.add_argument("--redis", required=True)
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--rate", type=int, default=500, help="events a second, for latency")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--publishers", type=int, default=20, help="how many calls to publish wait for their answers at once")
    parser.add_argument("--handlers", type=int, help="how many messages are handled at once, if the peer can")
    parser.add_argument("--batch", type=int, help="how many messages are published and handled together, if the peer can")
    return parser.parse_args()


def payload():
    """256 characters that begin with the monotonic clock in nanoseconds."""
    return f"{time.monotonic_ns():020d}".ljust(PAYLOAD_SIZE, "x")


class Crowd:
    """The processes of one measurement. What they count is in memory that all of them see."""

    def __init__(self, options, size):
        self.options = options
        self.size = size
        self.barrier = multiprocessing.Barrier(size)
        self.arrived = RawArray("q", size)
        self.start, self.end, self.cpu_start, self.cpu_end = (RawArray("d", size) for _ in range(4))
        self.milliseconds = [RawArray("d", options.count) for _ in range(size if options.mode == "latency" else 0)]

    def share(self, index):
        """How many of all events the process publishes."""
        return len(range(index, self.options.count, self.size))

    def begin(self, index):
        """Waits for the others; the measurement begins."""
        self.barrier.wait(timeout=60)
        self.cpu_start[index] = time.process_time()
        self.start[index] = time.monotonic()

    def arrive(self, index, payloads):
        """Called by the handlers. Returns whether all have arrived anywhere."""
        if self.milliseconds:
            now = time.monotonic_ns()
            for number, text in enumerate(payloads, self.arrived[index]):
                self.milliseconds[index][number] = (now - int(text[:20])) / 1e6
        self.arrived[index] += len(payloads)
        return sum(self.arrived) >= self.options.count

    def finish(self, index):
        self.end[index] = time.monotonic()
        self.cpu_end[index] = time.process_time()

    def report(self):
        count = self.options.count
        if self.options.mode == "latency":
            # The first ones pay for connections and code that runs for the first time.
            pairs = zip(self.milliseconds, self.arrived)
            times = sorted(time for times, arrived in pairs for time in times[arrived // 10 : arrived])
            figures = {"p50": times[len(times) // 2], "p99": times[len(times) * 99 // 100]}
        else:
            seconds, cpu = max(self.end) - min(self.start), sum(self.cpu_end) - sum(self.cpu_start)
            figures = {"eventsPerSecond": count / seconds, "cpuMicrosecondsPerEvent": cpu / count * 1e6}
        print(json.dumps({name: round(value, 3) for name, value in figures.items()}, separators=(",", ":")))


def run(make_peer):
    """Measures an asyncio peer; `--processes` run side by side and share the work.

    `make_peer(options, index, arrived)` gives an object with `open()`, `publish(count)`, `send()`, `consume()` (starts to
    read and returns) and `pending()` (how many were received and not yet acknowledged); its handler calls
    `arrived(payloads)`.
    """
    import uvloop

    options = parse()
    crowd = Crowd(options, 1 if options.mode == "latency" else options.processes)
    work = lambda index: uvloop.run(_measure(crowd, index, make_peer))
    others = [multiprocessing.Process(target=work, args=(index,), daemon=True) for index in range(1, crowd.size)]
    for other in others:
        other.start()
    work(0)
    for other in others:
        other.join()
        if other.exitcode:
            raise SystemExit("a process of the measurement failed")
    crowd.report()


async def _measure(crowd, index, make_peer):
    mode, done = crowd.options.mode, asyncio.Event()

    def arrived(payloads):
        if crowd.arrive(index, payloads):
            done.set()

    peer = make_peer(crowd.options, index, arrived)
    await peer.open()
    if mode == "drain":
        await peer.publish(crowd.share(index))
    crowd.begin(index)
    if mode != "publish":
        await peer.consume()
    if mode in ("publish", "both"):
        await peer.publish(crowd.share(index))
    if mode == "latency":
        await _send_at_rate(crowd.options, peer)
    if mode != "publish":
        await _all_done(crowd, done, peer)
    crowd.finish(index)
    await peer.close()


async def _all_done(crowd, done, peer):
    """Waits until all events have arrived anywhere and are acknowledged."""
    while not done.is_set() and sum(crowd.arrived) < crowd.options.count:
        try:
            await asyncio.wait_for(done.wait(), timeout=None if crowd.size == 1 else 0.005)
        except TimeoutError:
            pass
    while await peer.pending():
        await asyncio.sleep(0.001)


async def _send_at_rate(options, peer):
    start = time.monotonic()
    for number in range(options.count):
        await asyncio.sleep(max(0, start + number / options.rate - time.monotonic()))
        await peer.send()


async def spread(count, at_once, send):
    """Calls `send` so many times, with so many calls waiting for their answers at once."""
    calls = iter(range(count))

    async def work():
        for _ in calls:
            await send()

    await asyncio.gather(*(work() for _ in range(at_once)))
