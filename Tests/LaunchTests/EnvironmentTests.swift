import Testing

@testable import Launch

@Suite struct EnvironmentTests {
    @Test func valuesAndDefaults() throws {
        let environment = Environment([
            "A": " x ", "EMPTY": "  ", "N": "42", "YES": "On", "NO": "0", "LIST": "a, b,,c ", "D": "500ms", "H": "2h",
            "URL": "https://media.example.org/base/",
        ])
        #expect(try environment.string("A", default: "-") == "x")
        #expect(try environment.string("EMPTY", default: "-") == "-")
        #expect(try environment.require("A") == "x")
        #expect(try environment.int("N", default: 1, in: 1...42) == 42)
        #expect(try environment.int("EMPTY", default: 1, in: 1...9) == 1)
        #expect(try environment.bool("YES", default: false))
        #expect(try !environment.bool("NO", default: true))
        #expect(try environment.list("LIST", default: []) == ["a", "b", "c"])
        #expect(try environment.duration("D", default: .zero) == .milliseconds(500))
        #expect(try environment.duration("H", default: .zero) == .seconds(7200))
        #expect(try environment.url("URL", default: "") == "https://media.example.org/base")
    }

    private func message(_ read: () throws(SettingsError) -> Void) -> String? {
        do { try read() } catch { return error.description }
        return nil
    }

    @Test func oneClearLineForEachError() {
        let environment = Environment(["P": "abc", "BIG": "70000", "B": "maybe", "D": "5 parsecs", "L": "loud", "S": "short"])
        #expect(
            message { () throws(SettingsError) in _ = try environment.int("P", default: 1, in: 1...65535) }
                == #"P: "abc" is not a whole number from 1 to 65535"#)
        #expect(
            message { () throws(SettingsError) in _ = try environment.int("BIG", default: 1, in: 1...65535) }
                == #"BIG: "70000" is not a whole number from 1 to 65535"#)
        #expect(message { () throws(SettingsError) in _ = try environment.require("NONE") } == "NONE: is required")
        #expect(
            message { () throws(SettingsError) in _ = try environment.bool("B", default: true) }
                == #"B: "maybe" is not true or false"#)
        #expect(
            message { () throws(SettingsError) in _ = try environment.duration("D", default: .zero) }
                == #"D: "5 parsecs" is not a duration like 500ms, 30s, 5m, 1h or 7d"#)
        #expect(
            message { () throws(SettingsError) in _ = try environment.choice("L", default: LogFormat.text) }
                == #"L: "loud" is not one of text, json"#)
        #expect(
            message { () throws(SettingsError) in _ = try environment.secret("S", minimumLength: 32) }
                == "S: must have at least 32 characters")
    }

    @Test func durationsKeepTheirRange() {
        let environment = Environment(["A": "2h", "B": "0s", "C": "99999999999d", "D": "999999999999999999999d", "E": "-1s"])
        let range: ClosedRange<Duration> = .seconds(1) ... .seconds(3600)
        #expect(
            message { () throws(SettingsError) in _ = try environment.duration("A", default: .zero, in: range) }
                == #"A: "2h" is not from 1s to 1h"#)
        for name in ["B", "C", "D", "E"] {
            #expect(message { () throws(SettingsError) in _ = try environment.duration(name, default: .zero, in: range) } != nil)
        }
    }

    @Test(arguments: [
        "media.example.org", "ftp://a", "http://", "https://a/?x=1", "https://a/#b", "https://u:p@a", "https://a b",
        "https://a\"b",
    ]) func addressesThatAreNone(_ text: String) {
        #expect(throws: SettingsError.self) { try Environment(["URL": text]).url("URL", default: "") }
    }

    @Test func aHostileValueStaysOnOneLine() {
        let value = "a\nb\r\u{1b}[31m" + String(repeating: "x", count: 10_000)
        let line = message { () throws(SettingsError) in _ = try Environment(["N": value]).int("N", default: 1, in: 1...2) } ?? ""
        #expect(line.utf8.count < 200 && line.unicodeScalars.allSatisfy { $0.value >= 32 })
    }
}
