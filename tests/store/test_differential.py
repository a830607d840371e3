import copy
import json
import shutil
import tempfile
from pathlib import Path

import pytest
import tinydb
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from store.stores import TORTURE, broken_history, open_db
from tinydb import operations, where
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from pmtui.store.history import transactions

TABLES = ("tasks", "risks", "_default")
FIELDS = "abc"
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.sampled_from([0.5, 1.0]), st.text("xé\n", max_size=2)),
    lambda deeper: st.one_of(st.lists(deeper, max_size=2), st.dictionaries(st.sampled_from("xy"), deeper, max_size=2)),
    max_leaves=3,
)
documents = st.dictionaries(st.sampled_from(FIELDS), values, max_size=3)
fields = st.sampled_from(FIELDS)
conditions = st.one_of(
    st.builds(lambda f: where(f).exists(), fields),
    st.builds(lambda f, v: where(f) == v, fields, st.integers(-1, 1)),
    st.builds(lambda f: ~where(f).exists(), fields),
    st.builds(lambda f, g: where(f).exists() & where(g).exists(), fields, fields),
    st.builds(lambda f: where(f).test(lambda value: isinstance(value, str)), fields),
)
changes = st.one_of(
    documents,
    st.builds(operations.set, fields, values),
    st.builds(operations.delete, fields),
    st.builds(operations.increment, fields),
    st.builds(operations.add, fields, st.sampled_from([1, 0.5])),
)
places = st.lists(st.integers(0, 7), max_size=3, unique=True)
"""Documents by their place in the table; some places have none."""


