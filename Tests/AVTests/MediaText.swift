import FoundationEssentials

enum MediaText {
    static func write(_ text: String, to path: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }
}
