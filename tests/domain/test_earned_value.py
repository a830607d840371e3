"""Earned value gives the published figures, unrounded, and says n/a where there are none."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmtui.domain.earned_value import (
    EacMethod,
    EarnedValue,
    earned_schedule,
    planned_value,
    three_point,
)

PRA_PLAN = [D("0.1"), D("0.2"), D("0.4"), D("0.7"), D(1)]
MONEY = st.decimals(0, 10**9, places=2)


def near(value: D | None, digits: str) -> bool:
    """Whether the value rounds to the printed digits."""
    return value is not None and value.quantize(D(digits)) == D(digits)


def test_fence_of_pmp_exam_preparation() -> None:
    """The fence of four sides, as PMP exam preparation prints it."""
    fence = EarnedValue(bac=D(4000), pv=D(3000), ev=D(2500), ac=D(2800))
    assert (fence.cv, fence.sv) == (D(-300), D(-500))
    assert near(fence.cpi, "0.893")
    assert near(fence.spi, "0.833")
    assert (fence.eac(), fence.etc(), fence.vac()) == (D(4480), D(1680), D(-480))


def test_a_rounded_cpi_would_put_the_fence_off() -> None:
    fence = EarnedValue(bac=D(4000), pv=D(3000), ev=D(2500), ac=D(2800))
    assert fence.eac() == D(4480) != (fence.bac / D("0.893")).quantize(D(1))


def test_wikislate() -> None:
    """The worked case of the article on earned value at wikislate."""
    wikislate = EarnedValue(bac=D(100), pv=D(50), ev=D(40), ac=D(45))
    assert wikislate.eac() == D("112.5")
    assert wikislate.etc() == D("67.5")
    assert wikislate.vac() == D("-12.5")
    assert near(wikislate.eac(EacMethod.CPI_SPI), "129")
    assert near(wikislate.tcpi_bac, "1.09")


def test_pra_package_tests() -> None:
    """The CRAN package PRA: its own tests of pv, ev, sv, cv, spi and cpi."""
    pv = planned_value(D(100_000), PRA_PLAN, 3)
    ev = D(100_000) * D("0.35")
    pra = EarnedValue(bac=D(100_000), pv=pv, ev=ev, ac=D(36_000))
    assert (pra.pv, pra.ev) == (D(40_000), D(35_000))
    assert (pra.sv, pra.cv) == (D(-5_000), D(-1_000))
    assert pra.spi == D("0.875")
    assert near(pra.cpi, "0.97222")


def test_pra_package_manual() -> None:
    """The CRAN package PRA: the examples of its manual; the EAC of 120 482 is an input of theirs."""
    pra = EarnedValue(bac=D(100_000), pv=D(40_000), ev=D(35_000), ac=D(63_000))
    assert pra.eac(EacMethod.REMAINING_AT_PLAN) == 128_000
    assert near(pra.tcpi_bac, "1.76")
    assert near(pra.tcpi_eac(D(120_482)), "1.13")


def test_pra_earned_schedule() -> None:
    """Lipke's formulas, "Schedule is Different" (2003), on the case of the CRAN package PRA's tests."""
    values = [D(100_000) * share for share in PRA_PLAN]
    found = earned_schedule(values, D(35_000), 3)
    assert found.es == D("2.75")
    assert found.sv == D("-0.25")
    assert near(found.spi, "0.9167")
    assert near(found.ieac, "5.4545")


def test_three_point_sums_to_17() -> None:
    tasks = [three_point(D(o), D(m), D(p)) for o, m, p in [(1, 4, 7), (1, 5, 9), (4, 4, 10), (2, 2, 8)]]
    assert [task.mean for task in tasks] == [4, 5, 5, 3]
    assert near(sum((task.variance for task in tasks), D(0)), "4.78")
    assert tasks[0].deviation == 1


def test_an_estimate_from_the_bottom_up_adds_to_the_actual_cost() -> None:
    value = EarnedValue(bac=D(100), pv=D(50), ev=D(40), ac=D(45))
    assert value.eac(EacMethod.BOTTOM_UP, etc=D(70)) == 115
    assert value.etc(EacMethod.BOTTOM_UP, etc=D(70)) == 70
    assert value.vac(EacMethod.BOTTOM_UP, etc=D(70)) == -15
    with pytest.raises(ValueError, match="estimate to complete"):
        value.eac(EacMethod.BOTTOM_UP)


def test_without_cost_or_plan_the_indices_are_not_available() -> None:
    fresh = EarnedValue(bac=D(100), pv=D(0), ev=D(0), ac=D(0))
    assert (fresh.cpi, fresh.spi, fresh.eac(), fresh.etc(), fresh.vac()) == (None,) * 5
    assert fresh.eac(EacMethod.CPI_SPI) is None
    assert fresh.eac(EacMethod.REMAINING_AT_PLAN) == 100
    assert EarnedValue(D(100), D(50), D(40), D(0)).eac() is None
    assert EarnedValue(D(100), D(0), D(40), D(45)).eac(EacMethod.CPI_SPI) is None


def test_a_spent_budget_cannot_be_kept_any_more() -> None:
    assert EarnedValue(D(100), D(100), D(80), D(100)).tcpi_bac is None
    assert EarnedValue(D(100), D(100), D(80), D(130)).tcpi_bac is None


@given(MONEY, MONEY, MONEY, MONEY)
def test_whatever_the_figures_the_estimates_agree(bac: D, pv: D, ev: D, ac: D) -> None:
    value = EarnedValue(bac, pv, ev, ac)
    assert value.tcpi_bac is None or bac > ac
    for method in (EacMethod.CPI, EacMethod.REMAINING_AT_PLAN, EacMethod.CPI_SPI):
        eac, etc, vac = value.eac(method), value.etc(method), value.vac(method)
        if eac is None:
            assert etc is vac is None
        else:
            assert (etc, vac) == (eac - ac, bac - eac)


@pytest.mark.parametrize(
    ("period", "value"),
    [(-1, 0), (0, 0), ("0.5", 5), (1, 10), ("2.5", 30), (5, 100), (9, 100)],
)
def test_plans_grow_evenly_within_a_period(period: int | str, value: int) -> None:
    assert planned_value(D(100), PRA_PLAN, D(period)) == value


def test_nothing_planned_is_worth_nothing() -> None:
    assert planned_value(D(100), [], 3) == 0


@pytest.mark.parametrize(("ev", "es"), [(-5, 0), (0, 0), (5, "0.5"), (10, 1), (100, 5), (120, 5)])
def test_earned_schedule_at_the_ends(ev: int, es: int | str) -> None:
    values = [share * 100 for share in PRA_PLAN]
    assert earned_schedule(values, D(ev), 3).es == D(es)


def test_a_plan_that_pauses_is_earned_after_the_pause() -> None:
    assert earned_schedule([D(10), D(10), D(20)], D(10), 1).es == 2


def test_before_the_first_period_there_is_no_index() -> None:
    assert earned_schedule([D(10)], D(5), 0).spi is None
    assert earned_schedule([D(10)], D(5), 0).ieac is None
    assert earned_schedule([D(10)], D(0), 1).ieac is None


def test_refuses_plans_that_fall_and_estimates_out_of_order() -> None:
    with pytest.raises(ValueError, match="never fall"):
        earned_schedule([D(10), D(5)], D(5), 1)
    with pytest.raises(ValueError, match="never fall"):
        planned_value(D(100), [D("-0.1")], 1)
    with pytest.raises(ValueError, match="needs planned values"):
        earned_schedule([], D(5), 1)
    with pytest.raises(ValueError, match="optimistic"):
        three_point(D(5), D(4), D(7))
