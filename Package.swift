// swift-tools-version: 6.2
import PackageDescription

// The map: CLibraries ← wrappers ← rooms in Shared ← Services. Services never depend on services.
let package = Package(
    name: "millrace",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "upload-gateway", targets: ["UploadGateway"]),
        .executable(name: "ingest-listener", targets: ["IngestListener"]),
        .executable(name: "metadata", targets: ["Metadata"]),
        .executable(name: "variants", targets: ["Variants"]),
        .executable(name: "transcoder", targets: ["Transcoder"]),
        .executable(name: "manifest-writer", targets: ["ManifestWriter"]),
        .executable(name: "notifier", targets: ["Notifier"]),
        .executable(name: "millrace", targets: ["MillraceCLI"]),
        .executable(name: "bench", targets: ["Bench"]),
        .executable(name: "chaos", targets: ["Chaos"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
    ],
    targets: [
        // C libraries: module maps and shims, nothing else.
        .c("CHiredis", apt: "libhiredis-dev"),
        .c("COpenSSL", apt: "libssl-dev"),
        .c("CVips", apt: "libvips-dev", pkgConfig: "gobject-2.0"),
        .c("CExif", apt: "libexif-dev"),
        .c("CCurl", apt: "libcurl4-openssl-dev"),
        .c("CFiles", apt: "libc6-dev"),
        .c("CSandbox", apt: "linux-libc-dev"),
        .c("CAV", apt: "libavfilter-dev"),

        // The contract and the bus.
        .shared("Events"),
        .shared("Traces", ["Events"]),
        .shared("Messaging", ["Events", "Traces", .log, .metrics]),
        .shared("Redis", ["CHiredis", "COpenSSL", .log]),
        .shared("RedisBus", ["Messaging", "Events", "Redis", .log, .metrics]),
        .shared("Catalog", ["Events", "Messaging", "ObjectStore", "Redis", .nioCore]),
        .shared("Recovery", ["Catalog", "Events", "Messaging", "ObjectStore"]),

        // What stores tell, and what becomes of it.
        .shared("StoreEvents"),
        .shared("SNS", ["COpenSSL", "StoreEvents"]),
        .shared("Arrivals", ["Catalog", "Events", "Messaging", "ObjectStore", "Recovery", .crypto, .nioCore]),

        // Storage and access.
        .shared("AWS", ["HTTPClient", .crypto]),
        .shared("S3", ["AWS", "HTTPClient", .crypto]),
        .shared("ObjectStore", ["CFiles", "S3", .crypto, .nioCore, .nioPosix, .log]),
        .shared("Access", ["Events", "ObjectStore", .crypto, .nioCore]),

        // One boot and one HTTP dialect for every service.
        .shared(
            "Launch",
            [
                "Events", "HTTPClient", "HTTPServer", "Messaging", "ObjectStore", "Redis", "RedisBus", "Traces",
                .log, .metrics, .coreMetrics, .lifecycle, .unixSignals, .hummingbird, .httpTypes, .nioCore, .nioPosix,
            ]),
        .shared(
            "HTTPServer",
            [
                "Access", "Events", "Messaging", "Traces", .hummingbird, .hummingbirdCore, .httpTypes, .log, .metrics, .nioCore,
                .nioHTTP1,
                .lifecycle,
            ]),
        .shared("HTTPClient", ["CCurl", .log]),

        // Pictures.
        .shared("Vips", ["CVips", .nioPosix]),
        .shared("Exif", ["CExif"]),
        // Loops over pixels: a hundred times slower unoptimised, which tests would wait for.
        .shared("ImageHash", settings: [.unsafeFlags(["-O"])]),

        // Films and sounds, and the processes in which strangers' files are opened.
        .shared("AV", ["CAV"]),
        .shared("Sandbox", ["CSandbox"]),
        .shared("Streaming"),

        // What the services of the plan's steps have in common.
        .shared("Steps", ["Events", "Messaging", "ObjectStore"]),
        .shared("ImageSteps", ["Events", "Launch", "Messaging", "ObjectStore", "Vips", .nioCore, .nioPosix]),
        .shared("MediaSteps", ["AV", "Events", "Launch", "Messaging", "ObjectStore", "Sandbox", .nioCore]),

        // The services.
        .service("UploadGateway", ["Access", "Catalog", "Redis", "S3", .crypto, .hummingbird, .httpTypes, .nioCore]),
        .service(
            "IngestListener",
            [
                "Arrivals", "AWS", "Catalog", "HTTPClient", "Recovery", "Redis", "S3", "SNS", "StoreEvents", .crypto,
                .hummingbird, .httpTypes, .nioCore,
            ]),
        .service(
            "Metadata",
            ["Steps", "ImageSteps", "MediaSteps", "AV", "Sandbox", "Vips", "Exif", "ImageHash", .log, .nioPosix]),
        .service("Variants", ["Steps", "ImageSteps", "Vips", .crypto, .hummingbird, .httpTypes, .nioCore, .nioPosix]),
        .service("Transcoder", ["AV", "MediaSteps", "Sandbox", "Steps", "Streaming", .crypto, .log, .nioCore]),
        .service("ManifestWriter", ["Catalog", "RedisBus", .nioCore]),
        .service("Notifier", ["Access", "HTTPClient", "Redis", "RedisBus", .crypto, .hummingbird, .httpTypes, .nioCore]),

        // What people type.
        .tool(
            "MillraceCLI", path: "Tools/millrace",
            [
                "Access", "Arrivals", "AWS", "Catalog", "Events", "HTTPClient", "Launch", "Messaging", "ObjectStore", "Recovery",
                "Redis", "RedisBus", "S3", "Streaming", .log, .argumentParser,
            ]),
        .tool(
            "Chaos", path: "Tools/chaos", ["Events", "Messaging", "Redis", "RedisBus", "TestSupport", .log, .argumentParser]),
        .tool(
            "Bench", path: "Tools/bench",
            ["Events", "HTTPClient", "Messaging", "Redis", "RedisBus", "Vips", .log, .argumentParser, .nioCore, .nioPosix],
            exclude: ["peers", "video"]),

        // Tests.
        .shared("TestSupport", ["Events", "Messaging", "ObjectStore", "Redis", "S3", .log, .nioCore]),
        .tests("Events", exclude: ["Fixtures"]),
        .tests("Messaging", ["Events", "Traces", .log]),
        .tests("Redis"),
        .tests("Traces", ["Events"]),
        .tests("RedisBus", ["Events", "Messaging", "Redis", .log]),
        .tests("Catalog", ["Events", "Messaging", "ObjectStore", "Redis", "RedisBus", .nioCore, .log]),
        .tests("Recovery", ["Catalog", "Events", "Messaging", "ObjectStore", "Redis", "RedisBus", .nioCore, .log]),
        .tests("AWS", ["HTTPClient"], exclude: ["Fixtures"]),
        .tests("S3", ["AWS", "HTTPClient"]),
        .tests("ObjectStore", ["HTTPClient", "S3", .nioCore]),
        .tests("StoreEvents", exclude: ["Fixtures"]),
        .tests("SNS", ["StoreEvents"]),
        .tests(
            "Arrivals",
            ["Catalog", "Events", "Messaging", "ObjectStore", "Recovery", "Redis", "RedisBus", .nioCore, .log]),
        .tests("Access", ["Events", "ObjectStore", .nioCore]),
        .tests(
            "Launch",
            [
                "Events", "HTTPClient", "HTTPServer", "Messaging", "ObjectStore", "Redis", "RedisBus", "Traces", .coreMetrics,
                .httpTypes, .hummingbird, .lifecycle, .log, .metrics, .nioCore, .unixSignals,
            ]),
        .tests(
            "HTTPServer",
            [
                "Access", "Events", "Messaging", "ObjectStore", .hummingbird, .httpTypes, .log, .lifecycle, .nioCore, .nioPosix,
            ]),
        .tests("HTTPClient"),
        .tests("Vips"),
        .tests("Exif"),
        .tests("ImageHash", ["Vips"]),
        .tests("AV", ["CAV"]),
        .executableTarget(
            name: "SandboxVictim", dependencies: ["Sandbox"], path: "Tests/SandboxVictim", swiftSettings: .strict),
        .tests("Sandbox", ["SandboxVictim"]),
        .tests("Streaming"),
        .tests("Steps", ["Events", "Messaging", "ObjectStore"]),
        .tests("ImageSteps", ["Events", "Launch", "Messaging", "ObjectStore", "Vips", .nioCore, .nioPosix]),
        .tests("MediaSteps", ["AV", "Events", "Launch", "Messaging", "ObjectStore", "Sandbox", .nioCore]),
        .tests(
            "UploadGateway",
            [
                "Events", "Messaging", "Access", "Catalog", "ObjectStore", "HTTPClient", "HTTPServer", "Redis", "RedisBus",
                "Launch", "S3", .crypto, .lifecycle, .log, .nioCore,
            ]),
        .tests(
            "IngestListener",
            [
                "Arrivals", "Events", "Messaging", "Catalog", "HTTPClient", "HTTPServer", "ObjectStore", "Recovery", "Redis",
                "RedisBus", "SNS", "StoreEvents", "Launch", .hummingbird, .lifecycle, .nioCore, .log,
            ]),
        .tests(
            "Metadata",
            [
                "Events", "Messaging", "ObjectStore", "Launch", "Steps", "ImageSteps", "MediaSteps", "AV", "Sandbox", "Vips",
                "Exif", "ImageHash", .nioCore, .nioPosix,
            ]),
        .tests(
            "Variants",
            [
                "Events", "Messaging", "ObjectStore", "Steps", "ImageSteps", "Vips", "HTTPClient", "HTTPServer", "Launch", .log,
                .nioCore, .nioPosix,
            ]),
        .tests(
            "Transcoder",
            ["AV", "Events", "Launch", "MediaSteps", "Messaging", "ObjectStore", "Sandbox", "Steps", "Streaming", .nioCore]),
        .tests(
            "ManifestWriter",
            [
                "Events", "Messaging", "Catalog", "ObjectStore", "Redis",
                "RedisBus", "Launch", .lifecycle, .log, .nioCore,
            ]),
        .tests(
            "Notifier",
            [
                "Events", "Messaging", "Access", "ObjectStore", "HTTPClient", "HTTPServer", "Launch", "Redis", "RedisBus",
                .crypto, .httpTypes, .hummingbird, .lifecycle, .log, .nioCore,
            ]),
        .tests(
            "MillraceCLI",
            [
                "Events", "HTTPServer", "Messaging", "RedisBus", "Streaming", .argumentParser, .httpTypes, .hummingbird,
                .lifecycle, .log,
                .nioCore,
            ]),
        .tests("Chaos", ["Events", "Redis"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "TestSupport", "HTTPClient", "ObjectStore", "S3", "Vips", "Events", .crypto, .httpTypes, .hummingbird, .nioCore,
                "UploadGateway", "IngestListener", "Metadata", "Variants", "Transcoder", "ManifestWriter", "Notifier",
                "MillraceCLI",
                "Chaos", "Streaming",
            ],
            path: "Tests/EndToEndTests", swiftSettings: .strict),
    ],
    swiftLanguageModes: [.v6]
)

