import FoundationEssentials

/// A time in the one form in which we write it, `YYYY-MM-DDTHH:MM:SS.mmmZ`: a profile of RFC 3339 that the general reader and
/// writer take fifty times as long for. From the year 1600 on, where all calendars agree.
struct UTCTime {
    private static let shape = Array("0000-00-00T00:00:00.000Z".utf8)
    private let milliseconds: Int

    var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// Nil before the year 1600 or after 9999.
    init?(_ date: Date) {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        guard milliseconds >= -11_676_096_000_000, milliseconds < 253_402_300_800_000 else { return nil }
        self.milliseconds = Int(milliseconds)
    }

    /// Nil for what is written in any other way, be it a time or not.
    init?(_ text: String) {
        var text = text
        guard let milliseconds = text.withUTF8(Self.milliseconds) else { return nil }
        self.milliseconds = milliseconds
    }

    var text: String {
        let (days, rest) = milliseconds.flooredDivision(by: 86_400_000)
        let (year, month, day) = Self.civil(days)
        let seconds = rest / 1000
        let numbers = [
            (0, 4, year), (5, 2, month), (8, 2, day), (11, 2, seconds / 3600), (14, 2, seconds / 60 % 60), (17, 2, seconds % 60),
            (20, 3, rest % 1000),
        ]
        return String(unsafeUninitializedCapacity: Self.shape.count) { buffer in
            _ = buffer.initialize(fromContentsOf: Self.shape)
            for (start, width, number) in numbers {
                var number = number
                for place in (start..<start + width).reversed() {
                    buffer[place] = UInt8(ascii: "0") + UInt8(number % 10)
                    number /= 10
                }
            }
            return Self.shape.count
        }
    }

    private static func milliseconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard bytes.count == shape.count else { return nil }
        for (byte, model) in zip(bytes, shape) {
            guard model == UInt8(ascii: "0") ? (48...57).contains(byte) : byte == model else { return nil }
        }
        func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1 - 48) } }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard year >= 1600, (1...12).contains(month), day >= 1, hour < 24, minute < 60, second < 60 else { return nil }
        let days = Self.days(year, month, day)
        guard civil(days) == (year, month, day) else { return nil }
        return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + number(20..<23)
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil and civil_from_days.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shifted.flooredDivision(by: 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int {
    fileprivate func flooredDivision(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let remainder = (self % divisor + divisor) % divisor
        return ((self - remainder) / divisor, remainder)
    }
}
