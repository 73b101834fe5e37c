#include "driver/load.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "driver/embedded_library.h"
#include "driver/files.h"
#include "module/module.h"
#include "parse/parser.h"

namespace aceso::driver {
namespace {

using diagnostics::Kind;
using source::Span;

constexpr std::string_view standard_prefix = "std.";
/// What every file uses without saying so: the everyday names of units.
constexpr std::string_view prelude = "std.units";

/// "a/b.aceso" for "a.b".
std::string file_name_of(std::string_view module) {
  std::string name(module);
  std::replace(name.begin(), name.end(), '.', '/');
  return name + ".aceso";
}

/// Names of modules come from the text of an author; nothing but words and dots may become a path.
bool is_path_safe(std::string_view module) {
  if (module.empty() || module.front() == '.' || module.back() == '.') return false;
  if (module.find("..") != std::string_view::npos) return false;
  return module.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

/// Paths of value sets come from the text as well: plain names below the folder, and no way out of it.
bool is_inner_path(std::string_view path) {
  if (path.empty() || path.size() > 1000) return false;
  if (path.find_first_of("\\:") != std::string_view::npos) return false;
  if (std::any_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; })) return false;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    begin = end + 1;
  }
  return true;
}

std::string normal(const std::string& path) { return std::filesystem::path(path).lexically_normal().string(); }

template <class T>
const T* find_declaration(const ast::File& file) {
  for (const ast::AnyDeclaration& declaration : file.declarations)
    if (const T* found = std::get_if<T>(&declaration)) return found;
  return nullptr;
}

/// Where the text of a module was found.
struct Located {
  std::string key;  ///< the same for the same file, however it is named
  std::string path; ///< as diagnostics show it
  std::string text;
  bool is_standard = false;
  std::string folder; ///< below the folder of the compiled file; for project modules
  bool is_embedded = false;
};

class Loader {
public:
  Loader(source::SourceSet& sources, diagnostics::Sink& sink, const CompileOptions& options)
      : sources_(sources), sink_(sink), options_(options), standard_library_(options.standard_library) {}

  LoadedProgram run(const std::string& path, std::optional<std::string> text) {
    if (!text) {
      ReadResult result = read(path);
      if (!result.ok()) {
        const std::uint32_t file = sources_.add(path, {});
        // "too large" does not say which file, so it gets a place; "cannot read" does.
        report_unreadable(result.status == ReadStatus::too_large ? Span{file, 0, 0} : Span{}, path, result);
        return std::move(program_);
      }
      text = std::move(result.text);
    }
    root_folder_ = folder_of(path);
    Unit& root = open({normal(path), path, std::move(*text), false, {}, false});
    name_root(root, path);
    if (root.name != prelude) (void)load_module(root, {std::string(prelude), root_span(root)});
    load_uses(root);
    load_terms(root);
    close(root);
    return std::move(program_);
  }

private:
  enum class Progress { loading, done, failed };
  struct Unit {
    std::string name; ///< as it was used; of the compiled file, as it declares itself
    ast::File tree;
    Progress progress = Progress::loading;
    bool is_standard = false, is_embedded = false;
    std::string path, folder;
  };

  ReadResult read(const std::string& path) const { return read_text(path, options_); }

  void report_unreadable(Span span, const std::string& path, const ReadResult& read) {
    if (read.status == ReadStatus::too_large)
      sink_.report(Kind::file_too_large, span, read.size, options_.max_file_bytes);
    else
      sink_.report(Kind::cannot_read_file, span, path, read.reason);
  }

  Unit& open(Located located) {
    auto unit = std::make_unique<Unit>();
    unit->path = located.path;
    unit->folder = std::move(located.folder);
    unit->is_standard = located.is_standard;
    unit->is_embedded = located.is_embedded;
    const std::uint32_t file = sources_.add(std::move(located.path), std::move(located.text));
    parse::ParseStatistics statistics;
    unit->tree = parse::parse_file(sources_, file, sink_, {options_.max_file_bytes, options_.max_depth}, &statistics);
    program_.ll_fallbacks += statistics.ll_fallbacks;
    Unit& reference = *unit;
    by_key_.emplace(std::move(located.key), unit.get());
    stack_.push_back(unit.get());
    units_.push_back(std::move(unit));
    return reference;
  }

