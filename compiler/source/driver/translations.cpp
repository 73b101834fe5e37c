#include "driver/translations.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "driver/compilation_state.h"
#include "driver/embedded_library.h"
#include "parse/hygiene.h"
#include "translate/po.h"

namespace aceso::driver {
namespace {

using diagnostics::Kind;
using source::Span;
using translate::PoEntry;
using translate::PoFile;

/// The text of a file, or nothing where there is none. Complains of a file that is there and cannot be read.
std::optional<std::string> text_of(const std::string& path, diagnostics::Sink& sink, const CompileOptions& options) {
  ReadResult read = read_text(path, options);
  if (read.ok()) return std::move(read.text);
  if (read.status != ReadStatus::absent) sink.report(Kind::cannot_read_file, {}, path, read.reason);
  return std::nullopt;
}

std::optional<std::string> text_of(const LoadedModule& module, const std::string& language, diagnostics::Sink& sink,
                                   const CompileOptions& options) {
  if (!module.is_embedded) return text_of(translation_path(module.path, language), sink, options);
  for (const EmbeddedFile& file : embedded_translations())
    if (file.name == module.name + "." + language) return std::string(file.text);
  return std::nullopt;
}

PoFile read_po(const std::string& path, std::string text, const std::string& language, source::SourceSet& sources,
               diagnostics::Sink& sink, const CompileOptions& options) {
  const std::uint32_t file = sources.add(path, std::move(text));
  if (!parse::check_hygiene(sources[file].text(), file, options.max_file_bytes, sink)) return {};
  return translate::read_po(sources, file, language, sink);
}

/// "{a}" and "{b}" of "{a} is not {b}".
std::set<std::string> placeholders_of(std::string_view text) {
  std::set<std::string> names;
  for (std::size_t begin = text.find('{'); begin != std::string_view::npos; begin = text.find('{', begin + 1)) {
    const std::size_t end = text.find('}', begin);
    if (end != std::string_view::npos) names.emplace(text.substr(begin, end - begin + 1));
  }
  return names;
}

bool has_placeholders(const std::string& key) { return key.starts_with("constraint "); }

using TextId = std::pair<std::string, std::string>; ///< key and original

/// Translations by text. The first that is added for a text stays.
class Catalogue {
public:
  void add(const PoFile& file) {
    for (const PoEntry& entry : file.entries) {
      const bool keeps_names =
          !has_placeholders(entry.key) || placeholders_of(entry.original) == placeholders_of(entry.translation);
      if (!entry.is_fuzzy && !entry.translation.empty() && keeps_names)
        translations_.emplace(TextId{entry.key, entry.original}, entry.translation);
    }
  }
  [[nodiscard]] const std::string* find(const TranslatableText& text) const {
    const auto found = translations_.find({text.key, text.text});
    return found == translations_.end() ? nullptr : &found->second;
  }

private:
  std::map<TextId, std::string> translations_;
};

/// "action lumbar_mri" of "action lumbar_mri note".
std::string owner_of(const std::string& key) { return key.substr(0, key.find(' ', key.find(' ') + 1)); }

std::map<std::string, Span> spans_of(const graph::Graph& graph) {
  std::map<std::string, Span> spans;
  const auto add = [&](std::string_view word, const auto& named, const auto& placed, auto span_of) {
    for (std::size_t i = 0; i < named.size() && i < placed.size(); ++i)
      spans.emplace(fmt::format("{} {}", word, named[i].name), span_of(placed[i]));
  };
  const auto itself = [](Span span) { return span; };
  const auto inside = [](const auto& declaration) { return declaration.span; };
  const Dictionary& names = graph.dictionary;
  add("input", names.inputs, graph.input_spans, itself);
  add("action", names.actions, graph.action_spans, itself);
  add("rule", names.rules, graph.rules, inside);
  add("caution", names.cautions, graph.cautions, inside);
  add("constraint", names.constraints, graph.constraints, inside);
  return spans;
}

/// The words in `languages` of the compiled file.
std::vector<ast::Name> declared_languages(const TranslatedProgram& program) {
  for (const ast::AnyDeclaration& declaration : program.files.back().declarations)
    if (const auto* guideline = std::get_if<ast::GuidelineDecl>(&declaration)) return guideline->languages;
  return {};
}

std::string shortened(std::string_view text) {
  constexpr std::size_t most = 60;
  if (text.size() <= most) return fmt::format("\"{}\"", text);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u)
    --end;
  return fmt::format("\"{}...\"", text.substr(0, end));
}

/// One language of one program.
class LanguageReader {
public:
  LanguageReader(const TranslatedProgram& program, source::SourceSet& sources, diagnostics::Sink& sink,
                 const CompileOptions& options, std::string language, Span declared)
      : program_(program), sources_(sources), sink_(sink), options_(options), language_(std::move(language)),
        declared_(declared), path_(translation_path(program.modules.back().path, language_)),
        texts_(translatable_texts(program.graph.dictionary)), spans_(spans_of(program.graph)) {
    for (const TranslatableText& text : texts_)
      if (!text.text.empty()) originals_[text.key].insert(text.text);
  }

