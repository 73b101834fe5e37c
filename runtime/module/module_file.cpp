/// The container: magic, version, hash, table of sections, sections.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "module/module_archive.h"
#include "values/sha256.h"

namespace aceso {
namespace {

enum class Section : std::uint32_t {
  names = 1,
  tables,
  constants,
  code,
  explanation,
  source_map,
  citations,
  proofs,
  search
};
constexpr std::array section_names{"names",      "tables",    "constants", "code",  "explanation",
                                   "source map", "citations", "proofs",    "search"};
constexpr std::uint32_t required_sections = 4, known_sections = 9;

// 0 magic, 8 format version, 12 number of sections, 16 SHA-256 of everything from byte 48 on, 48 table of sections.
constexpr std::size_t hash_at = 16, hash_bytes = 32, table_at = 48, row_bytes = 16;

std::string bytes_of_hash(std::string_view hexadecimal) {
  std::string bytes;
  for (std::size_t i = 0; i < hexadecimal.size(); i += 2) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    bytes.push_back(static_cast<char>(digit(hexadecimal[i]) * 16 + digit(hexadecimal[i + 1])));
  }
  return bytes;
}

std::size_t aligned(std::size_t size) { return (size + 7) / 8 * 8; }

constexpr std::array messages = {
#define ACESO_MODULE_FAULT(id, name, message) std::pair<std::string_view, std::string_view>{id, message},
#include "module/module_faults.def"
#undef ACESO_MODULE_FAULT
};

struct SectionBytes {
  Section section{};
  std::string_view bytes;
};

class Loader {
public:
  explicit Loader(std::string_view bytes) : bytes_(bytes) {}

  ModuleLoad load() {
    read();
    if (!fault_) fault_ = verify_module(*module_);
    if (fault_) return {nullptr, std::move(fault_)};
    describe_rules();
    return {std::move(module_), std::nullopt};
  }

private:
  using Kind = ModuleFaultKind;
  void refuse(Kind kind, std::string_view detail) {
    if (!fault_) fault_ = make_fault(kind, detail);
  }

  void read() {
    if (!is_module(bytes_)) return refuse(Kind::not_a_module, bytes_.empty() ? ": it is empty" : "");
    if (bytes_.size() > most_module_bytes)
      return refuse(Kind::too_large,
                    fmt::format("{} bytes, and at most {} are read", bytes_.size(), most_module_bytes));
    if (bytes_.size() < table_at)
      return refuse(Kind::wrong_size, fmt::format("it has {} bytes, less than its head", bytes_.size()));
    ArchiveReader head(bytes_.substr(module_magic.size()));
    std::uint32_t version = 0, sections = 0;
    head.number(version);
    head.number(sections);
    if (version != module_format_version) return refuse(Kind::other_version, fmt::format("{}", version));
    module_->content_hash = sha256(bytes_.substr(table_at));
    if (bytes_.substr(hash_at, hash_bytes) != bytes_of_hash(module_->content_hash)) {
      const std::size_t end = stated_end(sections);
      if (end == bytes_.size()) return refuse(Kind::wrong_hash, "");
      return refuse(Kind::wrong_size, fmt::format("it has {} bytes and names {}", bytes_.size(), end));
    }
    table(sections);
    if (!fault_) contents();
  }

  /// Where the last section ends as the table has it; the size of the file where there is no such table.
  [[nodiscard]] std::size_t stated_end(std::uint32_t count) const {
    if (count == 0 || count > known_sections || bytes_.size() < table_at + count * row_bytes) return bytes_.size();
    ArchiveReader row(bytes_.substr(table_at + (count - 1) * row_bytes, row_bytes));
    std::uint32_t kind = 0, offset = 0;
    std::uint64_t size = 0;
    row.number(kind);
    row.number(offset);
    row.number(size);
    return size > most_module_bytes ? bytes_.size() : aligned(offset + static_cast<std::size_t>(size));
  }

  /// Sections stand in the order of their numbers, one after the other, each once, and nothing is between them.
  void table(std::uint32_t count) {
    if (count < required_sections || count > known_sections)
      return refuse(Kind::bad_section, fmt::format("there are {} sections", count));
    std::size_t at = table_at + count * row_bytes;
    if (bytes_.size() < at) return refuse(Kind::wrong_size, "the table of sections is cut off");
    ArchiveReader rows(bytes_.substr(table_at, count * row_bytes));
    std::uint32_t last = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint32_t kind = 0, offset = 0;
      std::uint64_t size = 0;
      rows.number(kind);
      rows.number(offset);
      rows.number(size);
      if (kind <= last || kind > known_sections || (i < required_sections && kind != i + 1))
        return refuse(Kind::bad_section, fmt::format("row {} is section {}, which does not belong there", i, kind));
      last = kind;
      if (offset != at)
        return refuse(Kind::bad_section, fmt::format("section {} begins at byte {}, not {}", kind, offset, at));
      if (size > bytes_.size() - at)
        return refuse(Kind::wrong_size, fmt::format("section {} is longer than what is left", kind));
      sections_.push_back({static_cast<Section>(kind), bytes_.substr(at, size)});
      const std::size_t end = at + size;
      at = aligned(end);
      if (at > bytes_.size()) return refuse(Kind::wrong_size, fmt::format("section {} is not filled up", kind));
      if (bytes_.substr(end, at - end).find_first_not_of('\0') != std::string_view::npos)
        return refuse(Kind::bad_section, fmt::format("bytes after section {} are not 0", kind));
    }
    if (at != bytes_.size())
      refuse(Kind::wrong_size, fmt::format("{} bytes follow the last section", bytes_.size() - at));
  }

  void contents() {
    for (const SectionBytes& each : sections_) {
      if (fault_) return;
      ArchiveReader archive(each.bytes);
      section(each.section, archive);
      if (archive.ok() && !archive.at_end()) archive.refuse("bytes are left over");
      if (!archive.ok())
        refuse(Kind::bad_content,
               fmt::format("{}: {}", section_names[static_cast<std::size_t>(each.section) - 1], archive.fault()));
    }
    if (!has_explanation_) names_for_texts();
  }

  void section(Section section, ArchiveReader& archive) {
    switch (section) {
    case Section::names: return archive_names(archive, *module_);
    case Section::tables: return archive_tables(archive, *module_);
    case Section::constants: return archive_constants(archive, *module_);
    case Section::code: return archive_code(archive, *module_);
    case Section::explanation: has_explanation_ = true; return archive_explanation(archive, *module_);
    case Section::source_map: return archive_source_map(archive, *module_);
    case Section::citations: return archive_citations(archive, *module_);
    case Section::search: module_->can_explain = true; return archive_search(archive, *module_);
    case Section::proofs: return archive.refuse("format version 1 has no proofs");
    }
  }

  /// What explanations say about the advice of rules stands in the tables already.
  void describe_rules() {
    for (std::size_t i = 0; i < module_->rules.size(); ++i) {
      RuleInfo& info = module_->dictionary.rules[i];
      for (const ModuleAdvice& each : module_->rules[i].advice)
        info.advice.push_back({each.verb, each.action, each.selected != no_register});
    }
  }

  /// Where the texts were stripped, names stand for them.
  void names_for_texts() {
    Dictionary& d = module_->dictionary;
    d.guideline.title = d.guideline.id;
    for (InputInfo& each : d.inputs)
      each.question = each.name;
    for (ActionInfo& each : d.actions)
      each.title = each.name;
    for (StageInfo& each : d.stages)
      each.title = each.name;
    for (CautionInfo& each : d.cautions)
      each.text = each.name;
    for (ConstraintInfo& each : d.constraints)
      each.message = each.name;
  }

  std::string_view bytes_;
  std::vector<SectionBytes> sections_;
  std::shared_ptr<Module> module_ = std::make_shared<Module>();
  std::optional<ModuleFault> fault_;
  bool has_explanation_ = false;
};

} // namespace

ModuleFault make_fault(ModuleFaultKind kind, std::string_view detail) {
  const auto& [id, message] = messages[static_cast<std::size_t>(kind)];
  std::string text(message);
  text.replace(text.find("{}"), 2, detail);
  return {kind, std::string(id), text};
}

const std::vector<std::string_view>& module_fault_ids() {
  static const std::vector<std::string_view> ids = [] {
    std::vector<std::string_view> all;
    for (const auto& row : messages)
      all.push_back(row.first);
    return all;
  }();
  return ids;
}

ModuleLoad load_module(std::string_view bytes) { return Loader(bytes).load(); }

std::string write_module(Module module, const StripOptions& strip) {
  std::vector<std::pair<Section, std::string>> sections;
  const auto add = [&](Section section, auto write) {
    ArchiveWriter archive;
    write(archive, module);
    sections.emplace_back(section, archive.take());
  };
  add(Section::names, archive_names<ArchiveWriter>);
  add(Section::tables, archive_tables<ArchiveWriter>);
  add(Section::constants, archive_constants<ArchiveWriter>);
  add(Section::code, archive_code<ArchiveWriter>);
  if (!strip.explanation) add(Section::explanation, archive_explanation<ArchiveWriter>);
  if (!strip.source_map) add(Section::source_map, archive_source_map<ArchiveWriter>);
  if (!strip.citations) add(Section::citations, archive_citations<ArchiveWriter>);
  if (!strip.explanation) add(Section::search, archive_search<ArchiveWriter>);

  ArchiveWriter table;
  std::string content;
  const std::size_t first = table_at + sections.size() * row_bytes;
  for (const auto& [section, bytes] : sections) {
    table.number(static_cast<std::uint32_t>(section));
    table.number(static_cast<std::uint32_t>(first + content.size()));
    table.number(static_cast<std::uint64_t>(bytes.size()));
    content += bytes;
    content.resize(aligned(content.size()), '\0');
  }
  content = table.take() + content;
  ArchiveWriter head;
  head.number(module_format_version);
  head.number(static_cast<std::uint32_t>(sections.size()));
  return std::string(module_magic) + head.take() + bytes_of_hash(sha256(content)) + content;
}

} // namespace aceso
