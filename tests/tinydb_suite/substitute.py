"""ProjectDB and JournalStorage stand in for TinyDB and JSONStorage in whatever is imported after this."""

import tinydb
import tinydb.database
import tinydb.storages

from pmtui.store import JournalStorage, ProjectDB

for module in (tinydb, tinydb.database):
    module.TinyDB = ProjectDB
for module in (tinydb, tinydb.database, tinydb.storages):
    module.JSONStorage = JournalStorage
