"""taskiq-redis: its broker on streams, acknowledging after the task as it does by default."""

import asyncio
import logging

import measure
from redis.asyncio import Redis
from taskiq.api import run_receiver_task
from taskiq_redis import RedisStreamBroker


class Peer:
    def __init__(self, options, _index, arrived):
        self.options = options
        self.redis = Redis.from_url(options.redis)
        self.broker = RedisStreamBroker(options.redis, consumer_id="0")
        self.receiver = None

        @self.broker.task(task_name="parcel")
        async def parcel(text: str) -> None:
            arrived([text])

        self.parcel = parcel

    async def open(self):
        await self.broker.startup()

    async def send(self):
        await self.parcel.kiq(measure.payload())

    async def publish(self, count):
        await measure.spread(count, self.options.publishers, self.send)

    async def consume(self):
        self.receiver = asyncio.create_task(run_receiver_task(self.broker, max_async_tasks=self.options.handlers or 100))

    async def pending(self):
        return (await self.redis.xpending("taskiq", "taskiq"))["pending"]

    async def close(self):
        if self.receiver:
            self.receiver.cancel()
            await asyncio.wait([self.receiver])
        await self.redis.aclose()
        await self.broker.shutdown()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    measure.run(Peer)
