import Testing

@testable import SNS

@Suite struct SNSAddressTests {
    private static let topic = "arn:aws:sns:us-west-2:123456789012:MyTopic"

    @Test(arguments: [
        ("https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233f.pem", "arn:aws:sns:us-west-2:1:t"),
        ("https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0.pem", "arn:aws-cn:sns:cn-north-1:1:t"),
        ("https://sns.us-gov-west-1.amazonaws.com/SimpleNotificationService-aB9.pem", "arn:aws-us-gov:sns:us-gov-west-1:1:t"),
    ]) func certificatesOfAmazon(_ url: String, _ topic: String) { #expect(SNSAddress.isCertificate(url, of: topic)) }

    @Test(arguments: [
        "", "https://", "http://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3.pem",
        "https://sns.us-west-2.amazonaws.com.evil.example/SimpleNotificationService-f3.pem",
        "https://evil.example/sns.us-west-2.amazonaws.com/SimpleNotificationService-f3.pem",
        "https://sns.us-west-2.amazonaws.com@evil.example/SimpleNotificationService-f3.pem",
        "https://evil@sns.us-west-2.amazonaws.com/SimpleNotificationService-f3.pem",
        "https://sns.us-west-2.amazonaws.com:8443/SimpleNotificationService-f3.pem",
        "https://sns.us-west-2.amazonaws.com\\.evil.example/SimpleNotificationService-f3.pem",
        "https://sns.evil.example.amazonaws.com/SimpleNotificationService-f3.pem",
        "https://sns.us-west-2.amazonaws.co/SimpleNotificationService-f3.pem",
        "https://bucket.s3.us-west-2.amazonaws.com/SimpleNotificationService-f3.pem",
        "https://sns..amazonaws.com/SimpleNotificationService-f3.pem",
        "https://sns.us-west-2.amazonaws.com./SimpleNotificationService-f3.pem",
        "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-.pem",
        "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-../x.pem",
        "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3.pem?x=.pem",
        "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3.pem#.pem",
        "https://sns.us-west-2.amazonaws.com/a/SimpleNotificationService-f3.pem",
        "https://SNS.us-west-2.amazonaws.com/SimpleNotificationService-f3.pem",
        "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3.pem\n",
        "https://sns.s3-us-west-2.amazonaws.com/SimpleNotificationService-f3.pem",
        "https://sns.s3.amazonaws.com/SimpleNotificationService-f3.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-f3.pem",
        "https://sns.us-west-2.amazonaws.com.cn/SimpleNotificationService-f3.pem",
        "https://127.0.0.1/SimpleNotificationService-f3.pem", "file:///etc/passwd",
    ]) func everythingElseIsRefused(_ url: String) { #expect(!SNSAddress.isCertificate(url, of: Self.topic)) }

    @Test func aConfirmationGoesToTheTopicsOwnRegion() {
        let topic = "arn:aws:sns:us-west-2:123456789012:My-Topic.fifo"
        #expect(
            SNSAddress.confirmation(topic: topic, token: "23ab")
                == "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=\(topic)&Token=23ab")
        #expect(
            SNSAddress.confirmation(topic: "arn:aws-cn:sns:cn-north-1:1:t", token: "a")?
                .hasPrefix("https://sns.cn-north-1.amazonaws.com.cn/") == true)
        for bad in [
            "", "arn:aws:sns:us-west-2:1", "arn:aws:s3:us-west-2:1:t", "arn:evil:sns:us-west-2:1:t", "arn:aws:sns:a.b/c:1:t",
            "arn:aws:sns:us-west-2:1:t&x=y", "arn:aws:sns:us-west-2:1:t:u", "arn:aws:sns:us-west-2#:1:t",
        ] { #expect(SNSAddress.confirmation(topic: bad, token: "a") == nil) }
        for bad in ["", "a&b", "a b", "a\n", String(repeating: "a", count: 1025)] {
            #expect(SNSAddress.confirmation(topic: topic, token: bad) == nil)
        }
    }
}
