import Events
import FoundationEssentials
import Logging
import Messaging
import Metrics
import ServiceLifecycle
import StoreEvents

/// Takes the store's events from a queue of SQS, for installations that nobody outside can reach. A message is deleted when all that it
/// says is done; what cannot be done now, or not be read, stays and comes again: give the queue a redrive policy.
struct SQSPoller: Service {
    /// After so long a message that is not done is handed out again.
    static let visibility: Duration = .seconds(60)

    let queue: SQSQueue
    let intake: EventIntake
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown { try await pollUntilCancelled() }
    }

    private func pollUntilCancelled() async throws {
        var backOff = BackOff()
        while true {
            do {
                let messages = try await queue.receive(visibility: Self.visibility)
                let done = try await queue.keeping(messages, for: Self.visibility) { try await take(messages) }
                try await queue.delete(done)
                backOff.reset()
            } catch {
                // Whatever was interrupted by the end of the service is no failure.
                try Task.checkCancellation()
                await backOff.wait(logger, "cannot take events from the queue", error)
            }
        }
    }

    /// - Returns: those that are done.
    private func take(_ messages: [SQSQueue.Message]) async throws -> [SQSQueue.Message] {
        try await withThrowingTaskGroup(of: SQSQueue.Message?.self) { group in
            for message in messages { group.addTask { try await isDone(message) ? message : nil } }
            var done: [SQSQueue.Message] = []
            var failure: (any Error)?
            while let result = await group.nextResult() {
                switch result {
                case .success(let message): if let message { done.append(message) }
                case .failure(let error): failure = error
                }
            }
            if done.isEmpty, let failure { throw failure }
            return done
        }
    }

    private func isDone(_ message: SQSQueue.Message) async throws -> Bool {
        do {
            _ = try await intake.take(try Self.events(in: message), trace: .random())
            return true
        } catch let error as StoreEventError {
            logger.warning("cannot read a message of the queue", metadata: ["messageId": "\(message.id)", "error": "\(error)"])
            Counter(label: "millrace_store_events_total", dimensions: [("dialect", "none"), ("outcome", "unreadable")])
                .increment()
            return false
        }
    }

    /// An envelope of SNS is not verified: who may send to the queue is the queue's business.
    private static func events(in message: SQSQueue.Message) throws -> [StoreEvent] {
        switch try StoreMessage.parse(Data(message.body.utf8)) {
        case .events(let events): events
        case .sns(let envelope): try envelope.events()
        }
    }
}

extension SQSQueue {
    /// Works on messages, which are handed out to nobody else meanwhile, however long that takes: a large object may have to be copied.
    func keeping<Value: Sendable>(
        _ messages: [Message], for visibility: Duration, _ work: () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while (try? await Task.sleep(for: visibility / 3)) != nil { try? await keep(messages, visibility: visibility) }
            }
            defer { group.cancelAll() }
            return try await work()
        }
    }
}
