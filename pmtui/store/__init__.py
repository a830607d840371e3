"""Journalled TinyDB: the only floor that knows TinyDB."""

from pmtui.store.errors import DamagedStore, LockTimeout, ReadOnly, StoreError, UndoRefused
from pmtui.store.journal import Note, Transaction
from pmtui.store.project_db import ProjectDB
from pmtui.store.storage import Author, JournalStorage
from pmtui.store.workspace import Workspace

__all__ = [
    "Author",
    "DamagedStore",
    "JournalStorage",
    "LockTimeout",
    "Note",
    "ProjectDB",
    "ReadOnly",
    "StoreError",
    "Transaction",
    "UndoRefused",
    "Workspace",
]
