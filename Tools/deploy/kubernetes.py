"""Rules for rendered Kubernetes objects. Each yields what it has found."""

import functools
import json
import re

import kubernetes_validate

from project import OPERATOR, Project

KUBERNETES = "1.32"


def every(project: Project, *kinds: str):
    for overlay, objects in project.overlays.items():
        for item in objects:
            if not kinds or item["kind"] in kinds:
                yield f"{overlay}: {item['kind']} {item['metadata']['name']}", item


def workloads(project: Project):
    for place, item in every(project, "Deployment", "StatefulSet"):
        yield place, item, item["spec"]["template"]


def matches(selector: dict, labels: dict) -> bool:
    wanted = selector.get("matchLabels", selector if "matchExpressions" not in selector else {})
    return all(labels.get(key) == value for key, value in (wanted or {}).items())


def templates(project: Project, overlay: str):
    kinds = ["Deployment", "StatefulSet"]
    return [item["spec"]["template"] for item in project.overlays[overlay] if item["kind"] in kinds]


def schema(project):
    """Strict: fields that the schema does not know are findings."""
    for place, item in every(project):
        if item["apiVersion"].startswith("keda.sh/"):
            continue
        found = misfit(json.dumps(item))
        if found:
            yield f"{place}: {found}"


@functools.cache
def misfit(text):
    """What the schema says against an object; nothing when it fits."""
    try:
        kubernetes_validate.validate(json.loads(text), KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        return f"{'.'.join(map(str, error.path))}: {error.message}"
    except kubernetes_validate.SchemaNotFoundError:
        return f"there is no schema of {json.loads(text)['apiVersion']} in Kubernetes {KUBERNETES}"


def selectors(project):
    """Whatever selects pods selects some; a workload selects its own."""
    for place, item, template in workloads(project):
        if not matches(item["spec"]["selector"], template["metadata"]["labels"]):
            yield f"{place}: its selector does not match its own pods"
        for constraint in template["spec"].get("topologySpreadConstraints", []):
            if not matches(constraint["labelSelector"], template["metadata"]["labels"]):
                yield f"{place}: spreads other pods than its own"
    for place, item in every(project, "Service", "PodDisruptionBudget", "NetworkPolicy"):
        overlay = place.split(":")[0]
        spec = item["spec"]
        chosen = [spec.get("podSelector") or spec.get("selector") or {}]
        for rule in spec.get("ingress", []) + spec.get("egress", []) if item["kind"] == "NetworkPolicy" else []:
            for peer in rule.get("from", []) + rule.get("to", []):
                chosen += [peer["podSelector"]] if "podSelector" in peer and "namespaceSelector" not in peer else []
        for selector in chosen:
            if not any(matches(selector, each["metadata"]["labels"]) for each in templates(project, overlay)):
                yield f"{place}: selects no pod: {selector}"


def ports(project):
    """Services lead to ports that their pods have, ingresses to services and ports that there are, policies to open ports."""
    for place, item in every(project, "Service"):
        overlay = place.split(":")[0]
        for template in templates(project, overlay):
            if not matches(item["spec"]["selector"], template["metadata"]["labels"]):
                continue
            for entry in item["spec"]["ports"]:
                if entry.get("targetPort", entry["port"]) not in container_ports(template):
                    yield f"{place}: its pods have no port {entry.get('targetPort')}"
    for place, item in every(project, "Ingress"):
        overlay = place.split(":")[0]
        services = {each["metadata"]["name"]: each for each in project.overlays[overlay] if each["kind"] == "Service"}
        for path in [path for rule in item["spec"]["rules"] for path in rule["http"]["paths"]]:
            backend = path["backend"]["service"]
            service = services.get(backend["name"])
            if not service or backend["port"]["name"] not in [each["name"] for each in service["spec"]["ports"]]:
                yield f"{place}: {path['path']} leads to {backend}, which there is not"
    for place, item in every(project, "NetworkPolicy"):
        overlay = place.split(":")[0]
        into = [(item["spec"]["podSelector"], rule) for rule in item["spec"].get("ingress", [])]
        into += [(peer["podSelector"], rule) for rule in item["spec"].get("egress", []) for peer in rule.get("to", [])
                 if "podSelector" in peer and "namespaceSelector" not in peer]
        for selector, rule in into:
            for template in [each for each in templates(project, overlay) if matches(selector, each["metadata"]["labels"])]:
                for entry in rule.get("ports", []):
                    if entry["port"] not in container_ports(template):
                        yield f"{place}: opens port {entry['port']}, which its pods have not"


def container_ports(template):
    entries = [entry for container in template["spec"]["containers"] for entry in container.get("ports", [])]
    return {entry["containerPort"] for entry in entries} | {entry.get("name") for entry in entries}


def images(project):
    """Pinned to a release, never `latest`, and of a registry that is named: else the public one's strangers would be asked."""
    for place, _, template in workloads(project):
        for container in template["spec"]["containers"]:
            image = container["image"]
            tag = image.rsplit(":", 1)[-1] if ":" in image.rsplit("/", 1)[-1] else ""
            if "@sha256:" not in image and tag != project.version:
                yield f"{place}: image {image} is not of release {project.version}"
            registry = image.split("/")[0]
            if not re.search(r"[.:]|^localhost$", registry) or "/" not in image:
                yield f"{place}: image {image} is of no registry"
            if registry == "localhost" and place.startswith("production:"):
                yield f"{place}: image {image} is of this machine"


def probes(project):
    """Every container says whether it has started, lives and is ready, and is given the time to end; the operator's does no work of its own."""
    for place, item, template in workloads(project):
        if item["metadata"]["name"] == OPERATOR:
            continue
        for container in template["spec"]["containers"]:
            for name in ["startupProbe", "livenessProbe", "readinessProbe"]:
                if name not in container:
                    yield f"{place}: no {name}"
            names = [entry.get("name") for entry in container.get("ports", [])]
            for name in ["startupProbe", "livenessProbe", "readinessProbe"]:
                port = (container.get(name, {}).get("httpGet") or {}).get("port")
                if port and port not in names:
                    yield f"{place}: {name} asks port {port}, which there is not"
            if container["name"] != "service":
                continue
            if container["livenessProbe"]["httpGet"]["path"] != "/livez":
                yield f"{place}: a Redis that is away would have it killed: livenessProbe must ask /livez"
            waits = int(container["lifecycle"]["preStop"]["exec"]["command"][-1])
            # MILLRACE_GRACE, and what the process takes beyond it.
            if template["spec"]["terminationGracePeriodSeconds"] < waits + 20 + 10:
                yield f"{place}: is killed before its work in flight has ended"


def restricted(project):
    """The Pod Security Standard `restricted`, and a root that cannot be written."""
    for place, _, template in workloads(project):
        spec, pod = template["spec"], template["spec"].get("securityContext", {})
        if not pod.get("runAsNonRoot") or not pod.get("runAsUser"):
            yield f"{place}: may run as root"
        if pod.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{place}: no seccomp profile"
        if spec.get("automountServiceAccountToken") is not False or "serviceAccountName" not in spec:
            yield f"{place}: is given a token of the cluster"
        for container in spec["containers"]:
            own = container.get("securityContext", {})
            if own.get("allowPrivilegeEscalation") is not False or own.get("capabilities", {}).get("drop") != ["ALL"]:
                yield f"{place}: may gain rights"
            if own.get("readOnlyRootFilesystem") is not True:
                yield f"{place}: may write its root"
            if "memory" not in container.get("resources", {}).get("limits", {}) or not container["resources"].get("requests"):
                yield f"{place}: has no requests, or no limit of memory"
    for place, item in every(project, "Namespace"):
        if item["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"{place}: does not enforce the restricted standard"


def operator(project):
    """The command line is there when it is asked for, not before, and reaches the store that the services have."""
    for overlay in project.overlays:
        found = {item["metadata"]["name"]: item for place, item in every(project, "Deployment") if place.startswith(overlay + ":")}
        if OPERATOR not in found:
            yield f"{overlay}: nobody can make an API key"
            continue
        spec, gateway = found[OPERATOR]["spec"], found["upload-gateway"]["spec"]["template"]
        if spec["replicas"] != 0:
            yield f"{overlay}: the operator's command line waits for nobody"
        labels = spec["template"]["metadata"]["labels"]
        if labels.get("millrace/redis") != "client" or labels.get("millrace/store") != "client":
            yield f"{overlay}: the operator's command line reaches no Redis, or no store"
        if claims(spec["template"]) != claims(gateway):
            yield f"{overlay}: the operator's command line has another store than upload-gateway"
        theirs, ours = (each["spec"]["containers"][0].get("envFrom") for each in (gateway, spec["template"]))
        if theirs != ours:
            yield f"{overlay}: the operator's command line has other settings than upload-gateway"


def claims(template):
    volumes = {each["name"]: each["persistentVolumeClaim"] for each in template["spec"]["volumes"] if "persistentVolumeClaim" in each}
    mounts = template["spec"]["containers"][0]["volumeMounts"]
    return [(each["mountPath"], volumes[each["name"]]) for each in mounts if each["name"] in volumes]


def references(project):
    """Every ConfigMap, Secret, claim and account that a pod names is made by the overlay; a key it names is in it."""
    for place, item, template in workloads(project):
        overlay = place.split(":")[0]
        made = {(item["kind"], item["metadata"]["name"]): item for item in project.overlays[overlay]}

        def missing(kind, name, key=None):
            target = made.get((kind, name))
            return target is None or key and key not in {**target.get("data", {}), **target.get("stringData", {})}

        spec = template["spec"]
        if missing("ServiceAccount", spec.get("serviceAccountName")):
            yield f"{place}: there is no ServiceAccount {spec.get('serviceAccountName')}"
        for volume in spec.get("volumes", []):
            claim = volume.get("persistentVolumeClaim", {}).get("claimName")
            if claim and missing("PersistentVolumeClaim", claim):
                yield f"{place}: there is no PersistentVolumeClaim {claim}"
            for kind, field, key in [("ConfigMap", "configMap", "name"), ("Secret", "secret", "secretName")]:
                if field in volume and missing(kind, volume[field][key]):
                    yield f"{place}: there is no {kind} {volume[field][key]}"
        for container in spec["containers"]:
            for source in container.get("envFrom", []):
                for kind, field in [("ConfigMap", "configMapRef"), ("Secret", "secretRef")]:
                    if field in source and missing(kind, source[field]["name"]):
                        yield f"{place}: there is no {kind} {source[field]['name']}"
            for entry in container.get("env", []):
                for kind, field in [("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")]:
                    chosen = entry.get("valueFrom", {}).get(field)
                    if chosen and missing(kind, chosen["name"], chosen["key"]):
                        yield f"{place}: there is no key {chosen['key']} in {kind} {chosen['name']}"
            volumes = {volume["name"] for volume in spec.get("volumes", [])}
            volumes |= {claim["metadata"]["name"] for claim in item["spec"].get("volumeClaimTemplates", [])}
            for mount in container.get("volumeMounts", []):
                if mount["name"] not in volumes:
                    yield f"{place}: there is no volume {mount['name']}"


RULES = [schema, selectors, ports, images, probes, restricted, operator, references]
