import Streaming
import Testing

@Suite struct LanguageTagTests {
    @Test(arguments: [
        ("eng", "en"), ("ger", "de"), ("deu", "de"), ("de", "de"), ("PT_br", "pt-BR"), ("zh-hans-cn", "zh-Hans-CN"),
        ("yue", "yue"),
        ("es-419", "es-419"), ("de-1996", "de-1996"), ("und", nil), ("english", nil), ("", nil), ("e", nil), ("../x", nil),
        ("en/..", nil), ("de-", "de"), ("en-x-private", nil), ("de\"", nil), ("ünd", nil), ("en-US-Latn", nil),
    ])
    func namesOfFilesBecomeTags(_ name: String, _ tag: String?) {
        #expect(LanguageTag.of(name) == tag)
        if let tag { #expect(LanguageTag.isWellFormed(tag) && LanguageTag.of(tag) == tag) }
    }

    @Test(arguments: ["eng", "deu", "", "e", "en_US", "en-", "-en", "english", "en US", "en\"", "zh-CN-Hans"])
    func whatIsNoTag(_ text: String) { #expect(!LanguageTag.isWellFormed(text)) }

    @Test(arguments: ["und", "en", "gsw", "sr-Latn-RS", "sl-rozaj-biske", "de-CH-1901"])
    func whatIsATag(_ text: String) { #expect(LanguageTag.isWellFormed(text)) }
}
