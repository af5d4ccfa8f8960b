"""`GET /metrics`: where everything stands, and how the process is, for Prometheus. Numbers alone, nobody named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from adapters.web.contents import problems_of
from adapters.web.dependencies import Dependencies
from adapters.web.shared import Metrics
from sync.account_health import REFUSES, UNREACHABLE
from sync.alarms import ALARMS
from sync.views.status import PlatformAccount, StatusView

router = APIRouter(tags=["operations"])

DOWN = frozenset({REFUSES, UNREACHABLE})


@dataclass(frozen=True, slots=True, eq=False)
class _Standing(Collector):
    """What `GET /v1/status` says, as gauges."""

    status: StatusView
    now: datetime

    def collect(self) -> Iterator[GaugeMetricFamily]:
        status = self.status
        if status.lag_records is not None:
            yield _gauge("lag_records", "Records in the topics that the database has not taken", status.lag_records)
        yield _gauge("inbox_unprocessed", "What is affected or due and not planned yet", status.inbox_unprocessed)
        yield _by(
            "places", "Places by what stands before them", "state", {**asdict(status.outbox), "waiting": status.waiting}
        )
        yield _gauge(
            "oldest_pending_seconds",
            "For how long the oldest change is pending",
            self._age_s(status.oldest_pending_at),
        )
        yield _gauge("dead_letters", "Records that could not be taken and wait for a person", status.dead_letters)
        yield _gauge("stopped_partitions", "Partitions of which nothing is taken", len(status.stopped_partitions))
        yield _gauge("stalled_organisations", "Schools whose planning fails", len(status.stalled))
        yield _gauge("chats_in_need", "Chats that need a person", len(status.needs_person))
        yield _gauge(
            "look_age_seconds", "How long ago a chat was looked at, at most", self._age_s(status.oldest_look_at)
        )
        counted = Counter(alarm.kind for alarm in status.alarms)
        up = {each.account: float(each.state not in DOWN) for each in status.platform_accounts}
        yield _by("platform_account_up", "Whether a platform account answers and takes its token", "account", up)
        paused = {each.account: self._paused_s(each) for each in status.platform_accounts}
        yield _by("platform_paused_seconds", "For how long a platform account is still paused", "account", paused)
        yield _by("alarms", "Alarms by kind", "kind", {kind: counted[kind] for kind in ALARMS})

    def _paused_s(self, account: PlatformAccount) -> float:
        return 0.0 if account.paused_until is None else max(0.0, (account.paused_until - self.now).total_seconds())

    def _age_s(self, since: datetime | None) -> float:
        return 0.0 if since is None else max(0.0, (self.now - since).total_seconds())


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"rollcall_{name}", told, value=value)


def _by(name: str, told: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"rollcall_{name}", told, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


@router.get("/metrics", response_class=Response, responses=problems_of(503))
async def show_metrics(metrics: Metrics) -> Response:
    """Metrics in the text format of Prometheus."""
    return Response(await metrics(), media_type=CONTENT_TYPE_LATEST)


async def told(deps: Dependencies) -> bytes:
    now = deps.now()
    standing = CollectorRegistry()
    standing.register(_Standing(await deps.registry.operations.status(None, now), now))
    return generate_latest(standing) + generate_latest(REGISTRY)
