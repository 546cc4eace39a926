"""FastStream on a stream with a consumer group: each message by itself, or in batches (`--batch`)."""

import contextlib

import measure
from faststream.redis import RedisBroker, StreamSub
from redis.exceptions import ResponseError


class Peer:
    def __init__(self, options, index, arrived):
        self.options = options
        self.broker = RedisBroker(options.redis, logger=None)
        self.subscribe(f"consumer-{index}", arrived)

    def subscribe(self, consumer, arrived):
        stream = StreamSub("parcels", group="parcels", consumer=consumer, max_records=100)

        @self.broker.subscriber(stream=stream, max_workers=self.options.handlers or 1)
        async def parcel(text: str) -> None:
            arrived([text])

    async def open(self):
        self.redis = await self.broker.connect()
        # Here, because FastStream's own begins at the end, or makes each later consumer read what it has pending for ever.
        with contextlib.suppress(ResponseError):
            await self.redis.xgroup_create("parcels", "parcels", id="0", mkstream=True)

    async def send(self):
        await self.broker.publish(measure.payload(), stream="parcels")

    async def publish(self, count):
        await measure.spread(count, self.options.publishers, self.send)

    async def consume(self):
        await self.broker.start()

    async def pending(self):
        return (await self.redis.xpending("parcels", "parcels"))["pending"]

    async def close(self):
        await self.broker.stop()


class BatchPeer(Peer):
    def subscribe(self, consumer, arrived):
        stream = StreamSub("parcels", group="parcels", consumer=consumer, batch=True, max_records=self.options.batch)

        @self.broker.subscriber(stream=stream)
        async def parcels(texts: list[str]) -> None:
            arrived(texts)

    async def publish(self, count):
        """In pipelines as long as a batch."""
        for begin in range(0, count, self.options.batch):
            pipeline = self.redis.pipeline(transaction=False)
            for _ in range(min(self.options.batch, count - begin)):
                await self.broker.publish(measure.payload(), stream="parcels", pipeline=pipeline)
            await pipeline.execute()


if __name__ == "__main__":
    measure.run(lambda options, *others: (BatchPeer if options.batch else Peer)(options, *others))
