import FoundationEssentials
import Glibc

/// What the store needs of `stat`.
struct FileStatus: Sendable {
    let size: Int64
    let isFile: Bool
    let isFolder: Bool
    let seconds: Int
    let nanoseconds: Int

    init(_ status: stat) {
        size = Int64(status.st_size)
        isFile = status.st_mode & S_IFMT == S_IFREG
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }

    var modifiedAt: Date { Date(timeIntervalSince1970: Double(seconds) + Double(nanoseconds) / 1e9) }
}
