import CAV

@testable import AV

extension InputContext {
    /// What a demuxer does that finds a name in a file.
    func opens(_ name: String) -> Bool {
        var io: UnsafeMutablePointer<AVIOContext>?
        return pointer.pointee.io_open(pointer, &io, name, AVIO_FLAG_READ, nil) >= 0 || io != nil
    }
}
