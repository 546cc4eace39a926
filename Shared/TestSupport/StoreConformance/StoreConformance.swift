package import NIOCore
package import ObjectStore

/// What every `ObjectStore` must do, as named checks: each throws a `Violation` where the store does otherwise.
///
/// Each check keeps to keys of its own, so that they can run side by side and on a bucket that is not empty.
package enum StoreConformance {
    /// A store under test.
    package struct Subject: Sendable {
        package let store: any ObjectStore
        /// Performs a presigned request as a client would: with this body, and with its length as `Content-Length`.
        /// - Returns: the entity tag when it was accepted, nil when it was refused.
        package let perform: @Sendable (PresignedRequest, ByteBuffer) async throws -> String?
        /// Where this check's keys begin.
        let prefix: String

        package init(
            store: any ObjectStore, perform: @escaping @Sendable (PresignedRequest, ByteBuffer) async throws -> String?
        ) {
            self.store = store
            self.perform = perform
            prefix = "conformance/\(UInt64.random(in: .min ... .max))/"
        }
    }

    package struct Check: Sendable, CustomStringConvertible {
        package let description: String
        package let run: @Sendable (Subject) async throws -> Void

        init(_ description: String, _ run: @escaping @Sendable (Subject) async throws -> Void) {
            self.description = description
            self.run = run
        }
    }

    package struct Violation: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    package static let checks = objects + ranges + keys + listing + concurrency + copying + multipart + presigning

    static func expect(_ isTrue: Bool, _ what: @autoclosure () -> String, line: Int = #line) throws {
        if !isTrue { throw Violation(description: "\(what()) (line \(line))") }
    }

    static func expectSame<Value: Equatable>(_ got: Value, _ right: Value, _ what: String, line: Int = #line) throws {
        if got != right { throw Violation(description: "\(what): \(got) instead of \(right) (line \(line))") }
    }

    static func expectError(
        _ code: StoreError.Code, _ what: String, line: Int = #line, _ work: () async throws -> Void
    ) async throws {
        do { try await work() } catch let error as StoreError where error.code == code { return } catch {
            throw Violation(description: "\(what): \(error) instead of \(code) (line \(line))")
        }
        throw Violation(description: "\(what): no error instead of \(code) (line \(line))")
    }

    /// Bytes that differ from place to place.
    static func bytes(_ count: Int, seed: UInt64 = 1) -> ByteBuffer {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var buffer = ByteBufferAllocator().buffer(capacity: count + 8)
        for _ in 0..<(count + 7) / 8 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            buffer.writeInteger(state)
        }
        return buffer.getSlice(at: 0, length: count) ?? ByteBuffer()
    }

    static let type = "application/octet-stream"
}
