"""Rules for alerts and dashboard."""

import json
import re


def names(expression, recorded):
    """The series that an expression asks for, apart from what is recorded."""
    found = set(re.findall(r"\b(?:millrace|process)_[a-z0-9_]+", re.sub(r"millrace:[a-z0-9_:]+", "", expression)))
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in found} - recorded


def measured(project):
    """Alerts and dashboard ask for what is measured."""
    rules = [rule for group in project.alerts for rule in group["rules"]]
    recorded = {rule["record"] for rule in rules if "record" in rule}
    panels = json.loads(project.dashboard)["panels"]
    asked = {rule.get("alert") or rule["record"]: rule["expr"] for rule in rules}
    asked |= {panel["title"]: target["expr"] for panel in panels for target in panel.get("targets", [])}
    for place, expression in asked.items():
        for name in names(expression, recorded) - project.metrics:
            yield f"{place}: nobody measures {name}"
        for name in set(re.findall(r"millrace:[a-z0-9_:]+", expression)) - recorded:
            yield f"{place}: nothing records {name}"


def runbook(project):
    """Each alert has its place in the run book, and no other has."""
    alerts = {rule["alert"] for group in project.alerts for rule in group["rules"] if "alert" in rule}
    told = set(re.findall(r"^## (Millrace\w+)$", project.runbook, re.M))
    for name in sorted(alerts ^ told):
        yield f"docs/runbook.md and rules.yaml: {name} is in one of them only"


RULES = [measured, runbook]
