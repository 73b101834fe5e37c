#include "diagnostics/diagnostic.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace aceso::diagnostics {

std::string_view to_text(Severity severity) {
  switch (severity) {
  case Severity::error: return "error";
  case Severity::warning: return "warning";
  case Severity::note: return "note";
  }
  return "error";
}

const std::vector<KindInfo>& all_kinds() {
  static const std::vector<KindInfo> kinds = {
#define ACESO_DIAGNOSTIC(id, name, severity, message) {Kind::name, #id, #name, Severity::severity, message},
#include "diagnostics/diagnostic_kinds.def"
#undef ACESO_DIAGNOSTIC
  };
  return kinds;
}

const KindInfo& info(Kind kind) { return all_kinds()[static_cast<std::size_t>(kind)]; }

Diagnostic& Sink::add(Kind kind, source::Span span, std::string message) {
  const bool is_error = info(kind).severity == Severity::error;
  const bool keep = is_error ? errors_ < max_errors_ : diagnostics_.size() < max_errors_ * 2;
  if (is_error) ++errors_;
  if (!keep) {
    const bool first_too_many = is_error && errors_ == max_errors_ + 1;
    overflow_ = {};
    if (first_too_many) {
      diagnostics_.push_back({Kind::too_many_errors,
                              span,
                              fmt::format(fmt::runtime(info(Kind::too_many_errors).message), max_errors_),
                              {},
                              {}});
    }
    return overflow_;
  }
  diagnostics_.push_back({kind, span, std::move(message), {}, {}});
  return diagnostics_.back();
}

void Sink::finish() {
  // The overflow notice speaks of what is left out, so it stands last.
  const auto key = [](const Diagnostic& d) {
    return std::make_tuple(d.kind == Kind::too_many_errors, d.span.file, d.span.begin, d.span.end,
                           static_cast<unsigned>(d.kind), std::string_view(d.message));
  };
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
  const auto last = std::unique(diagnostics_.begin(), diagnostics_.end(),
                                [&](const Diagnostic& a, const Diagnostic& b) { return key(a) == key(b); });
  diagnostics_.erase(last, diagnostics_.end());
}

} // namespace aceso::diagnostics
