import Access
import Catalog
import Launch

await launch(serviceName, defaultPort: 8081) { boot in
    let redis = boot.redis()
    let catalog = Catalog(redis: redis, store: boot.store, partitions: boot.settings.partitions)
    let gateway = Gateway(
        settings: try Settings(boot.environment), publicURL: boot.settings.publicURL, partitions: boot.settings.partitions,
        bus: boot.bus, redis: redis, store: boot.store, catalog: catalog, keys: KeyRing(store: boot.store))
    gateway.addRoutes(to: boot.httpRouter)
    let tus = TusTidier(catalog: catalog, store: boot.store, partials: gateway.partials, logger: boot.logger)
    return [StoreTidier(store: boot.store), tus]
}
