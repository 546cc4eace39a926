package import Events
package import HTTPServer
package import Hummingbird
package import Logging
package import Messaging
package import ObjectStore
package import Redis
package import RedisBus
package import ServiceLifecycle

/// What a service is given to build itself from.
package struct Boot {
    package let settings: CommonSettings
    package let environment: Environment
    package let logger: Logger
    package let bus: RedisBus
    package let store: any ObjectStore
    /// Has `/livez`, `/readyz` and `/metrics`; served by `launch`. Add routes to it, never a second server.
    package let httpRouter: Router<MillraceContext>
    /// Conditions of the service's own for `/readyz`, beside `redis` and `store`.
    package let readiness: Readiness
    let redisClient: RedisClient
    let busIsFit: Once<Void>

    /// One connection for plain commands, shared by the whole process. Blocking commands need a sibling of it.
    package func redis() -> RedisClient { redisClient }

    /// A consumer of `group` that drains on shutdown; it starts to read once Redis has been found fit.
    /// - Parameters:
    ///   - concurrency: how many handlers run at once; else what `MILLRACE_CONCURRENCY` says.
    ///   - policy: when failures are tried again; else the standard one with `MILLRACE_MAX_ATTEMPTS`.
    package func consumer(
        _ group: Group, _ routes: [Route], concurrency: Int? = nil, policy: RetryPolicy? = nil
    ) -> any Service {
        var options = Consumer.Options()
        options.concurrency = concurrency ?? settings.concurrency
        options.policy = policy ?? RetryPolicy(maxAttempts: settings.maxAttempts)
        options.visibility = settings.visibility
        options.grace = settings.grace
        return ConsumerService(
            consumer: Consumer(bus, group: group, routes: routes, options: options, logger: logger), busIsFit: busIsFit)
    }
}
