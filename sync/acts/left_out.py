"""Acts that failed under a lease and are skipped until the next one, so that the others go on. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.acts.act import AnyAct
from sync.ids import AccountId

MOST_FAILURES = 64  # failures of one act: so many are not due to a single account; the act waits for the next lease


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`acts`: names of acts that are not tried any more. `pairs`: an act's name and an account. `parts`: by name, the
    halves of failed batches, which are retried apart to isolate the account at fault.
    """

    acts: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, AccountId]] = frozenset()
    parts: Mapping[str, tuple[tuple[AccountId, ...], ...]] = field(default_factory=dict)
    failures: Mapping[str, int] = field(default_factory=dict)

    def failed(self, name: str) -> bool:
        """Whether an act of this name failed, for any account."""
        return name in self.failures

    def batch(self, name: str, accounts: Sequence[AccountId], at_once: int) -> tuple[AccountId, ...]:
        """Up to `at_once` of the accounts to try next; empty if all are left out. Accounts of no failed batch come
        first, then the halves of failed batches, one after the other.
        """
        if name in self.acts:
            return ()
        waiting = [account for account in accounts if (name, account) not in self.pairs]
        parts = self.parts.get(name, ())
        suspects = {account for part in parts for account in part}
        fresh = [account for account in waiting if account not in suspects]
        for some in (fresh, *([account for account in waiting if account in part] for part in parts)):
            if some:
                return tuple(some[:at_once])
        return ()

    def without(self, name: str, *accounts: AccountId) -> LeftOut:
        """Leave out an act: for these accounts, or altogether if none are given."""
        failures = {**self.failures, name: self.failures.get(name, 0) + 1}
        if not accounts or failures[name] >= MOST_FAILURES:
            return replace(self, acts=self.acts | {name}, failures=failures)
        return replace(self, pairs=self.pairs | {(name, account) for account in accounts}, failures=failures)

    def halving(self, act: AnyAct) -> LeftOut:
        """A batch that failed is tried in halves; one account, or the chat itself, is left out."""
        name, accounts = act.name, act.accounts
        if len(accounts) < 2:
            return self.without(name, *accounts)
        half = len(accounts) // 2
        others = tuple(part for part in self.parts.get(name, ()) if not set(accounts) >= set(part))
        parts = {**self.parts, name: (*others, accounts[:half], accounts[half:])}
        left = replace(self, parts=parts, failures={**self.failures, name: self.failures.get(name, 0) + 1})
        return replace(left, acts=left.acts | {name}) if left.failures[name] >= MOST_FAILURES else left


NOTHING = LeftOut()
