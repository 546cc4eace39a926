import Foundation

/// `tuspy`, tus's own client for Python, against a stack.
extension RunningStack {
    private static let script = """
        import sys
        from tusclient import client
        url, key, path, stop, known = sys.argv[1:6]
        tus = client.TusClient(url + '/api/v2/tus', headers={'Authorization': 'Bearer ' + key})
        metadata = {'filename': 'tus.jpg', 'filetype': 'image/jpeg'}
        uploader = tus.uploader(path, chunk_size=200_000, metadata=metadata, upload_checksum=True, url=known or None)
        uploader.upload(stop_at=int(stop) or None)
        print(uploader.url, uploader.offset)
        """

    /// Uploads a file, or goes on with it.
    /// - Parameters:
    ///   - stop: after how many bytes it goes away; 0 for never.
    ///   - known: the address of an upload that was begun.
    func tuspy(_ file: URL, stop: Int = 0, known: String = "") throws -> (url: String, offset: Int) {
        let arguments = [url, apiKey, file.path, "\(stop)", known]
        let (status, output) = try Python.run(Self.script, arguments, packages: ["tuspy==1.1.0"])
        let words = output.split(whereSeparator: \.isWhitespace)
        guard status == 0, words.count == 2, let offset = Int(words[1]) else { throw StackError(description: output) }
        return (String(words[0]), offset)
    }
}
