#!/usr/bin/env bash
# Installs into a temporary prefix, runs the installed program from there, and builds two users of the package: one that
# finds it with CMake and one that finds it with pkg-config. Both see only what was installed.
set -euo pipefail

: "${ACESO_ROOT:?}" "${ACESO_BUILD:?}" "${ACESO_CXX:?}"
here=$ACESO_ROOT/tests/install
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "install: $*" >&2
  exit 1
}
quietly() {
  "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "this failed: $*"; }
}

# The tree is moved after the install, so that a path that was burnt in shows.
quietly cmake --install "$ACESO_BUILD" --prefix "$work/first"
mv "$work/first" "$work/prefix"
prefix=$work/prefix

version=$("$prefix/bin/aceso" version) || fail "the installed program does not run"
[[ -n $version ]] || fail "the installed program says no version"
echo "the installed program says: $version"

for source in stdlib guidelines; do
  if [[ -n $(find "$ACESO_ROOT/$source" -name '*.aceso' -print -quit) ]]; then
    [[ -n $(find "$prefix/share/aceso/$source" -name '*.aceso' -print -quit) ]] || fail "$source was not installed"
  fi
done

# Every public header stands on its own; those of the runtime need no more than C++17.
while IFS= read -r header; do
  printf '#include <%s>\n' "${header#"$prefix/include/"}" >"$work/alone.cpp"
  standard=c++20
  [[ $(basename "$header") == aceso.h* ]] && standard=c++17
  quietly "$ACESO_CXX" "-std=$standard" -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$prefix/include" "$work/alone.cpp"
done < <(find "$prefix/include" -name '*.h' -o -name '*.hpp')

quietly cmake -S "$here/consumer" -B "$work/consumer" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  "-DCMAKE_CXX_COMPILER=$ACESO_CXX" "-DCMAKE_PREFIX_PATH=$prefix"
quietly cmake --build "$work/consumer"
"$work/consumer/with_compiler" || fail "the CMake consumer does not run"
quietly "$work/consumer/with_runtime"
if readelf -d "$work/consumer/with_runtime" | grep -E 'NEEDED.*(antlr|LLVM|z3|cadical)'; then
  fail "the runtime asks for a library that only the compiler may use"
fi

PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name aceso.pc)")
export PKG_CONFIG_PATH
read -ra flags <<<"$(pkg-config --cflags --libs aceso)"
quietly "$ACESO_CXX" -std=c++20 -o "$work/with_pkg_config" "$here/consumer/with_compiler.cpp" "${flags[@]}"
"$work/with_pkg_config" || fail "the pkg-config consumer does not run"

# Every link between the documents leads somewhere.
"${ACESO_PYTHON:-python3}" - "$(dirname "$(find "$prefix" -name README.md -path '*/doc/*' | head -1)")" <<'LINKS' ||
import pathlib, re, sys
dead = [f"{page}: {link}" for page in pathlib.Path(sys.argv[1]).rglob("*.md")
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
        if not link.startswith("http") and not (page.parent / link).exists()]
print("\n".join(dead), file=sys.stderr)
sys.exit(bool(dead))
LINKS
  fail "documents of the installed copy have dead links"

# The examples, with CMake and with pkg-config, from a guideline that the installed program compiles. What they print is
# part of the documentation.
libraries=$(dirname "$(find "$prefix" -name libaceso_runtime.so)")
export LD_LIBRARY_PATH=$libraries
quietly "$prefix/bin/aceso" build "$prefix/share/aceso/guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso" \
  -o "$work/lumbar.acb"
quietly cmake -S "$ACESO_ROOT/examples" -B "$work/examples" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  "-DCMAKE_CXX_COMPILER=$ACESO_CXX" "-DCMAKE_PREFIX_PATH=$prefix" "-DCMAKE_C_FLAGS=-Wall -Wextra -pedantic -Werror" \
  "-DCMAKE_CXX_FLAGS=-Wall -Wextra -pedantic -Werror"
quietly cmake --build "$work/examples"
strict=(-Wall -Wextra -pedantic -Werror)
read -ra flags <<<"$(pkg-config --cflags --libs aceso-runtime)"
read -ra static_flags <<<"$(pkg-config --static --cflags --libs aceso-runtime)"
mkdir "$work/by_hand"
for name in first walk many ward; do
  quietly cc -std=c99 "${strict[@]}" -o "$work/by_hand/$name" "$ACESO_ROOT/examples/$name.c" "${flags[@]}"
done
quietly "$ACESO_CXX" -std=c++17 "${strict[@]}" -o "$work/by_hand/course" "$ACESO_ROOT/examples/course.cpp" "${flags[@]}" -pthread
# Static: as docs/embedding.md says.
quietly cc -std=c99 "${strict[@]}" -o "$work/by_hand/first_static" "$ACESO_ROOT/examples/first.c" \
  "$(pkg-config --variable=libdir aceso-runtime)/libaceso_runtime.a" -Wl,--as-needed "${static_flags[@]}"
for folder in examples by_hand; do
  for name in first walk many ward course first_static; do
    "$work/$folder/$name" "$work/lumbar.acb" >"$work/output" 2>&1 || { cat "$work/output" >&2; fail "$folder/$name does not run"; }
    expected=$ACESO_ROOT/tests/golden/examples/${name%_static}.txt
    [[ -z ${ACESO_RENEW:-} ]] || cp "$work/output" "$expected"
    diff -u "$expected" "$work/output" >&2 || fail "$folder/$name does not print what it did"
  done
done
if readelf -d "$work/examples/first_static" "$work/by_hand/first_static" | grep -q libaceso; then
  fail "the static examples ask for the shared library"
fi
echo "installed, moved, used through CMake and through pkg-config"
