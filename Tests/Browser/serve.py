"""Serves a folder and a page on loopback, and keeps what the page reports.

usage: serve.py FOLDER PAGE REPORT: the port is written to REPORT.port, the body of a POST to /report to REPORT.
"""
import http.server
import os
import sys

folder, page, report = (os.path.abspath(path) for path in sys.argv[1:4])


def write(path, body):
    """All of it at once, for whoever waits for the file."""
    with open(path + ".new", "wb") as file:
        file.write(body)
    os.rename(path + ".new", path)


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extensions_map = {
        ".m3u8": "application/vnd.apple.mpegurl", ".m4s": "video/iso.segment", ".mp4": "video/mp4",
        ".mpd": "application/dash+xml", ".html": "text/html", "": "application/octet-stream",
    }

    def __init__(self, *arguments):
        super().__init__(*arguments, directory=folder)

    def do_GET(self):
        if self.path.split("?")[0] == "/":
            with open(page, "rb") as file:
                body = file.read()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        else:
            super().do_GET()

    def do_POST(self):
        write(report, self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
write(report + ".port", str(server.server_address[1]).encode())
server.serve_forever()
