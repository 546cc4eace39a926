"""Holds the Dockerfile, the compose files, the Kubernetes overlays and the alerts against their rules; exits with 1 when one is
broken."""

import pathlib
import sys

import containers
import kubernetes
import network
import observability
import replicas
from project import load

RULES = kubernetes.RULES + network.RULES + replicas.RULES + containers.RULES + observability.RULES


def findings(project, rules=RULES):
    return [f"{rule.__name__}: {text}" for rule in rules for text in rule(project)]


if __name__ == "__main__":
    found = findings(load(pathlib.Path(__file__).parents[2]))
    for line in found:
        print(line)
    print(f"deployment: {len(RULES)} rules, {len(found) or 'no'} findings")
    sys.exit(1 if found else 0)
