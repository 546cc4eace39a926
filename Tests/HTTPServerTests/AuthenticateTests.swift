import Access
import Hummingbird
import ObjectStore
import TestSupport
import Testing

@testable import HTTPServer

@Suite struct AuthenticateTests {
    @Test func onlyLivingKeysPass() async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let store = try openStore(
            "file://" + directory.path, signingKey: Array(repeating: 7, count: 32), publicURL: "http://localhost")
        let keys = KeyRing(store: store)
        let good = try await keys.create(project: "demo", name: "good")
        let revoked = try await keys.create(project: "demo", name: "old")
        _ = try await keys.revoke(id: revoked.key.id)
        try await withServer(routes: { router in
            router.group("private").add(middleware: Authenticate(keys)).get(":project") { _, context in
                "\(try context.requireProject(context.pathParameter("project"))) \(context.apiKey?.name ?? "")"
            }
        }) { port async throws in
            let open = try await ask(port, path: "/private/demo", headers: ["Authorization: bearer \(good.token)"])
            #expect(open.status == 200 && open.body == "demo good")
            let bad = [
                [], ["Authorization: "], ["Authorization: Bearer"], ["Authorization: Basic \(good.token)"],
                ["Authorization: Bearer \(good.token)x"], ["Authorization: Bearer \(revoked.token)"],
                ["Authorization: Bearer \(good.token)", "Authorization: Bearer \(good.token)"],
            ]
            for headers in bad {
                let answer = try await ask(port, path: "/private/demo", headers: headers)
                #expect(answer.status == 401 && answer["www-authenticate"] == "Bearer", "\(headers)")
                #expect(try answer.problem().code == "unauthorized")
            }
            let authorization = ["Authorization: Bearer \(good.token)"]
            let foreign = try await ask(port, path: "/private/other", headers: authorization)
            #expect(foreign.status == 403)
            #expect(try foreign.problem().code == "forbiddenProject")
            let malformed = try await ask(port, path: "/private/Not%20one", headers: authorization)
            #expect(malformed.status == 422)
            #expect(try malformed.problem().field == "projectId")
        }
    }
}
