import HTTPTypes
import Hummingbird

extension Router where Context == MillraceContext {
    /// Answers 405 with `Allow` for every method that a known path does not have. Call it after the last route.
    func refuseOtherMethods() {
        for (path, methods) in Dictionary(grouping: routes, by: { "\($0.path)" }) {
            var known = Set(methods.map(\.method))
            if known.contains(.get) { known.insert(.head) }
            let allowed = known.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Self.common where !known.contains(method) {
                on(RouterPath(path), method: method) { _, _ -> Response in throw Problem.methodNotAllowed(allowed) }
            }
        }
    }

    private static var common: [HTTPRequest.Method] { [.get, .head, .put, .post, .patch, .delete, .options] }
}
