#include "api/handles.h"

namespace aceso::api {
namespace {

constexpr std::array rows = {
#define ACESO_API_FAULT(id, name, message) std::pair<std::string_view, std::string_view>{id, message},
#include "api/api_faults.def"
#undef ACESO_API_FAULT
};

} // namespace

CaseFault make_fault(Fault fault, std::string_view detail) {
  const auto& [id, message] = rows[static_cast<std::size_t>(fault)];
  std::string text(message);
  if (const std::size_t hole = text.find("{}"); hole != std::string::npos) text.replace(hole, 2, detail);
  return {std::string(id), {}, std::move(text)};
}

void fail(aceso_status status, Fault fault, std::string_view detail) {
  throw Failure{status, {make_fault(fault, detail)}};
}

std::string_view view(const char* data, std::size_t size) {
  if (data == nullptr && size == 0) return {};
  need(data);
  return size == ACESO_NUL ? std::string_view(data) : std::string_view(data, size);
}

const aceso_allocator* checked(const aceso_allocator* allocator) {
  if (allocator == nullptr) return nullptr;
  (void)options_of(allocator);
  if (allocator->allocate == nullptr || allocator->release == nullptr) fail(ACESO_BAD_ARGUMENT, Fault::null_pointer);
  return allocator;
}

ZonedInstant to_instant(aceso_instant at) {
  constexpr std::int64_t day = 86'400;
  constexpr std::int32_t furthest = 14 * 3600;
  const std::int64_t first = to_date({1, 1, 1}).days * day, last = (to_date({9999, 12, 31}).days + 1) * day - 1;
  if (at.offset_seconds < -furthest || at.offset_seconds > furthest || at.seconds < first - furthest ||
      at.seconds > last + furthest || at.seconds + at.offset_seconds < first || at.seconds + at.offset_seconds > last)
    fail(ACESO_BAD_ARGUMENT, Fault::bad_instant);
  return {{at.seconds}, at.offset_seconds};
}

aceso_status guard_call(PlainCall call, void* context) noexcept {
  try {
    return call(context);
  } catch (const Failure& failure) {
    return failure.status;
  } catch (const std::bad_alloc&) {
    return ACESO_OUT_OF_MEMORY;
  } catch (...) {
    return ACESO_INTERNAL;
  }
}

aceso_status guard_call(aceso_evaluator* evaluator, PlainCall call, void* context) noexcept {
  if (evaluator == nullptr) return ACESO_BAD_ARGUMENT;
  evaluator->faults.clear();
  evaluator->lacks_memory = false;
  try {
    return call(context);
  } catch (Failure& failure) {
    evaluator->faults = std::move(failure.faults);
    return failure.status;
  } catch (const std::bad_alloc&) {
    evaluator->lacks_memory = true;
    return ACESO_OUT_OF_MEMORY;
  } catch (...) {
    const aceso_status told = guard([&] {
      evaluator->faults.push_back(make_fault(Fault::internal));
      return aceso_status{ACESO_INTERNAL};
    });
    evaluator->lacks_memory = told == ACESO_OUT_OF_MEMORY;
    return told;
  }
}

Loaded::Loaded(std::shared_ptr<const Module> of) : module(std::move(of)) {
  const Dictionary& d = module->dictionary;
  const auto index = [this](std::int32_t kind, const auto& list) {
    for (std::size_t i = 0; i < list.size(); ++i)
      names[static_cast<std::size_t>(kind)].emplace(list[i].name, static_cast<std::uint32_t>(i));
  };
  index(ACESO_INPUTS, d.inputs);
  index(ACESO_ACTIONS, d.actions);
  index(ACESO_DEFINITIONS, d.definitions);
  index(ACESO_RULES, d.rules);
  index(ACESO_CAUTIONS, d.cautions);
  index(ACESO_DIFFERENTIALS, d.differentials);
  index(ACESO_STAGES, d.stages);
  index(ACESO_CONSTRAINTS, d.constraints);
}

} // namespace aceso::api
