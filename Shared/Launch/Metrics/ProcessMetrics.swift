import Glibc

/// The process' own figures under the names that Prometheus dashboards expect, read from `/proc`.
func processMetricsText() -> String {
    let figures: [(name: String, type: String, value: Double?)] = [
        ("process_cpu_seconds_total", "counter", cpuSeconds()),
        ("process_open_fds", "gauge", openDescriptors()),
        ("process_resident_memory_bytes", "gauge", residentBytes()),
        ("process_start_time_seconds", "gauge", startTime),
    ]
    return figures.compactMap { figure in
        figure.value.map { prometheusHeader(figure.name, figure.type) + prometheusLine(figure.name, "", $0) }
    }.joined()
}

/// Taken when it is first read: at boot.
let startTime: Double? = {
    guard let ticks = statFields().flatMap({ Double($0[19]) }),
        let uptime = readProc("/proc/uptime")?.split(separator: " ").first.flatMap({ Double($0) })
    else { return nil }
    return Double(time(nil)) - uptime + ticks / ticksPerSecond
}()

private let ticksPerSecond = Double(sysconf(CInt(_SC_CLK_TCK)))

private func cpuSeconds() -> Double? {
    guard let fields = statFields(), let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
    return (user + system) / ticksPerSecond
}

/// The fields of proc_pid_stat(5) from the third on, which is the first behind the name's `)`.
private func statFields() -> [Substring]? {
    let fields = readProc("/proc/self/stat")?.split(separator: ")").last?.split(separator: " ")
    return fields.flatMap { $0.count > 19 ? $0 : nil }
}

private func residentBytes() -> Double? {
    // Field 2 of proc_pid_statm(5), in pages.
    readProc("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
        .map { $0 * Double(sysconf(CInt(_SC_PAGESIZE))) }
}

private func openDescriptors() -> Double? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    // Without `.`, `..` and the descriptor that reads the directory.
    return Double(count - 3)
}

private func readProc(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
}
