import Glibc

/// Lists a tree in the order of its keys' bytes, reading only the directories that the answer needs, and holding at most
/// about twice `limit` names of each.
struct OrderedWalk {
    private let prefix: String
    private let startAfter: String
    private let limit: Int
    private(set) var found: [ObjectInfo] = []

    static func list(_ tree: FileTree, prefix: String, startAfter: String?, limit: Int) throws(StoreError) -> [ObjectInfo] {
        let start = ObjectKey.components(of: prefix).dropLast()
        guard limit > 0, start.isEmpty || ObjectKey.isValid(start.joined(separator: "/")) else { return [] }
        var walk = OrderedWalk(prefix: prefix, startAfter: startAfter ?? "", limit: limit)
        do {
            var folder = try tree.root()
            for name in start { folder = try folder.folder(name) }
            try walk.visit(folder, path: start.map { $0 + "/" }.joined())
        } catch  where error.code == .notFound || error.code == .invalidKey {}
        return walk.found
    }

    private init(prefix: String, startAfter: String, limit: Int) {
        self.prefix = prefix
        self.startAfter = startAfter
        self.limit = limit
    }

    private mutating func visit(_ folder: Folder, path: String) throws(StoreError) {
        var last = ""
        while found.count < limit {
            let names = try next(in: folder, path: path, after: last)
            for name in names where found.count < limit { try visit(name, in: folder, path: path) }
            guard let end = names.last, names.count >= limit else { return }
            last = end
        }
    }

    /// What was deleted since its name was read is passed over.
    private mutating func visit(_ name: String, in folder: Folder, path: String) throws(StoreError) {
        do {
            if name.utf8.last == UInt8(ascii: "/") {
                try visit(folder.folder(String(name.dropLast())), path: path + name)
            } else {
                found.append(try FileTree.open(name, in: folder, key: path + name).info)
            }
        } catch  where error.code == .notFound || error.code == .invalidKey {}
    }

    /// The first `limit` names behind `last` that may lead to an answer; directories end with a slash, which is also how
    /// they sort.
    private func next(in folder: Folder, path: String, after last: String) throws(StoreError) -> [String] {
        var names: [String] = []
        try folder.forEachName { (name, kind) throws(StoreError) in
            guard let name = try sortName(name, kind, in: folder), ObjectKey.precedes(last, name), mayMatch(path + name)
            else { return }
            names.append(name)
            if names.count >= 2 * limit { names = smallest(names) }
        }
        return smallest(names)
    }

    private func smallest(_ names: [String]) -> [String] { Array(names.sorted(by: ObjectKey.precedes).prefix(limit)) }

    private func sortName(_ name: String, _ kind: UInt8, in folder: Folder) throws(StoreError) -> String? {
        switch Int(kind) {
        case Int(DT_REG): return name
        case Int(DT_DIR): return name + "/"
        case Int(DT_UNKNOWN):
            guard let status = try? folder.status(of: name) else { return nil }
            return status.isFile ? name : status.isFolder ? name + "/" : nil
        default: return nil
        }
    }

    private func mayMatch(_ path: String) -> Bool {
        let bytes = path.utf8
        guard bytes.last == UInt8(ascii: "/") else {
            return bytes.starts(with: prefix.utf8) && ObjectKey.precedes(startAfter, path)
        }
        let mayHoldPrefix = bytes.starts(with: prefix.utf8) || prefix.utf8.starts(with: bytes)
        return mayHoldPrefix && (ObjectKey.precedes(startAfter, path) || startAfter.utf8.starts(with: bytes))
    }
}
