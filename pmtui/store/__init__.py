"""Journalled TinyDB: the only floor that knows TinyDB."""

from pmtui.store.author import Author
from pmtui.store.errors import DamagedStore, ForeignFile, LockTimeout, NewerFormat, ReadOnly, StoreError, UndoRefused
from pmtui.store.journal import Note, Transaction
from pmtui.store.project_db import ProjectDB
from pmtui.store.storage import JournalStorage
from pmtui.store.workspace import Workspace

__all__ = [
    "Author",
    "DamagedStore",
    "ForeignFile",
    "JournalStorage",
    "LockTimeout",
    "NewerFormat",
    "Note",
    "ProjectDB",
    "ReadOnly",
    "StoreError",
    "Transaction",
    "UndoRefused",
    "Workspace",
]
