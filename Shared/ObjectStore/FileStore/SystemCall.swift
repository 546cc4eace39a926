import Glibc

/// Makes a system call, repeats it when a signal interrupts it, and turns a failure into a typed error.
@discardableResult
func system<Number: FixedWidthInteger>(_ doing: String, _ call: () -> Number) throws(StoreError) -> Number {
    while true {
        let result = call()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw StoreError(errno: code, doing) }
    }
}

extension StoreError {
    init(errno code: Int32, _ doing: String) {
        self.init(Self.code(of: code), "cannot \(doing): \(String(cString: strerror(code)))")
    }

    /// `.invalidKey` is a file where a directory is needed, the reverse, or a link: another object is in the way.
    private static func code(of errno: Int32) -> Code {
        switch errno {
        case ENOENT: .notFound
        case EEXIST: .alreadyExists
        case ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG: .invalidKey
        case ENOSPC, EDQUOT, EFBIG: .full
        default: .unavailable
        }
    }
}
