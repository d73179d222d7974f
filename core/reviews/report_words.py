"""The findings of a report as sentences in a reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import groupby

from core.language import mark
from core.reviews.document import Document, Finding, MeasureLine
from core.reviews.labels import FINDINGS, OBLIGATION_KINDS
from core.reviews.words import Speaker


def sentences(document: Document, speaker: Speaker) -> list[str]:
    """The findings as sentences; departments that stand alike in one measure share one."""
    lines = {line.code: line for line in document.measures}

    def subject(finding: Finding) -> tuple[object, ...]:
        return finding.code, finding.values.get("measure"), finding.values.get("kind")

    return [_sentence(list(alike), lines, speaker) for _, alike in groupby(document.findings, subject)]


def _sentence(alike: list[Finding], measures: Mapping[str, MeasureLine], speaker: Speaker) -> str:
    words = [_words(finding.values, measures, speaker) for finding in alike]
    department = mark("{department} {value} (n = {n})")
    departments = [speaker.say(department, **each) for each in words if "department" in each]
    return speaker.say(FINDINGS[alike[0].code], **words[0], departments=speaker.listed(departments))


def _words(
    values: Mapping[str, int | str], measures: Mapping[str, MeasureLine], speaker: Speaker
) -> dict[str, str]:
    line = measures.get(str(values.get("measure", "")))
    kind = line.kind if line is not None else "mean"
    words: dict[str, str] = {}
    for name, value in values.items():
        if name in ("value", "before", "target", "company"):
            words[name] = speaker.value(kind, int(value))
        elif name == "measure":
            words[name] = _measure(str(value), measures, speaker)
        elif name == "measures":
            words[name] = speaker.listed(_measure(code, measures, speaker) for code in str(value).split())
        elif name == "kind":
            words[name] = speaker.label(OBLIGATION_KINDS, str(value))
        elif name == "as_of":
            words[name] = speaker.day(date.fromisoformat(str(value)))
        else:
            words[name] = value if isinstance(value, str) else speaker.number(value)
    if "low" in values:
        words["interval"] = speaker.interval(kind, int(values["low"]), int(values["high"]))
    return words


def _measure(code: str, measures: Mapping[str, MeasureLine], speaker: Speaker) -> str:
    return speaker.line(measures[code]) if code in measures else speaker.measure(code)
