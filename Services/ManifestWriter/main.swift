import Catalog
import Events
import Launch
import Messaging
import RedisBus

await launch("manifest-writer", defaultPort: 8086) { boot in
    let settings = try Settings(boot.environment)
    let catalog = Catalog(redis: boot.redis(), store: boot.store, partitions: boot.settings.partitions)
    let updates = MediaUpdates(
        catalog: catalog, bus: boot.bus, store: boot.store, rules: settings.rules)
    let routes = [
        Route(IngestedHandler(updates: updates)),
        Route(CompletedHandler(updates: updates)),
        Route(ProgressHandler(updates: updates)),
        Route(FailedHandler(updates: updates)),
    ]
    let sweeper = DeadlineSweeper(
        updates: updates, statistics: boot.bus.statistics, interval: settings.sweepInterval, logger: boot.logger)
    return [boot.consumer(.manifestWriter, routes), sweeper]
}
