internal import Glibc

/// What the library of NVIDIA's graphics cards needs of a system to encode with one.
enum Graphics {
    /// Its own parts, and where it reads what card and driver there are.
    static let readable = [
        "/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/proc", "/sys/devices", "/sys/bus/pci", "/sys/module",
    ]

    static var devices: [String] {
        let folder = opendir("/dev")
        guard let folder else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.hasPrefix("nvidia") { names.append("/dev/\(name)") }
        }
        return names
    }
}
