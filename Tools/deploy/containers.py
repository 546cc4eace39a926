"""Rules for the Dockerfile and the compose files, and for what they must have in common with Kubernetes."""

import math
import re
from urllib.parse import urlsplit

from kubernetes import every, workloads
from project import OPERATOR, REQUIRED, SERVICES, setting

SIZES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}


def stages(project):
    return {match[1]: match[0] for match in re.finditer(r"^FROM \S+ AS (\S+)\n(?:(?!^FROM ).*\n?)*", project.dockerfile, re.M)}


def dockerfile(project):
    """One target per service, which asks itself for its health, is nobody's root and has the service's port."""
    for argument in re.findall(r"^ARG \w+_IMAGE=(.+)$", project.dockerfile, re.M):
        if ":" not in argument or argument.endswith(":latest"):
            yield f"Dockerfile: {argument} is not pinned"
    for line in re.findall(r"^FROM (\S+)", project.dockerfile, re.M):
        if not line.startswith("${") and line not in stages(project):
            yield f"Dockerfile: FROM {line} is not an argument"
    if set(re.findall(r"^ARG VERSION=(.+)$", project.dockerfile, re.M)) != {project.version}:
        yield f"Dockerfile: is not of release {project.version}"
    for service in SERVICES:
        stage = stages(project).get(service)
        if stage is None:
            yield f"Dockerfile: no target {service}"
            continue
        binary = f'"/usr/local/bin/{service}"'
        if f"ENTRYPOINT [{binary}]" not in stage or f'CMD [{binary}, "--health"]' not in stage:
            yield f"Dockerfile: {service} does not start, or does not ask, itself"
        if f"EXPOSE {project.ports[service]}\n" not in stage:
            yield f"Dockerfile: {service} has another port"
    for name, stage in stages(project).items():
        users = re.findall(r"^USER (\S+)", stage, re.M)
        if users and users[-1] != "10001:10001" or not users and name in ["base", "redis", "edge"]:
            yield f"Dockerfile: {name} ends as root"
    for service in ["upload-gateway", "ingest-listener", "manifest-writer", "notifier"]:
        if re.search(r"libav|libvips", stages(project).get(service, "")):
            yield f"Dockerfile: {service} carries what others need"


def layered(project):
    """Services by name with what overlays add to them."""
    for source in [{"compose.yaml": project.compose}, project.layers]:
        for file, content in source.items():
            for name, service in (content.get("services") or {}).items():
                yield f"{file}: {name}", name, service


def compose(project):
    """Each container is confined, bounded, pinned, started again and asked for its health."""
    if "name" in project.compose or "version" in project.compose:
        yield "compose.yaml: `name` and `version` are not understood everywhere"
    for place, name, service in layered(project):
        if "image" not in service:
            continue  # adds to another
        # Nobody else's registry is asked for a name like ours.
        expected = f"${{MILLRACE_IMAGES:-localhost/millrace}}/{name}:${{MILLRACE_VERSION:-{project.version}}}"
        ours = "build" in service
        if ours and service["image"] != expected:
            yield f"{place}: its image is not {expected}"
        if ours and service["build"].get("target") not in stages(project):
            yield f"{place}: the Dockerfile has no target {service['build'].get('target')}"
        if not ours and not re.search(r":v?\d|\$\{\w+:-[^}]+:v?\d", service["image"]):
            yield f"{place}: image {service['image']} is not pinned"
        if not service.get("read_only") or service.get("cap_drop") != ["ALL"] or "no-new-privileges:true" not in service.get("security_opt", []):
            yield f"{place}: is not confined"
        if not service.get("mem_limit") or not service.get("cpus") or not service.get("pids_limit"):
            yield f"{place}: is not bounded"
        if service.get("restart") not in ["unless-stopped", "no"]:
            yield f"{place}: is not started again"
    for name in SERVICES:
        if project.compose["services"][name].get("depends_on", {}).get("redis", {}).get("condition") != "service_healthy":
            yield f"compose.yaml: {name} does not wait for Redis"
    for place, name, service in layered(project):
        for key, value in (service.get("environment") or {}).items():
            if is_secret(key) and not from_outside(value):
                yield f"{place}: {key} is a secret and stands in the file"
            for password in re.findall(r"://[^:@/\s]*:([^@/\s]*|\$\{[^}]*\})@", str(value)):
                if not from_outside(password):
                    yield f"{place}: a password stands in the URL of {key}"


