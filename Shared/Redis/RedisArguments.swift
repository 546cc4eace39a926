/// Arguments of a command in the form in which they travel, so that they are written once however often they are passed on.
///
/// Source: Redis serialization protocol (RESP), bulk strings.
package struct RedisArguments: Sendable, Hashable {
    package private(set) var count = 0
    private(set) var bytes: [UInt8] = []

    /// - Parameter capacity: how many bytes will about be needed.
    package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    package mutating func append(_ text: String) {
        count += 1
        bytes.append(mark: UInt8(ascii: "$"), text.utf8.count)
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }

    package mutating func append(_ number: Int) { append(String(number)) }

    package mutating func append(_ others: RedisArguments) {
        count += others.count
        bytes.append(contentsOf: others.bytes)
    }

    package static func += (arguments: inout RedisArguments, texts: some Sequence<String>) {
        for text in texts { arguments.append(text) }
    }
}

extension [UInt8] {
    /// Appends a line of a mark and a number that is not negative.
    fileprivate mutating func append(mark: UInt8, _ number: Int) {
        append(mark)
        if number < 10 { append(UInt8(ascii: "0") + UInt8(number)) } else { append(contentsOf: String(number).utf8) }
        append(UInt8(ascii: "\r"))
        append(UInt8(ascii: "\n"))
    }
}

/// A command: its first words, by which it finds its way, and what follows them.
package struct RedisCommand: Sendable, ExpressibleByArrayLiteral {
    let words: [String]
    private let rest: RedisArguments?

    package init(_ words: [String], _ rest: RedisArguments? = nil) {
        self.words = words
        self.rest = rest
    }

    package init(arrayLiteral words: String...) { self.init(words) }

    /// As an array of bulk strings. (hiredis's own way from argument vectors takes three times as long.)
    func write(to bytes: inout [UInt8]) {
        var arguments = RedisArguments(capacity: words.reduce(16) { $0 + $1.utf8.count + 16 })
        arguments += words
        bytes.append(mark: UInt8(ascii: "*"), arguments.count + (rest?.count ?? 0))
        bytes.append(contentsOf: arguments.bytes)
        if let rest { bytes.append(contentsOf: rest.bytes) }
    }
}

extension [RedisCommand] {
    /// All of them, one behind the other.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for command in self { command.write(to: &bytes) }
        return bytes
    }
}
