/// Native code across the border.
#include "api/load_error.h"
#include "jit/jit.h"

struct aceso_native {
  aceso::api::Memory memory;
  std::shared_ptr<const aceso::NativeCode> code;
};

namespace aceso::api {
namespace {

aceso_native* make_native(const aceso_module& module, jit::Made made) {
  if (made.ok()) return module.memory.make<aceso_native>(aceso_native{module.memory, std::move(made.code)});
  const bool is_file =
      made.fault->kind == jit::FaultKind::wrong_module || made.fault->kind == jit::FaultKind::bad_native_file;
  const aceso_status status = made.fault->kind == jit::FaultKind::jit_unavailable ? ACESO_NOT_AVAILABLE
                              : is_file                                           ? ACESO_BAD_MODULE
                                                                                  : ACESO_INTERNAL;
  throw Failure{status, {{made.fault->id, {}, made.fault->message}}};
}

} // namespace
} // namespace aceso::api

using namespace aceso::api;

extern "C" {

aceso_status aceso_native_compile(const aceso_module* module, const aceso_native_options* options,
                                  aceso_native** native, aceso_load_error* error) {
  return guard_load(error, [&] {
    need(module);
    need(native);
    aceso::jit::Options with;
    if (const auto* given = options_of(options); given != nullptr && given->cache_folder != nullptr)
      with.cache_folder = given->cache_folder;
    *native = make_native(*module, aceso::jit::compile_evaluator(*module->loaded->module, with));
  });
}

aceso_status aceso_native_load_file(const aceso_module* module, const char* path, aceso_native** native,
                                    aceso_load_error* error) {
  return guard_load(error, [&] {
    need(module);
    need(path);
    need(native);
    *native = make_native(*module, aceso::jit::load_library(path, *module->loaded->module));
  });
}

void aceso_native_destroy(aceso_native* native) {
  if (native == nullptr) return;
  const Memory memory = native->memory;
  memory.destroy(native);
}

aceso_status aceso_use_native(aceso_evaluator* evaluator, const aceso_native* native) {
  return guard(evaluator, [&] {
    evaluator->facts_change();
    if (evaluator->engine.use_native(native ? native->code : nullptr)) return;
    const auto fault = aceso::jit::make_fault(aceso::jit::FaultKind::wrong_module, native->code->module_hash);
    throw Failure{ACESO_BAD_MODULE, {{fault.id, {}, fault.message}}};
  });
}

} // extern "C"
