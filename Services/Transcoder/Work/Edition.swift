import AV
import Events
import Streaming

/// What can be played by now: renditions are added, and playlists are written anew.
struct Edition {
    private let plan: TranscodePlan
    private let output: JobFolder
    private var rungs: [Rung] = []
    private var first: Pass?
    /// Each text as it was told last.
    private var told: [String: String] = [:]

    init(_ plan: TranscodePlan, _ output: JobFolder) {
        self.plan = plan
        self.output = output
    }

    mutating func add(_ pass: Pass, _ rungs: [Rung]) {
        first = first ?? pass
        self.rungs = (self.rungs + rungs).sorted { ($0.pixels, $0.maxBitRate) > ($1.pixels, $1.maxBitRate) }
    }

    /// - Throws: `AVError` (`.other`) where what was made is not what we promise.
    mutating func stage(isLast: Bool) throws -> Stage {
        let presentation = presentation
        let playlists = HLSWriter.files(of: presentation).map { Stage.Text(name: $0.path, text: $0.text) }
        let manifest = Stage.Text(name: DASHWriter.manifest, text: DASHWriter.manifest(of: presentation))
        let all = (playlists + [manifest]).sorted { !$0.isEntrance && $1.isEntrance }
        for text in all { try output.overwrite(text.name, Array(text.text.utf8)) }
        try check()
        let changed = all.filter { told[$0.name] != $0.text }
        for text in changed { told[text.name] = text.text }
        return Stage(files: output.takeFiles(), texts: changed, result: result(presentation, isComplete: isLast))
    }

    /// What breaks a rule is not told, and so not published.
    private func check() throws(AVError) {
        let findings = StreamCheck.findings(in: output.path)
        guard let first = findings.first else { return }
        throw AVError(.other, "\(findings.count) rules are broken, first \(first)")
    }

    private var presentation: Presentation {
        Presentation(
            videos: rungs.compactMap { output.renditions[$0.name] }, sounds: sounds, subtitles: subtitles,
            trickPlay: [output.renditions[Pass.trickPlay]].compactMap { $0 })
    }

    private var sounds: [Presentation.Sound] {
        let sounds = plan.sounds.filter { output.renditions[$0.name] != nil }
        let chosen = sounds.first { $0.stream.isDefault } ?? sounds.first
        return sounds.compactMap { sound in
            output.renditions[sound.name].map { rendition in
                Presentation.Sound(
                    rendition, language: sound.language ?? "und", name: sound.stream.title ?? sound.language ?? "Sound",
                    isDefault: sound == chosen)
            }
        }
    }

    /// Many muxers call every text, or the only one, the default: then it says nothing, and people choose.
    private var subtitles: [Presentation.Subtitles] {
        let isMeant = (first?.subtitles ?? []).contains { !$0.stream.isDefault || $0.stream.isForced }
        return (first?.subtitles ?? []).enumerated().compactMap { number, track in
            guard !track.cues.isEmpty else { return nil }
            let language = TranscodePlan.language(track.stream) ?? "und"
            return Presentation.Subtitles(
                folder: "s-\(language)-\(number + 1)", language: language, name: track.stream.title ?? language, cues: track.cues,
                isDefault: isMeant && track.stream.isDefault, isForced: track.stream.isForced)
        }
    }

    private func result(_ presentation: Presentation, isComplete: Bool) -> TranscodeResult {
        let stills = first?.stills
        let thumbnails = (stills?.thumbnails ?? []).map {
            Variant(key: $0.name, width: $0.width, height: $0.height, format: $0.format, bytes: $0.bytes)
        }
        return TranscodeResult(
            hls: HLSWriter.masterPlaylist, dash: DASHWriter.manifest, poster: thumbnails.isEmpty ? nil : Stills.poster,
            sprites: thumbnails.isEmpty ? nil : Stills.sprites, thumbnails: thumbnails, duration: presentation.duration,
            renditions: rungs.compactMap(rendition), sounds: sounds.map(\.language), subtitles: subtitles.map(\.language),
            isComplete: isComplete)
    }

    private func rendition(_ rung: Rung) -> TranscodeResult.Rendition? {
        output.renditions[rung.name].map {
            TranscodeResult.Rendition(width: rung.width, height: rung.height, frameRate: $0.frameRate, codec: $0.track.codecs)
        }
    }
}

extension Stage.Text {
    /// Players begin with it: everything else must be there before.
    var isEntrance: Bool { name == HLSWriter.masterPlaylist || name == DASHWriter.manifest }
}
