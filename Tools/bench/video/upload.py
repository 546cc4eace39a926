"""Uploads a film to a running stack and prints a row: how long until something can be played, and until all is ready.

usage: upload.py URL KEY FILM LABEL
"""
import json
import os
import sys
import time
import urllib.request

url, key, film, label = sys.argv[1:5]


def ask(method, path, body=None, headers=None):
    request = urllib.request.Request(path if "://" in path else url + path, method=method, data=body)
    for name, value in (headers or {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}).items():
        request.add_header(name, value)
    with urllib.request.urlopen(request) as answer:
        return answer.read()


item = {
    "projectId": "bench", "fileName": "film.mp4", "contentType": "video/mp4", "size": os.path.getsize(film), "multipart": False,
}
presigned = json.loads(ask("POST", "/api/v2/uploads/presign", json.dumps([item]).encode()))[0]
with open(film, "rb") as file:
    ask("PUT", presigned["url"], file.read(), presigned["headers"])
media = presigned["mediaId"]
ask("POST", f"/api/v2/uploads/{media}/complete?projectId=bench", b"")
start = time.monotonic()
first = None
while True:
    status = json.loads(ask("GET", f"/api/v2/media/{media}/status?projectId=bench"))
    seconds = time.monotonic() - start
    # What can be played is told as soon as a master playlist is there.
    if first is None and ".m3u8" in json.dumps(status):
        first = seconds
    if status["status"] == "failed":
        sys.exit(f"failed: {status}")
    if status["status"] == "ready":
        break
    time.sleep(0.05)
print(f"| {label} s | {first if first is not None else seconds:.1f} s | {seconds:.1f} s |")
