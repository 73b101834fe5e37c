#pragma once
/// Native code for a compiled guideline.
///
///   auto made = jit::compile(*module);
///   if (made.ok()) evaluator.use_native(made.code);
///   else report(made.fault->id, made.fault->message);   // jit_unavailable: go on without it
///
/// Code is made by LLVM in libaceso_jit, which is loaded when something is first compiled. A build without LLVM, or a
/// machine without that library, gives the fault jit_unavailable. Decisions are the same, byte by byte.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "module/module.h"
#include "module/native_code.h"

namespace aceso::jit {

enum class FaultKind : std::uint8_t {
#define ACESO_JIT_FAULT(id, name, message) name,
#include "jit/jit_faults.def"
#undef ACESO_JIT_FAULT
};
struct Fault {
  FaultKind kind{};
  std::string id;      ///< "A0900"
  std::string message; ///< a plain sentence
};
[[nodiscard]] Fault make_fault(FaultKind kind, std::string_view detail);
[[nodiscard]] const std::vector<std::string_view>& fault_ids();

struct Options {
  bool evaluator = true;    ///< the parts that an evaluator calls
  bool decide = true;       ///< the function for outcomes alone
  bool for_this_cpu = true; ///< else for every CPU of this kind of machine, as compile_object makes it
  /// Where code is kept from one run of a program to the next; empty: ACESO_CACHE_DIR in the environment, and where
  /// that is not set either, only in memory. The folder has to exist. Whoever can write to it can run code in this
  /// process.
  std::string cache_folder;
};

/// The folder that is meant; empty: none.
[[nodiscard]] std::string cache_folder(const Options& options);

/// What compiling took, for those who measure it.
enum class Origin : std::uint8_t { compiled, memory, folder };

struct Made {
  std::shared_ptr<const NativeCode> code;
  std::optional<Fault> fault;
  Origin origin = Origin::compiled;
  [[nodiscard]] bool ok() const { return code != nullptr; }
};

/// Code that is loaded here. Thread-safe. The module has to come from load_module: code is known by its
/// content_hash.
[[nodiscard]] Made compile(const Module& module, const Options& options = {});

/// The same without the function for outcomes alone, whatever `options.decide` says: what is here without the batch
/// engine.
[[nodiscard]] Made compile_evaluator(const Module& module, const Options& options = {});

/// An object file for every CPU of this kind of machine, or for this one; names begin with `prefix`, which is a C
/// identifier.
struct Object {
  std::string bytes, why_no_decide;
  std::optional<Fault> fault;
};
[[nodiscard]] Object compile_object(const Module& module, const std::string& prefix, bool for_this_cpu);

/// A shared library that `aceso build --native` has made. Needs no LLVM. Runs code of the file: trust it as you trust
/// a program. Refused where it was made for another module.
[[nodiscard]] Made load_library(const std::string& path, const Module& module);

/// The C header that goes with an object file of this prefix.
[[nodiscard]] std::string c_header(const Module& module, const std::string& prefix, bool has_decide);

} // namespace aceso::jit
