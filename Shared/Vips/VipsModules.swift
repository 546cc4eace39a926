internal import CVips
internal import FoundationEssentials
internal import Glibc

/// Starts libvips without the modules that it would load from its folder: ImageMagick, Poppler, OpenSlide and JPEG XL have no
/// place in a process that reads strangers' files, and cost memory. Only the one for HEIC and AVIF is loaded.
enum VipsModules {
    /// - Returns: whether libvips runs.
    static func start() -> Bool {
        guard let heif, FileManager.default.fileExists(atPath: heif) else { return mr_init() == 0 }
        // libvips looks for its modules below this folder; it is asked once.
        setenv("VIPSHOME", "/nonexistent", 1)
        defer { unsetenv("VIPSHOME") }
        return mr_init() == 0 && g_module_open(heif, G_MODULE_BIND_LAZY) != nil
    }

    /// Where the module is: beside the libvips that is loaded.
    private static var heif: String? {
        guard let library = mappedFiles().first(where: { $0.contains("/libvips.so") }), let end = library.lastIndex(of: "/")
        else { return nil }
        return "\(library[..<end])/vips-modules-\(vips_version(0)).\(vips_version(1))/vips-heif.so"
    }

    /// The files that are mapped into this process. Line by line: a single `read` of such a file answers one page.
    static func mappedFiles() -> [Substring] {
        guard let maps = fopen("/proc/self/maps", "r") else { return [] }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer {
            free(line)
            fclose(maps)
        }
        var files: [Substring] = []
        while getline(&line, &capacity, maps) > 0, let text = line.map({ String(cString: $0) }) {
            if let start = text.firstIndex(of: "/") { files.append(text[start...].dropLast()) }
        }
        return files
    }
}