  void close(Unit& unit) {
    stack_.pop_back();
    if (unit.progress == Progress::failed) return;
    unit.progress = Progress::done;
    program_.files.push_back(std::move(unit.tree));
    program_.modules.push_back({unit.name, unit.path, unit.is_embedded});
  }

  /// The compiled file may itself be a module that others use; then it has to be known under its name, and modules of
  /// the standard library see their siblings on disk and not those that were built into the program.
  void name_root(Unit& root, const std::string& path) {
    root.name = std::filesystem::path(path).stem().string();
    if (const auto* guideline = find_declaration<ast::GuidelineDecl>(root.tree)) root.name = guideline->name.text;
    const auto* module = find_declaration<ast::ModuleDecl>(root.tree);
    if (module == nullptr) return;
    root.name = module->name.text;
    declared_.emplace(root.name, &root);
    if (!root.name.starts_with(standard_prefix)) return;
    root.is_standard = true;
    by_key_.emplace(root.name, &root);
    const std::string expected = file_name_of(std::string_view(root.name).substr(standard_prefix.size()));
    if (standard_library_.empty() && (path == expected || path.ends_with('/' + expected)))
      standard_library_ = path == expected ? "." : path.substr(0, path.size() - expected.size() - 1);
  }

  static Span root_span(const Unit& unit) { return {unit.tree.file, 0, 0}; }

  void load_uses(Unit& unit) {
    for (const ast::AnyDeclaration& declaration : unit.tree.declarations) {
      const auto* use = std::get_if<ast::UseDecl>(&declaration);
      if (use != nullptr && !load_module(unit, use->name)) unit.progress = Progress::failed;
    }
  }

  void load_terms(const Unit& unit) {
    for (const ast::AnyDeclaration& declaration : unit.tree.declarations) {
      const auto* codes = std::get_if<ast::CodesDecl>(&declaration);
      if (codes == nullptr) continue;
      for (const auto& set : codes->value_sets)
        if (set.file) load_term_file(unit, set.file->path);
      for (const auto& hierarchy : codes->hierarchies)
        load_term_file(unit, hierarchy.file.path);
    }
  }

  void load_term_file(const Unit& unit, const ast::Text& written) {
    if (written.empty()) return; // a syntax error, and reported
    if (!is_inner_path(written.text)) {
      sink_.report(Kind::bad_term_path, written.span, written.text).mend =
          "put the file beside this one, and write for example: file \"sets/diabetes.json\"";
      return;
    }
    const std::string path = join_path(folder_of(unit.path), written.text);
    ReadResult result = read(path);
    if (result.ok())
      program_.term_files.push_back({written.span, std::move(result.text)});
    else
      report_unreadable(written.span, path, result);
  }

  /// False when the number of files is exhausted, which ends the search.
  bool load_module(const Unit& user, const ast::Name& use) {
    std::optional<Located> located = locate(user, use);
    if (!located) return true;
    if (const auto known = by_key_.find(located->key); known != by_key_.end()) {
      Unit& unit = *known->second;
      if (unit.progress == Progress::loading)
        report_cycle(unit, use);
      else if (unit.progress == Progress::done && unit.name != use.text)
        sink_.report(Kind::module_name_differs, use.span, unit.path, unit.name, use.text).mend = "use " + unit.name;
      return true;
    }
    if (units_.size() > options_.max_modules) { // the prelude is not counted
      if (!std::exchange(is_full_, true)) sink_.report(Kind::too_many_modules, use.span, options_.max_modules);
      return false;
    }
    const std::size_t errors_before = sink_.error_count();
    Unit& unit = open(std::move(*located));
    unit.name = use.text;
    const bool has_syntax_errors = sink_.error_count() != errors_before;
    if (!check_declared_name(unit, use, has_syntax_errors))
      unit.progress = Progress::failed;
    else {
      load_uses(unit);
      load_terms(unit);
    }
    close(unit);
    return true;
  }

