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

# Every public header stands on its own.
while IFS= read -r header; do
  printf '#include <%s>\n' "${header#"$prefix/include/"}" >"$work/alone.cpp"
  quietly "$ACESO_CXX" -std=c++20 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$prefix/include" "$work/alone.cpp"
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
read -ra flags <<<"$(pkg-config --cflags --libs aceso-runtime)"
quietly "$ACESO_CXX" -std=c++20 -o "$work/runtime_pkg_config" "$here/consumer/with_runtime.cpp" "${flags[@]}"
quietly "$work/runtime_pkg_config"
echo "installed, moved, used through CMake and through pkg-config"