  Translation read() {
    const std::size_t errors = sink_.error_count();
    std::optional<std::string> own = text_of(path_, sink_, options_);
    if (own) {
      own_ = read_po(path_, std::move(*own), language_, sources_, sink_, options_);
      own_start_ = {static_cast<std::uint32_t>(sources_.size() - 1), 0, 0};
      catalogue_.add(own_);
    }
    for (std::size_t i = 0; i + 1 < program_.modules.size(); ++i)
      add_module(program_.modules[i]);
    Translation translation{language_, {}};
    for (const TranslatableText& text : texts_) {
      const std::string* found = catalogue_.find(text);
      translation.texts.push_back(found ? *found : std::string());
    }
    if (!own) {
      report_missing_file();
      return translation;
    }
    // What a faulty file seems to lack may stand where it could not be read.
    if (sink_.error_count() != errors) return translation;
    report_entries();
    report_texts();
    return translation;
  }

private:
  void add_module(const LoadedModule& module) {
    std::optional<std::string> text = text_of(module, language_, sink_, options_);
    if (!text) return;
    catalogue_.add(
        read_po(translation_path(module.path, language_), std::move(*text), language_, sources_, sink_, options_));
  }

  [[nodiscard]] bool is_needed(const TranslatableText& text) const {
    return !text.text.empty() && catalogue_.find(text) == nullptr;
  }

  [[nodiscard]] std::string command() const {
    return fmt::format("aceso translate {} --lang {}", program_.modules.back().path, language_);
  }

  void report_missing_file() {
    if (std::none_of(texts_.begin(), texts_.end(), [&](const auto& text) { return is_needed(text); })) return;
    sink_.report(Kind::translation_file_missing, declared_, language_, path_).mend =
        fmt::format("`{}` writes it for a translator", command());
  }

  /// What is wrong with entries, whether or not a text waits for them.
  void report_entries() {
    std::vector<std::string> keys;
    for (const auto& [key, originals] : originals_)
      keys.push_back(key);
    for (const PoEntry& entry : own_.entries) {
      const auto known = originals_.find(entry.key);
      if (known == originals_.end()) {
        const std::string near = diagnostics::nearest(entry.key, keys);
        sink_.report(Kind::translation_of_no_text, entry.span, entry.key, "").mend =
            near.empty() ? fmt::format("remove the entry; `{}` does it", command())
                         : fmt::format("did you mean `{}`?", near);
      } else if (!known->second.contains(entry.original)) {
        changed_[entry.key].push_back(&entry);
      } else {
        present_.emplace(TextId{entry.key, entry.original}, &entry);
      }
    }
  }

