#!/usr/bin/env python3
"""Arrow and Parquet for `aceso batch`: the optional part that needs pyarrow.

    aceso_columns.py read FILE     writes the file as CSV to the standard output
    aceso_columns.py write FILE    makes the file of CSV from the standard input

`aceso batch` runs it where INPUT or OUTPUT ends in .parquet, .arrow or .feather. Record batches go through CSV in a pipe, in
memory that does not grow with the file, so that a value of a column means what a cell means (docs/population.md): dates,
times of day and instants as ISO 8601, an instant without a zone as UTC; lists and structs as JSON; null as an empty cell.
"""

import csv
import io
import json
import os
import sys

ROWS = 1 << 16
BAD_USE, BAD_INPUT = 2, 3

try:
    import pyarrow
    import pyarrow.compute
    import pyarrow.csv
    import pyarrow.ipc
    import pyarrow.parquet
except ImportError as error:
    print(f"aceso: A0933: Arrow and Parquet files need pyarrow ({error}); install it with: python3 -m pip install pyarrow",
          file=sys.stderr)
    sys.exit(BAD_USE)


def batches_of(path):
    """(schema, record batches) of a Parquet file, or of an Arrow file or stream."""
    if path.endswith(".parquet"):
        file = pyarrow.parquet.ParquetFile(path)
        return file.schema_arrow, file.iter_batches(batch_size=ROWS)
    source = pyarrow.memory_map(path)
    try:
        reader = pyarrow.ipc.open_file(source)
        return reader.schema, (reader.get_batch(i) for i in range(reader.num_record_batches))
    except pyarrow.ArrowInvalid:
        source.seek(0)
        reader = pyarrow.ipc.open_stream(source)
        return reader.schema, iter(reader)


def as_text(column):
    """The column as cells."""
    kind = column.type
    if pyarrow.types.is_dictionary(kind):
        return as_text(column.cast(kind.value_type))
    if pyarrow.types.is_boolean(kind):
        return pyarrow.compute.if_else(column, "yes", "no")
    if pyarrow.types.is_timestamp(kind):
        if kind.tz is None:
            return as_text(pyarrow.compute.assume_timezone(column, "UTC"))
        seconds = column.cast(pyarrow.timestamp("s", tz="UTC"), safe=False)
        return pyarrow.compute.strftime(seconds, format="%Y-%m-%dT%H:%M:%SZ")
    if pyarrow.types.is_time(kind):
        return column.cast(pyarrow.time32("s"), safe=False).cast(pyarrow.string())
    if pyarrow.types.is_list(kind) or pyarrow.types.is_large_list(kind) or pyarrow.types.is_struct(kind):
        return pyarrow.array([None if value is None else json.dumps(value, default=str) for value in column.to_pylist()],
                             pyarrow.string())
    return column.cast(pyarrow.string())


def feed(path):
    """Writes the file as CSV to the standard output."""
    schema, batches = batches_of(path)
    out = sys.stdout.buffer
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(schema.names)
    out.write(text.getvalue().encode())
    options = pyarrow.csv.WriteOptions(include_header=False)
    for batch in batches:
        texts = [as_text(column) for column in batch.columns]
        pyarrow.csv.write_csv(pyarrow.record_batch(texts, names=schema.names), out, options)
    out.flush()


def take(path):
    """Reads CSV from the standard input and writes the file; every column is text, which Parquet keeps as a dictionary."""
    pipe = sys.stdin.buffer
    names = next(csv.reader([pipe.readline().decode()]), [])
    if not names:
        return  # the run has not begun, and has said why
    reading = pyarrow.csv.ReadOptions(block_size=1 << 22, column_names=names)
    schema = pyarrow.schema([(name, pyarrow.string()) for name in names])
    convert = pyarrow.csv.ConvertOptions(column_types=dict(zip(names, schema.types)), strings_can_be_null=False)
    writer = pyarrow.parquet.ParquetWriter(path, schema) if path.endswith(".parquet") else pyarrow.ipc.new_file(path, schema)
    with writer:
        try:
            reader = pyarrow.csv.open_csv(pipe, read_options=reading, convert_options=convert)
        except pyarrow.ArrowInvalid:  # there is nothing behind the header: no patient has a decision
            return
        with reader:
            for batch in reader:
                writer.write_batch(batch)


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("read", "write"):
        print(__doc__, file=sys.stderr)
        return BAD_USE
    try:
        (feed if sys.argv[1] == "read" else take)(sys.argv[2])
    except BrokenPipeError:
        return 0  # who reads has seen enough, and says why
    except (OSError, pyarrow.ArrowException) as error:
        print(f"aceso: {sys.argv[2]}: {error}", file=sys.stderr)
        return BAD_INPUT
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # The threads of pyarrow that read ahead from the pipe may outlive its objects; some runs then ended in abort.
    os._exit(status)
