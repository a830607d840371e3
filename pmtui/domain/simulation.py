"""What uncertain amounts may come to together: a seeded Monte Carlo simulation of events that occur or don't.

In each trial every event occurs with its own probability, independent of the others, and the amounts of
those that occur are added (PMI, Practice Standard for Project Risk Management: quantitative analysis). A trial
is a bit: an event is a number whose bits say in which trials it occurs, and sums are kept bit by bit, so that
all trials are counted at once; ten thousand trials of two hundred events take some hundredths of a second.

Every event draws from a stream of its own, named by the seed and its key. So the answer does not depend on the
order of the events, the same events always give the same answer, and an event made likelier or dearer never
makes a sum smaller.
"""

import random
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

TRIALS = 10_000
"""How often chance is asked: enough that a probability is met within half a percent, one time in three."""

SEED = 1
"""Names the streams of numbers that are drawn."""

FINENESS = 24
"""Bits of a probability: it is met to a ten-millionth, far closer than the trials tell."""

_CENTS = 100


class Chance(msgspec.Struct, frozen=True):
    """An event: ``key`` names it, ``probability`` is 0 to 1, ``amount`` what it costs, 0 or more, to the cent."""

    key: str
    probability: Decimal
    amount: Decimal


class Spread(msgspec.Struct, frozen=True):
    """The sums of all trials, from the least to the greatest, in cents."""

    sums: tuple[int, ...] = (0,)

    @property
    def mean(self) -> Decimal:
        """The mean sum, to the cent."""
        return (Decimal(sum(self.sums)) / len(self.sums) / _CENTS).quantize(Decimal("0.01"))

    @property
    def least(self) -> Decimal:
        """The least sum that was met."""
        return Decimal(self.sums[0]) / _CENTS

    @property
    def greatest(self) -> Decimal:
        """The greatest sum that was met."""
        return Decimal(self.sums[-1]) / _CENTS

    def percentile(self, percent: int) -> Decimal:
        """The least sum that was not passed in this percentage of the trials, such as 80 for P80; 1 to 100."""
        if not 1 <= percent <= 100:
            raise ValueError(f"P{percent} is not a percentile: 1 to 100")
        count = len(self.sums)
        return Decimal(self.sums[-(-percent * count // 100) - 1]) / _CENTS

    def covered(self, amount: Decimal) -> int:
        """In how many percent of the trials an amount was enough; 100 only where it always was."""
        return 100 * bisect_right(self.sums, amount * _CENTS) // len(self.sums)

    def counts(self, bins: int) -> list[int]:
        """How many trials came to each of equal parts of the way from the least to the greatest sum."""
        first, width = self.sums[0], self.sums[-1] - self.sums[0]
        found = [0] * bins
        for total in self.sums:
            found[min(bins - 1, (total - first) * bins // width) if width else 0] += 1
        return found


class Spreads(msgspec.Struct, frozen=True):
    """What the losses come to, and what they come to less the gains of the same trials."""

    losses: Spread = Spread()
    net: Spread = Spread()


def simulate(
    losses: Iterable[Chance], gains: Iterable[Chance] = (), *, trials: int = TRIALS, seed: int = SEED
) -> Spreads:
    """Draw all trials. Raises ValueError for a probability outside 0 to 1, an amount below 0, or no trial."""
    if trials < 1:
        raise ValueError(f"{trials} trials: at least one is needed")
    lost = _sums(losses, trials, seed)
    won = _sums(gains, trials, seed)
    net = [loss - gain for loss, gain in zip(lost, won, strict=True)]
    return Spreads(Spread(tuple(sorted(lost))), Spread(tuple(sorted(net))))


def _sums(chances: Iterable[Chance], trials: int, seed: int) -> list[int]:
    """The sum of each trial, in cents."""
    digits: list[int] = []
    for chance in chances:
        if not 0 <= chance.probability <= 1:
            raise ValueError(f"{chance.key}: {chance.probability} is not a probability: 0 to 1")
        if chance.amount < 0:
            raise ValueError(f"{chance.key}: {chance.amount} is below 0")
        stream = random.Random(f"{seed}:{chance.key}")  # noqa: S311 - chance, not secrecy
        _add(digits, _occurs(stream, chance.probability, trials), round(chance.amount * _CENTS))
    return _per_trial(digits, trials)


def _occurs(stream: random.Random, probability: Decimal, trials: int) -> int:
    """A number whose bits are set with a probability: in each trial a fraction is drawn, bit by bit, below it."""
    limit = round(probability * (1 << FINENESS))
    if limit == 1 << FINENESS:
        return (1 << trials) - 1
    below = 0
    for place in range(FINENESS):
        drawn = stream.getrandbits(trials)
        below = below | drawn if limit >> place & 1 else below & drawn
    return below


def _add(digits: list[int], where: int, amount: int) -> None:
    """Add an amount to the sums of some trials; ``digits`` are all sums in the binary system, the lowest first."""
    carry, place = 0, 0
    while amount >> place or carry:
        if place == len(digits):
            digits.append(0)
        digit = digits[place]
        added = where if amount >> place & 1 else 0
        digits[place] = digit ^ added ^ carry
        carry = digit & added | carry & (digit ^ added)
        place += 1


def _per_trial(digits: Sequence[int], trials: int) -> list[int]:
    """The sums one by one."""
    if not digits:
        return [0] * trials
    rows = [format(digit, f"0{trials}b") for digit in reversed(digits)]
    return [int("".join(column), 2) for column in zip(*rows, strict=True)]
