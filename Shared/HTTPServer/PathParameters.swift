package import Events
package import Hummingbird

extension MillraceContext {
    /// A path parameter, percent-decoded.
    /// - Throws: 404 for what cannot be a name: a broken escape, no UTF-8, or a control character.
    package func pathParameter(_ name: String) throws(Problem) -> String {
        guard let raw = parameters.get(name), let text = percentDecoded(raw[...]), isPrintable(text) else {
            throw .notFound()
        }
        return text
    }

    /// The media that `:mediaId` names. - Throws: 404 `mediaNotFound` where it is no media id.
    package func mediaId() throws(Problem) -> MediaID {
        guard let id = parameters.get("mediaId").flatMap({ MediaID($0) }) else {
            throw .notFound("There is no such media.", code: "mediaNotFound")
        }
        return id
    }
}

extension Request {
    /// The rest of the path behind `prefix`, percent-decoded once: the key of `/files/{key}`.
    /// - Throws: 404 where it is empty, not below `prefix`, or not well-formed.
    package func path(after prefix: String) throws(Problem) -> String {
        guard uri.path.hasPrefix(prefix), let text = percentDecoded(uri.path.dropFirst(prefix.count)), !text.isEmpty,
            isPrintable(text)
        else { throw .notFound() }
        return text
    }
}

private func isPrintable(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }
