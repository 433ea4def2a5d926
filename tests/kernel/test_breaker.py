"""The circuit breaker: when a part is left alone, and when it is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kosu.breaker import CircuitBreaker

AT = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def opened() -> CircuitBreaker:
    breaker = CircuitBreaker(failures=3, open_for=SECOND)
    for _ in range(3):
        assert breaker.allows(AT)
        breaker.failed(AT)
    return breaker


def test_failures_in_a_row_open_it() -> None:
    assert not opened().allows(AT)
    assert not opened().allows(AT + SECOND - timedelta(microseconds=1))


def test_a_success_between_failures_keeps_it_closed() -> None:
    """A part that fails now and then is worth asking."""
    breaker = CircuitBreaker(failures=3, open_for=SECOND)
    for _ in range(5):
        breaker.failed(AT)
        breaker.failed(AT)
        assert breaker.allows(AT)
        breaker.succeeded()


def test_one_probe_at_a_time_finds_out() -> None:
    """A part that comes back must not be met by everybody who waited."""
    breaker = opened()
    assert [breaker.allows(AT + SECOND) for _ in range(4)] == [True, False, False, False]


def test_a_successful_probe_closes_it() -> None:
    breaker = opened()
    assert breaker.allows(AT + SECOND)
    breaker.succeeded()
    assert [breaker.allows(AT + SECOND) for _ in range(3)] == [True, True, True]


def test_a_failed_probe_opens_it_again() -> None:
    breaker = opened()
    assert breaker.allows(AT + SECOND)
    breaker.failed(AT + 1.5 * SECOND)
    assert not breaker.allows(AT + 2.4 * SECOND)
    assert breaker.allows(AT + 2.5 * SECOND)


def test_a_clock_that_is_set_back_does_not_keep_it_open() -> None:
    """An hour of refusals would be an outage of our own making."""
    assert opened().allows(AT - timedelta(hours=1))


def test_a_probe_that_never_reports_is_followed_by_another() -> None:
    """Whoever made it may have been cancelled."""
    breaker = opened()
    assert breaker.allows(AT + SECOND)
    assert not breaker.allows(AT + 1.9 * SECOND)
    assert breaker.allows(AT + 2 * SECOND)
