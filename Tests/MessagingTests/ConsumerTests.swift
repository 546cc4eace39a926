import Events
import Logging
import Messaging
import Synchronization
import TestSupport
import Testing
import Traces

/// What the consumer does beyond the promises of the bus (`BusConformance` runs consumers on both buses).
@Suite struct ConsumerTests {
    let bus = MemoryBus(visibility: .milliseconds(500))

    @Test(.timeLimit(.minutes(1)))
    func waitsOutABusThatIsAway() async throws {
        let flaky = FlakyBus(bus)
        flaky.isAway = true
        let handler = ProbeHandler { _ in
            flaky.isAway = true
            return .nothing
        }
        let run = Running(flaky, handler)
        try await publish(Probe(1))
        try await eventually("it has tried to join") { flaky.failures > 1 }
        flaky.isAway = false
        try await eventually("the event is handled") { handler.numbers == [1] }
        try await eventually("it has tried to settle") { flaky.failures > 3 }
        flaky.isAway = false
        try await eventually("the event is settled") { await bus.length(of: Probe.stream) == 0 }
        #expect(handler.numbers == [1], "the handler does not run again")
        await run.stop()
    }

    /// What goes together does not end together.
    @Test(.timeLimit(.minutes(1)))
    func endsEachOfABatchByItsOwnAnswer() async throws {
        let flaky = FlakyBus(bus)
        let handler = ProbeHandler { incoming in
            Commit(incoming.event.mediaId, outputs: [Output(stream: .echo, payload: "\(incoming.event.number)")])
        }
        for number in 0..<5 { try await publish(Probe(number)) }
        flaky.answer(settlements: [
            .failure(BusError("reset")), nil, .success(.conflict), .success(.lostOwnership),
            .failure(BusError("no", isRefusal: true)),
        ])
        let run = Running(flaky, handler, visibility: .seconds(60), concurrency: 8)
        try await eventually("what can be done is done") { await bus.published(on: .echo).count == 3 }
        try await eventually("what is refused is given up") { await bus.deadLetters(of: .probe).count == 1 }
        let done = await bus.published(on: .echo)
        #expect(Set(done).count == 3)
        let again = Dictionary(grouping: handler.numbers) { $0 }.filter { $0.value.count > 1 }.keys
        #expect(
            handler.numbers.count == 6 && again.allSatisfy { done.contains("\($0)") }, "only a conflict makes it decide again")
        await run.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func decidesAgainAfterAConflict() async throws {
        let handler = ProbeHandler { [bus] incoming in
            let version = await bus.state("k")?.version ?? 0
            if version < 3 {
                let overtaking = StateChange.put(key: "k", value: "other", expecting: version)
                _ = await bus.commit(Commit(incoming.event.mediaId, changes: [overtaking]))
            }
            return Commit(
                incoming.event.mediaId, changes: [.put(key: "k", value: "mine", expecting: version)],
                outputs: [Output(stream: .echo, payload: "done")])
        }
        let run = Running(bus, handler)
        try await publish(Probe(1))
        try await eventually("it is done") { await bus.published(on: .echo) == ["done"] }
        let state = await bus.state("k")
        #expect(state?.version == 4)
        #expect(state?.value == "mine")
        #expect(handler.numbers.count == 4)
        await run.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func givesUpWhenTheStateNeverRests() async throws {
        let handler = ProbeHandler { incoming in
            Commit(incoming.event.mediaId, changes: [.put(key: "k", value: "v", expecting: 99)])
        }
        let run = Running(bus, handler)
        try await publish(Probe(1))
        try await eventually("it is a dead letter") { await bus.deadLetters(of: .probe).count == 1 }
        let letter = await bus.deadLetters(of: .probe)[0]
        #expect(letter.reason == "attempts-exhausted")
        #expect(letter.attempt == 3)
        await run.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func aFailureMayHaveItsOwnPatience() async throws {
        let policy = RetryPolicy(maxAttempts: 7, base: .milliseconds(1))
        let handler = ProbeHandler { _ in throw Failure.transient("the disk is full", policy) }
        let run = Running(bus, handler)
        try await publish(Probe(6))
        try await eventually("it is a dead letter") { await bus.deadLetters(of: .probe).count == 1 }
        #expect(await bus.deadLetters(of: .probe)[0].attempt == 7 && handler.numbers.count == 7)
        #expect(await bus.published(on: .echo) == ["abandoned 6"])
        await run.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func aPermanentFailureIsGivenUpAtOnceWithItsReason() async throws {
        let handler = ProbeHandler { _ in throw Failure.permanent(MediaError(.corruptMedia, "It is broken.")) }
        let run = Running(bus, handler)
        try await publish(Probe(5))
        try await eventually("it is a dead letter") { await bus.deadLetters(of: .probe).count == 1 }
        let letter = await bus.deadLetters(of: .probe)[0]
        #expect(letter.reason == "permanent")
        #expect(letter.detail == "corruptMedia: It is broken.")
        #expect(letter.attempt == 1)
        #expect(await bus.published(on: .echo) == ["abandoned 5"])
        await run.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func keepsTryingToTellOthersAndEndsInTheDeadLettersAnyway() async throws {
        let handler = SilentHandler()
        let run = Running(bus, Route(handler))
        try await publish(Probe(1))
        try await eventually("it is a dead letter") { await bus.deadLetters(of: .probe).count == 1 }
        let letter = await bus.deadLetters(of: .probe)[0]
        #expect(letter.reason == "permanent")
        #expect(letter.detail.contains("no good") && letter.detail.contains("cannot tell"))
        #expect(letter.attempt == 6)
        await run.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func cancelsTheHandlerOfALostEntry() async throws {
        let wasCancelled = Mutex(false)
        let handler = ProbeHandler { _ in
            do { try await Task.sleep(for: .seconds(100)) } catch {
                wasCancelled.withLock { $0 = true }
                throw error
            }
            return .nothing
        }
        // Its heartbeats are rare, so it loses the entry to the other subscription.
        let run = Running(bus, handler, visibility: .seconds(3))
        try await publish(Probe(1))
        try await eventually("it is running") { handler.numbers == [1] }
        let thief = try await bus.subscribe(.probe, to: [Probe.stream])
        var stolen: [Delivery] = []
        try await eventually("the entry is taken over") {
            stolen += try await thief.receive(limit: 1)
            return !stolen.isEmpty
        }
        try await eventually("the handler is cancelled") {
            _ = try await thief.heartbeat(stolen)
            return wasCancelled.withLock { $0 }
        }
        #expect(try await thief.settle(stolen[0], .done(.nothing)) == .settled)
        #expect(await bus.deadLetters(of: .probe).isEmpty)
        await run.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func handsBackAtOnceWhenItIsCancelled() async throws {
        let bus = MemoryBus()
        let handler = ProbeHandler { _ in
            try await Task.sleep(for: .seconds(100))
            return .nothing
        }
        let run = Running(bus, handler, concurrency: 1)
        for number in 0..<3 { try await publish(Probe(number), to: bus) }
        try await eventually("it is busy") { handler.numbers.count == 1 }
        await run.cancel()
        let next = try await bus.subscribe(.probe, to: [Probe.stream])
        var received: [Delivery] = []
        try await eventually("all are free") {
            received += try await next.receive(limit: 3)
            return received.count == 3
        }
        #expect(received.allSatisfy { $0.attempt == 1 && $0.deliveries == 1 })
    }

    @Test(.timeLimit(.minutes(1)))
    func returnsAtOnceWhenStoppedBeforeItRuns() async throws {
        let consumer = Consumer(
            FlakyBus(bus), group: .probe, routes: [Route(ProbeHandler { _ in .nothing })], logger: .quiet)
        consumer.stop()
        await consumer.run()
        #expect(await bus.length(of: Probe.stream) == 0)
    }

    /// Its policy gives others three attempts.
    @Test(.timeLimit(.minutes(1)))
    func waitingForRoomIsToldAndCostsNoChances() async throws {
        let run = Running(bus, Route(WaitingHandler()))
        try await publish(Probe(1))
        try await eventually("it has ended") { await bus.published(on: .echo).count > 5 }
        #expect(await bus.published(on: .echo) == Array(repeating: "waits", count: 5) + ["done"])
        await run.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func handlersKnowWhatTheyLogAbout() async throws {
        let context = Mutex<LogContext?>(nil)
        let handler = ProbeHandler { _ in
            context.withLock { $0 = LogContext.current }
            return .nothing
        }
        let run = Running(bus, handler)
        let probe = Probe(1)
        let trace = TraceParent.random()
        let output = try Output(Envelope(probe, id: "event-1", source: "test", trace: trace))
        _ = await bus.commit(Commit(probe.mediaId, outputs: [output]))
        try await eventually("it is handled") { handler.numbers == [1] }
        await run.stop()
        let seen = try #require(context.withLock { $0 })
        #expect(seen.mediaId == probe.mediaId.rawValue)
        #expect(seen.traceparent == trace.rawValue)
        #expect(seen.eventId == "event-1")
    }

    /// What a handler publishes has the handler's own span for its parent, and that has the event's.
    @Test(.timeLimit(.minutes(1)))
    func theTraceIsATree() async throws {
        let spans = Mutex<[Span]>([])
        Spans.send { span in spans.withLock { $0.append(span) } }
        defer { Spans.send(to: nil) }
        let seen = Mutex<TraceParent?>(nil)
        let handler = ProbeHandler { incoming in
            seen.withLock { $0 = incoming.trace }
            return .nothing
        }
        let run = Running(bus, handler)
        let (probe, trace) = (Probe(1), TraceParent.random())
        let output = try Output(Envelope(probe, id: "event-1", source: "test", trace: trace))
        _ = await bus.commit(Commit(probe.mediaId, outputs: [output]))
        try await eventually("it is handled") { handler.numbers == [1] }
        await run.stop()
        let span = try #require(spans.withLock { $0.first { $0.trace.traceId == trace.traceId } })
        #expect(span.parent == trace && span.trace.spanId != trace.spanId && span.kind == .consumer && span.error == nil)
        #expect(seen.withLock { $0 } == span.trace)
        #expect(span.end >= span.start && span.attributes["messaging.message.id"] == "event-1")
        #expect(span.name == "process \(Probe.stream.name)")
    }

    private func publish(_ probe: Probe, to bus: MemoryBus? = nil) async throws {
        let output = try Output(Envelope(probe, source: "test", trace: .random()))
        _ = await (bus ?? self.bus).commit(Commit(probe.mediaId, outputs: [output]))
    }
}
