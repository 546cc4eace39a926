import Catalog
import Events
import Launch
import Messaging

await launch("ingest-listener", defaultPort: 8082) { boot in
    let settings = try Settings(boot.environment)
    let catalog = Catalog(redis: boot.redis(), store: boot.store, partitions: boot.settings.partitions)
    let check = OriginalCheck(store: boot.store, allowed: settings.allowedFormats)
    let handler = IngestHandler(check: check, catalog: catalog)
    return [boot.consumer(.ingestListener, [Route(handler)])]
}
