internal import CAV

/// libav* as a whole.
package enum AVLibraries {
    /// For example `5.1.9-0+deb12u1`. Another release may encode the same pictures differently.
    package static var version: String { av_version_info().map { String(cString: $0) } ?? "" }
}