  bool check_declared_name(Unit& unit, const ast::Name& use, bool has_syntax_errors) {
    const auto* module = find_declaration<ast::ModuleDecl>(unit.tree);
    if (module == nullptr) {
      if (const auto* guideline = find_declaration<ast::GuidelineDecl>(unit.tree)) {
        auto& complaint =
            sink_.report(Kind::not_a_module, use.span, use.text, "it is a guideline, and only modules can be used");
        complaint.mend = "move what both need into a module of its own and use that";
        complaint.notes.push_back({guideline->name.span, "declared as a guideline here"});
      } else if (!has_syntax_errors) {
        sink_.report(Kind::not_a_module, use.span, use.text, "its file does not say which module it is").mend =
            "begin " + unit.path + " with module " + use.text;
      }
      return false;
    }
    if (module->name.text != use.text) {
      if (has_syntax_errors && module->name.text.empty()) return false;
      auto& complaint = sink_.report(Kind::module_name_differs, use.span, unit.path, module->name.text, use.text);
      complaint.mend = "write module " + use.text + " in " + unit.path + ", or use it by the name that it has";
      complaint.notes.push_back({module->name.span, "the module is named here"});
      return false;
    }
    const auto [first, is_new] = declared_.emplace(use.text, &unit);
    if (!is_new)
      sink_.report(Kind::ambiguous_module, use.span, first->second->path, unit.path, use.text).mend =
          "rename one of them";
    return is_new;
  }

  void report_cycle(const Unit& target, const ast::Name& use) {
    const auto first = std::find(stack_.begin(), stack_.end(), &target);
    std::string circle;
    for (auto it = first; it != stack_.end(); ++it)
      circle += (*it)->name + " uses ";
    circle += target.name;
    auto& complaint = sink_.report(Kind::module_cycle, use.span, circle);
    complaint.mend = "move what both sides need into a module that uses neither";
    for (auto it = first; it != stack_.end() && it + 1 != stack_.end(); ++it)
      for (const ast::AnyDeclaration& declaration : (*it)->tree.declarations)
        if (const auto* step = std::get_if<ast::UseDecl>(&declaration); step && step->name.text == (*(it + 1))->name)
          complaint.notes.push_back({step->name.span, (*it)->name + " uses " + step->name.text + " here"});
  }

  /// Reports what is missing; nothing then.
  std::optional<Located> locate(const Unit& user, const ast::Name& use) {
    const bool is_standard = use.text.starts_with(standard_prefix);
    std::optional<Located> found;
    std::vector<std::string> tried;
    if (is_path_safe(use.text)) {
      bool was_reported = false;
      found = is_standard ? locate_standard(use, tried, was_reported) : locate_project(user, use, tried, was_reported);
      if (found || was_reported) return found;
    }
    std::string places;
    for (const std::string& path : tried)
      places += (places.empty() ? "" : ", ") + path;
    if (is_standard) places += places.empty() ? "the standard library" : " and the standard library";
    if (places.empty()) places = "the standard library";
    auto& complaint = sink_.report(Kind::module_not_found, use.span, use.text, places);
    if (const std::string candidate = suggest(user, use.text); !candidate.empty())
      complaint.mend = "did you mean use " + candidate + "?";
    return std::nullopt;
  }

  std::optional<Located> locate_standard(const ast::Name& use, std::vector<std::string>& tried, bool& was_reported) {
    // A module that is already known must not be read again, and the compiled file may be one.
    if (by_key_.contains(use.text)) return Located{use.text, {}, {}, true, {}, false};
    if (!standard_library_.empty()) {
      const std::string name = file_name_of(std::string_view(use.text).substr(standard_prefix.size()));
      const std::string path = standard_library_ == "." ? name : join_path(standard_library_, name);
      if (auto text = read_candidate(use, path, tried, was_reported))
        return Located{use.text, path, std::move(*text), true, {}, false};
      if (was_reported) return std::nullopt;
    }
    for (const EmbeddedFile& file : embedded_standard_library())
      if (file.name == use.text)
        return Located{use.text, file_name_of(use.text), std::string(file.text), true, {}, true};
    return std::nullopt;
  }

