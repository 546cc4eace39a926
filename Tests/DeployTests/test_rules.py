"""Every rule holds for the project as it is, and each can be broken: one change, one finding of that rule."""

import copy
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "Tools/deploy"))

import check  # noqa: E402
import containers  # noqa: E402
import kubernetes  # noqa: E402
import network  # noqa: E402
import observability  # noqa: E402
import replicas  # noqa: E402
from project import SERVICES, load  # noqa: E402

PROJECT = load(ROOT)


def named(project, kind, name, overlay="production"):
    return next(each for each in project.overlays[overlay] if (each["kind"], each["metadata"]["name"]) == (kind, name))


def pod(project, name="metadata", overlay="production", kind="Deployment"):
    return named(project, kind, name, overlay)["spec"]["template"]


def container(project, name="metadata", overlay="production", kind="Deployment"):
    return pod(project, name, overlay, kind)["spec"]["containers"][0]


def folder(project, service, name):
    return next(each for each in pod(project, service)["spec"]["volumes"] if each["name"] == name)["emptyDir"]


def path(project):
    return named(project, "Ingress", "millrace")["spec"]["rules"][0]["http"]["paths"][0]


def policy(project, name, overlay="production"):
    return named(project, "NetworkPolicy", name, overlay)


def egress(project, name, overlay="production"):
    return policy(project, name, overlay)["spec"]["egress"][0]


def settings(project):
    return next(each["data"] for each in project.overlays["production"] if "MILLRACE_STORE" in each.get("data", {}))


def compose(project, name="metadata"):
    return project.compose["services"][name]


