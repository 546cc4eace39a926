import Glibc

/// The libraries that encode and scale, as this process has loaded them. Their file names hold their versions: x264's and x265's
/// those of their builds.
enum EncoderLibraries {
    private static let names = [
        "libavcodec", "libavfilter", "libswscale", "libswresample", "libzimg", "libx264", "libx265", "libSvtAv1Enc",
    ]

    /// For example `libx264.so.164`, sorted.
    static let loaded: [String] = {
        let files = memoryMap().split(separator: "\n").compactMap { $0.split(separator: "/").last.map(String.init) }
        return Set(files).filter { file in names.contains { file.hasPrefix($0 + ".") } }.sorted()
    }()

    /// What is mapped into this process. Source: proc(5), `/proc/pid/maps`.
    private static func memoryMap() -> String {
        let file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count > 0 { bytes += buffer.prefix(count) } else if count == 0 || errno != EINTR { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