  void report_texts() {
    std::set<TextId> seen;
    std::size_t labels = 0, bare = 0;
    const TranslatableText* first = nullptr;
    for (const TranslatableText& text : texts_) {
      if (text.text.empty() || !seen.emplace(text.key, text.text).second) continue;
      ++labels;
      if (!is_needed(text) || report_unused_entry(text)) continue;
      if (text.is_safety) {
        report_safety(text, span_of(text), fmt::format("{} does not have it", path_));
        continue;
      }
      ++bare;
      if (first == nullptr) first = &text;
    }
    report_leftovers();
    if (first == nullptr) return;
    const Span place = declared_.is_valid() ? declared_ : own_start_;
    sink_
        .report(Kind::texts_not_translated, place, bare, labels, language_,
                program_.graph.dictionary.guideline.languages.front())
        .mend = fmt::format("`{}` writes them for a translator; the first is `{}`: {}", command(), first->key,
                            shortened(first->text));
  }

  /// True where there is an entry for the text, and it cannot be used.
  bool report_unused_entry(const TranslatableText& text) {
    if (const auto found = present_.find({text.key, text.text}); found != present_.end()) {
      const PoEntry& entry = *found->second;
      if (entry.translation.empty() && !text.is_safety) return false;
      if (entry.translation.empty())
        report_safety(text, entry.span, "its msgstr is empty");
      else if (entry.is_fuzzy)
        report_unused(text, entry.span, "it is marked fuzzy, which means that it is not ready",
                      "look it over, and remove the line #, fuzzy");
      else
        report_placeholders(text, entry);
      return true;
    }
    const auto changed = changed_.find(text.key);
    if (changed == changed_.end() || changed->second.empty()) return false;
    const PoEntry& entry = *changed->second.front();
    changed->second.erase(changed->second.begin());
    report_unused(text, entry.span,
                  fmt::format("the original has changed since; it reads now: {}", shortened(text.text)),
                  fmt::format("`{}` puts the new original beside it; then look the translation over", command()));
    return true;
  }

  void report_placeholders(const TranslatableText& text, const PoEntry& entry) {
    std::string names;
    for (const std::string& name : placeholders_of(text.text))
      names += (names.empty() ? "" : ", ") + name;
    sink_.report(Kind::placeholders_differ, entry.span, text.key, names.empty() ? "none" : names).mend =
        "copy the names with their braces from the original; they stand for what was found in the patient";
  }

  void report_unused(const TranslatableText& text, Span span, const std::string& reason, std::string mend) {
    if (text.is_safety)
      sink_.report(Kind::safety_text_not_translated, span, text.key, language_, reason).mend = std::move(mend);
    else
      sink_.report(Kind::translation_not_used, span, text.key, reason).mend = std::move(mend);
  }

  void report_safety(const TranslatableText& text, Span span, const std::string& reason) {
    sink_.report(Kind::safety_text_not_translated, span, text.key, language_, reason).mend =
        fmt::format("translate {} in {}; `{}` writes the entry", shortened(text.text), path_, command());
  }

  void report_leftovers() {
    for (const auto& [key, entries] : changed_)
      for (const PoEntry* entry : entries)
        sink_.report(Kind::translation_of_no_text, entry->span, key, " with this original").mend =
            fmt::format("remove the entry; `{}` does it", command());
  }

  [[nodiscard]] Span span_of(const TranslatableText& text) const {
    const auto found = spans_.find(owner_of(text.key));
    return found != spans_.end() ? found->second : declared_.is_valid() ? declared_ : own_start_;
  }

