import AV

/// Where a media's pictures go.
protocol PictureConsumer: AnyObject {
    /// - Parameter slots: at which pictures of the cadence it is shown; never empty, each once, in order.
    func show(_ picture: borrowing Frame, slots: Range<Int>) throws(AVError)
    /// No picture follows.
    func finish() throws(AVError)
}

/// The pictures of one stream at a constant cadence: each is shown until the next one's time has come.
final class PictureStream {
    private var decoder: Decoder
    private let cadence: Cadence
    private let tick: Double
    private let range: Range<Int>
    private let preparation: Preparation
    private let consumers: [any PictureConsumer]

    private let decoded: Frame
    private let prepared: Frame
    private let held: Frame
    /// The first slot of the picture that is held; nil while there is none.
    private var heldFrom: Int?

    private var damage = Damage()

    private var filters: FilterGraph?
    private var filtersShape: FrameShape?
    private var firstShape: FrameShape?
    /// Whether there were fields so far: from the first on all is looked at.
    private var isInterlaced: Bool
    /// The slots of pictures that the filters have not given back yet.
    private var waiting: [Range<Int>] = []

    /// - Parameter range: the slots that are wanted.
    init(
        _ decoder: consuming Decoder, tick: Double, cadence: Cadence, range: Range<Int>, preparation: Preparation,
        to consumers: [any PictureConsumer]
    ) throws(AVError) {
        self.decoder = decoder
        self.cadence = cadence
        self.tick = tick
        self.range = range
        self.preparation = preparation
        isInterlaced = preparation.picture.isInterlaced
        self.consumers = consumers
        decoded = try Frame()
        prepared = try Frame()
        held = try Frame()
    }

    /// The slot behind all that was shown.
    private(set) var end = 0

    func decode(_ packet: borrowing Packet) throws(AVError) {
        guard !damage.isTooMuch else { return }
        try damage.sparing { () throws(AVError) in
            try decoder.send(packet)
            try take()
        }
    }

    /// No packet follows.
    func drain() throws(AVError) {
        try damage.sparing { () throws(AVError) in
            try decoder.finish()
            try take()
        }
    }

    /// The last picture is shown until `total`, which may still be decided then.
    func finish(total: () -> Int) throws(AVError) {
        // What begins behind the end is not shown, unless it is all that there is.
        if let heldFrom { try show(until: max(heldFrom == 0 ? 1 : 0, total())) }
        try flush()
        for consumer in consumers { try consumer.finish() }
    }

    var hasPictures: Bool { heldFrom != nil || end > 0 }

    private func take() throws(AVError) {
        while try decoder.receive(into: decoded) == .frame {
            let slot = decoded.time.map { cadence.slot(at: Double($0) * tick) } ?? (heldFrom ?? -1) + 1
            if let heldFrom, slot > heldFrom { try show(until: slot) }
            // The first picture stands for what is before it; of several in one slot the last one is shown.
            heldFrom = heldFrom.map { max($0, slot) } ?? 0
            held.take(decoded)
        }
    }

    private func show(until slot: Int) throws(AVError) {
        guard let heldFrom else { return }
        let slots = (heldFrom..<max(heldFrom, slot)).clamped(to: range)
        end = max(end, slot)
        guard !slots.isEmpty else { return }
        try prepare(slots)
    }

    private func prepare(_ slots: Range<Int>) throws(AVError) {
        if held.shape != filtersShape || held.isInterlaced && !isInterlaced { try makeFilters() }
        guard let filters else { return try deliver(held, slots) }
        waiting.append(slots)
        held.mark = slots.lowerBound
        try filters.push(held)
        try collect(filters)
    }

    private func makeFilters() throws(AVError) {
        try flush()
        let shape = held.shape
        filtersShape = shape
        firstShape = firstShape ?? shape
        isInterlaced = isInterlaced || held.isInterlaced
        let chain = preparation.chain(for: shape, first: firstShape ?? shape, isInterlaced: isInterlaced)
        filters = try chain.map { chain throws(AVError) in
            try FilterGraph(like: held, timeBase: .one, chain, threads: preparation.threads)
        }
    }

    private func collect(_ filters: FilterGraph) throws(AVError) {
        while try filters.pull(into: prepared), !waiting.isEmpty { try deliver(prepared, waiting.removeFirst()) }
    }

    private func flush() throws(AVError) {
        guard let filters else { return }
        try filters.finish()
        try collect(filters)
        self.filters = nil
        waiting = []
    }

    private func deliver(_ picture: borrowing Frame, _ slots: Range<Int>) throws(AVError) {
        for consumer in consumers { try consumer.show(picture, slots: slots) }
    }
}
