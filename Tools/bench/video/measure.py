"""Measures the transcoder's worker beside the ffmpeg command, on the same ladder with the same settings of the encoders.

usage: measure.py TRANSCODER CLIP FOLDER: prints a table, as docs/benchmarks.md has it. Both run as one process with all that it starts.
"""
import base64
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

transcoder, clip, folder = sys.argv[1], os.path.abspath(sys.argv[2]), os.path.abspath(sys.argv[3])
# Height, width, bits a second at most (Apple's H.264 table, as in Services/Transcoder/Plan/Ladder.swift).
RUNGS = [(1080, 1920, 7_800_000), (720, 1280, 4_500_000), (432, 768, 1_100_000)]
THREADS = 2
PRESET = "veryfast"


class Run:
    """A process under way, on one core alone where it is named."""

    def __init__(self, command, given=None, core=None):
        self.command, self.start = command, time.monotonic()
        pinned = command if core is None else ["taskset", "-c", str(core), *command]
        self.output = tempfile.TemporaryFile()
        self.process = subprocess.Popen(pinned, stdin=subprocess.PIPE, stdout=self.output, stderr=subprocess.DEVNULL)
        self.process.stdin.write(given or b"")
        self.process.stdin.close()

    def end(self):
        """Wall and processor seconds, the largest memory of a process in MB."""
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = status
        seconds = time.monotonic() - self.start
        self.output.seek(0)
        said = self.output.read()
        # All is made when the worker finds that a stream without I-frames is not what it promises.
        if status != 0 or b'"failed"' in said and b"iframe-interval" not in said:
            sys.exit(f"{self.command[0]} failed ({status}): {said[-300:]}")
        return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def emptied(name):
    path = f"{folder}/{name}"
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def millrace(has_extras, core=None):
    """The worker, given its order as the service gives it."""
    home = emptied("extras" if has_extras else "millrace")
    job = {
        "original": clip, "container": "mp4", "folder": home, "earlyFrom": 1e9, "maxOutput": 1 << 40,
        "ladder": {"sides": [rung[0] for rung in RUNGS], "encoders": ["libx264"]},
        "encoding": {
            "threads": THREADS, "preset": PRESET, "sound": {"sampleRate": 48000, "bitRate": 128000}, "maxGap": 1e9,
            "hasExtras": has_extras,
        },
        "limits": {
            "maxPixels": 40_000_000, "maxSide": 16384, "maxStreams": 64, "maxDuration": 43200, "maxFrames": 12_000_000,
            "probeBytes": 32 << 20, "probeSeconds": 10,
        },
    }
    order = {
        "job": base64.b64encode(json.dumps(job).encode()).decode(), "parent": os.getpid(),
        "files": {"directory": home, "readable": [clip], "writable": []},
        "limits": {
            "cpuSeconds": 3600, "memory": 8 << 30, "fileSize": 1 << 30, "openFiles": 64, "wallSeconds": 3600,
            "messageBytes": 256 << 20, "hasGraphics": False,
        },
    }
    return Run([transcoder, "--worker", "transcode"], json.dumps(order).encode(), core)


