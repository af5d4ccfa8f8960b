"""`GET /metrics`: where everything stands, and how the process is, for Prometheus. Numbers alone, nobody named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from adapters.web.contents import problems_of
from adapters.web.doors import TheDoors
from sync.alarms import ALARMS
from sync.views.status import StatusView

router = APIRouter(tags=["operations"])


@dataclass(frozen=True, slots=True, eq=False)
class _Standing(Collector):
    """What `GET /v1/status` says, as gauges."""

    status: StatusView
    now: datetime

    def collect(self) -> Iterator[GaugeMetricFamily]:
        status = self.status
        if status.lag_records is not None:
            yield _gauge("lag_records", "Records in the topics that the database has not taken", status.lag_records)
        yield _gauge("inbox_unprocessed", "What is touched or due and not planned yet", status.inbox_unprocessed)
        yield _by(
            "places", "Places by what stands before them", "state", {**asdict(status.outbox), "waiting": status.waiting}
        )
        yield _gauge("oldest_pending_seconds", "For how long the oldest change has been pending", self._oldest_s())
        yield _gauge("dead_letters", "Records that could not be taken and wait for a person", status.dead_letters)
        yield _gauge("stopped_partitions", "Partitions of which nothing is taken", len(status.stopped_partitions))
        yield _gauge("stalled_organisations", "Schools whose planning fails", len(status.stalled))
        yield _gauge("chats_in_need", "Chats that need a person", len(status.needs_person))
        counted = Counter(alarm.kind for alarm in status.alarms)
        yield _by("alarms", "Alarms by kind", "kind", {kind: counted[kind] for kind in ALARMS})

    def _oldest_s(self) -> float:
        since = self.status.oldest_pending_at
        return 0.0 if since is None else max(0.0, (self.now - since).total_seconds())


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"rollcall_{name}", told, value=value)


def _by(name: str, told: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"rollcall_{name}", told, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


@router.get("/metrics", response_class=Response, responses=problems_of(503))
async def show_metrics(doors: TheDoors) -> Response:
    """Metrics in the text format of Prometheus."""
    now = doors.now()
    standing = CollectorRegistry()
    standing.register(_Standing(await doors.registry.operations.status(None, now), now))
    return Response(generate_latest(standing) + generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
