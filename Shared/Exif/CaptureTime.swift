enum CaptureTime {
    /// `2026:11:22 20:36:00` and `+02:00` as RFC 3339; nil for what is no date, the offset left out where it is no offset.
    static func text(_ date: ExifValue?, offset: ExifValue?) -> String? {
        guard let text = date?.text, let local = local(text) else { return nil }
        return local + (offset?.text.flatMap(zone) ?? "")
    }

    private static func local(_ text: String) -> String? {
        guard let fields = numbers(in: text, pattern: "0000:00:00 00:00:00") else { return nil }
        let (year, month, day) = (fields[0], fields[1], fields[2])
        guard year >= 1800, (1...12).contains(month), (1...days(of: month, in: year)).contains(day),
            fields[3] < 24, fields[4] < 60, fields[5] <= 60
        else { return nil }
        let characters = Array(text)
        return String(characters[0..<4]) + "-" + String(characters[5..<7]) + "-" + String(characters[8..<10]) + "T"
            + String(characters[11...])
    }

    private static func zone(_ text: String) -> String? {
        if text == "Z" { return "+00:00" }
        guard let fields = numbers(in: String(text.dropFirst()), pattern: "00:00"), text.hasPrefix("+") || text.hasPrefix("-"),
            fields[0] <= 14, fields[1] < 60
        else { return nil }
        return text
    }

    /// The whole numbers in `text` if it has a digit wherever `pattern` has one, and the same character elsewhere.
    private static func numbers(in text: String, pattern: String) -> [Int]? {
        let (bytes, wanted) = (Array(text.utf8), Array(pattern.utf8))
        let isDigit = { (byte: UInt8) in (48...57).contains(byte) }
        guard bytes.count == wanted.count, zip(bytes, wanted).allSatisfy({ isDigit($1) ? isDigit($0) : $0 == $1 }) else {
            return nil
        }
        return bytes.split { !isDigit($0) }.map { $0.reduce(0) { $0 * 10 + Int($1 - 48) } }
    }

    private static func days(of month: Int, in year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        switch month {
        case 2: return isLeap ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }
}
