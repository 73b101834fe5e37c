#include <algorithm>
#include <cctype>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "command.h"
#include "diagnostics/diagnostic.h"
#include "driver/embedded_library.h"

namespace aceso::command {
namespace {

/// "# A0201 unknown_name: ..." without the hash and the id.
std::string title_of(const EmbeddedFile& page) {
  std::string_view line = page.text.substr(0, page.text.find('\n'));
  while (line.starts_with('#') || line.starts_with(' '))
    line.remove_prefix(1);
  if (line.starts_with(page.name)) line.remove_prefix(page.name.size());
  while (line.starts_with(' ') || line.starts_with(':'))
    line.remove_prefix(1);
  while (line.ends_with('\r') || line.ends_with(' '))
    line.remove_suffix(1);
  return std::string(line);
}

std::string in_words(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

/// All ids with a title: the findings of the checker, and what has a page besides (faults of case files).
std::map<std::string, std::string> all_titles() {
  std::map<std::string, std::string> titles;
  for (const EmbeddedFile& page : embedded_error_pages())
    titles.emplace(page.name, title_of(page));
  for (const diagnostics::KindInfo& kind : diagnostics::all_kinds())
    titles.insert_or_assign(std::string(kind.id),
                            fmt::format("{}: {}", diagnostics::to_text(kind.severity), in_words(kind.name)));
  return titles;
}

/// Ids are taken in any case, and a finding also by its name.
std::string id_of(std::string asked) {
  for (const diagnostics::KindInfo& kind : diagnostics::all_kinds())
    if (kind.name == asked) return std::string(kind.id);
  std::transform(asked.begin(), asked.end(), asked.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return asked;
}

int list_all() {
  for (const auto& [id, title] : all_titles())
    write_out(fmt::format("{}  {}\n", id, title));
  return fine;
}

int explain(const std::string& asked) {
  const std::string id = id_of(asked);
  for (const EmbeddedFile& page : embedded_error_pages()) {
    if (page.name != id) continue;
    write_out(page.text);
    if (!page.text.ends_with('\n')) write_out("\n");
    return fine;
  }
  for (const diagnostics::KindInfo& kind : diagnostics::all_kinds()) {
    if (kind.id != id) continue;
    write_out(fmt::format("{} {} ({})\n\n  {}\n", kind.id, in_words(kind.name), diagnostics::to_text(kind.severity),
                          kind.message));
    return fine;
  }
  std::vector<std::string> ids;
  for (const auto& entry : all_titles())
    ids.push_back(entry.first);
  const std::string near = diagnostics::nearest(id, ids);
  write_error(fmt::format("aceso: there is no finding {}{}\n`aceso explain` lists all.\n", printable(asked),
                          near.empty() ? "" : "; did you mean " + near + "?"));
  return bad_use;
}

} // namespace

void add_explain(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "explain",
                  "tell what a finding means and how to mend it\n\n"
                  "Shows the page of the error index: what the finding means, an example, and how to mend it.\n"
                  "Without an id it lists all findings.",
                  R"(Examples:
  aceso explain A0201
  aceso explain

Exit codes: 0 fine; 2 there is no such finding; 4 internal error.)");
  auto id = std::make_shared<std::string>();
  command->add_option("ID", *id, "such as A0201, as it stands in the message")->option_text(" ");
  command->callback([id, &action] { action = [id] { return id->empty() ? list_all() : explain(*id); }; });
}

} // namespace aceso::command