/// Every upcoming feature that makes an import or an existential visible where it is used.
/// In CI (`MILLRACE_STRICT=1`) warnings are errors.
extension [SwiftSetting] {
    static let strict: [SwiftSetting] =
        [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
        ] + (Context.environment["MILLRACE_STRICT"] == "1" ? [.treatAllWarnings(as: .error)] : [])
}

extension Target {
    /// A C library from Debian: `module.modulemap` and `shim.h` in `Shared/CLibraries/<name>`.
    static func c(_ name: String, apt: String, pkgConfig: String? = nil) -> Target {
        .systemLibrary(name: name, path: "Shared/CLibraries/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
    }

    /// A room that services share.
    static func shared(
        _ name: String, _ dependencies: [Dependency] = [], resources: [Resource] = [], settings: [SwiftSetting] = []
    ) -> Target {
        .target(
            name: name, dependencies: dependencies, path: "Shared/\(name)", resources: resources,
            swiftSettings: .strict + settings)
    }

    /// A service: one executable that reads the bus, with everything that `launch` needs.
    static func service(_ name: String, _ dependencies: [Dependency] = []) -> Target {
        .executableTarget(
            name: name,
            dependencies: ["Events", "Messaging", "ObjectStore", "Launch", "HTTPServer", .log, .metrics, .lifecycle]
                + dependencies,
            path: "Services/\(name)", swiftSettings: .strict)
    }

    static func tool(_ name: String, path: String, _ dependencies: [Dependency], exclude: [String] = []) -> Target {
        .executableTarget(name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: .strict)
    }

    /// The tests of one target, with the fixtures that all tests share.
    static func tests(_ name: String, _ dependencies: [Dependency] = [], exclude: [String] = []) -> Target {
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
            path: "Tests/\(name)Tests", exclude: exclude, swiftSettings: .strict)
    }
}

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let coreMetrics = product(name: "CoreMetrics", package: "swift-metrics")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let log = product(name: "Logging", package: "swift-log")
    static let metrics = product(name: "Metrics", package: "swift-metrics")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
}
