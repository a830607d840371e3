"""Money on one line: ``1250.50 travel "Workshop Lyon" vendor:SNCF 2026-03-02 paid``, ``1200 USD @0.92 travel``."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickforeign import take_foreign
from pmtui.domain.quickgrammar import Understood
from pmtui.domain.quickreader import LineReader
from pmtui.domain.quickwords import Word, near
from pmtui.domain.records import BudgetLine, CostEntry, RecordType, split_number
from pmtui.domain.records.cost import CATEGORIES
from pmtui.domain.text import clean, fold
from pmtui.domain.values import read_money

_AMOUNT = re.compile(r"(?P<sign>[+-]?)(?P<mark>[€$£]?)(?P<digits>[0-9][0-9.,'’]*)(?P<after>[€$£]|[A-Z]{3})?")
_GROUP = re.compile(r"[0-9]{3}(?:[.,][0-9]{1,2})?")
_MARKS = {"€": "EUR", "£": "GBP"}
_RATE = re.compile(r"@([0-9]+(?:[.,][0-9]+)?)[,;]?")
_CURRENCIES = re.compile(
    "EUR|USD|GBP|CHF|CAD|AUD|NZD|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|RON|BRL|ZAR|SGD|HKD|MXN|TRY|[€$£]",
)
_LONGEST_CATEGORY = 3


class MoneyReader(LineReader):
    """Finds the one amount among the words."""

    amount_field = "net"
    currency = ""
    """The currency of the amount that was taken, where it is another one."""

    def __init__(self, record_type: RecordType, data: ProjectData, today: dt.date) -> None:
        super().__init__(record_type, data, today)
        self.amounts: list[tuple[int, Decimal]] = []
        """Where among the words that are left an amount stands, and what it is."""
        self.currencies: dict[int, str] = {}
        """The currency of an amount by its place, where it is another one than the project's."""

    def step(self, at: int) -> int:
        """Also amounts: they are chosen among at the end."""
        took = super().step(at)
        return took or (self._amount(at) if self.words[at].bare else 0)

    def _amount(self, at: int) -> int:
        found = _AMOUNT.fullmatch(self.words[at].text.rstrip(",;"))
        if found is None or (found["after"] and not _CURRENCIES.fullmatch(found["after"])):
            return 0
        digits, took = found["digits"], 1
        while re.fullmatch(r"[0-9]{1,3}(?: [0-9]{3})*", digits) and not found["after"] and self._group(at + took):
            digits += f" {self.words[at + took].text.rstrip(',;')}"
            took += 1
        try:
            value = read_money(found["sign"] + digits)
        except ValueError:
            return 0
        marks = [found["mark"], found["after"] or "", *self._beside(at, took)]
        foreign = self.foreign([mark for mark in marks if mark], self.words[at].text)
        if foreign:
            self.currencies[len(self.rest)] = foreign
        self.amounts.append((len(self.rest), value))
        self.rest.append(Word(" ".join(word.text for word in self.words[at : at + took])))
        return took + (1 if self._currency(at + took) else 0)

    def _group(self, at: int) -> bool:
        return at < len(self.words) and self.words[at].bare and bool(_GROUP.fullmatch(self.words[at].text.rstrip(",;")))

    def _currency(self, at: int) -> str:
        text = self.words[at].text.rstrip(",;") if at < len(self.words) and self.words[at].bare else ""
        return text if _CURRENCIES.fullmatch(text) else ""

    def _beside(self, at: int, took: int) -> Sequence[str]:
        """A currency written as a word of its own, before or after the amount."""
        before = self._currency(at - 1) if at else ""
        if before and self.rest and self.rest[-1].text == before:
            self.rest.pop()
        return before, self._currency(at + took)

    def foreign(self, marks: Sequence[str], text: str) -> str:
        """Another currency than the project's that is written at an amount; here it is refused, not taken as it."""
        mark = self._other_currency(marks)
        if mark:
            self.refuse_currency(f"{text} {mark}".strip())
        return ""

    def refuse_currency(self, written: str, more: str = "") -> None:
        """Amounts are in the project's currency."""
        self.problem(self.amount_field, written, f"amounts of this project are in {self.data.project.currency}{more}")

    def _other_currency(self, marks: Sequence[str]) -> str:
        own = self.data.project.currency
        found = (_MARKS.get(mark, mark) for mark in marks if not (mark == "$" and own.endswith("D")))
        return next((code for code in found if code != own), "")

    def take_amount(self) -> None:
        """The first word where it is an amount; else the only amount there is."""
        name = self.amount_field
        if name in self.values or any(p.field == name for p in self.problems):
            return
        if not self.amounts:
            self.problem(name, "", self.type.fields[name].allowed)
            return
        shown = [self.rest[place].text for place, _ in self.amounts]
        if len(shown) > 1 and not self._begins_the_line():
            self.problem(name, ", ".join(shown), f"doubtful: write the amount first, or {name}:…")
            return
        place, value = self.amounts[0]
        self.currency = self.currencies.get(place, "")
        others = [text for text, (_, amount) in zip(shown[1:], self.amounts[1:], strict=True) if not _is_year(amount)]
        if others:
            self.said.append(f"{', '.join(others)}: kept as text; the amount is the first number")
        del self.rest[place]
        self.put(name, value)

    def _begins_the_line(self) -> bool:
        first = self.words[0].text.rstrip(",;")
        return bool(_AMOUNT.fullmatch(first) or _CURRENCIES.fullmatch(first))


