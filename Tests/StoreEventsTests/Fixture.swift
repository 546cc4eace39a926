import FoundationEssentials

@testable import StoreEvents

/// A body as a store sends it (`name.json`), and what is to be read in it (`name.txt`, a line for each event).
enum Fixture {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }()

    static func body(_ name: String) throws -> Data { try Data(contentsOf: directory.appending(path: name + ".json")) }

    static func expected(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: directory.appending(path: name + ".txt")), as: UTF8.self)
    }
}

extension StoreMessage {
    /// As the fixtures write it.
    var lines: String {
        switch self {
        case .events(let events): events.map(\.line).joined()
        case .sns(let message): "sns \(message.kind.rawValue) \(message.topic)\n" + (inside(message))
        }
    }

    private func inside(_ message: SNSMessage) -> String {
        guard message.kind == .notification else { return "" }
        do { return try message.events().map(\.line).joined() } catch { return "\(error)\n" }
    }
}

extension StoreEvent {
    fileprivate var line: String {
        var words = ["\(dialect)", "\(kind)", bucket, "<\(key)>"]
        if let size { words.append("size=\(size)") }
        if let etag { words.append("etag=\(etag)") }
        if let version { words.append("version=\(version)") }
        if let sequencer { words.append("sequencer=\(sequencer)") }
        if let time { words.append("time=\(Int64((time.timeIntervalSince1970 * 1000).rounded()))") }
        return words.joined(separator: " ") + "\n"
    }
}
