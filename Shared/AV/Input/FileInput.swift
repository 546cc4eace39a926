internal import CAV
internal import Glibc

/// A local file as libavformat reads it: through a descriptor of ours, until a deadline. It has no name there, so nothing can be
/// found relative to it.
final class FileInput {
    let size: Int64
    private let descriptor: Int32
    private let deadline: ContinuousClock.Instant?
    private var position = 0
    /// Set when the system could not read, which libavformat would report as the file's end.
    private(set) var failed = false

    /// - Parameter path: `/dev/fd/7` is what is open there, and need not be allowed to be opened again.
    init(path: String, deadline: ContinuousClock.Instant?) throws(AVError) {
        descriptor = Self.open(path)
        guard descriptor >= 0 else { throw AVError(.io, "the file cannot be opened: error \(errno)") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw AVError(.io, "not a regular file")
        }
        size = Int64(status.st_size)
        self.deadline = deadline
    }

    deinit { close(descriptor) }

    private static func open(_ path: String) -> Int32 {
        guard path.hasPrefix("/dev/fd/"), let number = Int32(path.dropFirst(8)) else {
            return Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        }
        return fcntl(number, F_DUPFD_CLOEXEC, 3)
    }

    var isOverdue: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }

    func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int32) -> Int32 {
        guard !isOverdue else { return mr_av_error_exit }
        var got: Int
        repeat { got = pread(descriptor, buffer, Int(count), position) } while got < 0 && errno == EINTR
        guard got >= 0 else {
            failed = true
            return mr_av_error(EIO)
        }
        position += got
        return got == 0 ? mr_av_error_eof : Int32(got)
    }

    /// - Parameter whence: as for lseek(2), or libavformat's question for the size.
    func seek(to offset: Int64, whence: Int32) -> Int64 {
        switch whence & ~mr_av_seek_force {
        case mr_av_seek_size: return size
        case SEEK_SET: return move(to: offset)
        case SEEK_CUR: return move(to: Int64(position).addingReportingOverflow(offset).partialValue)
        case SEEK_END: return move(to: size.addingReportingOverflow(offset).partialValue)
        default: return Int64(mr_av_error(EINVAL))
        }
    }

    private func move(to offset: Int64) -> Int64 {
        guard offset >= 0 else { return Int64(mr_av_error(EINVAL)) }
        position = Int(offset)
        return offset
    }
}