def is_secret(key):
    return re.search(r"PASSWORD|SIGNING_KEY|SECRET|TOKEN|API_KEY|ACCESS_KEY|HEADERS", key) and not key.endswith("_FILE")


def from_outside(value):
    """Nothing, or a variable without a default: what stands in the file is known to all who have it."""
    return value in [None, ""] or re.fullmatch(r"\$\{\w+(:?\?[^}]*|:?-)?\}", str(value))


def networks(project):
    """What opens strangers' files has no way out; without an overlay for S3 only edge and notifier have one."""
    if not project.compose["networks"]["inside"].get("internal"):
        yield "compose.yaml: the network `inside` has a way out"
    for name, service in project.compose["services"].items():
        if "outside" in service["networks"] and name not in ["edge", "notifier", "millrace"]:
            yield f"compose.yaml: {name} has a way out"


def edge(project):
    """Only the edge is reached from outside, what overlays add from this host alone; and it opens when those behind it are healthy."""
    for place, name, service in layered(project):
        if service.get("network_mode"):
            yield f"{place}: is in no network of ours"
        for port in service.get("ports", []):
            if name in project.compose["services"] and name != "edge":
                yield f"{place}: publishes a port"
            elif not re.match(r"(\$\{\w+:-)?127\.0\.0\.1\}?:", str(port)):
                yield f"{place}: publishes {port} to everybody, unless told otherwise"
    waits = project.compose["services"]["edge"].get("depends_on", {})
    for name in re.findall(r"server \$\{([A-Z_]+)\}", project.edge):
        name = name.lower().replace("_", "-")
        if waits.get(name, {}).get("condition") != "service_healthy":
            yield f"compose.yaml: the edge does not wait for {name}"


def environment(project):
    """Whatever a service reads can be set, what it needs is set, and nothing is set that it does not read."""
    for service in [*SERVICES, "millrace"]:
        reads, own = project.reads[service], project.compose["services"][service]["environment"]
        layers = [each for _, name, each in layered(project) if name == service]
        settable = {key for each in layers for key in each.get("environment", {})}
        for key in sorted((REQUIRED & reads) - {key for key, value in own.items() if value is not None}):
            yield f"compose.yaml: {service} needs {key}"
        for key in sorted(settable - reads):
            yield f"compose: {service} does not read {key}"
        # Certificates are files, cold storage is a volume, and what weakens Redis is nobody's default: those who want them write an overlay.
        for key in sorted(key for key in reads - settable - FOR_OVERLAYS if not key.startswith("AWS_")):
            yield f"compose: {key} of {service} cannot be set"
        for key in sorted(CREDENTIALS - set(project.layers["s3.yaml"]["services"][service]["environment"])):
            yield f"s3.yaml: {key} of {service} cannot be set"
        for key in sorted(key for key in reads if key.endswith("_THREADS") and own.get(key) is None):
            yield f"compose.yaml: {service} would have as many threads as the host has cores: {key}"
    for place, item, template in workloads(project):
        service = item["metadata"]["name"]
        if service not in SERVICES:
            continue
        given = kubernetes_environment(project, place.split(":")[0], template)
        for key in sorted(REQUIRED - given):
            yield f"{place}: needs {key}"
        for key in sorted(key for key in project.reads[service] - given if key.endswith("_THREADS")):
            yield f"{place}: would have as many threads as the node has cores: {key}"
        for key in sorted(given - project.reads[service]):
            yield f"{place}: does not read {key}"


CREDENTIALS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION"}
FOR_OVERLAYS = {
    "MILLRACE_STATE", "MILLRACE_PORT", "MILLRACE_ALLOW_EVICTION", "MILLRACE_REDIS_CA_FILE", "MILLRACE_REDIS_CERT_FILE", "MILLRACE_REDIS_KEY_FILE",
    "MILLRACE_COLD_DIRECTORY",
}


def kubernetes_environment(project, overlay, template):
    made = {(item["kind"], item["metadata"]["name"]): item for item in project.overlays[overlay]}
    container = template["spec"]["containers"][0]
    names = {entry["name"] for entry in container.get("env", [])}
    for source in container.get("envFrom", []):
        for kind, field in [("ConfigMap", "configMapRef"), ("Secret", "secretRef")]:
            names |= set(made.get((kind, source.get(field, {}).get("name")), {}).get("data", {}))
    return names


