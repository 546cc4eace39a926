import Events
import ImageSteps
import Messaging
import NIOCore
import ObjectStore
import Steps
import Vips

/// Makes thumbnails and a placeholder of an image.
struct VariantsStep: StepWork {
    static let step = Step.variants
    static let group = Group.variants
    static let lament = "The variants could not be made."

    private let originals: Originals
    private let making: MakeVariants

    init(originals: Originals, settings: Settings) {
        self.originals = originals
        making = MakeVariants(
            recipe: Recipe(sizes: settings.sizes, formats: settings.formats), limits: settings.images.limits)
    }

    func run(_ incoming: Incoming<MediaIngested>) async throws -> StepOutcome {
        let event = incoming.event
        let made = try await originals.work(on: event) { try making.run($0, loader: $1) }
        let folder = "img/\(making.recipe.hash(etag: event.etag))"
        let keys = MediaKeys(projectId: event.projectId, mediaId: event.mediaId)
        let variants = try await put(made.thumbnails, into: folder, of: keys)
        return StepOutcome(.variants(VariantsResult(lqip: made.lqip, thumbnails: variants)))
    }

    private func put(
        _ thumbnails: [MakeVariants.Thumbnail], into folder: String, of keys: MediaKeys
    ) async throws -> [Variant] {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            var variants: [Variant] = []
            for thumbnail in thumbnails {
                let format = thumbnail.format
                let key = keys.derived("\(folder)/\(thumbnail.width)x\(thumbnail.height).\(format.rawValue)")
                tasks.addTask {
                    try await originals.store.put(key, ByteBuffer(bytes: thumbnail.bytes), contentType: format.contentType)
                }
                variants.append(
                    Variant(
                        key: key, width: thumbnail.width, height: thumbnail.height, format: format.rawValue,
                        bytes: thumbnail.bytes.count))
            }
            try await tasks.waitForAll()
            return variants
        }
    }
}