class SameAsTinyDB(RuleBasedStateMachine):
    """Each operation is done by one of three handles on one store, and by TinyDB in memory; all then hold the same.

    Ours gives a new document a number that no other ever had, TinyDB perhaps an old one: ``theirs`` tells which.
    """

    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp())
        self.handles = [open_db(self.folder, user) for user in ("ana", "ben", "cem")]
        self.stock = tinydb.TinyDB(storage=MemoryStorage)
        self.theirs = {}
        self.given = set()

    def teardown(self):
        if hasattr(self, "folder"):
            assert broken_history(self.handles[0].journal) == []
            sequences = [t.sequence for t in transactions(self.handles[0].journal)]
            assert sequences == list(range(1, len(sequences) + 1))
            for handle in self.handles:
                handle.close()
            shutil.rmtree(self.folder)

    # Doing the same twice -----------------------------------------------------

    def both(self, handle, work):
        """What ``work(database)`` gives or raises: alike; where it raises, nothing has changed."""
        results = []
        before = copy.deepcopy(self.stock.storage.memory), dict(self.theirs)
        for db in (self.handles[handle], self.stock):
            try:
                results.append((work(db), None))
            except (ValueError, KeyError, TypeError, RuntimeError) as error:
                results.append((None, type(error)))
        assert results[0][1] == results[1][1]
        if results[0][1]:
            self.stock.storage.memory, self.theirs = before
        self.as_from_a_file()
        return results[0][0], results[1][0]

    def as_from_a_file(self):
        """TinyDB's memory lets documents share their lists; its files do not."""
        self.stock.storage.memory = json.loads(json.dumps(self.stock.storage.memory))
        for name in TABLES:
            self.stock.table(name).clear_cache()
            self.stock.table(name)._next_id = None

    def at_places(self, table, wanted):
        """The numbers of the documents at these places, as a database knows them; one of none past the last."""
        there = [document.doc_id for document in self.handles[0].table(table)]
        ours = list(dict.fromkeys(there[place] if place < len(there) else 999 for place in wanted))
        theirs = [self.theirs.get((table, number), number) for number in ours]
        return lambda db: theirs if db is self.stock else ours

    def same_numbers(self, table, ours, theirs):
        assert [self.theirs.get((table, number)) for number in ours] == theirs

    def learn(self, table, ours, theirs):
        """New documents: numbers never given before."""
        assert len(ours) == len(theirs)
        assert not self.given & {(table, number) for number in ours}
        self.given |= {(table, number) for number in ours}
        self.theirs |= {(table, mine): other for mine, other in zip(ours, theirs, strict=True)}

    # Writing ------------------------------------------------------------------

    @rule(handle=st.integers(0, 2), table=st.sampled_from(TABLES), document=documents)
    def insert(self, handle, table, document):
        ours, theirs = self.both(handle, lambda db: db.table(table).insert(copy.deepcopy(document)))
        self.learn(table, [ours], [theirs])

    @rule(handle=st.integers(0, 2), table=st.sampled_from(TABLES), some=st.lists(documents, max_size=3))
    def insert_multiple(self, handle, table, some):
        self.learn(table, *self.both(handle, lambda db: db.table(table).insert_multiple(copy.deepcopy(some))))

    @rule(handle=st.integers(0, 2), table=st.sampled_from(TABLES), document=documents)
    def insert_with_its_number(self, handle, table, document):
        number = max((n for _, n in [*self.given, *self.theirs.items()]), default=0) + 3
        ours, theirs = self.both(handle, lambda db: db.table(table).insert(Document(copy.deepcopy(document), number)))
        assert ours == number
        self.learn(table, [ours], [theirs])

    @rule(handle=st.integers(0, 2), table=st.sampled_from(TABLES), change=changes, condition=st.none() | conditions)
    def update(self, handle, table, change, condition):
        ours, theirs = self.both(handle, lambda db: db.table(table).update(copy.deepcopy(change), condition))
        self.same_numbers(table, ours or [], theirs or [])

    @rule(handle=st.integers(0, 2), table=st.sampled_from(TABLES), change=changes, wanted=places)
    def update_by_number(self, handle, table, change, wanted):
        numbers = self.at_places(table, wanted)
        ours, theirs = self.both(handle, lambda db: db.table(table).update(copy.deepcopy(change), doc_ids=numbers(db)))
        self.same_numbers(table, ours or [], theirs or [])

    @rule(handle=st.integers(0, 2), table=st.sampled_from(TABLES), pairs=st.lists(st.tuples(changes, conditions)))
    def update_multiple(self, handle, table, pairs):
        ours, theirs = self.both(handle, lambda db: db.table(table).update_multiple(copy.deepcopy(pairs)))
        self.same_numbers(table, ours or [], theirs or [])

    @rule(handle=st.integers(0, 2), table=st.sampled_from(TABLES), document=documents, condition=conditions)
    def upsert(self, handle, table, document, condition):
        known = self.stock.table(table).contains(condition)
        ours, theirs = self.both(handle, lambda db: db.table(table).upsert(copy.deepcopy(document), condition))
        (self.same_numbers if known else self.learn)(table, ours, theirs)

    @rule(handle=st.integers(0, 2), table=st.sampled_from(TABLES), condition=st.none() | conditions)
    def remove(self, handle, table, condition):
        ours, theirs = self.both(handle, lambda db: db.table(table).remove(condition))
        self.same_numbers(table, ours or [], theirs or [])

    @rule(handle=st.integers(0, 2), table=st.sampled_from(TABLES), wanted=places)
    def remove_by_number(self, handle, table, wanted):
        numbers = self.at_places(table, wanted)
        ours, theirs = self.both(handle, lambda db: db.table(table).remove(doc_ids=numbers(db)))
        self.same_numbers(table, ours or [], theirs or [])

    @rule(handle=st.integers(0, 2), table=st.sampled_from(TABLES))
    def truncate(self, handle, table):
        self.both(handle, lambda db: db.table(table).truncate())

    @rule(handle=st.integers(0, 2), table=st.sampled_from(TABLES))
    def drop_table(self, handle, table):
        self.both(handle, lambda db: db.drop_table(table))

    @rule(handle=st.integers(0, 2))
    def drop_tables(self, handle):
        self.both(handle, lambda db: db.drop_tables())

    # Groups -------------------------------------------------------------------

    @rule(
        handle=st.integers(0, 2),
        table=st.sampled_from(TABLES),
        document=documents,
        change=documents,
        fails=st.booleans(),
    )
    def group(self, handle, table, document, change, fails):
        before = copy.deepcopy(self.stock.storage.memory)

        def work(db):
            rows = db.table(table)
            rows.update(copy.deepcopy(change), where("a").exists())
            rows.remove(where("b").exists())
            numbers = rows.insert_multiple(copy.deepcopy([document, document]))
            rows.update(copy.deepcopy(change), doc_ids=numbers[:1])
            assert rows.get(doc_id=numbers[0]) == document | change
            db.table("risks").truncate()
            db.table("people").insert({"x": 1})
            db.drop_table("people")
            return numbers

        ours = []
        try:
            with self.handles[handle].journal.transaction():
                ours = work(self.handles[handle])
                if fails:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            assert self.stock.storage.memory == before
            return
        theirs = work(self.stock)
        self.as_from_a_file()
        if table != "risks":
            self.learn(table, ours, theirs)
        else:
            self.given |= {(table, number) for number in ours}

    # Files ----------------------------------------------------------------------

    @rule(handle=st.integers(0, 2))
    def compact(self, handle):
        self.handles[handle].journal.compact()

    @rule(handle=st.integers(0, 2))
    def reopen(self, handle):
        self.handles[handle].close()
        self.handles[handle] = open_db(self.folder, "dea")

    # Reading --------------------------------------------------------------------

    @rule(handle=st.integers(0, 2), table=st.sampled_from(TABLES), condition=conditions, wanted=places)
    def find(self, handle, table, condition, wanted):
        known = self.at_places(table, wanted)
        for look in (
            lambda rows, numbers: plain(rows.search(condition)),
            lambda rows, numbers: plain([rows.get(condition)]),
            lambda rows, numbers: [plain([rows.get(doc_id=number)]) for number in numbers],
            lambda rows, numbers: plain(rows.get(doc_ids=numbers)),
            lambda rows, numbers: rows.count(condition),
            lambda rows, numbers: rows.contains(condition),
            lambda rows, numbers: [rows.contains(doc_id=number) for number in numbers],
        ):
            ours, theirs = self.both(handle, lambda db, look=look: look(db.table(table), known(db)))
            assert ours == theirs

    @invariant()
    def all_hold_the_same(self):
        if not hasattr(self, "folder"):
            return
        for handle in self.handles:
            assert handle.tables() == self.stock.tables()
            for name in sorted(self.stock.tables()):
                ours, theirs = handle.table(name), self.stock.table(name)
                assert plain(ours) == plain(theirs)
                self.same_numbers(name, [d.doc_id for d in ours], [d.doc_id for d in theirs])
                assert len(ours) == len(theirs)


def plain(some):
    """Documents as JSON tells them apart, without what the store adds."""
    added = {"created", "created_by", "updated", "updated_by"}
    return [json.dumps(d and {k: v for k, v in d.items() if k not in added}, sort_keys=True) for d in some]


test_three_handles_do_what_tinydb_does = pytest.mark.filterwarnings("error")(SameAsTinyDB.TestCase)
SameAsTinyDB.TestCase.settings = settings(
    max_examples=2000 if TORTURE else 50,
    stateful_step_count=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