def agreement(project):
    """Compose and Kubernetes run the same services with the same ports, memory and folders."""
    for overlay in project.overlays:
        found = {item["metadata"]["name"] for place, item in every(project, "Deployment") if place.startswith(overlay + ":")}
        if found - {OPERATOR} != set(SERVICES):
            yield f"{overlay}: other services than compose.yaml: {sorted(found ^ set(SERVICES))}"
    for place, item, template in workloads(project):
        service, container = item["metadata"]["name"], template["spec"]["containers"][0]
        twin = project.compose["services"].get("millrace" if service == OPERATOR else service)
        if twin is None:
            yield f"{place}: compose.yaml has no such service"
            continue
        if size(container["resources"]["limits"]["memory"]) != size(default(twin["mem_limit"])):
            yield f"{place}: other memory than in compose.yaml"
        if service not in SERVICES:
            continue
        if [entry["containerPort"] for entry in container["ports"]] != [project.ports[service]]:
            yield f"{place}: another port than the service's own"
        if template["metadata"]["annotations"].get("prometheus.io/port") != str(project.ports[service]):
            yield f"{place}: Prometheus asks another port"
        theirs = {entry["name"]: entry["value"] for entry in container.get("env", []) if "value" in entry}
        ours = {key: value for key, value in twin["environment"].items() if key.endswith("_DIRECTORY") and value is not None}
        if {key: value for key, value in theirs.items() if key.endswith("_DIRECTORY")} != ours:
            yield f"{place}: other folders than in compose.yaml"


def scratch(project):
    """Every scratch has a bound and is asked of the node; that of metadata and transcoder holds all that they may work on at once."""
    for place, item, template in workloads(project):
        requests = template["spec"]["containers"][0]["resources"]["requests"]
        folders = {each["name"]: each["emptyDir"] for each in template["spec"].get("volumes", []) if "emptyDir" in each}
        if any("sizeLimit" not in each for each in folders.values()):
            yield f"{place}: may fill the node's disk"
            continue
        limits = {name: size(each["sizeLimit"]) for name, each in folders.items()}
        needed = {"metadata": (cores(requests["cpu"]) + 1) * LARGEST, "transcoder": LARGEST + OUTPUT}.get(item["metadata"]["name"], 0)
        if limits.get("scratch", 0) < needed:
            yield f"{place}: would be evicted for a few large originals"
        # What is smaller than this is on every node.
        if sum(limits.values()) > 1 << 30 and size(requests.get("ephemeral-storage", "0")) < sum(limits.values()):
            yield f"{place}: the node need not have the room that it may use"


def cores(text):
    """As resourceFieldRef counts them: begun ones are whole ones."""
    return math.ceil(int(text[:-1]) / 1000 if text.endswith("m") else float(text))


# MILLRACE_MEDIA_MAX_BYTES and MILLRACE_TRANSCODE_MAX_OUTPUT, when nobody sets them.
LARGEST, OUTPUT = 5 << 30, 20 << 30


def addresses(project):
    """The Ingress has the paths of the edge and the host that clients are told."""
    edge = {path.rstrip("/") for path in re.findall(r"^ +location (?:= )?(/\S+) ", project.edge, re.M)} - {"/livez"}
    for place, item in every(project, "Ingress"):
        paths = {path["path"] for rule in item["spec"]["rules"] for path in rule["http"]["paths"]}
        for path in sorted(paths ^ edge):
            yield f"{place}: {path} is there or at the edge only"
        host = urlsplit(setting(project, place.split(":")[0], "MILLRACE_PUBLIC_URL")).hostname
        named = [rule.get("host") for rule in item["spec"]["rules"]]
        named += [each for tls in item["spec"].get("tls", []) for each in tls["hosts"]]
        if set(named) != {host}:
            yield f"{place}: is there for {named}, but MILLRACE_PUBLIC_URL names {host}"


def default(text):
    """What a variable of a compose file is when nobody sets it."""
    match = re.fullmatch(r"\$\{\w+:-(.*)\}", str(text))
    return match[1] if match else text


def size(text):
    match = re.fullmatch(r"(\d+)(\w*)", str(text))
    return int(match[1]) * SIZES[match[2]]


RULES = [dockerfile, compose, networks, edge, environment, agreement, scratch, addresses]
