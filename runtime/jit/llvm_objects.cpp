#include "jit/llvm_objects.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <future>
#include <mutex>
#include <numeric>
#include <thread>

namespace aceso::jit {

std::string taken(char* message) {
  std::string text = message ? message : "unknown error";
  LLVMDisposeMessage(message);
  return text;
}

std::string taken(LLVMErrorRef error) {
  char* message = LLVMGetErrorMessage(error);
  std::string text = message;
  LLVMDisposeErrorMessage(message);
  return text;
}

std::string host_cpu() {
  char* text = LLVMGetHostCPUName();
  return taken(text);
}
std::string host_features() {
  char* text = LLVMGetHostCPUFeatures();
  return taken(text);
}

namespace {

/// More gain little: the largest function is made by one of them.
constexpr std::size_t most_threads = 4;

struct Machine {
  LLVMTargetMachineRef target = nullptr;
  std::string error;
};

Machine make_machine(bool for_this_cpu, bool is_large) {
  LLVMInitializeNativeTarget();
  LLVMInitializeNativeAsmPrinter();
  Machine machine;
  const std::string triple = taken(LLVMGetDefaultTargetTriple());
  LLVMTargetRef target = nullptr;
  char* message = nullptr;
  if (LLVMGetTargetFromTriple(triple.c_str(), &target, &message) != 0) {
    machine.error = taken(message);
    return machine;
  }
  machine.target = LLVMCreateTargetMachine(target, triple.c_str(), for_this_cpu ? host_cpu().c_str() : "generic",
                                           for_this_cpu ? host_features().c_str() : "",
                                           is_large ? LLVMCodeGenLevelNone : LLVMCodeGenLevelLess, LLVMRelocPIC,
                                           LLVMCodeModelDefault);
  if (!machine.target) machine.error = "LLVM knows no machine " + triple;
  return machine;
}

/// Held by who compiles or loads: a TargetMachine belongs to one thread at a time.
std::mutex compiling;
const Machine& machine_for(bool for_this_cpu, bool is_large, std::size_t thread) {
  // Kept to the end of the process: another thread may still compile while statics are taken down.
  static auto& machines = *new std::array<std::unique_ptr<Machine>, 4 * most_threads>;
  auto& machine = machines[4 * thread + 2 * std::size_t{for_this_cpu} + std::size_t{is_large}];
  if (!machine) machine = std::make_unique<Machine>(make_machine(for_this_cpu, is_large));
  return *machine;
}

/// No passes run over the code: it has hardly anything that is made twice or not needed, and they would take a quarter
/// of the time.
std::string object_of(Unit& unit, const Machine& machine, std::string& object) {
  LLVMSetTarget(unit.ir, taken(LLVMGetTargetMachineTriple(machine.target)).c_str());
  const LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine.target);
  LLVMSetModuleDataLayout(unit.ir, layout);
  LLVMDisposeTargetData(layout);
  char* message = nullptr;
  const bool is_broken = LLVMVerifyModule(unit.ir, LLVMReturnStatusAction, &message) != 0;
  const std::string why = taken(message);
  if (is_broken) return "the intermediate code is not sound: " + why;
  LLVMMemoryBufferRef buffer = nullptr;
  if (LLVMTargetMachineEmitToMemoryBuffer(machine.target, unit.ir, LLVMObjectFile, &message, &buffer) != 0)
    return taken(message);
  object.assign(LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
  LLVMDisposeMemoryBuffer(buffer);
  return {};
}

/// By file: which pieces. The largest first, each to the file that has least.
std::vector<std::vector<std::size_t>> in_files(const std::vector<Piece>& pieces, std::size_t count) {
  std::vector<std::size_t> by_size(pieces.size()), sizes(count, 0);
  std::iota(by_size.begin(), by_size.end(), std::size_t{0});
  std::stable_sort(by_size.begin(), by_size.end(),
                   [&](std::size_t a, std::size_t b) { return pieces[a].size > pieces[b].size; });
  std::vector<std::vector<std::size_t>> files(count);
  for (const std::size_t piece : by_size) {
    const auto least = static_cast<std::size_t>(std::min_element(sizes.begin(), sizes.end()) - sizes.begin());
    files[least].push_back(piece);
    sizes[least] += pieces[piece].size;
  }
  for (auto& file : files)
    std::sort(file.begin(), file.end());
  return files;
}

constexpr char several_files[] = "aceso objects 1\n";
constexpr std::size_t mark_size = sizeof several_files - 1;

/// Several files: the mark, then the size of each in 8 bytes and its bytes.
std::string packed(std::vector<std::string>& files) {
  if (files.size() == 1) return std::move(files.front());
  std::string bytes = several_files;
  for (const std::string& file : files) {
    const std::uint64_t size = file.size();
    char text[sizeof size];
    std::memcpy(text, &size, sizeof size);
    bytes.append(text, sizeof size).append(file);
  }
  return bytes;
}

std::vector<std::string_view> unpacked(std::string_view bytes) {
  if (!bytes.starts_with(several_files)) return {bytes};
  std::vector<std::string_view> files;
  for (bytes.remove_prefix(mark_size); !bytes.empty();) {
    std::uint64_t size = 0;
    if (bytes.size() < sizeof size) return {};
    std::memcpy(&size, bytes.data(), sizeof size);
    bytes.remove_prefix(sizeof size);
    if (size > bytes.size()) return {};
    files.push_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return files;
}

/// A name that the file defines, after the prefix.
std::string file_mark(std::size_t i) { return i == 0 ? "interface_version" : "file_" + std::to_string(i); }

/// Below that a second thread takes longer to start than it saves.
constexpr std::size_t least_for_two = 100;

} // namespace

Objects make_objects(const ObjectsRequest& request, std::vector<Piece> pieces) {
  const std::lock_guard lock(compiling);
  std::size_t whole = 0;
  for (const Piece& piece : pieces)
    whole += piece.size;
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  const std::size_t count = request.is_one_file || whole < least_for_two || pieces.empty()
                                ? 1
                                : std::min({most_threads, cores, pieces.size()});
  const auto files = in_files(pieces, count);
  std::vector<std::string> objects(count), errors(count);
  std::vector<const Machine*> machines;
  for (std::size_t i = 0; i < count; ++i) {
    machines.push_back(&machine_for(request.for_this_cpu, request.is_large, i));
    if (!machines[i]->target) return {{}, machines[i]->error};
  }
  const auto make = [&](std::size_t i) {
    try {
      Unit unit(request.module, request.relations, request.prefix);
      for (const std::size_t piece : files[i])
        pieces[piece].add(unit);
      if (i == 0)
        request.once(unit);
      else
        unit.publish(file_mark(i), LLVMConstInt(unit.i8, 0, 0));
      errors[i] = object_of(unit, *machines[i], objects[i]);
    } catch (const std::exception& error) {
      errors[i] = error.what();
    }
  };
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < count; ++i) // where the system gives no thread, this one makes it later
    others.push_back(std::async(std::launch::async | std::launch::deferred, make, i));
  make(0);
  for (std::future<void>& each : others)
    each.get();
  for (std::string& error : errors)
    if (!error.empty()) return {{}, std::move(error)};
  return {packed(objects), {}};
}

void* load_objects(const std::string& bytes, std::string& error) {
  const std::lock_guard lock(compiling);
  (void)machine_for(true, false, 0);
  const auto files = unpacked(bytes);
  if (files.empty()) {
    error = "the file ends too early";
    return nullptr;
  }
  LLVMOrcLLJITRef jit = nullptr;
  if (const LLVMErrorRef failed = LLVMOrcCreateLLJIT(&jit, nullptr)) {
    error = taken(failed);
    return nullptr;
  }
  const LLVMOrcJITDylibRef library = LLVMOrcLLJITGetMainJITDylib(jit);
  LLVMOrcDefinitionGeneratorRef process = nullptr; // for memset and its like
  LLVMErrorRef failed = LLVMOrcCreateDynamicLibrarySearchGeneratorForProcess(&process, LLVMOrcLLJITGetGlobalPrefix(jit),
                                                                             nullptr, nullptr);
  if (!failed) LLVMOrcJITDylibAddGenerator(library, process);
  for (const std::string_view file : files) {
    if (failed) break;
    failed = LLVMOrcLLJITAddObjectFile(
        jit, library, LLVMCreateMemoryBufferWithMemoryRangeCopy(file.data(), file.size(), "guideline"));
  }
  // Linked here, under the lock; afterwards names are only looked up.
  for (std::size_t i = 0; i < files.size() && !failed; ++i) {
    LLVMOrcExecutorAddress address = 0;
    failed = LLVMOrcLLJITLookup(jit, &address, ("aceso_native_" + file_mark(i)).c_str());
  }
  if (!failed) return jit;
  error = taken(failed);
  if (const LLVMErrorRef left = LLVMOrcDisposeLLJIT(jit)) LLVMConsumeError(left);
  return nullptr;
}

} // namespace aceso::jit
