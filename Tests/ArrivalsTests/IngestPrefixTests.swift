import Events
import Testing

@testable import Arrivals

@Suite struct IngestPrefixTests {
    @Test(arguments: [
        ("in/{project}/", "in/shop/a.jpg", "shop"), ("in/{project}/", "in/shop/a/b.jpg", "shop"),
        ("a/{project}/raw/", "a/shop/raw/x", "shop"), ("scans/=archive", "scans/x.jpg", "archive"),
        ("{project}/", "shop/x.jpg", "shop"), ("scans/2026/=archive", "scans/2026/x/y", "archive"),
    ]) func theProjectIsFound(_ pattern: String, _ key: String, _ project: String) throws {
        #expect(try #require(IngestPrefix(pattern)).project(of: key)?.rawValue == project)
    }

    @Test(arguments: [
        ("in/{project}/", "in/shop"), ("in/{project}/", "in/shop/"), ("in/{project}/", "in//a"), ("in/{project}/", "int/shop/a"),
        ("in/{project}/", "in/SHOP/a"), ("a/{project}/raw/", "a/shop/rare/x"), ("a/{project}/raw/", "a/shop/raw"),
        ("scans/=archive", "scans/"), ("scans/=archive", "scans/.hidden"), ("{project}/", "projects/a/b"),
        ("{project}/", "system/keys/k"), ("in/=demo", "in\u{301}/a"),
    ]) func whatLiesElsewhereHasNone(_ pattern: String, _ key: String) throws {
        #expect(try #require(IngestPrefix(pattern)).project(of: key) == nil)
    }

    @Test(arguments: [
        "", "/", "in", "in/", "{project}", "in/{project}", "in/=", "in/=No Project", "in/{project}/=demo", "projects/{project}/",
        "system/=demo", "in/{project}/{project}/", "in/../=demo", "in//=demo", "/in/=demo", "in/x{project}/", "in/{other}/=demo",
    ]) func badPatternsAreNone(_ pattern: String) { #expect(IngestPrefix(pattern) == nil) }
}
