import HTTPClient
import Synchronization
import TestSupport
import Testing

@Suite struct AddressTests {
    private func client(_ allow: @escaping @Sendable (String) -> Bool) -> HTTPClient {
        var options = HTTPClientOptions()
        options.allowAddress = allow
        return HTTPClient(options)
    }

    private func server() throws -> RawServer {
        try RawServer { connection in while connection.readHead() != nil { connection.answer() } }
    }

    @Test(arguments: ["127.0.0.1", "localhost", "2130706433", "0x7f.1"])
    func aRefusedAddressIsNeverConnectedTo(host: String) async throws {
        let server = try server()
        let client = client { ip in ip != "127.0.0.1" && ip != "::1" }
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(.init("GET", "http://\(host):\(server.port)/"))
        }
        #expect(error?.code == .addressRefused)
        #expect(["127.0.0.1", "::1"].contains { error?.description == "the address \($0) is not allowed" })
        #expect(server.connections == 0)
    }

    @Test func anAllowedAddressIsAskedFirst() async throws {
        let server = try server()
        let asked = Mutex<[String]>([])
        let client = client { ip in
            asked.withLock { $0.append(ip) }
            return true
        }
        #expect(try await client.send(.init("GET", server.url())).status == 200)
        #expect(asked.withLock { Set($0) } == ["127.0.0.1"])
    }

    @Test func aReusedConnectionIsAskedAgain() async throws {
        let server = try server()
        let isAllowed = Atomic(true)
        let client = client { _ in isAllowed.load(ordering: .sequentiallyConsistent) }
        #expect(try await client.send(.init("GET", server.url())).status == 200)
        isAllowed.store(false, ordering: .sequentiallyConsistent)
        let error = await #expect(throws: HTTPClientError.self) { try await client.send(.init("GET", server.url())) }
        #expect(error?.code == .addressRefused)
        #expect(server.connections == 1)
    }
}
