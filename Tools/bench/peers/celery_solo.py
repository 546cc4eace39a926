"""Celery: two workers with the solo pool, each a process, that acknowledge late; a third process publishes."""

import logging
import multiprocessing
import time

import measure
from celery import Celery
from redis import Redis

WORKERS = 2


def make_app(options, arrived):
    app = Celery(broker=options.redis)
    app.conf.update(
        task_acks_late=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=100,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
    )

    @app.task(name="parcel")
    def parcel(text):
        arrived([text])

    return app, parcel


def work(crowd, index):
    """A worker's process; it is killed when all is done."""

    def arrived(payloads):
        crowd.arrive(index, payloads)
        crowd.finish(index)

    def ready(_consumer):
        crowd.begin(index)

    app, _ = make_app(crowd.options, arrived)
    app.WorkController(
        pool="solo",
        hostname=f"worker-{index}@bench",
        ready_callback=ready,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    ).start()


def publish(crowd, parcel):
    options = crowd.options
    start = time.monotonic()
    for number in range(options.count):
        if options.mode == "latency":
            time.sleep(max(0, start + number / options.rate - time.monotonic()))
        parcel.delay(measure.payload())


def wait_until_done(crowd):
    redis = Redis.from_url(crowd.options.redis)
    while sum(crowd.arrived) < crowd.options.count or redis.hlen("unacked"):
        time.sleep(0.002)


def run():
    options = measure.parse()
    workers = 0 if options.mode == "publish" else WORKERS
    crowd = measure.Crowd(options, workers + 1)
    processes = [multiprocessing.Process(target=work, args=(crowd, index), daemon=True) for index in range(workers)]
    for process in processes:
        process.start()
    app, parcel = make_app(options, None)
    app.connection_for_write().ensure_connection()
    if options.mode == "drain":
        publish(crowd, parcel)
    crowd.begin(workers)
    if options.mode != "drain":
        publish(crowd, parcel)
    if workers:
        wait_until_done(crowd)
    crowd.finish(workers)
    crowd.report()
    for process in processes:
        process.kill()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    run()
