import AV
import Events

extension MetadataResult {
    init(_ probe: MediaProbe, _ hashes: Hashes?) {
        let exif = ExifResult(probe.origin)
        self.init(streams: StreamsResult(probe), exif: exif == ExifResult() ? nil : exif)
        let index = probe.video ?? probe.streams.first { $0.kind == .cover && $0.isDecodable }?.index
        guard let picture = index.flatMap({ probe.streams[$0].picture }) else { return }
        (width, height) = (picture.displaySize.width, picture.displaySize.height)
        orientation = picture.orientation.rawValue
        colourSpace = picture.colour.primaries
        hasAlpha = picture.hasAlpha
        bitDepth = picture.bitDepth
        blurhash = hashes?.blurhash
        thumbhash = hashes?.thumbhash
        phash = hashes?.phash
        dhash = hashes?.dhash
    }
}

extension ExifResult {
    init(_ origin: Origin) {
        self.init()
        make = origin.make
        model = origin.model
        software = origin.software
        capturedAt = origin.createdAt
        gps = origin.place.map { GPS(latitude: $0.latitude, longitude: $0.longitude, altitude: $0.altitude) }
    }
}

extension StreamsResult {
    init(_ probe: MediaProbe) {
        self.init()
        duration = probe.duration.map { ($0 * 1000).rounded() / 1000 }
        bitRate = probe.bitRate
        let films = probe.streams.filter { $0.kind == .video }
        video = (films.filter { $0.index == probe.video } + films.filter { $0.index != probe.video }).compactMap {
            Video($0, $0.index == probe.video ? probe.cadence : nil)
        }
        audio = probe.streams.compactMap(Audio.init)
        subtitles = probe.streams.filter { $0.kind == .subtitle }.map {
            Subtitle(codec: $0.codec, language: $0.language, title: $0.title, isDefault: $0.isDefault, isForced: $0.isForced)
        }
    }
}

extension StreamsResult.Video {
    fileprivate init?(_ stream: MediaStream, _ cadence: MeasuredRate?) {
        guard let picture = stream.picture else { return nil }
        self.init(
            codec: stream.codec, width: picture.width, height: picture.height,
            pixelAspect: "\(picture.pixelAspect.numerator):\(picture.pixelAspect.denominator)",
            isInterlaced: picture.isInterlaced, dynamicRange: picture.colour.dynamicRange.rawValue)
        profile = stream.profile
        frameRate = (cadence?.framesPerSecond ?? picture.frameRate?.value).map { ($0 * 1000).rounded() / 1000 }
        hasVariableFrameRate = cadence?.isVariable
        bitDepth = picture.bitDepth
        pixelFormat = picture.pixelFormat
        primaries = picture.colour.primaries
        transfer = picture.colour.transfer
        matrix = picture.colour.matrix
        range = picture.colour.range
        bitRate = stream.bitRate
        language = stream.language
    }
}

extension StreamsResult.Audio {
    fileprivate init?(_ stream: MediaStream) {
        guard let sound = stream.sound else { return nil }
        self.init(
            codec: stream.codec, channels: sound.channels, layout: sound.layout, sampleRate: sound.sampleRate,
            isDefault: stream.isDefault)
        profile = stream.profile
        bitRate = stream.bitRate
        language = stream.language
        title = stream.title
    }
}