  const TranslatedProgram& program_;
  source::SourceSet& sources_;
  diagnostics::Sink& sink_;
  const CompileOptions& options_;
  const std::string language_;
  const Span declared_; ///< in `languages`; none for a module
  const std::string path_;
  const std::vector<TranslatableText> texts_;
  const std::map<std::string, Span> spans_;
  std::map<std::string, std::set<std::string>> originals_; ///< by key
  PoFile own_;
  Span own_start_;
  Catalogue catalogue_;
  std::map<TextId, const PoEntry*> present_;                   ///< own entries of texts that there are
  std::map<std::string, std::vector<const PoEntry*>> changed_; ///< own entries whose original is not there any more
};

/// The languages of which a translation stands beside the file.
std::vector<std::string> languages_beside(const std::string& path, const CompileOptions& options) {
  std::vector<std::string> languages;
  if (options.read_file) return languages;
  const std::string start = std::filesystem::path(path).stem().string() + ".";
  for (const std::string& file : files_in(folder_of(path), ".po")) {
    const std::string name = std::filesystem::path(file).stem().string();
    if (name.starts_with(start) && is_language_code(name.substr(start.size())))
      languages.push_back(name.substr(start.size()));
  }
  return languages;
}

/// A file that the guideline does not name is hardly meant to be without effect.
void report_undeclared(const TranslatedProgram& program, diagnostics::Sink& sink, const CompileOptions& options) {
  const GuidelineInfo& guideline = program.graph.dictionary.guideline;
  const std::string& path = program.modules.back().path;
  Span place;
  for (const ast::AnyDeclaration& declaration : program.files.back().declarations)
    if (const auto* found = std::get_if<ast::GuidelineDecl>(&declaration)) place = found->name.span;
  for (const std::string& language : languages_beside(path, options)) {
    const auto& known = guideline.languages;
    if (std::find(known.begin(), known.end(), language) != known.end()) continue;
    sink.report(Kind::language_not_declared, place, translation_path(path, language), language).mend =
        fmt::format("write languages {}, {} in the guideline, or remove the file", fmt::join(known, ", "), language);
  }
}

} // namespace

std::string translation_path(const std::string& path, const std::string& language) {
  constexpr std::string_view ending = ".aceso";
  const std::string start = path.ends_with(ending) ? path.substr(0, path.size() - ending.size()) : path;
  return start + "." + language + ".po";
}

std::vector<Translation> read_translations(const TranslatedProgram& program, source::SourceSet& sources,
                                           diagnostics::Sink& sink, const CompileOptions& options) {
  std::vector<Translation> translations;
  const auto read = [&](const std::string& language, Span declared) {
    translations.push_back(LanguageReader(program, sources, sink, options, language, declared).read());
  };
  const GuidelineInfo& guideline = program.graph.dictionary.guideline;
  if (guideline.id.empty()) {
    for (const std::string& language : languages_beside(program.modules.back().path, options))
      read(language, {});
    return translations;
  }
  const std::vector<ast::Name> declared = declared_languages(program);
  for (std::size_t i = 1; i < guideline.languages.size(); ++i) {
    const auto found = std::find_if(declared.begin(), declared.end(),
                                    [&](const ast::Name& name) { return name.text == guideline.languages[i]; });
    read(guideline.languages[i], found == declared.end() ? Span{} : found->span);
  }
  report_undeclared(program, sink, options);
  return translations;
}

namespace {

/// Builds the new file from the old one.
class Updater {
public:
  Updater(const Compilation& compilation, const std::string& language, const PoFile& present, const Catalogue& modules)
      : dictionary_(compilation.graph()->dictionary), name_(compilation.state().modules.back().name),
        language_(language), present_(present), modules_(modules), texts_(translatable_texts(dictionary_)),
        is_used_(present.entries.size()) {
    for (const TranslatableText& text : texts_)
      originals_.emplace(text.key, text.text);
    for (std::size_t i = 0; i < present.entries.size(); ++i) {
      const PoEntry& entry = present.entries[i];
      if (originals_.contains({entry.key, entry.original}))
        current_.emplace(TextId{entry.key, entry.original}, i);
      else if (!entry.translation.empty())
        changed_[entry.key].push_back(i);
    }
  }

