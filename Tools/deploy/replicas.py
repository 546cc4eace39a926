"""Rules for how many of each service there are, where, and how many may go at once."""

from kubernetes import every, matches
from project import SERVICES


def deployments(project):
    for place, item in every(project, "Deployment"):
        if item["metadata"]["name"] in SERVICES:
            yield place, item["metadata"]["name"], item["spec"]["template"]


def budgets(project):
    """A node that is emptied takes some of each service, never all of one and never none."""
    for place, name, template in deployments(project):
        overlay = place.split(":")[0]
        own = [each["spec"] for each in project.overlays[overlay] if each["kind"] == "PodDisruptionBudget"
               and matches(each["spec"]["selector"], template["metadata"]["labels"])]
        if len(own) != 1:
            yield f"{place}: has {len(own)} disruption budgets"
        elif own[0].get("maxUnavailable") in [None, 0, "0%"]:
            yield f"{place}: no node that it is on can be emptied"


def spread(project):
    """The replicas of a service are not all on one node, nor all in one zone."""
    for place, name, template in deployments(project):
        keys = {each["topologyKey"] for each in template["spec"].get("topologySpreadConstraints", [])}
        for key in sorted({"topology.kubernetes.io/zone", "kubernetes.io/hostname"} - keys):
            yield f"{place}: is not spread by {key}"


def scaling(project):
    """Whatever scales a Deployment scales one that there is, and only one thing scales each; in production each is scaled by what it waits for."""
    for overlay in project.overlays:
        names = [item["metadata"]["name"] for place, item in every(project, "Deployment") if place.startswith(overlay + ":")]
        scalers = [each for each in every(project, "HorizontalPodAutoscaler", "ScaledObject") if each[0].startswith(overlay + ":")]
        targets = [item["spec"]["scaleTargetRef"]["name"] for _, item in scalers]
        for (place, item), name in zip(scalers, targets):
            if name not in names:
                yield f"{place}: there is no Deployment {name}"
            if targets.count(name) > 1:
                yield f"{place}: {name} is scaled twice"
            yield from scaler(place, item, name)
        # One node has no KEDA.
        for name in sorted((set(SERVICES) if overlay == "production" else BY_PROCESSOR) - set(targets)):
            yield f"{overlay}: nothing scales {name}"


def scaler(place, item, name):
    spec, least = item["spec"], LEAST.get(name, 2)
    if (item["kind"] == "HorizontalPodAutoscaler") != (name in BY_PROCESSOR):
        yield f"{place}: {name} is scaled by the wrong thing"
    found = spec.get("minReplicaCount", spec.get("minReplicas", 0))
    if place.startswith("production:") and (found < least or least == 0 != found):
        yield f"{place}: {name} has {found} replicas at least, and not {least}"
    if item["kind"] == "ScaledObject":
        yield from scaled_object(place, spec)


# Who answers people is scaled by processors, who works on queues by these.
BY_PROCESSOR = {"upload-gateway", "variants"}
# None while there is nothing to do; of the others one may go at any time.
LEAST = {"metadata": 0, "transcoder": 0}
# The fields that we use, from KEDA's reference of ScaledObject v1alpha1 and of its scaler for Prometheus.
SCALED = {
    "scaleTargetRef", "minReplicaCount", "maxReplicaCount", "pollingInterval", "cooldownPeriod", "fallback", "advanced", "triggers",
}
# Whose work is too dear to be cut off.
LONG = {"transcoder"}


def scaled_object(place, spec):
    for field in set(spec) - SCALED:
        yield f"{place}: KEDA knows no field {field}"
    triggers = {each["name"]: each for each in spec.get("triggers", [])}
    if set(triggers) != {"lag", "pending"}:
        yield f"{place}: needs the triggers lag and pending"
    for name, trigger in triggers.items():
        metadata = trigger["metadata"]
        if set(metadata) != {"serverAddress", "query", "threshold"} or not all(isinstance(each, str) for each in metadata.values()):
            yield f"{place}: trigger {name} needs serverAddress, query and threshold, as text"
        elif f'millrace_bus_{name}{{group="{spec["scaleTargetRef"]["name"]}"}}' not in metadata["query"]:
            yield f"{place}: trigger {name} asks for something else"
    advanced = {"horizontalPodAutoscalerConfig": {"behavior": {"scaleDown": {"selectPolicy": "Disabled"}}}}
    if spec.get("advanced") != (advanced if spec["scaleTargetRef"]["name"] in LONG else None):
        yield f"{place}: cuts off what is in work, or keeps what is idle"
    if not spec.get("minReplicaCount", 0) <= spec.get("maxReplicaCount", 100):
        yield f"{place}: has more replicas at least than at most"


RULES = [budgets, spread, scaling]
