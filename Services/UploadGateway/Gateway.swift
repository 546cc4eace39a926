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
    private var rules: FileRules { FileRules(maxSize: settings.maxSize) }
    private var opener: UploadOpener { UploadOpener(bus: bus, store: store, catalog: catalog, settings: settings) }
    private var completion: UploadCompletion {
        UploadCompletion(
            finder: finder, assembly: UploadAssembly(store: store), givenUp: givenUp, bus: bus,
            stepDeadline: settings.stepDeadline)
    }
    var partials: TusPartials { TusPartials(store: store, lifetime: settings.uploadDeadline) }

    func addRoutes(to router: Router<MillraceContext>) {
        let api = router.group("/api/v2").add(middleware: ErrorsAsProblems()).add(middleware: Authenticate(keys))
        addUploads(to: api.group("/uploads"))
        addMedia(to: api.group("/media"))
        addTus(to: router)
        addCompanion(to: router)
        addFiles(to: router)
    }

    private func addTus(to router: Router<MillraceContext>) {
        let origins = TusProtocol.crossOrigin(settings.corsOrigins)
        let found = TusFinder(finder: finder, partials: partials, store: store)
        let ending = TusCompletion(store: store, completion: completion, partials: partials)
        let receiver = TusReceiver(store: store, completion: ending)
        let routes = TusRoutes(finder: found, receiver: receiver, bus: bus, store: store, maxSize: settings.maxSize)
        let creation = TusCreation(
            rules: rules, opener: opener, partials: partials,
            concatenation: TusConcatenation(finder: found, opener: opener, store: store, completion: ending),
            receiver: receiver, publicURL: publicURL)
        let tus = router.group("/api/v2/tus").add(middleware: CrossOriginHeaders(rules: origins)).add(middleware: TusHeaders())
            .add(middleware: ErrorsAsProblems())
        for path: RouterPath in ["", "/:mediaId"] {
            tus.on(path, method: .options) { request, _ in routes.options(request, origins) }
        }
        let keyed = tus.group().add(middleware: Authenticate(keys))
        keyed.post("", use: creation.handle)
        keyed.head("/:mediaId", use: routes.head)
        keyed.patch("/:mediaId", use: routes.patch)
        keyed.delete("/:mediaId", use: routes.terminate)
    }

    private func addUploads(to uploads: RouterGroup<MillraceContext>) {
        let presign = PresignRoute(
            rules: rules, opener: opener, urls: urls,
            idempotency: Idempotency(bus: bus, redis: redis, partitions: partitions, urlLifetime: settings.urlLifetime))
        let complete = CompleteRoute(completion: completion, publicURL: publicURL)
        let parts = PartsRoute(finder: finder, store: store, urls: urls, lifetime: settings.urlLifetime)
        let abort = AbortRoute(finder: finder, bus: bus, store: store)
        uploads.post("/presign", use: presign.handle)
        uploads.post("/:mediaId/complete", use: complete.handle)
        uploads.get("/:mediaId/parts", use: parts.handle)
        uploads.delete("/:mediaId", use: abort.handle)
    }

    private func addMedia(to media: RouterGroup<MillraceContext>) {
        let storage = OriginalStorage(catalog: catalog, store: store)
        let restore = RestoreRoute(storage: storage, restorations: Restorations(store: store))
        media.get("/:mediaId/status", use: StatusRoute(catalog: catalog, storage: storage, publicURL: publicURL).handle)
        media.post("/:mediaId/restore", use: restore.handle)
        media.get("/:mediaId", use: MediaRoute(finder: finder, catalog: catalog, storage: storage, publicURL: publicURL).handle)
        media.get("", use: ListRoute(catalog: catalog).handle)
    }

    private func addCompanion(to router: Router<MillraceContext>) {
        let origins = CompanionRoutes.crossOrigin(settings.corsOrigins)
        let s3 = router.group("/api/v2/uppy/s3").add(middleware: CrossOriginHeaders(rules: origins))
            .add(middleware: ErrorsAsProblems())
        for path in CompanionRoutes.paths { s3.on(path, method: .options) { request, _ in origins.preflight(request) } }
        let routes = CompanionRoutes(
            rules: rules, opener: opener, urls: urls, uploads: CompanionUploads(finder: finder), completion: completion, bus: bus,
            store: store, lifetime: settings.urlLifetime)
        routes.add(to: s3.group().add(middleware: Authenticate(keys)))
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
        if let fileStore {
            files.put("/**", use: ReceiveRoute(store: fileStore, givenUp: givenUp, completion: completion).handle)
        }
    }
}
