/// Names of languages as playlists have them. Source: RFC 5646 (BCP 47).
package enum LanguageTag {
    /// The tag of what a file calls a stream's language: `en` for `eng`, `de` for `ger` and `deu`, `pt-BR` for `PT_br`.
    ///
    /// Source: RFC 5646, 2.2.1: where a language has a code of two letters, that one is its name.
    /// - Returns: nil for what is no tag, for `und`, and for names such as `english`.
    package static func of(_ name: String) -> String? {
        let parts = name.split(whereSeparator: { "-_".contains($0) }).map { $0.lowercased() }
        guard let language = parts.first, language != "und", name.utf8.count <= maxLength else { return nil }
        let tag = ([short[language] ?? language] + parts.dropFirst().enumerated().map(written)).joined(separator: "-")
        return isWellFormed(tag) ? tag : nil
    }

    /// Whether it is a tag, with the shortest code of its language. Of what is registered only the languages are known.
    ///
    /// Source: RFC 5646, 2.1; without private, grandfathered and extended tags.
    package static func isWellFormed(_ tag: String) -> Bool {
        let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
        guard let language = parts.first, isLetters(language, 2...3), short[language.lowercased()] == nil else { return false }
        var places = subtags[...]
        return parts.dropFirst().allSatisfy { part in
            // Each kind has its place; only variants may be more than one.
            while let kind = places.first, !kind.isRight(part) { places.removeFirst() }
            guard let kind = places.first else { return false }
            if !kind.isRepeated { places.removeFirst() }
            return true
        }
    }

    /// Longer ones are nobody's.
    private static let maxLength = 35

    private static let subtags: [(isRepeated: Bool, isRight: @Sendable (Substring) -> Bool)] = [
        (false, { isLetters($0, 4...4) }), (false, { isLetters($0, 2...2) || $0.utf8.count == 3 && isDigits($0) }),
        (true, { isVariant($0) }),
    ]

    private static func isVariant(_ part: Substring) -> Bool {
        let isLong = (5...8).contains(part.utf8.count) || part.utf8.count == 4 && isDigits(part.prefix(1))
        return isLong && part.utf8.allSatisfy { isLetter($0) || isDigit($0) }
    }

    private static func isLetters(_ part: Substring, _ count: ClosedRange<Int>) -> Bool {
        count.contains(part.utf8.count) && part.utf8.allSatisfy(isLetter)
    }

    private static func isDigits(_ part: Substring) -> Bool { part.utf8.allSatisfy(isDigit) }
    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 32) }
    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    /// Scripts as `Hans`, regions as `BR`. Source: RFC 5646, 2.1.1.
    private static func written(_ place: Int, _ part: String) -> String {
        switch part.utf8.count {
        case 2: part.uppercased()
        case 4 where isLetters(part[...], 4...4): part.prefix(1).uppercased() + part.dropFirst()
        default: part
        }
    }

    /// Codes of three letters that have one of two. Source: ISO 639-2, terminological and bibliographic; ISO 639-1.
    private static let short = Dictionary(
        uniqueKeysWithValues: table.split(whereSeparator: \.isWhitespace).map { pair in
            (String(pair.prefix(3)), String(pair.suffix(2)))
        })

    private static let table = """
        aaraa abkab afraf akaak albsq amham araar argan armhy asmas avaav aveae aymay azeaz bakba bambm baqeu belbe
        benbn bihbh bisbi bodbo bosbs brebr bulbg burmy catca cescs chach chece chizh chucu chvcv corkw cosco crecr
        cymcy czecs danda deude divdv dutnl dzodz ellel engen epoeo estet euseu eweee faofo fasfa fijfj finfi frafr
        frefr fryfy fulff geoka gerde glagd glega glggl glvgv greel grngn gujgu hatht hauha hebhe herhz hinhi hmoho
        hrvhr hunhu hyehy iboig iceis idoio iiiii ikuiu ileie inaia indid ipkik islis itait javjv jpnja kalkl kankn
        kasks katka kaukr kazkk khmkm kikki kinrw kirky komkv konkg korko kuakj kurku laolo latla lavlv limli linln
        litlt ltzlb lublu luglg macmk mahmh malml maomi marmr mayms mkdmk mlgmg mltmt monmn mrimi msams myamy nauna
        navnv nblnr ndend ndong nepne nldnl nnonn nobnb norno nyany ocioc ojioj orior ormom ossos panpa perfa plipi
        polpl porpt pusps quequ rohrm ronro rumro runrn rusru sagsg sansa sinsi slksk slosk slvsl smese smosm snasn
        sndsd somso sotst spaes sqisq srdsc srpsr sswss sunsu swasw swesv tahty tamta tattt telte tgktg tgltl thath
        tibbo tirti tonto tsntn tsots tuktk turtr twitw uigug ukruk urdur uzbuz venve vievi volvo welcy wlnwa wolwo
        xhoxh yidyi yoryo zhaza zhozh zulzu
        """
}
