internal import CAV

/// A chain of libavfilter's filters with one entrance and one exit, for example `scale=640:360,format=yuv420p`.
///
/// It is made for frames like the first one; whoever gets others makes another chain. It works in the caller's thread.
package final class FilterGraph {
    private let graph: UnsafeMutablePointer<AVFilterGraph>
    private let entrance: UnsafeMutablePointer<AVFilterContext>
    private let exit: UnsafeMutablePointer<AVFilterContext>

    /// - Parameters:
    ///   - frame: pictures or sound as they will be pushed.
    ///   - timeBase: the unit of their timestamps, in seconds.
    ///   - filters: in libavfilter's syntax; never made of anything that a file says in words.
    ///   - threads: for the filters that can use several.
    package init(
        like frame: borrowing Frame, timeBase: Rational, _ filters: String, threads: Int = 1
    ) throws(AVError) {
        graph = try AVError.allocated(avfilter_graph_alloc())
        graph.pointee.nb_threads = Int32(clamping: threads)
        let isPicture = frame.pointer.pointee.width > 0
        do throws(AVError) {
            entrance = try Self.entrance(of: graph, isPicture ? "buffer" : "abuffer", frame.pointer, timeBase)
            exit = try Self.filter(of: graph, isPicture ? "buffersink" : "abuffersink")
        } catch {
            // There is no deinit for what was never whole.
            var graph: UnsafeMutablePointer<AVFilterGraph>? = graph
            avfilter_graph_free(&graph)
            throw error
        }
        try AVError.check(avfilter_init_str(exit, nil), "a filter's exit")
        try Self.join(graph, entrance, exit, filters)
        try AVError.check(avfilter_graph_config(graph, nil), "the filters")
    }

    deinit {
        var graph: UnsafeMutablePointer<AVFilterGraph>? = graph
        avfilter_graph_free(&graph)
    }

    /// Gives a frame in, which stays the caller's.
    package func push(_ frame: borrowing Frame) throws(AVError) {
        let flags = Int32(AV_BUFFERSRC_FLAG_KEEP_REF)
        try AVError.check(av_buffersrc_add_frame_flags(entrance, frame.pointer, flags), "filtering")
    }

    /// Nothing more will be pushed.
    package func finish() throws(AVError) {
        try AVError.check(av_buffersrc_add_frame_flags(entrance, nil, 0), "the end of filtering")
    }

    /// The next frame that is done.
    /// - Returns: false when it takes more input, or everything is out.
    package func pull(into frame: borrowing Frame) throws(AVError) -> Bool {
        av_frame_unref(frame.pointer)
        let status = av_buffersink_get_frame(exit, frame.pointer)
        if status == mr_av_error_again || status == mr_av_error_eof { return false }
        try AVError.check(status, "filtering")
        return true
    }
}

extension FilterGraph {
    private typealias Graph = UnsafeMutablePointer<AVFilterGraph>
    private typealias Filter = UnsafeMutablePointer<AVFilterContext>

    private static func filter(of graph: Graph, _ name: String) throws(AVError) -> Filter {
        try AVError.allocated(avfilter_graph_alloc_filter(graph, avfilter_get_by_name(name), name))
    }

    private static func entrance(
        of graph: Graph, _ name: String, _ frame: UnsafeMutablePointer<AVFrame>, _ timeBase: Rational
    ) throws(AVError) -> Filter {
        let filter = try filter(of: graph, name)
        let parameters = try AVError.allocated(av_buffersrc_parameters_alloc())
        defer { av_free(parameters) }
        parameters.pointee.format = frame.pointee.format
        parameters.pointee.time_base = timeBase.av
        parameters.pointee.width = frame.pointee.width
        parameters.pointee.height = frame.pointee.height
        parameters.pointee.sample_aspect_ratio = frame.pointee.sample_aspect_ratio
        parameters.pointee.sample_rate = frame.pointee.sample_rate
        // A borrowed copy: libavfilter makes its own.
        parameters.pointee.ch_layout = frame.pointee.ch_layout
        try AVError.check(av_buffersrc_parameters_set(filter, parameters), "a filter's entrance")
        try AVError.check(avfilter_init_str(filter, nil), "a filter's entrance")
        return filter
    }

    /// Parses `filters` between the entrance and the exit.
    private static func join(_ graph: Graph, _ entrance: Filter, _ exit: Filter, _ filters: String) throws(AVError) {
        var outputs = avfilter_inout_alloc()
        var inputs = avfilter_inout_alloc()
        defer {
            avfilter_inout_free(&outputs)
            avfilter_inout_free(&inputs)
        }
        let (source, target) = (try AVError.allocated(outputs), try AVError.allocated(inputs))
        source.pointee.name = av_strdup("in")
        source.pointee.filter_ctx = entrance
        target.pointee.name = av_strdup("out")
        target.pointee.filter_ctx = exit
        try AVError.check(avfilter_graph_parse_ptr(graph, filters, &inputs, &outputs, nil), "the filters \(filters)")
    }
}