  UpdatedTranslation update() {
    UpdatedTranslation result;
    PoFile file{present_.head, present_.header, {}, present_.obsolete};
    if (file.header.empty()) add_head(file);
    std::set<TextId> seen;
    for (const TranslatableText& text : texts_) {
      if (text.text.empty() || !seen.emplace(text.key, text.text).second) continue;
      if (!find(text) && modules_.find(text) != nullptr) continue;
      file.entries.push_back(entry_for(text));
      const PoEntry& entry = file.entries.back();
      result.missing += entry.translation.empty();
      result.changed += entry.is_fuzzy;
    }
    result.texts = file.entries.size();
    for (std::size_t i = 0; i < is_used_.size(); ++i) {
      if (is_used_[i] || present_.entries[i].translation.empty()) continue;
      add_obsolete(present_.entries[i], file.obsolete);
      ++result.obsolete;
    }
    result.text = translate::write_po(file);
    return result;
  }

private:
  void add_head(PoFile& file) const {
    file.head = {fmt::format("# The texts of {} in the language `{}`.", name_, language_)};
    file.header = fmt::format("Project-Id-Version: {}\nLanguage: {}\nMIME-Version: 1.0\n"
                              "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n",
                              name_, language_);
  }

  std::optional<std::size_t> find(const TranslatableText& text) const {
    const auto found = current_.find({text.key, text.text});
    return found == current_.end() ? std::nullopt : std::optional(found->second);
  }

  /// An entry of the same place whose original is not there any more.
  std::optional<std::size_t> take_changed(const TranslatableText& text) {
    const auto found = changed_.find(text.key);
    if (found == changed_.end() || found->second.empty()) return std::nullopt;
    const std::size_t first = found->second.front();
    found->second.erase(found->second.begin());
    return first;
  }

  PoEntry entry_for(const TranslatableText& text) {
    PoEntry entry;
    if (const auto found = find(text)) {
      is_used_[*found] = true;
      entry = present_.entries[*found];
    } else if (const auto changed = take_changed(text)) {
      is_used_[*changed] = true;
      entry = present_.entries[*changed];
      std::erase_if(entry.comments, [](const std::string& line) { return line.starts_with("#|"); });
      entry.comments.push_back("#| msgid " + translate::po_quoted(entry.original));
      entry.is_fuzzy = true;
    }
    entry.key = text.key;
    entry.original = text.text;
    if (!entry.is_fuzzy) std::erase_if(entry.comments, [](const std::string& line) { return line.starts_with("#|"); });
    if (text.is_safety)
      entry.comments.insert(entry.comments.begin(), "#. safety text: without it the guideline is not run");
    return entry;
  }

  static void add_obsolete(const PoEntry& entry, std::vector<std::string>& lines) {
    lines.push_back("#~ msgctxt " + translate::po_quoted(entry.key));
    lines.push_back("#~ msgid " + translate::po_quoted(entry.original));
    lines.push_back("#~ msgstr " + translate::po_quoted(entry.translation));
  }

  const Dictionary& dictionary_;
  const std::string& name_; ///< of the guideline or module
  const std::string& language_;
  const PoFile& present_;
  const Catalogue& modules_;
  const std::vector<TranslatableText> texts_;
  std::vector<bool> is_used_; ///< of the present entries
  std::set<TextId> originals_;
  std::map<TextId, std::size_t> current_;                   ///< present entries of texts that there are
  std::map<std::string, std::vector<std::size_t>> changed_; ///< by key: those whose original is not there any more
};

} // namespace

UpdatedTranslation update_translation(const Compilation& compilation, const std::string& language,
                                      const std::string& present, const CompileOptions& options) {
  source::SourceSet sources;
  diagnostics::Sink sink;
  const std::vector<LoadedModule>& program = compilation.state().modules;
  PoFile own;
  if (!present.empty())
    own = read_po(translation_path(program.back().path, language), present, language, sources, sink, options);
  Catalogue modules;
  for (std::size_t i = 0; i + 1 < program.size(); ++i)
    if (std::optional<std::string> text = text_of(program[i], language, sink, options))
      modules.add(
          read_po(translation_path(program[i].path, language), std::move(*text), language, sources, sink, options));
  sink.finish();
  if (!sink.has_errors()) return Updater(compilation, language, own, modules).update();
  UpdatedTranslation faulty;
  for (const diagnostics::Diagnostic& one : sink.all())
    faulty.diagnostics += diagnostics::render(one, sources);
  return faulty;
}

} // namespace aceso::driver
