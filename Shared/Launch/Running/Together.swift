import ServiceLifecycle

/// Several services that start and drain at the same time; the first that fails takes the others down.
struct Together: Service {
    let services: [any Service]

    func run() async throws {
        try await withThrowingTaskGroup { group in
            for service in services { group.addTask { try await service.run() } }
            while try await group.next() != nil {}
        }
        // A service may have nothing to do but HTTP, or end early: the process still lives until it is told to stop.
        try? await gracefulShutdown()
    }
}
