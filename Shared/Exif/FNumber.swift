#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

enum FNumber {
    /// The f-number, to one decimal, of an aperture in APEX steps.
    static func fromSteps(_ steps: Double) -> Double { (exp2(steps / 2) * 10).rounded() / 10 }
}
