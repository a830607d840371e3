"""A store's files as one process has read them: what is in them now, and what others add.

Reading takes no lock. What is damaged is never guessed over: what is sound is shown, nothing is written.
"""

import contextlib
from collections.abc import Callable

from pmtui.store.errors import DamagedStore, StoreError
from pmtui.store.files import NOWHERE, Identity, identify
from pmtui.store.journal import CHAIN_START, Transaction
from pmtui.store.journal_file import JournalFile, Look
from pmtui.store.layout import Layout
from pmtui.store.memory import Memory
from pmtui.store.replay import replay
from pmtui.store.snapshot import Meta, Snapshot, read_meta, read_snapshot

Listener = Callable[[Transaction], None]

MOST_TRIES = 20
"""How often loading begins anew because somebody compacted meanwhile."""


class OpenFiles:
    """The snapshot and journal of a store, read into ``memory`` up to transaction ``sequence``.

    ``damage`` tells what in the files is not as it was written, ``read_only`` why nothing can be written;
    both are empty where all is well. ``unsettled``: something broke off in the middle, and memory may hold half of it;
    the next look reads all anew. ``listeners`` are told each transaction that others wrote, ``reloaded``
    that all had to be read anew. ``refused`` gives why this process may not write, ``clock`` ms since 1970.
    """

    def __init__(self, layout: Layout, refused: Callable[[], str], clock: Callable[[], int], *, stamps: bool) -> None:
        self.layout = layout
        self.clock = clock
        self.listeners: list[Listener] = []
        self.reloaded: list[Callable[[], None]] = []
        self.memory = Memory({}, {})
        self.stamps = stamps
        self.sequence = 0
        self.generation = 0
        self.damage = ""
        self.read_only = refused()
        self.snapshot_id: Identity = NOWHERE
        self.journal: JournalFile | None = None
        self.refused = refused
        self._damaged_at: object = None
        self.unsettled = False

    @property
    def chain(self) -> str:
        """The checksum of the last line that was read."""
        return self.journal.chain if self.journal else CHAIN_START

    def close(self) -> None:
        """Close the journal; nothing is read after."""
        if self.journal:
            self.journal.close()
            self.journal = None

    # Loading ------------------------------------------------------------------

    def load(self) -> Snapshot:
        """Read the snapshot and its journal; the snapshot as it was found, which may have been edited.

        Raises :class:`StoreError` where nothing of it can be read.
        """
        self.mend()
        try:
            snapshot = self._read_both()
        except DamagedStore as error:
            self._rebuild(str(error))
            return Snapshot()
        self._take_meta(snapshot.meta, snapshot.identity)
        self.stamps = self.stamps or snapshot.meta.stamps
        if snapshot.wrong and not snapshot.edited:
            with contextlib.suppress(DamagedStore):
                self._rebuild(snapshot.wrong)
                return snapshot
        tables = {name: dict(table) for name, table in snapshot.tables.items()} if snapshot.edited else snapshot.tables
        self.memory = Memory(tables, snapshot.meta.next)
        self.sequence = snapshot.meta.sequence
        if snapshot.wrong:
            self.set_damage(snapshot.wrong)
        self._see_newer_journals()
        self._read_on(self._take_silently, final=True)
        self.torn_tail()
        return snapshot

    def reload(self) -> None:
        """Read all anew, as it is not what was known; what can't be read leaves what was read before."""
        before = self.memory, self.sequence
        self.unsettled = True
        try:
            snapshot = self.load()
        except StoreError as error:
            self.set_damage(str(error))
        else:
            if snapshot.edited:
                self.memory, self.sequence = before
                self.mend()
                self.set_damage(f"{snapshot.wrong} while it was open; whoever opens it next takes the edit in")
        self.unsettled = False
        for tell in self.reloaded:
            tell()

    def mend(self) -> None:
        """What was wrong is about to be put right under the lock."""
        self.damage, self.read_only = "", self.refused()

    def set_damage(self, what: str) -> None:
        """Something is not as it was written: told, and nothing is written over it."""
        self.damage = self.damage or what
        self.read_only = self.read_only or what
        self._damaged_at = self._look()

    def torn_tail(self) -> bytes:
        """Bytes of the journal that were never acknowledged; where they may have been, that is damage."""
        try:
            return self.journal.torn_tail() if self.journal and not self.damage else b""
        except DamagedStore as error:
            self.set_damage(str(error))
            return b""

    def set_torn_aside(self, torn: bytes) -> None:
        """Take a torn tail out of the journal, and keep its bytes."""
        if torn and self.journal:
            self.layout.set_torn_aside(self.generation, self.journal.offset, torn)
            self.journal.cut()

    def read_to_end(self) -> None:
        """Pass over the journal's lines, which memory holds already."""
        if self.journal:
            for _ in self.journal.new_lines():
                pass

    def open_journal(self, generation: int, chain: str) -> bool:
        """Open a generation's journal at its beginning; whether it is there."""
        found = JournalFile(self.layout.journal(generation), chain, writable=not self.read_only)
        if self.journal:
            self.journal.close()
        self.journal = found
        if found.is_there and not found.writable:
            self.read_only = self.read_only or f"{found.path} can't be written by you"
        return found.is_there

    def switch(self, meta: Meta) -> None:
        """Go on from a new snapshot that holds what is in memory already."""
        self.open_journal(meta.generation, meta.chain)
        self._take_meta(meta, self.identify_snapshot())

    # Following ----------------------------------------------------------------

    def pull(self) -> None:
        """Take in what others wrote; some microseconds where there is nothing."""
        if self.journal is None:
            return
        try:
            self._pull()
        except BaseException:
            self.unsettled = True
            raise

    def _pull(self) -> None:
        if self.unsettled:
            self.reload()
        elif self.damage:
            if self._look() != self._damaged_at:
                self.reload()
        elif self.identify_snapshot() != self.snapshot_id:
            self._follow()
        else:
            found = self.journal.look() if self.journal else Look.SAME
            if found is Look.TAKEN_BACK:
                self.reload()
            elif found is Look.MORE:
                self._read_on(self._take)

    def identify_snapshot(self) -> Identity:
        """Which snapshot lies there now."""
        try:
            return identify(self.layout.path.stat(follow_symlinks=False))
        except OSError:
            return NOWHERE

    def tell(self, transaction: Transaction) -> None:
        """Tell the listeners a transaction."""
        for listener in self.listeners:
            listener(transaction)

    # Inside -------------------------------------------------------------------

    def _read_both(self) -> Snapshot:
        """The snapshot with its own journal open; once more where somebody compacted in between."""
        path = self.layout.path
        for _ in range(MOST_TRIES):
            snapshot = read_snapshot(path)
            meta = snapshot.meta
            there = self.open_journal(meta.generation, meta.chain) or meta.generation == 0
            if there and self.identify_snapshot() == snapshot.identity:
                break
        else:
            raise DamagedStore(f"{self.layout.journal(meta.generation).name} is missing: its changes are lost")
        if snapshot.identity == NOWHERE and self.layout.has_changes():
            raise DamagedStore(f"{path} is missing, though its journals are there")
        if snapshot.identity == NOWHERE and self.sequence:
            raise DamagedStore(f"{path} is gone")
        if snapshot.meta.generation == 0 and snapshot.tables and self.layout.is_past_beginning():
            raise DamagedStore(f"{path.name} lacks its table _meta, though its journals are there")
        return snapshot

    def _rebuild(self, why: str) -> None:
        """Show what the journals and kept snapshots hold; raises :class:`DamagedStore` where they do not."""
        state = replay(self.layout.folder, self.layout.prefix, stamps=self.stamps)
        if state is None:
            raise DamagedStore(why)
        self.memory, self.sequence = Memory(state.tables, state.next), state.sequence
        self.set_damage(f"{why}; what is shown was rebuilt from the journals")

    def _see_newer_journals(self) -> None:
        """A snapshot whose journal is not the last one was put there by somebody; or it is no longer there."""
        newer = self.layout.newer_journals(self.generation)
        if newer and self.identify_snapshot() == self.snapshot_id:
            self.set_damage(f"{self.layout.path.name} is older than {newer[0].name}: it was replaced, or emptied")

    def _follow(self) -> None:
        """Another process compacted: finish the old journal, then go on with the new one without loading."""
        try:
            meta, identity = read_meta(self.layout.path)
            self._read_on(self._take)
        except (StoreError, OSError):
            self.reload()
            return
        ours = self.sequence == meta.sequence and self.chain == meta.chain and meta.generation > self.generation
        if ours and not self.damage and self.open_journal(meta.generation, meta.chain):
            self._take_meta(meta, identity)
            self._read_on(self._take)
        elif not self.damage:
            self.reload()

    def _read_on(self, take: Callable[[Transaction], None], *, final: bool = False) -> None:
        """Take in the journal's new lines.

        Where one does not fit, a line before it may have been taken off again by its writer: everything is
        read anew, and what does not fit then is damage.
        """
        journal = self.journal
        if journal is None:
            return
        try:
            for transaction in journal.new_lines():
                take(transaction)
                if self.journal is not journal:  # whoever was told it wrote, and all was read anew
                    return
        except DamagedStore as error:
            if final:
                self.set_damage(str(error))
            else:
                self.reload()

    def _take(self, transaction: Transaction) -> None:
        self._take_silently(transaction)
        self.tell(transaction)

    def _take_silently(self, transaction: Transaction) -> None:
        for op in transaction.ops:
            self.memory.apply(op)
        if self.stamps:
            self.memory.stamp(transaction)
        self.sequence = transaction.sequence

    def _take_meta(self, meta: Meta, identity: Identity) -> None:
        self.generation, self.snapshot_id = meta.generation, identity

    def _look(self) -> object:
        """What tells whether damaged files were mended since."""
        journals = []
        with contextlib.suppress(OSError):
            journals = [identify(path.stat()) for path in self.layout.journals_here()]
        return self.identify_snapshot(), journals
