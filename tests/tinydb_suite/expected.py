"""The tests of TinyDB that ask for what a journal can't be, each with its reason."""

VERSION = "4.9.0"
TESTS = 219
LEAST = 212
"""How many tests there are, and how many of them must pass."""

DIFFERENT = {
    "tests/test_middlewares.py::test_caching_json_write": "asks for the stock storage's private file handle",
    "tests/test_storages.py::test_create_dirs": "removes the folder after the one stock file; a lock and a journal lie beside it",
    "tests/test_storages.py::test_encoding": "asks for files in cp936 and cp037; a journalled store is UTF-8 and says so",
    "tests/test_storages.py::test_json": "writes lists and numbers where tables are; a journal holds tables of documents",
    "tests/test_storages.py::test_json_kwargs": "asks for the stock file's text, laid out by indent",
    "tests/test_tables.py::test_table_repr[json]": "asks for the stock classes' names in the table's repr",
    "tests/test_tinydb.py::test_repr": "asks for the stock class's name in the database's repr",
}
"""Test by its id → why it does not pass."""
