import Redis
import Testing

@Suite struct RedisURLTests {
    @Test func readsEveryPart() throws {
        let url = try RedisURL("redis://anna:p%40ss%3Aw%2Frd@redis.example:6380/3")
        #expect(url.host == "redis.example")
        #expect(url.port == 6380)
        #expect(url.user == "anna")
        #expect(url.password == "p@ss:w/rd")
        #expect(url.database == 3)
    }

    @Test func fillsInDefaults() throws {
        let url = try RedisURL("redis://localhost")
        #expect(url.port == 6379)
        #expect(url.database == 0)
        #expect(url.password == nil)
        #expect(try RedisURL("redis://:secret@localhost/").user == nil)
    }

    @Test func asksForTLSWithTheSecondS() throws {
        #expect(try RedisURL("redis://localhost").tls == nil)
        let url = try RedisURL("rediss://anna:secret@redis.example:6380")
        #expect(url.tls == RedisTLS())
        #expect(url.host == "redis.example" && url.user == "anna" && url.password == "secret")
        #expect(url.description == "rediss://redis.example:6380/0")
    }

    @Test func readsSeveralHosts() throws {
        let url = try RedisURL("redis://anna:secret@a:1,[::1]:2,c/0")
        #expect(url.addresses.map(\.description) == ["a:1", "[::1]:2", "c:6379"])
        #expect(url.host == "a" && url.port == 1)
        #expect(url.description == "redis://a:1,[::1]:2,c:6379/0")
    }

    @Test func readsIPv6Hosts() throws {
        let url = try RedisURL("redis://[::1]:7000/1")
        #expect(url.host == "::1")
        #expect(url.port == 7000)
        #expect(url.description == "redis://[::1]:7000/1")
    }

    @Test(arguments: [
        "", "localhost", "http://localhost", "redisss://localhost", "rediss:/localhost", "redis://", "redis://:6379",
        "redis://host:", "redis://host:0",
        "redis://host:65536", "redis://host:port", "redis://host/-1", "redis://host/x", "redis://user@host", "redis://user:@host",
        "redis://a:%zz@host", "redis://a:%4@host", "redis://[::1", "redis://[::1]x", "redis://a:%ff@host",
        "redis://a,", "redis://,a", "redis://a,,b", "redis://a:1,b:0",
    ])
    func refuses(_ text: String) {
        #expect { try RedisURL(text) } throws: { ($0 as? RedisError)?.code == .invalid }
    }

    @Test func neverShowsThePassword() throws {
        let url = try RedisURL("redis://anna:hunter2@localhost")
        var dumped = ""
        dump(url, to: &dumped)
        for text in [url.description, "\(url)", String(reflecting: url), String(describing: Optional(url)), dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect { try RedisURL("redis://anna:hunter2@localhost:x") } throws: { !"\($0)".contains("hunter2") }
    }
}
