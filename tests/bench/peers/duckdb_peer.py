"""DuckDB's SQL CASE over a table: duckdb_peer.py SOURCES.json PATIENTS.json SECONDS. Prints what peers.mjs prints.

It decides whole tables, so the rate is that of a million rows made of the same patients, on one thread; the overhead is that
of a query with one row.
"""
import json
import sys
import time

import duckdb

sources = json.load(open(sys.argv[1]))
patients = json.load(open(sys.argv[2]))
seconds = float(sys.argv[3])
types = {"flag": "BOOLEAN", "choice": "VARCHAR", "number": "SMALLINT"}
begin = time.perf_counter()
database = duckdb.connect()
database.execute("SET threads = 1")
database.execute("CREATE TABLE few (n INTEGER, " + ", ".join(f"{name} {types[kind]}" for name, kind in sources["inputs"].items()) + ")")
prepare = time.perf_counter() - begin
marks = ", ".join("?" * (len(sources["inputs"]) + 1))
database.executemany(f"INSERT INTO few VALUES ({marks})", [[n, *(p[name] for name in sources["inputs"])] for n, p in enumerate(patients)])
rows = database.execute(f"SELECT {sources['sql']} FROM few ORDER BY n").fetchall()
copies = max(1, 1_000_000 // len(patients))
database.execute(f"CREATE TABLE many AS SELECT few.* FROM few, range({copies})")
# What is decided is put away as a table, so that nothing of the query can be left out.
many, start, runs = copies * len(patients), time.perf_counter(), 0
while time.perf_counter() - start < seconds:
    database.execute(f"CREATE OR REPLACE TABLE answer AS SELECT {sources['sql']} FROM many")
    runs += 1
rate = runs * many / (time.perf_counter() - start)
start, runs = time.perf_counter(), 0
while time.perf_counter() - start < seconds:
    database.execute("SELECT true FROM few WHERE n = 0").fetchall()
    runs += 1
print(json.dumps({"answers": [list(row) for row in rows], "rate": rate, "overhead": (time.perf_counter() - start) / runs, "prepare": prepare}))