  std::optional<Located> locate_project(const Unit& user, const ast::Name& use, std::vector<std::string>& tried,
                                        bool& was_reported) {
    if (user.is_standard && units_.front().get() != &user) return std::nullopt;
    const std::string name = file_name_of(use.text);
    for (std::string folder = user.folder;; folder = folder_of(folder)) {
      const std::string below = join_path(folder, name);
      const std::string path = join_path(root_folder_, below);
      const std::string key = normal(path);
      if (by_key_.contains(key)) return Located{key, path, {}, false, {}, false};
      if (auto text = read_candidate(use, path, tried, was_reported))
        return Located{key, path, std::move(*text), false, folder_of(below), false};
      if (was_reported || folder.empty()) return std::nullopt;
    }
  }

  std::optional<std::string> read_candidate(const ast::Name& use, const std::string& path,
                                            std::vector<std::string>& tried, bool& was_reported) {
    ReadResult result = read(path);
    if (result.ok()) return std::move(result.text);
    if (result.status == ReadStatus::absent) {
      tried.push_back(path);
    } else {
      report_unreadable(use.span, path, result);
      was_reported = true;
    }
    return std::nullopt;
  }

  /// The module that the author may have meant: by spelling, or the same last word elsewhere.
  std::string suggest(const Unit& user, const std::string& wanted) const {
    std::vector<std::string> names;
    for (const EmbeddedFile& file : embedded_standard_library())
      names.emplace_back(file.name);
    if (!options_.read_file) {
      for (std::string folder = user.folder;; folder = folder_of(folder)) {
        add_modules_below(join_path(root_folder_, folder), {}, names);
        if (folder.empty()) break;
      }
      if (!standard_library_.empty()) add_modules_below(standard_library_, "std.", names);
    }
    if (std::string near = diagnostics::nearest(wanted, names); !near.empty()) return near;
    const auto last_word = [](const std::string& name) { return name.substr(name.rfind('.') + 1); };
    for (const std::string& name : names)
      if (name != wanted && last_word(name) == last_word(wanted)) return name;
    return {};
  }

  /// Names of the .aceso files in a folder and in the folders directly in it. That is enough for a hint and bounded.
  static void add_modules_below(const std::string& folder, const std::string& prefix, std::vector<std::string>& names) {
    namespace fs = std::filesystem;
    constexpr std::size_t most = 2000;
    const auto add_files = [&](const std::string& in, const std::string& start) {
      for (const std::string& path : files_in(in, ".aceso"))
        if (names.size() < most) names.push_back(start + fs::path(path).stem().string());
    };
    add_files(folder, prefix);
    std::error_code error;
    std::vector<std::string> inner;
    for (fs::directory_iterator it(folder.empty() ? "." : folder, error), end; !error && it != end;
         it.increment(error)) {
      std::error_code ignored;
      if (it->is_directory(ignored) && inner.size() < most) inner.push_back(it->path().filename().string());
    }
    std::sort(inner.begin(), inner.end());
    for (const std::string& name : inner)
      add_files(join_path(folder, name), prefix + name + '.');
  }

  source::SourceSet& sources_;
  diagnostics::Sink& sink_;
  const CompileOptions& options_;
  std::string standard_library_;
  std::string root_folder_;
  LoadedProgram program_;
  std::vector<std::unique_ptr<Unit>> units_;
  std::vector<Unit*> stack_; ///< from the compiled file to the one being read
  std::unordered_map<std::string, Unit*> by_key_;
  std::unordered_map<std::string, Unit*> declared_; ///< by the name in the `module` line
  bool is_full_ = false;
};

} // namespace

namespace {

ReadResult refuse_compiled(ReadResult result) {
  if (!result.ok() || !is_module(result.text)) return result;
  ReadResult refused;
  refused.reason = "it is a compiled guideline, and the command needs its text; name the .aceso file";
  return refused;
}

} // namespace

ReadResult read_text(const std::string& path, const CompileOptions& options) {
  if (!options.read_file) return refuse_compiled(read_file(path, options.max_file_bytes));
  ReadResult result;
  if (std::optional<std::string> text = options.read_file(path)) {
    result.status = ReadStatus::read;
    result.text = std::move(*text);
  } else {
    result.status = ReadStatus::absent;
    result.reason = "there is no such file";
  }
  return refuse_compiled(std::move(result));
}

LoadedProgram load(source::SourceSet& sources, diagnostics::Sink& sink, const std::string& path,
                   std::optional<std::string> text, const CompileOptions& options) {
  return Loader(sources, sink, options).run(path, std::move(text));
}

} // namespace aceso::driver
