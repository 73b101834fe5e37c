#!/usr/bin/env bash
# Compiles the runtime and tests/api/threads.cpp with the thread sanitizer and runs them on a module: run_thread_sanitizer.sh
# MODULE. Objects are kept in the build folder, so that a second run takes seconds.
set -euo pipefail

: "${ACESO_ROOT:?}" "${ACESO_BUILD:?}" "${ACESO_CXX:?}"
folder=$ACESO_BUILD/thread_sanitizer
cmake -S "$ACESO_ROOT/tests/api/thread_sanitizer" -B "$folder" -G Ninja "-DCMAKE_CXX_COMPILER=$ACESO_CXX" >"$folder.log" 2>&1 ||
  { cat "$folder.log" >&2; exit 1; }
cmake --build "$folder" >"$folder.log" 2>&1 || { tail -40 "$folder.log" >&2; exit 1; }
TSAN_OPTIONS="halt_on_error=1 exitcode=66" "$folder/threads" "$1"

# A race must show, or the run above proves nothing.
if TSAN_OPTIONS="halt_on_error=1 exitcode=66" "$folder/race" >"$folder.log" 2>&1; then
  echo "the thread sanitizer did not see a race" >&2
  exit 1
fi
grep -q "data race" "$folder.log" || { cat "$folder.log" >&2; exit 1; }
