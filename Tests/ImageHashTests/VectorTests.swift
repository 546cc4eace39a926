import ImageHash
import Testing

/// What the reference programs answer for a picture: woltapp's C encoder, evanw's thumbhash.js, imagehash 4.3.2 on Pillow 13.
struct Vector: Sendable, CustomStringConvertible {
    let picture: Picture
    var x = 4
    var y = 3
    let blur: String
    /// Nil where the picture is too large, or where the answer is rounding noise.
    var thumb: String?
    let phash: String
    let dhash: String

    var description: String { "\(picture)" }

    init(_ picture: Picture, x: Int = 4, y: Int = 3, blur: String, thumb: String? = nil, phash: String, dhash: String) {
        self.picture = picture
        self.x = x
        self.y = y
        self.blur = blur
        self.thumb = thumb
        self.phash = phash
        self.dhash = dhash
    }
}

@Suite struct VectorTests {
    @Test(arguments: Vector.all) func equalsTheReference(_ vector: Vector) throws {
        let image = try #require(vector.picture.image)
        #expect(BlurHash.encode(image, x: vector.x, y: vector.y) == vector.blur)
        #expect(PerceptualHash.hashes(of: image) == (vector.phash, vector.dhash))
        if let thumb = vector.thumb { #expect(ThumbHash.encode(image).map(base64) == thumb) }
    }

    @Test func oneHashAloneIsTheSame() throws {
        let image = try #require(Picture.checker.image)
        #expect(PerceptualHash.phash(image) == "8055005500550000")
        #expect(PerceptualHash.dhash(image) == "5aa5a55aa55a5aa5")
    }

    /// The waves of one colour are rounding noise; the average behind them is not.
    @Test func thumbHashOfOneColourBeginsWithItsAverage() throws {
        let image = try #require(Picture.solid(64, 48, [0x7f, 0x3f, 0xbf]).image)
        #expect(ThumbHash.encode(image)?.prefix(3) == [0x1f, 0x75, 0x02])
    }
}

extension Vector {
    static let all: [Vector] = [
        Vector(
            .solid(32, 32, [255, 255, 255]), blur: "L9TSUA~qfQ~q~qoffQoffQfQfQfQ", phash: "8000000000000000",
            dhash: "0000000000000000"),
        Vector(
            .solid(32, 32, [255, 255, 255]), x: 1, y: 1, blur: "00TSUA", phash: "8000000000000000", dhash: "0000000000000000"),
        Vector(
            .solid(32, 32, [0x7f, 0x3f, 0xbf]), blur: "L4Emin-HfQ-H-Hj]fQj]fQfQfQfQ", phash: "8000000000000000",
            dhash: "0000000000000000"),
        Vector(
            .gradient(blue: 128, bands: 3), blur: "L#HLF[2Y$5SgmGazjtf7gJfjfQfj", thumb: "3xcKNZpwd3dweIiIiHh4h3BwB/eH",
            phash: "a01d4755c675fb22", dhash: "ffffffffffffffff"),
        Vector(
            .gradient(blue: 200, bands: 4), blur: "L#HLG%2Z$5ShmHazjtf7gJfjfQfj",
            thumb: "aGaGHIw3wpewiHd3KAyLwk8Id4eIeIiHBw==", phash: "a03d1f3f0f3faa00", dhash: "ffffffffffffffff"),
        Vector(.checker, blur: "L3Lqe9?bfQ?b_3~qfQ~qfQfQfQfQ", phash: "8055005500550000", dhash: "5aa5a55aa55a5aa5"),
        Vector(
            .noise(1, 1, bands: 3), blur: "L~77}jy?y?y?y?y?y?y?y?y?y?y?", thumb: "padIF1QI9wiIh4hwj3CI+AiIcH/494cP",
            phash: "8000000000000000", dhash: "0000000000000000"),
        Vector(
            .noise(1, 7, bands: 3), blur: "L~J+6u~q~q~q#[#[#[#[J:J:J:J:", thumb: "5AhGORAIh4h4iIhnGHCFxwg=",
            phash: "8000808080800000", dhash: "0000000000000000"),
        Vector(
            .noise(9, 1, bands: 3), blur: "L~J@{:x]Z=PA~qx]Z=PA~qx]Z=PA", thumb: "ojhGKYx4iIiIiAiHE4hQjAg=",
            phash: "de00000000000000", dhash: "2929292929292929"),
        Vector(
            .noise(2, 2, bands: 3), blur: "L~LX6uyo1Xyo~Xp[8Np[NRYgq3Yg", thumb: "Y0hGXx52CYmYaGeIiHiGCYlniAh7cAcI",
            phash: "97e95a857a85605e", dhash: "0000007efefe7e7c"),
        Vector(
            .noise(9, 8, bands: 3), blur: "LMI5Yt{i*R$:_1K$N3p9-d+[+$TB", thumb: "YAgGHoogtpx7ldaWuW46+rmlPVz/rnQ=",
            phash: "8ad6fe50b87a229a", dhash: "296e6dd2aad56b11"),
        Vector(
            .noise(32, 32, bands: 3), blur: "L7HenD.RO+,5;Af9xIIb%XOmjEbc", thumb: "HwgCDwJ+bDKBHGZfqHOY6UGHfXb2Ro8G",
            phash: "e16eb6b388f0d168", dhash: "c5658282934a9c76"),
        Vector(
            .noise(33, 31, bands: 3), blur: "L4HenDg2tK-E|6sZt*O@?kPcO+L0", thumb: "HwgCD4KglWikm2V8l4Rqx1m2aon2dY8G",
            phash: "a870d1ced644f07b", dhash: "869a92a469a1e75b"),
        Vector(
            .noise(100, 100, bands: 3), blur: "L1HetV%MBpqA_NY4tjK4*zPJXwNO", thumb: "IPgBBwBWVna/e0lyZyiKhkc1c3D2GDUP",
            phash: "91f86f6759133213", dhash: "8a029998d4ac4e52"),
        Vector(
            .noise(97, 41, bands: 4), x: 5, y: 4, blur: "V2Hxyr?:I];o%i;CRrEx==GXmnt7WVXgTJ.SX+tSo;s9",
            thumb: "IAiCAoAIicqQk8MNWQj4uN5JalVJKw0=", phash: "db1073605daead62", dhash: "10d87732a2c34548"),
        Vector(
            .noise(28, 106, bands: 3), blur: "L4HetV=$TI.A;1#,Vya69txBaIIu", phash: "a5464e4afa5d989a", dhash: "a5c51e56cdd32235"),
        Vector(
            .noise(20, 90, bands: 4), blur: "L6Ho8%yVIo^BZ;NKw4t8G9J5w6$g", thumb: "HwiCAQAIQWBag6KPgguUJnlXl5hQtpc=",
            phash: "813432b97a8f1ecd", dhash: "9b8ee44593bbebea"),
        Vector(
            .noise(301, 23, bands: 3), blur: "L4HVF?xbV[Pk~p$xWZOrm+sDRqrF", phash: "dff206a50171375c", dhash: "4e654c98ba36b274"),
        Vector(
            .pattern(75, 100), x: 9, y: 9,
            blur:
                "|WFzQHi#j]n+fRo2juoLjb9]Oon%W:jta|a|a|bG2Zwefka|jta|jta|fQ[=snSMo1a|jta|jtfQJmNvsUWpjta|a|a|a|js$5WpfQjta|jtfQjtsVN]Wpo1Wpjta|jta|OCjtsUWpjta|jtfQjtsCsnSMjtjta|jta|fQ",
            thumb: "00kGLRCUh3B4GIineGZ4iWV3oHgF", phash: "aa7d6ad5284e946a", dhash: "3f7ffffffffcc1ff"),
        Vector(.pattern(160, 107), blur: "LMGH#DHinYt5QCPNKbv*AJ7b#E$~", phash: "956b15ad4d39e215", dhash: "7e7cfdfbe7cf3efc"),
        Vector(.pattern(107, 320), blur: "LGGkzUM9iAmtL}a3kpX}Q#O:l2ii", phash: "873b67485326ad2b", dhash: "7ffdfffcf9f3e7ce"),
        Vector(
            .pattern(9, 40), blur: "LB8f=IxYWpxY1^Sfj@SNw{juazoL", thumb: "CxkGGgp3gIh4d4iHeIB3B3c=", phash: "827a981fa741bb3a",
            dhash: "69aca1ac6b5588a8"),
        Vector(
            .pattern(32, 64), blur: "LTD7see=jboL1wbGa|WpwyfQjtjt", thumb: "z1kKJBCHB4iHh4eId4d2gIYIdw==",
            phash: "a87fe461e8341575", dhash: "e22b7ebb53dfbef5"),
    ]
}
