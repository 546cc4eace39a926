import Catalog
import Events
import Launch
import Messaging
import Recovery

await launch("ingest-listener", defaultPort: 8082) { boot in
    let settings = try Settings(boot.environment)
    let catalog = Catalog(redis: boot.redis(), store: boot.store, partitions: boot.settings.partitions)
    let check = OriginalCheck(store: boot.store, allowed: settings.allowedFormats)
    let handler = IngestHandler(check: check, catalog: catalog)
    let recovery = Recovery(
        catalog: catalog, bus: boot.bus, store: boot.store, source: Group.ingestListener.rawValue, rules: settings.recoveryRules)
    let pass = SharedPass(bus: boot.bus, redis: boot.redis(), partitions: boot.settings.partitions)
    let reconciler = settings.reconcileInterval.map {
        Reconciler(recovery: recovery, pass: pass, store: boot.store, interval: $0, logger: boot.logger)
    }
    let others = try storeEventServices(boot, catalog, settings)
    return [boot.consumer(.ingestListener, [Route(handler)])] + [reconciler].compactMap(\.self) + others
}
