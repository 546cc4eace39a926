import Testing

@testable import Notifier

@Suite struct PublicAddressTests {
    @Test(arguments: [
        // loopback, unspecified, private, link-local, carriers' NAT
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
        "192.168.0.1", "169.254.0.1", "100.64.0.1", "100.127.255.255",
        // cloud metadata
        "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254",
        // documentation, benchmarks, multicast, reserved, broadcast
        "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255", "192.88.99.1", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255",
        // IPv6: loopback, unspecified, link-local, unique local, site-local, multicast, documentation, discard
        "::1", "::", "fe80::1", "febf::1", "fc00::1", "fdff::1", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "100::1",
        // IPv4 in IPv6: mapped, compatible, NAT64 of an internal one, local NAT64, 6to4, Teredo
        "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::808:808",
        "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        // no addresses
        "", "localhost", "1.2.3", "1.2.3.4:80", "fe80::1%eth0", "2606:4700::1%eth0", "[2606:4700::1]", "010.0.0.1", "0x7f.1",
    ])
    func internalAddressesAreRefused(_ address: String) { #expect(!PublicAddress.contains(address)) }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "168.63.129.17", "2606:4700:4700::1111", "2001:200::1", "2a00:1450::1",
        "3ffe::1", "64:ff9b::8.8.8.8",
    ])
    func publicOnesAreNot(_ address: String) { #expect(PublicAddress.contains(address)) }

    @Test(arguments: ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "x/8", "10.0.0.0/8/8", "/8"])
    func whatIsNoBlockIsNone(_ text: String) { #expect(AddressBlock(text) == nil) }

    @Test func aBlockHasSharpEdges() throws {
        let block = try #require(AddressBlock("192.168.4.0/22"))
        for (last, isInside) in [(3, false), (4, true), (7, true), (8, false)] {
            #expect(block.contains([192, 168, UInt8(last), 255]) == isInside)
        }
        #expect(try #require(AddressBlock("0.0.0.0/0")).contains([1, 2, 3, 4]))
        #expect(try !#require(AddressBlock("0.0.0.0/0")).contains([UInt8](repeating: 0, count: 16)))
        #expect(try !#require(AddressBlock("1.2.3.4/32")).contains([1, 2, 3, 5]))
    }
}