def ffmpeg(core=None):
    home = emptied("ffmpeg")
    scales = ";".join(f"[s{i}]scale={width}:{height}:flags=bicubic[v{i}]" for i, (height, width, _) in enumerate(RUNGS))
    splits = "".join(f"[s{i}]" for i in range(len(RUNGS)))
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-filter_complex_threads", "1", "-threads", str(THREADS), "-i", clip]
    command += ["-filter_complex", f"[0:v]split={len(RUNGS)}{splits};{scales}"]
    for i, (_, _, bits) in enumerate(RUNGS):
        command += ["-map", f"[v{i}]", f"-maxrate:v:{i}", str(bits), f"-bufsize:v:{i}", str(bits * 3 // 2)]
    command += ["-map", "0:a", "-c:v", "libx264", "-preset", PRESET, "-crf", "23", "-profile:v", "high", "-pix_fmt", "yuv420p"]
    command += ["-g", "60", "-forced-idr", "1", "-force_key_frames", "expr:gte(t,n_forced*2)", "-a53cc", "0"]
    command += ["-x264-params", "scenecut=0:open-gop=0:stitchable=1"]
    command += ["-threads", str(max(2, THREADS // len(RUNGS)))]
    command += ["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000", "-f", "hls", "-hls_time", "6"]
    command += ["-hls_playlist_type", "vod", "-hls_segment_type", "fmp4", "-hls_segment_filename", f"{home}/%v-%05d.m4s"]
    streams = " ".join(f"v:{i},agroup:a" for i in range(len(RUNGS))) + " a:0,agroup:a"
    command += ["-var_stream_map", streams, "-master_pl_name", "master.m3u8", f"{home}/%v.m3u8"]
    return Run(command, core=core)


def whole(parts, name):
    path = f"{folder}/{name}.mp4"
    with open(path, "wb") as target:
        for part in parts:
            with open(part, "rb") as source:
                shutil.copyfileobj(source, target)
    return path


def quality(path, height, width):
    """Bits a second, and the structural similarity to the source at that size."""
    said = subprocess.run(
        ["ffmpeg", "-nostdin", "-i", path, "-i", clip, "-filter_complex",
         f"[1:v]scale={width}:{height}:flags=bicubic[r];[0:v]settb=AVTB,setpts=N/30/TB[d];[r]settb=AVTB,setpts=N/30/TB[s];[d][s]ssim",
         "-an", "-f", "null", "-"], stderr=subprocess.PIPE, check=True).stderr.decode()
    seconds = float(subprocess.check_output(
        ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", clip]))
    return os.path.getsize(path) * 8 / seconds, float(re.search(r"All:([0-9.]+)", said)[1])


rounds = int(os.environ.get("ROUNDS", "3"))
results = {"ffmpeg": [], "millrace": [], "extras": []}
for number in range(rounds):
    print(f"Round {number + 1} of {rounds} …", file=sys.stderr)
    results["ffmpeg"].append(ffmpeg().end())
    results["millrace"].append(millrace(False).end())
    results["extras"].append(millrace(True).end())


def shares(has_extras):
    """Our processor time divided by ffmpeg's, both at the same time on a core each, and again with the cores exchanged: whatever
    slows the machine down slows both."""
    for ours in (0, 1):
        runs = millrace(has_extras, ours), ffmpeg(1 - ours)
        mine, base = (run.end()[1] for run in runs)
        yield mine / base


print("At the same time, a core each …", file=sys.stderr)
beside = {"ffmpeg": [1.0], "millrace": list(shares(False)), "extras": list(shares(True))}


def median(values):
    return sorted(values)[len(values) // 2]


names = {
    "ffmpeg": "`ffmpeg`, the same ladder", "millrace": "**Millrace**, the same ladder",
    "extras": "**Millrace**, with poster, thumbnails, previews, I-frames",
}
print("| one 1080p30 clip to 1080, 720, 432 lines and sound | wall s | CPU s | of ffmpeg's CPU | peak memory MB |")
print("|---|--:|--:|--:|--:|")
for side, rows in results.items():
    ratio = sum(beside[side]) / len(beside[side])
    wall, cpu, memory = (median([row[i] for row in rows]) for i in range(3))
    print(f"| {names[side]} | {wall:.1f} | {cpu:.1f} | {ratio:.2f} | {memory:.0f} |")
print()
print("| rung | Millrace kbit/s | SSIM | ffmpeg kbit/s | SSIM |")
print("|---|--:|--:|--:|--:|")
for index, (height, width, _) in enumerate(RUNGS):
    home = f"{folder}/extras/v{height}"
    ours = quality(whole([f"{home}/init.mp4"] + sorted(glob.glob(f"{home}/0*.m4s")), f"ours-{height}"), height, width)
    inits = sorted(glob.glob(f"{folder}/ffmpeg/init*{index}.mp4"))
    theirs = quality(whole(inits[:1] + sorted(glob.glob(f"{folder}/ffmpeg/{index}-*.m4s")), f"theirs-{height}"), height, width)
    print(f"| {width}×{height} | {ours[0] / 1000:.0f} | {ours[1]:.4f} | {theirs[0] / 1000:.0f} | {theirs[1]:.4f} |")
