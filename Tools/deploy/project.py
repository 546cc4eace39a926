"""What there is to check: the rendered overlays, the compose files, the Dockerfile, and what the services' sources read."""

import pathlib
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

import yaml

SERVICES = ["upload-gateway", "ingest-listener", "metadata", "variants", "transcoder", "manifest-writer", "notifier"]
# The command line waits in a workload of its own; compose.yaml has it as `millrace`.
OPERATOR = "operator"
OVERLAYS = ["dev", "production"]
OBSERVABILITY = "k8s/components/observability"
REQUIRED = {"MILLRACE_SIGNING_KEY", "MILLRACE_REDIS_URL", "MILLRACE_STORE", "MILLRACE_PUBLIC_URL"}
# The Swift package's names of variables, as they stand in its sources.
VARIABLE = re.compile(r'"((?:MILLRACE|AWS|OTEL)_[A-Z0-9_]+[A-Z0-9])"')


@dataclass
class Project:
    version: str
    dockerfile: str
    compose: dict  # compose.yaml
    layers: dict  # the overlays of compose.yaml by file name
    overlays: dict  # lists of Kubernetes objects by overlay
    reads: dict  # sets of variables by service, and of the command line's
    ports: dict  # by service
    alerts: list  # the groups of rules.yaml
    dashboard: str
    metrics: set  # every name of a metric that stands in the sources
    runbook: str
    edge: str


def load(root: pathlib.Path) -> Project:
    compose = {file.name: yaml.safe_load(file.read_text()) for file in sorted((root / "compose").glob("*.yaml"))}
    return Project(
        version=re.search(r'millraceVersion = "(.+)"', (root / "Shared/Launch/Version.swift").read_text())[1],
        dockerfile=(root / "Dockerfile").read_text(),
        compose=compose.pop("compose.yaml"),
        layers=compose,
        overlays={name: render(root, name) for name in OVERLAYS},
        reads={service: variables(root, folder(root, service)) for service in SERVICES} | {"millrace": command_line(root)},
        ports={service: port(root, service) for service in SERVICES},
        alerts=yaml.safe_load((root / OBSERVABILITY / "rules.yaml").read_text())["groups"],
        dashboard=(root / OBSERVABILITY / "dashboard.json").read_text(),
        metrics=metrics(root),
        runbook=(root / "docs/runbook.md").read_text(),
        edge=(root / "compose/edge/nginx.conf.template").read_text(),
    )


def render(root: pathlib.Path, overlay: str) -> list:
    """What `kubectl apply -k` would send, with made-up secrets."""
    with tempfile.TemporaryDirectory() as place:
        for name in ["k8s", "compose"]:
            ignored = shutil.ignore_patterns("*.env", ".env", "*.acl")
            shutil.copytree(root / name, pathlib.Path(place) / name, ignore=ignored)
        subprocess.run(["bash", f"{place}/k8s/make-secrets", overlay], check=True, capture_output=True)
        command = ["kubectl", "kustomize", f"{place}/k8s/overlays/{overlay}"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [object for object in yaml.safe_load_all(text) if object]


def setting(project: Project, overlay: str, key: str) -> str:
    """What a variable of all services is."""
    return next(each["data"][key] for each in project.overlays[overlay] if each["kind"] == "ConfigMap" and key in each["data"])


def folder(root: pathlib.Path, service: str) -> pathlib.Path:
    return root / "Services" / "".join(part.capitalize() for part in service.split("-"))


def variables(root: pathlib.Path, start: pathlib.Path) -> set:
    """Every variable that is named in a service's sources or in the rooms that they import."""
    found, seen, waiting = set(), set(), [start]
    while waiting:
        place = waiting.pop()
        if place in seen or not place.is_dir():
            continue
        seen.add(place)
        for file in place.rglob("*.swift"):
            lines = [line for line in file.read_text().splitlines() if not line.lstrip().startswith("//")]
            text = "\n".join(lines)
            found |= set(VARIABLE.findall(text))
            waiting += [root / "Shared" / name for name in re.findall(r"^(?:\w+ )?import (\w+)", text, re.MULTILINE)]
    return found


def command_line(root: pathlib.Path) -> set:
    """What the command line reads: its own, and where store and Redis are. Much of its rooms is for services only."""
    start = root / "Tools/millrace"
    own = {name for file in start.rglob("*.swift") for name in VARIABLE.findall(file.read_text())}
    return own | {name for name in variables(root, start) if re.match("AWS_|MILLRACE_(REDIS|COLD)_", name)}


def metrics(root: pathlib.Path) -> set:
    """The names that services measure under."""
    files = [file for place in ["Shared", "Services"] for file in (root / place).rglob("*.swift")]
    return {name for file in files for name in re.findall(r'"((?:millrace|process)_[a-z_]+)"', file.read_text())}


def port(root: pathlib.Path, service: str) -> int:
    return int(re.search(r"defaultPort: (\d+)", (folder(root, service) / "main.swift").read_text())[1])
