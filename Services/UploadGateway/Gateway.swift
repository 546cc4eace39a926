import Access
import Catalog
import HTTPServer
import Hummingbird
import Messaging
import ObjectStore
import Redis

/// This service's name in events and logs.
let serviceName = "upload-gateway"

/// Which route answers what.
struct Gateway: Sendable {
    let settings: Settings
    let publicURL: String
    let partitions: Int
    let bus: any Bus
    let redis: RedisClient
    let store: any ObjectStore
    let catalog: Catalog
    let keys: KeyRing

    private var finder: MediaFinder { MediaFinder(catalog: catalog) }
    private var givenUp: GivenUpUploads { GivenUpUploads(catalog: catalog, store: store) }
    private var urls: UploadURLs { UploadURLs(store: store) }

    func addRoutes(to router: Router<MillraceContext>) {
        let api = router.group("/api/v2").add(middleware: ErrorsAsProblems()).add(middleware: Authenticate(keys))
        addUploads(to: api.group("/uploads"))
        addMedia(to: api.group("/media"))
        addFiles(to: router)
    }

    private func addUploads(to uploads: RouterGroup<MillraceContext>) {
        let presign = PresignRoute(
            rules: FileRules(maxSize: settings.maxSize),
            opener: UploadOpener(bus: bus, store: store, catalog: catalog, settings: settings), urls: urls,
            idempotency: Idempotency(bus: bus, redis: redis, partitions: partitions, urlLifetime: settings.urlLifetime))
        let complete = CompleteRoute(
            finder: finder, assembly: UploadAssembly(store: store), givenUp: givenUp, bus: bus,
            stepDeadline: settings.stepDeadline, publicURL: publicURL)
        let parts = PartsRoute(finder: finder, store: store, urls: urls, lifetime: settings.urlLifetime)
        let abort = AbortRoute(finder: finder, bus: bus, store: store)
        uploads.post("/presign", use: presign.handle)
        uploads.post("/:mediaId/complete", use: complete.handle)
        uploads.get("/:mediaId/parts", use: parts.handle)
        uploads.delete("/:mediaId", use: abort.handle)
    }

    private func addMedia(to media: RouterGroup<MillraceContext>) {
        media.get("/:mediaId/status", use: StatusRoute(catalog: catalog, publicURL: publicURL).handle)
        media.get("/:mediaId", use: MediaRoute(finder: finder, catalog: catalog, publicURL: publicURL).handle)
        media.get("", use: ListRoute(catalog: catalog).handle)
    }

    private func addFiles(to router: Router<MillraceContext>) {
        let origins = CrossOrigin(origins: settings.corsOrigins)
        let files = router.group("/files").add(middleware: CrossOriginHeaders(rules: origins)).add(middleware: ErrorsAsProblems())
        files.on("/**", method: .options) { request, _ in origins.preflight(request) }
        let fileStore = store as? FileStore
        let accel = fileStore == nil ? nil : settings.accelPrefix.map(Accel.init)
        let redirect = settings.filesRedirect ? (store as? S3Store).map(Redirect.init) : nil
        let read = ReadRoute(store: store, accel: accel, redirect: redirect)
        files.group().add(middleware: AuthenticateIfAsked(keys)).get("/**", use: read.handle)
        if let fileStore { files.put("/**", use: ReceiveRoute(store: fileStore, givenUp: givenUp).handle) }
    }
}
