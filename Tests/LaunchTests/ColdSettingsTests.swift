import Launch
import ObjectStore
import Testing

@Suite struct ColdSettingsTests {
    private func cold(_ values: [String: String], of store: String = "s3://bucket") throws -> ColdStorage? {
        try Environment(values).coldStorage(of: store)
    }

    @Test func originalsStayUnlessSomebodySaysWhereTheyGo() throws {
        #expect(try cold([:]) == nil)
        #expect(try cold(["MILLRACE_COLD_AFTER": "30d"], of: "file:///a") == nil)
    }

    @Test func aClassOrADirectory() throws {
        #expect(
            try cold(["MILLRACE_COLD_CLASS": "GLACIER"])
                == ColdStorage(.storageClass("GLACIER"), after: .seconds(90 * 86_400), restoredFor: .seconds(7 * 86_400)))
        let directory = [
            "MILLRACE_COLD_DIRECTORY": "/mnt/slow", "MILLRACE_COLD_AFTER": "365d", "MILLRACE_COLD_RESTORED": "36h",
        ]
        #expect(
            try cold(directory, of: "file:///a")
                == ColdStorage(.directory("/mnt/slow"), after: .seconds(365 * 86_400), restoredFor: .seconds(36 * 3600)))
    }

    @Test(arguments: [
        (
            "MILLRACE_COLD_CLASS", "GLACIER", "file:///a",
            "MILLRACE_COLD_CLASS: is for a bucket; a file store has MILLRACE_COLD_DIRECTORY"
        ),
        (
            "MILLRACE_COLD_DIRECTORY", "/a", "s3://b",
            "MILLRACE_COLD_DIRECTORY: is for a file store; a bucket has MILLRACE_COLD_CLASS"
        ),
        ("MILLRACE_COLD_CLASS", "STANDARD", "s3://b", #"MILLRACE_COLD_CLASS: "STANDARD" is not a storage class like GLACIER"#),
        ("MILLRACE_COLD_CLASS", "A B", "s3://b", #"MILLRACE_COLD_CLASS: "A B" is not a storage class like GLACIER"#),
        ("MILLRACE_COLD_AFTER", "0s", "s3://b", #"MILLRACE_COLD_AFTER: "0s" is not from 1s to 3650d"#),
        (
            "MILLRACE_COLD_RESTORED", "week", "s3://b",
            #"MILLRACE_COLD_RESTORED: "week" is not a duration like 500ms, 30s, 5m, 1h or 7d"#
        ),
    ]) func wrongOnes(_ name: String, _ value: String, _ store: String, _ line: String) {
        let error = #expect(throws: SettingsError.self) { try cold([name: value], of: store) }
        #expect(error?.description == line)
    }
}
