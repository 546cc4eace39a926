import Access
import Events
import HTTPClient
import Launch
import Messaging
import Redis

await launch("notifier", defaultPort: 8087) { boot in
    let (settings, common) = (try Settings(boot.environment), boot.settings)
    let (keys, webhooks) = (KeyRing(store: boot.store), WebhookStore(boot.store))
    let feed = Feed(partitions: common.partitions, publicURL: common.publicURL, logger: boot.logger) { name in
        boot.redis().sibling("notifier-\(name)")
    }
    FeedRoutes(feed).add(to: boot.httpRouter, keys)
    WebhookRoutes(webhooks: webhooks).add(to: boot.httpRouter, keys)
    let deliver = Deliver(
        webhooks: webhooks, client: .forWebhooks(settings), publicURL: common.publicURL, timeout: settings.webhookTimeout,
        logger: boot.logger)
    return [
        feed,
        boot.consumer(.notifier, [Route(FanOut(webhooks: webhooks))], policy: .fanOut),
        boot.consumer(.notifier, [Route(deliver)], concurrency: settings.webhookConcurrency, policy: .webhooks),
    ]
}
