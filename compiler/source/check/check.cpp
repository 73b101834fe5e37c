#include "check/check.h"

#include <cstdint>

#include <fmt/format.h>
#include <sys/mman.h>

#include "check/checker.h"

namespace aceso::check {

namespace {

/// Room for this many nodes. What is not used is only addresses. The nodes of a large table fill tens of megabytes, and
/// in pages of two megabytes the system hands them out much faster than in pages of four kilobytes: without --deep, a
/// table of 10,000 rows was checked in 0.8 of the time. Where the system has no such pages it pays no heed.
void make_room(std::vector<graph::Node>& nodes, std::size_t count) {
  nodes.reserve(count);
#ifdef MADV_HUGEPAGE
  constexpr std::uintptr_t page = 4096, worth_it = std::uintptr_t{8} << 20U;
  const auto begin = (reinterpret_cast<std::uintptr_t>(nodes.data()) + page - 1) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(nodes.data() + nodes.capacity()) / page * page;
  if (end > begin + worth_it) static_cast<void>(madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE));
#endif
}

} // namespace

Checker::Checker(const Program& program, diagnostics::Sink& sink)
    : program_(&program), sources_(*program.sources), sink_(sink) {
  const auto basic = [&](TypeKind kind) {
    TypeInfo type;
    type.kind = kind;
    return intern(std::move(type));
  };
  yes_no_ = basic(TypeKind::yes_no);
  number_ = basic(TypeKind::number);
  date_ = basic(TypeKind::date);
  instant_ = basic(TypeKind::instant);
  action_type_ = basic(TypeKind::action);
}

std::optional<graph::Graph> Checker::run() {
  bool has_guideline = false;
  for (const auto& declaration : program_->files.back().declarations) {
    has_guideline |= std::holds_alternative<ast::GuidelineDecl>(declaration);
    is_module_ |= std::holds_alternative<ast::ModuleDecl>(declaration);
  }
  if (!has_guideline && !is_module_ && !sink_.has_errors()) {
    const Span start{program_->files.back().file, 0, 0};
    sink_.report(Kind::no_guideline, start).mend = "begin with: guideline NAME { title \"...\" version 0.1.0 }";
  }
  std::size_t length = 0;
  for (std::size_t i = 0; i < program_->sources->size(); ++i) {
    const source::SourceFile& file = (*program_->sources)[static_cast<std::uint32_t>(i)];
    graph_.files.push_back(file.path());
    length += file.text().size();
  }
  make_room(graph_.nodes, std::min<std::size_t>(length / 2, 1'000'000)); // a cell of a table takes two bytes a node
  declare_all();
  declare_units();
  lower_terms();
  // In the order of the text, so that ids follow it; names used before their turn are lowered then.
  for_each_main<ast::TypeDecl>([&](const ast::TypeDecl& d) {
    const TypeId id = named_type(d.name);
    if (id.is_valid() && pending_attributes_.erase(id.index())) lower_attributes(d, id);
  });
  for_each_main<ast::InputsDecl>([&](const ast::InputsDecl& d) {
    (void)citations(d.cites);
    for (const ast::InputItem& item : d.items) {
      const auto found = values_.find(item.name.text); // another declaration may hold the name: that is reported
      if (found != values_.end() && found->second.declaration == &item) (void)input(item.name.text, found->second);
    }
  });
  for_each_main<ast::ActionDecl>([&](const ast::ActionDecl& d) {
    const Symbol& symbol = actions_.find(d.name.text)->second;
    if (symbol.kind == Symbol::Kind::action) (void)action(d.name.text, symbol);
  });
  for_each_main<ast::ActionClassDecl>([&](const ast::ActionClassDecl& d) {
    const Symbol& symbol = actions_.find(d.name.text)->second;
    if (symbol.kind == Symbol::Kind::action_class) (void)action_class(d.name.text, symbol);
  });
  lower_interpretations();
  lower_values();
  lower_guideline();
  lower_constraints();
  lower_pathway();
  lower_cautions();
  lower_rules();
  lower_properties();
  lower_codes();
  lower_cases();
  for (const ast::Expectation* expectation : program_->extra_expectations) {
    graph_.extra_expectations.emplace_back();
    lower_expectation(*expectation, graph_.extra_expectations.back());
  }
  if (sink_.has_errors()) return std::nullopt;
  program_->describes ? graph::finish(graph_) : graph::drop_unused(graph_);
  const std::vector<std::string> faults = graph::verify(graph_);
  if (!faults.empty()) {
    // A fault here is the checker's own; it must never reach a patient.
    sink_.report(Kind::internal_error, Span{program_->files.back().file, 0, 0}, faults.front());
    return std::nullopt;
  }
  return std::move(graph_);
}

std::optional<graph::Graph> check(const Program& program, diagnostics::Sink& sink) {
  return Checker(program, sink).run();
}

} // namespace aceso::check