# What is done to the project, by the rule that must see it.
BROKEN = {
    kubernetes.schema: [
        lambda p: pod(p)["spec"].update(teminationGracePeriodSeconds=5),
        lambda p: container(p).update(ports=[{"containerPort": "8083"}]),
        lambda p: named(p, "PodDisruptionBudget", "metadata")["spec"].update(minimum=1),
        lambda p: named(p, "Ingress", "millrace").update(apiVersion="networking.k8s.io/v1beta1"),
    ],
    kubernetes.selectors: [
        lambda p: pod(p)["metadata"]["labels"].update({"app.kubernetes.io/name": "other"}),
        lambda p: named(p, "Service", "variants")["spec"]["selector"].update({"app.kubernetes.io/name": "variant"}),
        lambda p: named(p, "PodDisruptionBudget", "notifier")["spec"]["selector"].update(matchLabels={"a": "b"}),
        lambda p: policy(p, "services-to-store")["spec"]["podSelector"].update(matchLabels={"a": "b"}),
        lambda p: pod(p)["spec"]["topologySpreadConstraints"][0]["labelSelector"].update(matchLabels={"a": "b"}),
    ],
    kubernetes.ports: [
        lambda p: named(p, "Service", "variants")["spec"]["ports"][0].update(targetPort="web"),
        lambda p: path(p)["backend"]["service"].update(name="gateway"),
        lambda p: path(p)["backend"]["service"].update(port={"name": "web"}),
        lambda p: policy(p, "prometheus-to-services")["spec"]["ingress"][0].update(ports=[{"port": 99}]),
        lambda p: egress(p, "operator-to-upload-gateway").update(ports=[{"port": 80}]),
        lambda p: egress(p, "services-to-redis", "dev").update(ports=[{"port": 6380}]),
    ],
    kubernetes.images: [
        lambda p: container(p).update(image="millrace/metadata:latest"),
        lambda p: container(p).update(image="registry:5000/millrace/metadata"),
        lambda p: container(p).update(image="registry:5000/millrace/metadata:0.0.9"),
        lambda p: container(p).update(image=f"millrace/metadata:{p.version}"),
        lambda p: container(p).update(image=f"localhost/millrace/metadata:{p.version}"),
    ],
    kubernetes.probes: [
        lambda p: container(p).pop("startupProbe"),
        lambda p: container(p)["livenessProbe"]["httpGet"].update(path="/readyz"),
        lambda p: container(p)["readinessProbe"]["httpGet"].update(port="web"),
        lambda p: pod(p)["spec"].update(terminationGracePeriodSeconds=30),
    ],
    kubernetes.restricted: [
        lambda p: pod(p)["spec"]["securityContext"].update(runAsNonRoot=False),
        lambda p: pod(p)["spec"]["securityContext"].pop("seccompProfile"),
        lambda p: pod(p)["spec"].update(automountServiceAccountToken=True),
        lambda p: container(p)["securityContext"].update(allowPrivilegeEscalation=True),
        lambda p: container(p)["securityContext"]["capabilities"].update(drop=["NET_RAW"]),
        lambda p: container(p)["securityContext"].update(readOnlyRootFilesystem=False),
        lambda p: container(p)["resources"].pop("limits"),
        lambda p: named(p, "Namespace", "millrace")["metadata"].pop("labels"),
    ],
    kubernetes.operator: [
        lambda p: p.overlays["production"].remove(named(p, "Deployment", "operator")),
        lambda p: named(p, "Deployment", "operator")["spec"].update(replicas=1),
        lambda p: pod(p, "operator")["metadata"]["labels"].pop("millrace/store"),
        lambda p: container(p, "operator", "dev")["volumeMounts"].pop(),
        lambda p: container(p, "operator")["envFrom"].pop(),
    ],
    kubernetes.references: [
        lambda p: container(p)["envFrom"][0]["configMapRef"].update(name="settings"),
        lambda p: container(p)["env"][0]["valueFrom"]["secretKeyRef"].update(key="meta"),
        lambda p: pod(p)["spec"].update(serviceAccountName="default"),
        lambda p: container(p)["volumeMounts"][0].update(name="temporary"),
        lambda p: p.overlays["dev"].remove(named(p, "PersistentVolumeClaim", "store", "dev")),
        lambda p: pod(p)["spec"]["volumes"].append({"name": "authority", "configMap": {"name": "authority"}}),
        lambda p: pod(p)["spec"]["volumes"].append({"name": "authority", "secret": {"secretName": "authority"}}),
    ],
    network.arrows: [
        lambda p: p.overlays["production"].remove(policy(p, "default-deny")),
        lambda p: egress(p, "services-to-store").update(to=[{"ipBlock": {"cidr": "0.0.0.0/0"}}]),
        lambda p: egress(p, "services-to-redis").pop("to"),
        lambda p: egress(p, "services-to-redis").pop("ports"),
        lambda p: policy(p, "ingress-to-variants")["spec"]["ingress"][0].pop("from"),
        lambda p: egress(p, "services-to-store")["to"].append({"ipBlock": {"cidr": "10.0.0.0/8"}}),
        lambda p: egress(p, "services-to-store")["to"].append({"ipBlock": {"cidr": "2000::/3"}}),
        lambda p: egress(p, "services-to-redis")["to"].append({"namespaceSelector": {}}),
        lambda p: egress(p, "notifier-to-subscribers")["to"][0]["ipBlock"]["except"].remove("169.254.0.0/16"),
        lambda p: policy(p, "ingress-to-variants")["spec"]["ingress"][0]["from"].append({"podSelector": {}}),
    ],
    network.drawn: [
        *(lambda p, name=name: p.overlays["production"].remove(policy(p, name)) for name in network.design(PROJECT, "production")),
        *(lambda p, name=name: p.overlays["dev"].remove(policy(p, name, "dev")) for name in network.design(PROJECT, "dev")),
        lambda p: policy(p, "everybody-to-dns")["spec"]["podSelector"].update(matchLabels={"app.kubernetes.io/component": "service"}),
        lambda p: egress(p, "everybody-to-dns")["ports"].pop(),
        lambda p: egress(p, "everybody-to-dns").update(to=[{"ipBlock": {"cidr": "10.96.0.10/32"}}]),
        lambda p: policy(p, "services-to-redis")["spec"].pop("egress"),
        lambda p: policy(p, "services-to-store")["spec"].update(policyTypes=["Ingress"]),
        lambda p: egress(p, "services-to-store").update(ports=[{"port": 80}]),
        lambda p: settings(p).update(MILLRACE_STORE="s3://media?endpoint=https://s3.example.org:9000"),
        lambda p: pod(p, "metadata")["metadata"]["labels"].pop("millrace/store"),
        lambda p: egress(p, "services-to-redis", "dev").update(ports=[{"port": 6380}]),
        lambda p: policy(p, "redis-from-services", "dev")["spec"]["ingress"][0]["from"].append({"namespaceSelector": {"matchLabels": {"a": "b"}}}),
        lambda p: policy(p, "ingress-to-variants")["spec"]["ingress"][0].update(ports=[{"port": "metrics"}]),
    ],
    network.transcoder: [
        lambda p: policy(p, "notifier-to-subscribers")["spec"].update(podSelector={}),
        lambda p: pod(p, "transcoder")["metadata"]["labels"].update({"app.kubernetes.io/name": "notifier"}),
        lambda p: policy(p, "operator-to-upload-gateway")["spec"]["podSelector"].update(matchLabels={"millrace/redis": "client"}),
    ],
    replicas.budgets: [
        *(lambda p, name=name: p.overlays["production"].remove(named(p, "PodDisruptionBudget", name)) for name in SERVICES),
        lambda p: p.overlays["dev"].remove(named(p, "PodDisruptionBudget", "metadata", "dev")),
        lambda p: named(p, "PodDisruptionBudget", "metadata")["spec"].update(maxUnavailable=0),
        lambda p: named(p, "PodDisruptionBudget", "metadata")["spec"]["selector"].update(matchLabels={"millrace/redis": "client"}),
    ],
    replicas.spread: [
        *(lambda p, name=name: pod(p, name)["spec"].pop("topologySpreadConstraints") for name in SERVICES),
        lambda p: pod(p)["spec"]["topologySpreadConstraints"].pop(0),
        lambda p: pod(p)["spec"]["topologySpreadConstraints"].pop(1),
    ],
    replicas.scaling: [
        lambda p: named(p, "ScaledObject", "metadata")["spec"]["scaleTargetRef"].update(name="meta"),
        lambda p: named(p, "ScaledObject", "metadata")["spec"]["triggers"].pop(),
        lambda p: named(p, "ScaledObject", "metadata")["spec"].update(minReplicas=1),
        lambda p: named(p, "ScaledObject", "metadata")["spec"]["triggers"][0]["metadata"].update(threshold=5),
        lambda p: named(p, "ScaledObject", "metadata")["spec"]["triggers"][0]["metadata"].update(query="up"),
        lambda p: named(p, "ScaledObject", "transcoder")["spec"].pop("advanced"),
        lambda p: named(p, "ScaledObject", "notifier")["spec"].update(advanced={"restoreToOriginalReplicaCount": True}),
        lambda p: named(p, "HorizontalPodAutoscaler", "variants")["spec"]["scaleTargetRef"].update(name="metadata"),
        lambda p: p.overlays["production"].remove(named(p, "HorizontalPodAutoscaler", "variants")),
        lambda p: p.overlays["dev"].remove(named(p, "HorizontalPodAutoscaler", "upload-gateway", "dev")),
        *(lambda p, name=name: p.overlays["production"].remove(named(p, "ScaledObject", name))
          for name in ["ingest-listener", "metadata", "transcoder", "manifest-writer", "notifier"]),
        lambda p: named(p, "ScaledObject", "transcoder")["spec"].update(minReplicaCount=1),
        lambda p: named(p, "ScaledObject", "metadata")["spec"].update(minReplicaCount=2),
        lambda p: named(p, "ScaledObject", "notifier")["spec"].pop("minReplicaCount"),
        lambda p: named(p, "HorizontalPodAutoscaler", "variants")["spec"].update(minReplicas=1),
        lambda p: named(p, "ScaledObject", "metadata")["spec"]["triggers"][1]["metadata"].pop("serverAddress"),
        lambda p: named(p, "HorizontalPodAutoscaler", "variants").update(kind="ScaledObject"),
    ],
    containers.dockerfile: [
        lambda p: text(p, "DEBIAN_IMAGE=debian:bookworm-slim", "DEBIAN_IMAGE=debian"),
        lambda p: text(p, "SWIFT_IMAGE=swift:6.3-bookworm", "SWIFT_IMAGE=swift:latest"),
        lambda p: text(p, "FROM ${DEBIAN_IMAGE} AS base", "FROM debian:12 AS base"),
        lambda p: text(p, f"ARG VERSION={p.version}", "ARG VERSION=9.9.9"),
        lambda p: text(p, " AS notifier\n", " AS notify\n"),
        lambda p: text(p, 'CMD ["/usr/local/bin/variants", "--health"]', "CMD curl localhost:8084/readyz"),
        lambda p: text(p, "EXPOSE 8083\n", "EXPOSE 8082\n"),
        lambda p: text(p, "libswscale6 \\\n    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/*\nUSER 10001:10001", "libswscale6\nUSER root"),
        lambda p: text(p, " AS notifier\n", " AS notifier\nRUN apt-get install libavcodec59\n"),
    ],
    containers.compose: [
        lambda p: p.compose.update(name="millrace"),
        lambda p: compose(p).update(image="localhost/millrace/metadata:latest"),
        lambda p: compose(p).update(image="millrace/metadata:${MILLRACE_VERSION:-0.1.0}"),
        lambda p: compose(p)["build"].update(target="meta"),
        lambda p: compose(p).update(read_only=False),
        lambda p: compose(p).pop("cap_drop"),
        lambda p: compose(p).pop("mem_limit"),
        lambda p: compose(p).pop("restart"),
        lambda p: compose(p).pop("depends_on"),
        lambda p: compose(p)["environment"].update(MILLRACE_SIGNING_KEY="0123456789abcdef0123456789abcdef"),
        lambda p: compose(p)["environment"].update(MILLRACE_SIGNING_KEY="${MILLRACE_SIGNING_KEY:-0123456789abcdef0123456789abcdef}"),
        lambda p: compose(p)["environment"].update(MILLRACE_SIGNING_KEY="${MILLRACE_SIGNING_KEY-0123456789abcdef}"),
        lambda p: compose(p, "ingest-listener")["environment"].update(MILLRACE_EVENTS_TOKEN="0123456789abcdef"),
        lambda p: compose(p)["environment"].update(MILLRACE_REDIS_URL="redis://metadata:letmein@redis:6379"),
        lambda p: compose(p)["environment"].update(MILLRACE_REDIS_URL="redis://metadata:${METADATA_PASSWORD:-letmein}@redis:6379"),
        lambda p: compose(p)["environment"].update(MILLRACE_REDIS_URL="${MILLRACE_REDIS_URL:-redis://:letmein@redis:6379}"),
        lambda p: p.layers["s3.yaml"]["services"]["metadata"]["environment"].update(AWS_SECRET_ACCESS_KEY="${KEY:-letmein}"),
        lambda p: p.layers["observability.yaml"]["services"]["grafana"].update(image="grafana/grafana:latest"),
    ],
    containers.networks: [
        lambda p: p.compose["networks"].update(inside={}),
        lambda p: compose(p, "transcoder").update(networks=["inside", "outside"]),
    ],
    containers.edge: [
        lambda p: compose(p, "redis").update(ports=["6379:6379"]),
        lambda p: compose(p, "notifier").update(ports=["127.0.0.1:8087:8087"]),
        lambda p: compose(p, "edge").update(ports=["8080:8080"]),
        lambda p: compose(p, "edge").update(ports=["${EDGE_ADDRESS:-0.0.0.0}:${EDGE_PORT:-8080}:8080"]),
        lambda p: compose(p, "redis").update(network_mode="host"),
        lambda p: p.layers["s3.yaml"]["services"].update(metadata={"ports": ["127.0.0.1:8083:8083"]}),
        lambda p: p.layers["observability.yaml"]["services"]["grafana"].update(ports=["3000:3000"]),
        *(lambda p, name=name: compose(p, "edge")["depends_on"].pop(name) for name in ["upload-gateway", "ingest-listener", "variants", "notifier"]),
        lambda p: compose(p, "edge")["depends_on"].update(variants={"condition": "service_started"}),
    ],
    containers.environment: [
        lambda p: compose(p)["environment"].pop("MILLRACE_SIGNING_KEY"),
        lambda p: compose(p)["environment"].update(MILLRACE_IMAGE_THREAD=None),
        lambda p: compose(p)["environment"].pop("MILLRACE_PROBE_TIMEOUT"),
        lambda p: p.reads["variants"].add("MILLRACE_NEW_SETTING"),
        lambda p: compose(p, "millrace")["environment"].pop("MILLRACE_INGEST_PREFIXES"),
        lambda p: compose(p, "millrace")["environment"].pop("MILLRACE_REDIS_URL"),
        lambda p: p.layers["s3.yaml"]["services"]["millrace"]["environment"].pop("AWS_SESSION_TOKEN"),
        lambda p: compose(p)["environment"].update(MILLRACE_IMAGE_THREADS=None),
        lambda p: container(p, "transcoder")["env"].pop(),
        lambda p: container(p)["env"].append({"name": "MILLRACE_VIDEO_PRESET", "value": "fast"}),
        lambda p: container(p)["env"].pop(0),
    ],
    containers.agreement: [
        lambda p: p.overlays["dev"].remove(named(p, "Deployment", "notifier", "dev")),
        lambda p: container(p)["resources"]["limits"].update(memory="1Gi"),
        lambda p: container(p).update(ports=[{"name": "http", "containerPort": 8080}]),
        lambda p: pod(p)["metadata"]["annotations"].update({"prometheus.io/port": "1"}),
        lambda p: container(p)["env"][1].update(value="/tmp"),
        lambda p: compose(p, "redis").update(mem_limit="1g"),
    ],
    containers.scratch: [
        lambda p: container(p)["resources"]["requests"].update(cpu="2"),
        lambda p: container(p)["resources"]["requests"].pop("ephemeral-storage"),
        lambda p: folder(p, "metadata", "scratch").update(sizeLimit="5Gi"),
        lambda p: folder(p, "transcoder", "scratch").update(sizeLimit="24Gi"),
        lambda p: folder(p, "transcoder", "scratch").update(sizeLimit="100Gi"),
        lambda p: folder(p, "variants", "tmp").pop("sizeLimit"),
        lambda p: folder(p, "variants", "tmp").update(sizeLimit="2Gi"),
    ],
    containers.addresses: [
        lambda p: path(p).update(path="/api/v3"),
        lambda p: named(p, "Ingress", "millrace")["spec"]["rules"][0].update(host="media.localhost"),
        lambda p: named(p, "Ingress", "millrace")["spec"]["rules"][0].pop("host"),
        lambda p: named(p, "Ingress", "millrace")["spec"]["tls"][0].update(hosts=["media.localhost"]),
        lambda p: settings(p).update(MILLRACE_PUBLIC_URL="https://media.example.net"),
        lambda p: setattr(p, "edge", p.edge.replace("location /img/ {", "location /images/ {")),
    ],
    observability.measured: [
        lambda p: p.alerts[0]["rules"][-1].update(expr="rate(millrace_event_failed_total[5m])"),
        lambda p: p.alerts[0]["rules"][-1].update(expr="millrace:lag > 5"),
        lambda p: setattr(p, "dashboard", p.dashboard.replace("millrace_bus_pending", "millrace_bus_waiting")),
        lambda p: p.metrics.remove("process_resident_memory_bytes"),
    ],
    observability.runbook: [
        lambda p: p.alerts[0]["rules"].append({"alert": "MillraceNew", "expr": "up"}),
        lambda p: setattr(p, "runbook", p.runbook.replace("## MillraceUnseen", "## MillraceUnknown")),
    ],
}


def text(project, old, new):
    assert old in project.dockerfile, old
    project.dockerfile = project.dockerfile.replace(old, new)


class RulesTest(unittest.TestCase):
    def test_the_project_keeps_every_rule(self):
        self.assertEqual(check.findings(PROJECT), [])

    def test_every_rule_can_be_broken(self):
        self.assertEqual(set(BROKEN), set(check.RULES))
        for rule, changes in BROKEN.items():
            before = set(check.findings(PROJECT, [rule]))
            for number, change in enumerate(changes):
                with self.subTest(rule=rule.__name__, change=number):
                    project = copy.deepcopy(PROJECT)
                    change(project)
                    found = set(check.findings(project, [rule])) - before
                    self.assertTrue(found, "nobody noticed")


if __name__ == "__main__":
    unittest.main()
