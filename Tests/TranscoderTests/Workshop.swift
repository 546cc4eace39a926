import AV
import Events
import FoundationEssentials
import Sandbox
import Streaming
import Synchronization
import TestSupport
import Testing

@testable import Transcoder

/// Makes films, has them transcoded by the service's own worker, shut in as in earnest, and looks at what came of them.
final class Workshop {
    let directory = TemporaryDirectory()
    var limits = SourceLimits()
    var worker = WorkerLimits(cpuSeconds: 300, memory: 8 << 30, fileSize: 1 << 30, wallSeconds: 300, messageBytes: 64 << 20)
    deinit { directory.remove() }

    static let x264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"

    /// The service's executable, beside that of the tests.
    static let executable: String = {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/transcoder"
    }()

    /// - Parameter arguments: what `ffmpeg` makes it with.
    func film(_ name: String, _ arguments: String) throws -> String { try MediaFile.make(name, in: directory, arguments) }

    /// One file behind the other, as broadcasts are recorded.
    func joined(_ paths: String...) throws -> String {
        let both = "\(directory.path)/joined"
        try Data(try paths.flatMap { try Array(Data(contentsOf: URL(filePath: $0))) }).write(to: URL(filePath: both))
        return both
    }

    func job(_ path: String, _ container: Container, folder: String = "stream") throws -> Job {
        var encoding = Encoding()
        encoding.preset = "ultrafast"
        let folder = "\(directory.path)/\(folder)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return Job(
            original: path, container: container, folder: folder, ladder: Ladder(), encoding: encoding, limits: limits,
            earlyFrom: 30, maxOutput: 1 << 30)
    }

    func run(_ job: Job) async throws -> [News] {
        let news = Mutex<[News]>([])
        try await Worker("transcode", executable: Self.executable).run(
            job, files: WorkerFiles(directory: job.folder, readable: [job.original]), limits: worker
        ) { (item: News) in news.withLock { $0.append(item) } }
        return news.withLock { $0 }
    }

    /// The last stage's result; the job has checked its stream, and here it is checked again.
    func result(_ path: String, _ container: Container) async throws -> TranscodeResult {
        try await result(job(path, container))
    }

    func result(_ job: Job) async throws -> TranscodeResult {
        let last = try await run(job).last
        guard case .stage(let stage) = last else { throw AVError(.other, "no stream: \(String(describing: last))") }
        #expect(StreamCheck.findings(in: job.folder).isEmpty)
        #expect(stage.result.isComplete)
        return stage.result
    }

    func failure(_ path: String, _ container: Container) async throws -> AVError.Code? {
        try await failure(job(path, container))
    }

    func failure(_ job: Job) async throws -> AVError.Code? {
        guard case .failed(let code, _) = try await run(job).last else { return nil }
        return code
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: "\(directory.path)/stream/\(name)"), encoding: .utf8)
    }

    /// A rendition as one file.
    func whole(_ rendition: String) throws -> String {
        let folder = "\(directory.path)/stream/\(rendition)"
        let parts = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".m4s") }.sorted()
        let bytes = try (["init.mp4"] + parts).flatMap { try Array(Data(contentsOf: URL(filePath: "\(folder)/\($0)"))) }
        let path = "\(directory.path)/\(rendition).mp4"
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    /// What is shown at a time, as so many by so many colours.
    func colours(_ path: String, at seconds: Double = 0.5, columns: Int = 2, rows: Int = 2) throws -> [[Int]] {
        let filters = "scale=in_color_matrix=bt709,format=rgb24,scale=\(columns):\(rows):flags=area"
        let raw = try MediaFile.make(
            "raw.rgb", in: directory, "-ss \(seconds) -i \(path) -frames:v 1 -vf \(filters) -f rawvideo")
        let bytes = try Data(contentsOf: URL(filePath: raw)).map(Int.init)
        return stride(from: 0, to: bytes.count, by: 3).map { Array(bytes[$0..<$0 + 3]) }
    }

    /// The first plane of what is shown at a time, and its width.
    func plane(_ path: String, at seconds: Double) throws -> [Int] {
        let raw = try MediaFile.make(
            "raw.gray", in: directory, "-ss \(seconds) -i \(path) -frames:v 1 -vf format=gray -f rawvideo")
        return try Data(contentsOf: URL(filePath: raw)).map(Int.init)
    }

    /// How loud a rendition is in each second, from 0 to 1 for the first channel.
    func loudness(_ rendition: String) throws -> [Double] {
        let raw = try MediaFile.make("raw.s16", in: directory, "-i \(try whole(rendition)) -ac 1 -ar 8000 -f s16le")
        let bytes = try Array(Data(contentsOf: URL(filePath: raw)))
        let samples = stride(from: 0, to: bytes.count - 1, by: 2).map {
            Double(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)) / 32768
        }
        return stride(from: 0, to: samples.count, by: 8000).map { start in
            let second = samples[start..<min(start + 8000, samples.count)]
            return (second.reduce(0) { $0 + $1 * $1 } / Double(second.count)).squareRoot()
        }
    }

    /// Pictures of a rendition.
    func pictures(_ rendition: String) throws -> Int {
        try Rendition(measuring: rendition, in: "\(directory.path)/stream").segments.reduce(0) { $0 + $1.samples }
    }

    func sizes(_ result: TranscodeResult) -> [String] { result.renditions.map { "\($0.width)x\($0.height)" } }
}

/// How unlike two colours are, in the channel in which they differ most.
func distance(_ one: [Int], _ other: [Int]) -> Int { zip(one, other).map { abs($0 - $1) }.max() ?? 255 }
