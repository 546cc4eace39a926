import FoundationEssentials
import Glibc

/// What the store needs of `stat`.
struct FileStatus: Sendable {
    let size: Int64
    let isFile: Bool
    let isFolder: Bool
    let seconds: Int
    let nanoseconds: Int
    /// When bytes, name or attributes changed: nobody can set it.
    let changedAt: Date
    /// Which file it is, whatever its name.
    let identity: Identity

    struct Identity: Sendable, Hashable {
        let device: UInt64
        let number: UInt64
    }

    init(_ status: stat) {
        size = Int64(status.st_size)
        isFile = status.st_mode & S_IFMT == S_IFREG
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
        changedAt = Date(timeIntervalSince1970: Double(status.st_ctim.tv_sec) + Double(status.st_ctim.tv_nsec) / 1e9)
        identity = Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }

    var modifiedAt: Date { Date(timeIntervalSince1970: Double(seconds) + Double(nanoseconds) / 1e9) }
}
