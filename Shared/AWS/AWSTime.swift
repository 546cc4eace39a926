package import FoundationEssentials

/// Times as AWS and HTTP write them, all in UTC.
package enum AWSTime {
    /// `20130524T000000Z`.
    package static func basic(_ date: Date) -> String {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let (year, month, day) = civil(days)
        let second = seconds - days * 86_400
        return digits(year, 4) + digits(month, 2) + digits(day, 2) + "T" + digits(second / 3600, 2)
            + digits(second / 60 % 60, 2) + digits(second % 60, 2) + "Z"
    }

    /// `2013-05-24T00:00:00Z`, with or without a fraction. Nil for anything else.
    package static func parse(_ text: String) -> Date? {
        let fields = text.split { "-T:Z".contains($0) }
        guard fields.count == 6, text.last == "Z", let year = Int(fields[0]), let month = Int(fields[1]),
            let day = Int(fields[2]),
            let hour = Int(fields[3]), let minute = Int(fields[4]), let second = Double(fields[5])
        else { return nil }
        return date(year, month, day, hour, minute, second)
    }

    /// `Fri, 24 May 2013 00:00:00 GMT` (RFC 9110, section 5.6.7). Nil for anything else.
    package static func parseHTTP(_ text: String) -> Date? {
        let fields = text.split(separator: " ")
        guard fields.count == 6, fields[5] == "GMT", let day = Int(fields[1]), let year = Int(fields[3]),
            let month = months.firstIndex(where: { $0 == fields[2] })
        else { return nil }
        let time = fields[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3 else { return nil }
        return date(year, month + 1, day, time[0], time[1], Double(time[2]))
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func date(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Double) -> Date? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0..<61).contains(second)
        else { return nil }
        return Date(timeIntervalSince1970: Double(days(year, month, day) * 86_400 + hour * 3600 + minute * 60) + second)
    }

    // Days since 1970 in the Gregorian calendar, and back: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let isLate = month >= 10
        return (yearOfEra + era * 400 + (isLate ? 1 : 0), isLate ? month - 9 : month + 3, dayOfYear - (153 * month + 2) / 5 + 1)
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
