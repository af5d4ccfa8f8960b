"""What failed under a lease and is left out until the next one, so that all else goes on. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.acts.act import AnyAct

MOST_FAILURES = 64  # of one act: what fails so often is not a bad account or two, and waits for the next lease


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`acts`: words of acts that are not tried any more. `pairs`: an act's word and an account. `parts`: by word the
    halves of batches that failed: whoever of them it is, the others are not to suffer.
    """

    acts: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    parts: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    failures: Mapping[str, int] = field(default_factory=dict)

    def failed(self, word: str) -> bool:
        """Whether an act of this word failed, for whomever."""
        return word in self.failures

    def batch(self, word: str, accounts: Sequence[str], at_once: int) -> tuple[str, ...]:
        """Up to so many of the accounts to try next; nobody where all of them are left out.

        Who was in no batch that failed comes first, then one half of such a batch after the other.
        """
        if word in self.acts:
            return ()
        waiting = [account for account in accounts if (word, account) not in self.pairs]
        parts = self.parts.get(word, ())
        suspects = {account for part in parts for account in part}
        fresh = [account for account in waiting if account not in suspects]
        for some in (fresh, *([account for account in waiting if account in part] for part in parts)):
            if some:
                return tuple(some[:at_once])
        return ()

    def without(self, word: str, *accounts: str) -> LeftOut:
        """Leaves an act out: for these accounts, or without any for good."""
        failures = {**self.failures, word: self.failures.get(word, 0) + 1}
        if not accounts or failures[word] >= MOST_FAILURES:
            return replace(self, acts=self.acts | {word}, failures=failures)
        return replace(self, pairs=self.pairs | {(word, account) for account in accounts}, failures=failures)

    def halving(self, act: AnyAct) -> LeftOut:
        """A batch that failed is tried in halves; one account, or the chat itself, is left out."""
        word, accounts = act.word, act.accounts
        if len(accounts) < 2:
            return self.without(word, *accounts)
        half = len(accounts) // 2
        others = tuple(part for part in self.parts.get(word, ()) if not set(accounts) >= set(part))
        parts = {**self.parts, word: (*others, accounts[:half], accounts[half:])}
        left = replace(self, parts=parts, failures={**self.failures, word: self.failures.get(word, 0) + 1})
        return replace(left, acts=left.acts | {word}) if left.failures[word] >= MOST_FAILURES else left


NOTHING = LeftOut()
