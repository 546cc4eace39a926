"""Rules for who may talk to whom in the rendered Kubernetes objects."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from kubernetes import every, matches, workloads
from project import OPERATOR, SERVICES, setting

# What the notifier, who calls strangers, must not reach.
PRIVATE = {"10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"}
# Where a film may lead: what all need, and what network.yaml of production has as comments.
OF_TRANSCODER = {"everybody-to-dns", "services-to-redis", "services-to-store", "services-to-collector", "services-to-sts"}


@dataclass
class Arrow:
    direction: str
    pods: set
    peers: set  # workloads, or "namespace" or "addresses"
    ports: set


def policies(project, overlay):
    return {item["metadata"]["name"]: item["spec"] for place, item in every(project, "NetworkPolicy") if place.startswith(overlay + ":")}


def pods(project, overlay, selector):
    """The workloads that a selector chooses."""
    found = [(item["metadata"]["name"], template) for place, item, template in workloads(project) if place.startswith(overlay + ":")]
    return {name for name, template in found if matches(selector, template["metadata"]["labels"])}


def arrows(project):
    """Nothing is open that the design does not draw: all is denied, and strangers are called by the notifier alone."""
    for overlay in project.overlays:
        specs = policies(project, overlay)
        if not any(each["podSelector"] == {} and set(each["policyTypes"]) == {"Ingress", "Egress"}
                   and "ingress" not in each and "egress" not in each for each in specs.values()):
            yield f"{overlay}: nothing denies what is not allowed"
        for name, spec in specs.items():
            for rule in spec.get("egress", []):
                if everybody(rule.get("to")) and pods(project, overlay, spec["podSelector"]) != {"notifier"} or not rule.get("ports"):
                    yield f"{overlay}: NetworkPolicy {name} lets more than the notifier out"
                for peer in rule.get("to", []):
                    if peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0" and not PRIVATE <= set(peer["ipBlock"].get("except", [])):
                        yield f"{overlay}: NetworkPolicy {name} leads into private networks"
            for rule in spec.get("ingress", []):
                if everybody(rule.get("from")) or not rule.get("ports"):
                    yield f"{overlay}: NetworkPolicy {name} lets everybody in"


def everybody(peers):
    """Whether they are all there are, or so many that nobody has named them: the widest ranges that stores announce are /14."""
    def is_wide(peer):
        if "ipBlock" not in peer:
            return not peer.get("podSelector") and not peer.get("namespaceSelector")
        block = ipaddress.ip_network(peer["ipBlock"]["cidr"])
        return block.prefixlen < (14 if block.version == 4 else 32)
    return not peers or any(is_wide(peer) for peer in peers)


def design(project, overlay):
    """Every arrow that must be there, by its policy's name. Where production has Redis and its store is the operator's to say."""
    services, clients = set(SERVICES), {*SERVICES, OPERATOR}
    inside = pods(project, overlay, {})
    found = {
        "everybody-to-dns": Arrow("egress", inside, {"namespace"}, {"53/UDP", "53/TCP"}),
        "prometheus-to-services": Arrow("ingress", services, {"namespace"}, {"http/TCP"}),
        "operator-to-upload-gateway": Arrow("egress", {OPERATOR}, {"upload-gateway"}, {f"{project.ports['upload-gateway']}/TCP"}),
        "upload-gateway-from-operator": Arrow("ingress", {"upload-gateway"}, {OPERATOR}, {"http/TCP"}),
        "notifier-to-subscribers": Arrow("egress", {"notifier"}, {"addresses"}, {"443/TCP", "80/TCP"}),
        "services-to-redis": Arrow("egress", clients, None, None),
    }
    if "redis" in inside:
        found["services-to-redis"] = Arrow("egress", clients, {"redis"}, {"6379/TCP"})
        found["redis-from-services"] = Arrow("ingress", {"redis"}, clients, {"redis/TCP"})
    store = urlsplit(setting(project, overlay, "MILLRACE_STORE"))
    if store.scheme == "s3":
        endpoint = urlsplit(parse_qs(store.query).get("endpoint", ["https://"])[0])
        port = endpoint.port or {"http": 80, "https": 443}[endpoint.scheme]
        found["services-to-store"] = Arrow("egress", clients, None, {f"{port}/TCP"})
    for place, item in every(project, "Ingress"):
        for path in [path for rule in item["spec"]["rules"] for path in rule["http"]["paths"] if place.startswith(overlay + ":")]:
            name = path["backend"]["service"]["name"]
            found[f"ingress-to-{name}"] = Arrow("ingress", {name}, {"namespace"}, {"http/TCP"})
    return found


def drawn(project):
    """Every arrow that the design draws is there, whole and no wider."""
    for overlay in project.overlays:
        specs = policies(project, overlay)
        for name, arrow in design(project, overlay).items():
            if name not in specs:
                yield f"{overlay}: there is no NetworkPolicy {name}"
                continue
            rules = specs[name].get(arrow.direction, [])
            if arrow.direction.capitalize() not in specs[name]["policyTypes"] or not rules:
                yield f"{overlay}: NetworkPolicy {name} opens nothing"
            if pods(project, overlay, specs[name]["podSelector"]) != arrow.pods:
                yield f"{overlay}: NetworkPolicy {name} is for others than {sorted(arrow.pods)}"
            peers = [peer for rule in rules for peer in rule.get("to", []) + rule.get("from", [])]
            if arrow.peers is not None and set().union(*(named(project, overlay, peer) for peer in peers)) != arrow.peers:
                yield f"{overlay}: NetworkPolicy {name} leads to others than {sorted(arrow.peers)}"
            ports = {f"{entry['port']}/{entry.get('protocol', 'TCP')}" for rule in rules for entry in rule.get("ports", [])}
            if arrow.ports is not None and ports != arrow.ports:
                yield f"{overlay}: NetworkPolicy {name} opens {sorted(ports)} and not {sorted(arrow.ports)}"


def named(project, overlay, peer):
    if "ipBlock" in peer:
        return {"addresses"}
    return {"namespace"} if "namespaceSelector" in peer else pods(project, overlay, peer["podSelector"])


def transcoder(project):
    """Strangers' films are opened where nothing but names, Redis and the store can be reached."""
    for overlay in project.overlays:
        for name, spec in policies(project, overlay).items():
            if spec.get("egress") and "transcoder" in pods(project, overlay, spec["podSelector"]) and name not in OF_TRANSCODER:
                yield f"{overlay}: NetworkPolicy {name} lets the transcoder out"


RULES = [arrows, drawn, transcoder]
