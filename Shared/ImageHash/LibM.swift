#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The only place that needs the platform's C library: the functions that Swift's standard library lacks.
enum LibM {
    static func sine(_ radians: Double) -> Double { sin(radians) }
    static func cosine(_ radians: Double) -> Double { cos(radians) }
    static func cosine(_ radians: Float) -> Float { cosf(radians) }
    static func power(_ base: Float, _ exponent: Float) -> Float { powf(base, exponent) }
}
