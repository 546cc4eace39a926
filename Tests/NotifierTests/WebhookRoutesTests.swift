import Events
import FoundationEssentials
import HTTPClient
import TestSupport
import Testing

@testable import Notifier

@Suite(.timeLimit(.minutes(1))) struct WebhookRoutesTests {
    @Test func aWebhookFromItsBirthToItsEnd() async throws {
        let stage = try await Stage()
        let replica = try await Replica(stage)
        let url = "\(replica.url)/api/v2/webhooks"
        let json = #"{"projectId":"demo","url":"https://example.org/hook","description":"mine"}"#
        let created = try await stage.request("POST", url, json: json)
        #expect(created.status == 201)
        let webhook = try created.decode(WebhookView.self)
        #expect(webhook.eventTypes == ["media.status"])
        #expect(webhook.secret?.hasPrefix("whsec_") == true)
        #expect(webhook.url == "https://example.org/hook")

        let list = try await stage.request("GET", "\(url)?projectId=demo")
        #expect(try list.decode(WebhookList.self).items.map(\.id) == [webhook.id])
        let shown = try await stage.request("GET", "\(url)/\(webhook.id)")
        #expect(try shown.decode(WebhookView.self).description == "mine")
        for response in [list, shown] { #expect(!response.text.contains("secret") && !response.text.contains("whsec_")) }

        #expect(try await stage.request("DELETE", "\(url)/\(webhook.id)").status == 204)
        #expect(try await stage.request("DELETE", "\(url)/\(webhook.id)").status == 404)
        #expect(try await stage.request("GET", "\(url)/\(webhook.id)").status == 404)
        try await replica.stop()
    }

    @Test func outlivesRedis() async throws {
        let stage = try await Stage()
        let replica = try await Replica(stage)
        let url = "\(replica.url)/api/v2/webhooks"
        _ = try await stage.request("POST", url, json: #"{"projectId":"demo","url":"https://example.org"}"#)
        try await stage.redis.flushAll()
        let other = try await Replica(stage)
        let list = try await stage.request("GET", "\(other.url)/api/v2/webhooks?projectId=demo")
        #expect(try list.decode(WebhookList.self).items.count == 1)
        for replica in [replica, other] { try await replica.stop() }
    }

    @Test func badRequestsHaveClearAnswers() async throws {
        let stage = try await Stage()
        let replica = try await Replica(stage)
        let url = "\(replica.url)/api/v2/webhooks"
        let cases: [(json: String, status: Int, code: String)] = [
            ("not json", 400, "malformedJSON"),
            ("{}", 422, "invalidField"),
            (#"{"projectId":"demo","url":5}"#, 422, "invalidField"),
            (#"{"projectId":"demo","url":"ftp://example.org"}"#, 422, "invalidField"),
            (#"{"projectId":"demo","url":"https://a@example.org"}"#, 422, "invalidField"),
            (#"{"projectId":"demo","url":"https://example.org","eventTypes":[]}"#, 422, "invalidField"),
            (#"{"projectId":"demo","url":"https://example.org","eventTypes":["media.exploded"]}"#, 422, "invalidField"),
            (#"{"projectId":"../demo","url":"https://example.org"}"#, 422, "invalidField"),
            (#"{"projectId":"other","url":"https://example.org"}"#, 403, "forbiddenProject"),
            (
                #"{"projectId":"demo","url":"https://example.org/"# + String(repeating: "a", count: 20_000) + "\"}", 413,
                "payloadTooLarge"
            ),
        ]
        for (json, status, code) in cases {
            let response = try await stage.request("POST", url, json: json)
            #expect(response.status == status, "\(json.prefix(80))")
            #expect(response.text.contains(#""code":"\#(code)""#), "\(json.prefix(80)): \(response.text)")
        }
        #expect(try await stage.request("GET", url).status == 422)
        #expect(try await stage.request("GET", "\(url)?projectId=other").status == 403)
        for id in ["x", "wh_demo_1", "..%2f..%2fkeys", "wh_demo_0123456789abcdef01234567"] {
            #expect(try await stage.request("GET", "\(url)/\(id)").status == 404, "\(id)")
        }
        #expect(try await stage.request("GET", "\(url)/wh_other_0123456789abcdef01234567").status == 403)
        #expect(try await stage.request("GET", "\(url)?projectId=demo", token: "mr_x").status == 401)
        try await replica.stop()
    }
}
