import Events
package import Messaging
package import Vips

extension Failure {
    /// Whether trying again can help where libvips failed, and whether the media is to blame.
    package init(judging error: VipsError) {
        self =
            switch error.code {
            case .tooManyPixels: .permanent(MediaError(.tooManyPixels, "The image has more pixels or frames than are allowed."))
            case .corrupt: .permanent(MediaError(.corruptMedia, "The image is damaged or cut off."))
            case .unsupported: .permanent(MediaError(.unsupportedMediaType, "The image uses a feature that is not supported."))
            case .other: .transient("\(error)")
            }
    }
}
