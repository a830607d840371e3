from decimal import Decimal

import pytest

from pmtui.exchange.amounts_in import Unit, decimal_comma, read_amount, unit_of


@pytest.mark.parametrize(
    ("text", "comma", "amount"),
    [
        ("1250", None, "1250"),
        ("1,250.50", None, "1250.50"),
        ("1.250,50", None, "1250.50"),
        ("1 250,5", None, "1250.5"),
        ("1'250.00", None, "1250"),
        ("€ 99", None, "99"),
        ("99.50 EUR", None, "99.50"),
        ("(99.50)", None, "-99.50"),
        ("99.50-", None, "-99.50"),
        ("-1", None, "-1"),
        ("1,250", None, "1250"),
        ("1,250", True, "1.250"),
        ("1.250", True, "1250"),
        ("1.250", False, "1.250"),
        ("1,250,000", None, "1250000"),
        ("2.5E+03", None, "2500"),
    ],
)
def test_amounts_as_files_write_them(text, comma, amount):
    assert read_amount(text, comma) == Decimal(amount)


def test_a_point_before_three_digits_is_doubtful_where_no_other_amount_tells():
    with pytest.raises(ValueError, match=r"doubtful: 1250 or 1\.250"):
        read_amount("1.250", None)


@pytest.mark.parametrize(
    "text", ["", "abc", "1.2.3", "1,25.0", "12,50,000", "1e400", "9" * 5000, "9" * 13, "0.00001", "NaN"]
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match=r"allowed|doubtful"):
        read_amount(text, comma=False)


def test_the_files_own_amounts_tell_its_decimal_mark():
    assert decimal_comma(["1.250", "99,50"]) is True
    assert decimal_comma(["1,250", "99.50"]) is False
    assert decimal_comma(["1.250", "99"]) is None
    assert decimal_comma(["1.250,5", "1,250.5"]) is None


def test_headings_say_units_and_currencies():
    assert unit_of("Planned Cost ($ M)")[0] == "Planned Cost"
    unit = unit_of("Planned Cost ($ M)")[1]
    assert unit.factor == 10**6
    assert "USD" in unit.currencies
    assert unit_of("Budget (k€)")[1] == Unit(Decimal(1000), frozenset({"EUR"}))
    assert unit_of("Net [EUR]")[1] == Unit(Decimal(1), frozenset({"EUR"}))
    assert unit_of("Cost (approved)") == ("Cost (approved)", Unit())


def test_millions_keep_all_their_decimals():
    assert read_amount("0.211988", comma=False, unit=Unit(Decimal(10**6))) == Decimal(211988)
