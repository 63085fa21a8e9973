"""A budget ends by bytes or by time."""

from psbhost.budget import Budget, memory_used


def test_bytes():
    budget = Budget(60, 100)
    budget.spend(99)
    assert budget.left()
    budget.spend(1)
    assert not budget.left()
    assert budget.bytes == 100


def test_an_early_end():
    budget = Budget(60, 100)
    budget.end()
    assert not budget.left()


def test_time():
    assert not Budget(0, 100).left()


def test_memory_is_known_here():
    assert memory_used() > 1_000_000
