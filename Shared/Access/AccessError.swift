/// Why a key could not be made, found or read.
package struct AccessError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable { case invalidProject, invalidName, unknownKey, damagedKey }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