def _is_year(amount: Decimal) -> bool:
    return amount == int(amount) and 1970 <= amount <= 2100


class CostReader(MoneyReader):
    """An amount, its category or budget line, and what it was for."""

    _category = ""

    def step(self, at: int) -> int:
        """Also a budget line's number, the category's key, and a rate."""
        word = self.words[at]
        if word.bare and (rate := _RATE.fullmatch(word.text)):
            self.put_text("rate", rate[1])
            return 1
        if fold(word.key) in {"category", "line", "budget_line", "account"}:
            self._take_category(word.text, named=True)
            return 1
        if word.bare and not self._category:
            found = split_number(word.text) if "-" in word.text else None
            if found and found[0].struct is BudgetLine:
                self._take_category(found[0].number(found[1]), named=True)
                return 1
        return super().step(at)

    def finish(self) -> None:
        """The amount, then what it credits, then the category, then the rest is the note."""
        if self.amounts or "foreign_net" not in self.values:
            self.take_amount()
        take_foreign(self)
        self._take_credit_note()
        self._take_credited()
        if not self._category and not any(p.field == "category" for p in self.problems):
            self._find_category()
        if self._category:
            self.values["category"] = self._category
            line = self.data.get(self._category)
            words = f"{self._category} {line.name}" if line else self._category
            amount = {"net": self.shown["net"]} if "net" in self.shown else {}
            self.shown = amount | {"category": Understood("category", "Category", words)} | self.shown
        elif not any(p.field == "category" for p in self.problems):
            self.problem("category", "", f"a cost needs a category or a budget line: {', '.join(self._known())}")
        if "date" not in self.values and not any(p.field == "date" for p in self.problems):
            self.put("date", self.today)
        self.values.setdefault("status", "invoiced")
        super().finish()

    def foreign(self, marks: Sequence[str], text: str) -> str:
        """The other currency; a sign that several have is refused."""
        code = self._other_currency(marks)
        if code and not code.isalpha():
            self.refuse_currency(f"{text} {code}".strip(), "; write another one by its letters, such as USD")
            return ""
        return code

    def _take_credited(self) -> None:
        """What a credit note credits gives its vendor, and its line where none is written."""
        of = self.data.get(str(self.values.get("credits", "")))
        net = self.values.get("net")
        if not isinstance(of, CostEntry):
            return
        if isinstance(net, Decimal) and net > 0:
            self.problem("net", f"{net}", f"a credit note takes back: write it with a minus, -{net}")
        if "credit_note" not in self.values:
            self.put("credit_note", value=True)
        if of.vendor and "vendor" not in self.values:
            self.put("vendor", of.vendor)
        if not self._category and not self._known_category():
            self._take_category(of.budget_line, named=True)

    def _take_credit_note(self) -> None:
        """A negative amount says that it is a credit note."""
        net = self.values.get("net")
        said = [word for word in self.rest if word.bare and fold(word.text) in {"credit", "credit-note"}]
        if not isinstance(net, Decimal) or net >= 0 or {"credit_note", "credits"} & self.values.keys():
            return
        if said:
            self.rest.remove(said[0])
            self.put("credit_note", value=True)
        else:
            self.problem("net", f"{net}", "a negative amount is a credit note: add the word credit, or credits C-5")

    def _known(self) -> list[str]:
        """Categories that have a budget line, then those there usually are."""
        lines = (line.category for line in self.data.budget_lines.values())
        return list(dict.fromkeys((*lines, *CATEGORIES)))

    def _take_category(self, text: str, *, named: bool) -> None:
        line = self.data.budget_line_named(text)
        if line is None and (found := split_number(text)) and found[0].struct is BudgetLine:
            self.problem("category", text, "there is no such budget line here")
        elif self._category:
            self.problem("category", f"{self._category}, {text}", "a cost has one category")
        elif not named and line is None and (close := near(fold(text), [fold(k) for k in self._known()])):
            if fold(text) in close:
                self._category = next(k for k in self._known() if fold(k) == fold(text))
            else:
                self.problem("category", text, f"is it {' or '.join(close)}? A new one is written category:{text}")
        else:
            self._category = clean(text) if line is None or split_number(text) else line.category

    def _find_category(self) -> None:
        """A known category wherever it stands; else the first word."""
        if self._known_category():
            return
        for at, word in enumerate(self.rest):
            if word.bare and word.text[0].isalpha():
                del self.rest[at]
                self._take_category(word.text.rstrip(",;"), named=False)
                return

    def _known_category(self) -> bool:
        """A known category wherever it stands, the longest first; whether there is one."""
        known = {fold(category) for category in self._known()}
        for count in range(_LONGEST_CATEGORY, 0, -1):
            for at in range(len(self.rest) - count + 1):
                run = self.rest[at : at + count]
                text = " ".join(word.text.rstrip(",;") for word in run)
                if all(word.bare for word in run) and fold(text) in known:
                    del self.rest[at : at + count]
                    self._take_category(text, named=False)
                    return True
        return False


class BudgetLineReader(MoneyReader):
    """A category and what is planned for it: ``travel 12000 contingency``."""

    amount_field = "planned"

    def finish(self) -> None:
        """A line of contingency alone is its own category."""
        self.take_amount()
        if not self.rest and "category" not in self.values and "kind" in self.values:
            self.put("category", str(self.values["kind"]))
        super().finish()
