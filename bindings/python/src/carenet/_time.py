"""Instants and spans as people write them."""

from __future__ import annotations

import datetime as dt
import re

from carenet._call import INT64_MIN, whole
from carenet._errors import InvalidArgumentError

# The local time of the network: no daylight saving time.
MANILA = dt.timezone(dt.timedelta(hours=8), "Asia/Manila")

Instant = dt.datetime | dt.date | str | int | float
Span = str | int | dt.timedelta

_MINUTES_MOST = 2**31 - 1
_SECONDS_MOST = 2**53

_SPAN = re.compile(r"(?:(\d+)\s*d)?\s*(?:(\d+)\s*h)?\s*(?:(\d+)\s*(?:min|m)?)?")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(km|m)")


def instant_s(value: Instant | None, what: str) -> int:
    """Seconds since 1970 UTC; INT64_MIN for None. A time without a zone is that of Manila."""
    if value is None:
        return INT64_MIN
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            raise InvalidArgumentError(
                f"{what} is not an instant", hint='write it as in "2026-11-13T14:30"'
            ) from None
    if isinstance(value, dt.datetime):
        local = value if value.tzinfo is not None else value.replace(tzinfo=MANILA)
        return int(local.timestamp() // 1)
    if isinstance(value, dt.date):
        return instant_s(dt.datetime(value.year, value.month, value.day), what)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{what} is a datetime, an ISO text or seconds, not {type(value).__name__}")
    if not -_SECONDS_MOST <= value <= _SECONDS_MOST:  # nor where it is NaN
        raise InvalidArgumentError(f"{what} is not an instant", hint="give seconds since 1970 UTC")
    return int(value // 1)


def datetime_of(seconds: int) -> dt.datetime | None:
    """The local instant; None for INT64_MIN."""
    return None if seconds == INT64_MIN else dt.datetime.fromtimestamp(seconds, MANILA)


def minutes(value: Span, what: str) -> int:
    """Whole minutes of 90, "90min", "2h", "1d" or a timedelta."""
    if isinstance(value, dt.timedelta):
        return whole(int(value.total_seconds() // 60), what, 0, _MINUTES_MOST)
    if isinstance(value, int) and not isinstance(value, bool):
        return whole(value, what, 0, _MINUTES_MOST)
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or not any(match.groups()):
        raise InvalidArgumentError(f"{what} is not a time", hint="such as 90min or 2h")
    days, hours, rest = (int(part or 0) for part in match.groups())
    return whole((days * 24 + hours) * 60 + rest, what, 0, _MINUTES_MOST)


def days(value: Span, what: str) -> int:
    """Whole days of 60, "60d" or a timedelta; at least one, since to C none is no limit."""
    if isinstance(value, int) and not isinstance(value, bool):
        count = whole(value, what, 0, _MINUTES_MOST)
    else:
        count = minutes(value, what) // (24 * 60)
    if count == 0:
        raise InvalidArgumentError(f"{what} is a day or more", hint="leave it out for no limit")
    return count


def reach(value: Span, what: str) -> tuple[int, int]:
    """(minutes, metres) of "90min", "2h", "40km", "500m", or minutes; one of both is not 0, since to C
    that is no limit."""
    match = _LENGTH.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is not None:
        found = 0, round(float(match.group(1)) * (1000 if match.group(2) == "km" else 1))
    else:
        found = minutes(value, what), 0
    if found == (0, 0):
        raise InvalidArgumentError(
            f"{what} is a minute or a metre, or more", hint="leave it out for no limit"
        )
    return found
