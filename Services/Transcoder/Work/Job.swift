import AV
import Events
import Streaming

/// All that a worker is told: from an original's file to everything that is made of it.
struct Job: Sendable, Hashable, Codable {
    var original: String
    var container: Container
    /// An empty folder for what is made.
    var folder: String
    var ladder: Ladder
    var encoding: Encoding
    var limits: SourceLimits
    /// A media longer than this, in seconds, has its first rendition made alone, so that it can be played early. It is decoded twice.
    var earlyFrom: Double
    /// Bytes of all that is made.
    var maxOutput: Int

    func run(_ tell: @escaping (News) throws -> Void) throws {
        do { try work(tell) } catch let error as AVError { try tell(.failed(error.code, error.description)) }
    }

    /// Only who has tried knows whether pictures can be decoded. Where none can, the next stream of pictures is taken, and after three
    /// of them the sound alone.
    private func work(_ tell: @escaping (News) throws -> Void) throws {
        var blind: Set<Int> = []
        while true {
            do {
                return try make(try TranscodePlan(try open(), ladder: ladder, without: blind), tell)
            } catch let error as Pass.NoPicture {
                blind.insert(error.stream)
            }
        }
    }

    private func make(_ plan: TranscodePlan, _ tell: @escaping (News) throws -> Void) throws {
        let output = JobFolder(folder, limit: maxOutput)
        var edition = Edition(plan, output)
        var total: Int?
        let passes = passes(plan)
        var meter = Meter(passes.map { $0.reduce(Meter.decoding) { $0 + Double($1.pixels) } }, plan.duration)
        for (number, rungs) in passes.enumerated() {
            let pass = Pass(plan, rungs: rungs, encoding(for: container), limits, total: total, into: output)
            try pass.run(try open()) { seconds in
                if let progress = meter.progress(pass: number, seconds: seconds) { try tell(.progress(progress)) }
            }
            total = pass.total
            meter.duration = pass.total.map(plan.cadence.seconds)
            edition.add(pass, rungs)
            try tell(.stage(try edition.stage(isLast: number == passes.count - 1)))
        }
    }

    /// The original is opened anew for each pass: what an earlier one met must not matter.
    private func open() throws(AVError) -> Source { try Source(path: original, container: container, limits: limits) }

    /// Which rungs are made together. Two passes at most: a third would decode the original once more, for what can be played already.
    private func passes(_ plan: TranscodePlan) -> [[Rung]] {
        let rungs = plan.video?.rungs ?? []
        guard rungs.count > 1, plan.duration ?? .infinity > earlyFrom else { return [rungs] }
        let early = rungs.first { $0.shortSide <= 432 } ?? rungs[rungs.count - 1]
        return [[early], rungs.filter { $0 != early }]
    }

    private func encoding(for container: Container) -> Encoding {
        var encoding = encoding
        if container == .mpegts { encoding.maxGap = 10 }
        return encoding
    }
}
