import Catalog
import Events
import Launch
import Messaging
import ObjectStore
import Recovery
import ServiceLifecycle

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
    let cold = boot.store.cold.map {
        var pass = pass
        pass.key = "cold"
        return ColdWatch(store: boot.store, cold: $0, pass: pass, logger: boot.logger)
    }
    let others = try storeEventServices(boot, catalog, settings)
    let watches: [(any Service)?] = [reconciler, cold]
    return [boot.consumer(.ingestListener, [Route(handler)])] + watches.compactMap(\.self) + others
}
