/// WAV files that the `ffmpeg` command does not make. Source: Microsoft's WAVEFORMATEXTENSIBLE.
enum Wave {
    /// Two seconds of a tone in the first two channels.
    /// - Parameter mask: where the channels are: 1 front left, 2 front right, 4 front centre, 8 low frequencies, …
    static func tone(channels: Int, mask: Int) -> [UInt8] {
        let rate = 8000
        let samples = (0..<2 * rate).flatMap { index -> [UInt8] in
            let value = index / 10 % 2 == 0 ? 8000 : -8000
            return (0..<channels).flatMap { little($0 < 2 ? value : 0, 2) }
        }
        let pcm: [UInt8] = [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]
        let format =
            little(0xfffe, 2) + little(channels, 2) + little(rate, 4) + little(rate * channels * 2, 4) + little(channels * 2, 2)
            + little(16, 2) + little(22, 2) + little(16, 2) + little(mask, 4) + pcm
        let body =
            Array("WAVEfmt ".utf8) + little(format.count, 4) + format + Array("data".utf8) + little(samples.count, 4) + samples
        return Array("RIFF".utf8) + little(body.count, 4) + body
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
