/// A piece of a table: what it says, and its colour.
struct Cell {
    let text: String
    let colour: Terminal.Colour?

    init(_ text: String, _ colour: Terminal.Colour? = nil) { (self.text, self.colour) = (text, colour) }

    /// A number; nothing is written in grey.
    init(_ number: Int, _ colour: Terminal.Colour? = nil) { self.init(String(number), number == 0 ? colour ?? .grey : colour) }
}

/// Lines in columns, each as wide as its widest cell.
struct Table {
    enum Head: ExpressibleByStringLiteral {
        case left(String)
        case right(String)

        init(stringLiteral name: String) { self = .left(name) }

        var name: String {
            switch self {
            case .left(let name), .right(let name): name
            }
        }
    }

    private let heads: [Head]
    private var rows: [[Cell]] = []

    init(_ heads: Head...) { self.heads = heads }

    mutating func add(_ row: [Cell]) { rows.append(row) }

    var text: String { ([heads.map { Cell($0.name, .grey) }] + rows).map(line).joined() }

    private func line(_ cells: [Cell]) -> String {
        let shown = zip(heads.indices, cells).map { column, cell in
            let padding = String(repeating: " ", count: max(0, width(of: column) - cell.text.count))
            let text = cell.colour.map { Terminal.paint(cell.text, $0) } ?? cell.text
            guard case .right = heads[column] else { return column == heads.count - 1 ? text : text + padding }
            return padding + text
        }
        return "  " + shown.joined(separator: "  ") + "\n"
    }

    private func width(of column: Int) -> Int { rows.map { $0[column].text.count }.reduce(heads[column].name.count, max) }
}
