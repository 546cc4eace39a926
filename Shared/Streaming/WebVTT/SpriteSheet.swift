/// Thumbnails in rows on pictures of one size, for previews while hovering over a player's time line.
package struct SpriteSheet: Sendable {
    package let columns: Int
    package let rows: Int
    /// Of one thumbnail, in pixels.
    package let width: Int
    package let height: Int
    /// Seconds from one thumbnail to the next.
    package let interval: Double

    package init(columns: Int, rows: Int, width: Int, height: Int, interval: Double) {
        (self.columns, self.rows, self.width, self.height) = (max(1, columns), max(1, rows), width, height)
        self.interval = interval
    }

    /// The cues that lead to each thumbnail, as `sprites/00001.jpg#xywh=0,0,160,90`. Source: W3C Media Fragments, 4.2.2.
    /// - Parameters:
    ///   - count: of all thumbnails.
    ///   - duration: of the media in seconds, where the last one ends.
    ///   - pictureName: of the sheets, from 1 on, relative to the WebVTT file.
    package func webVTT(count: Int, duration: Double, pictureName: (Int) -> String) -> String {
        let cues = (0..<max(0, count)).map { index in
            let (sheet, place) = (index / (columns * rows), index % (columns * rows))
            let (x, y) = (place % columns * width, place / columns * height)
            let start = Double(index) * interval
            let end = index == count - 1 ? max(duration, start + 0.001) : start + interval
            return WebVTT.Cue(start: start, end: end, payload: "\(pictureName(sheet + 1))#xywh=\(x),\(y),\(width),\(height)")
        }
        return WebVTT.text(cues)
    }
}
