"""What breaks on the way to a platform, and what an HTTP status means where the body says no more.

Messages of platforms are dropped: they may name people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import aiohttp

from sync.errors import Failure, PlatformError

MALFORMED = "answer.malformed"
TOO_LARGE = "answer.too.large"
UNTRUSTED = "certificate"
TIMEOUT = "timeout"
BY_STATUS = {401: Failure.CREDENTIALS, 403: Failure.NEEDS_PERSON, 429: Failure.BUSY, 408: Failure.UNCONFIRMED}


@contextmanager
def translated() -> Iterator[None]:
    """Turns what aiohttp raises for one request into PlatformError.

    Only a connection that was never made is sure to have carried nothing.
    """
    try:
        yield
    except aiohttp.ClientConnectorCertificateError as error:
        raise PlatformError(Failure.BUSY, untrusted(error.certificate_error)) from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise PlatformError(Failure.BUSY, "connection.failed") from error
    except TimeoutError as error:
        raise PlatformError(Failure.UNCONFIRMED, TIMEOUT) from error
    except (aiohttp.ClientError, OSError) as error:
        raise PlatformError(Failure.UNCONFIRMED, "connection.lost") from error


def of_status(
    status: int, headers: Mapping[str, str], code: str | None = None, failure: Failure | None = None
) -> PlatformError:
    """What an answer other than 2xx means. `code`: the platform's own, with the `failure` that it stands for."""
    meant = BY_STATUS.get(status) or failure or _by_class(status)
    return PlatformError(meant, code or f"http.{status}", retry_after_s=_seconds(headers.get("Retry-After")))


def malformed() -> PlatformError:
    """An answer that makes no sense: whatever was asked may have been done."""
    return PlatformError(Failure.UNCONFIRMED, MALFORMED)


def too_large() -> PlatformError:
    """An answer longer than any that the platform gives: whatever was asked may have been done."""
    return PlatformError(Failure.UNCONFIRMED, TOO_LARGE)


def untrusted(error: Exception) -> str:
    """What is wrong with the platform's certificate, as a code: `certificate.self-signed.certificate`."""
    told = getattr(error, "verify_message", "") or "refused"
    return ".".join([UNTRUSTED, *re.findall(r"[a-z0-9-]+", told.lower())])[:64]


def _by_class(status: int) -> Failure:
    """5xx may come after the change was made. A redirect or a bare 404 is a wrong address: nothing behind it did it."""
    if status >= 500:
        return Failure.UNCONFIRMED
    return Failure.BUSY if status < 400 or status == 404 else Failure.REFUSED


def _seconds(retry_after: str | None) -> float | None:
    """Only the form in seconds: no platform documents another, and a date would need a clock."""
    return float(retry_after) if retry_after and retry_after.isdecimal() else None
