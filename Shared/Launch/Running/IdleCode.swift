import Glibc
import HTTPServer
import ServiceLifecycle

/// Lets go, when the service has started, of the pages of programs and libraries that only the start needed.
///
/// Linking and starting a hundred libraries reads all over their files and leaves what was read mapped: two thirds of the
/// resident memory of an idle service. The pages stay in the kernel's cache, shared by all processes; what is needed again is mapped
/// again when it is touched.
struct IdleCode: Service {
    let busIsFit: Once<Void>

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            try await busIsFit.value()
            // The consumers' first steps belong to the start.
            try await Task.sleep(for: .seconds(1))
            release()
        }
    }

    func release() {
        for range in cleanMappings(Lines(of: "/proc/self/smaps")) {
            _ = UnsafeMutableRawPointer(bitPattern: range.lowerBound).map { madvise($0, range.count, MADV_DONTNEED) }
        }
    }
}

/// The mappings of files that nobody can write to and that hold no page of our own (as those do in which the loader has put
/// addresses, or a debugger its breakpoints): all that is in them is in the file as well.
/// - Parameter lines: in the format of `/proc/PID/smaps`, proc(5).
func cleanMappings(_ lines: some Sequence<String>) -> [Range<UInt>] {
    var clean: [Range<UInt>] = []
    var current: Range<UInt>?
    for line in lines {
        let fields = line.split(separator: " ")
        if fields.first?.last != ":" {
            current = fileMapping(fields)
        } else if fields[0] == "Anonymous:", fields[1] == "0" {
            if let current { clean.append(current) }
        }
    }
    return clean
}

/// The addresses of a mapping's first line, for example `7f00-7f80 r-xp 0000 fe:00 42 /lib/libc.so.6`; nil where it can be written
/// to or is of no file.
private func fileMapping(_ fields: [Substring]) -> Range<UInt>? {
    guard fields.count > 5, fields[5].hasPrefix("/"), !fields[1].contains("w") else { return nil }
    let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
    return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
}

/// The lines of a file, one at a time.
private final class Lines: Sequence, IteratorProtocol {
    private let file: UnsafeMutablePointer<FILE>?
    private var line: UnsafeMutablePointer<CChar>?
    private var capacity = 0

    init(of path: String) { file = fopen(path, "r") }

    deinit {
        free(line)
        if let file { fclose(file) }
    }

    func next() -> String? {
        guard let file, getline(&line, &capacity, file) > 0 else { return nil }
        return line.map { String(cString: $0) }
    }
}
