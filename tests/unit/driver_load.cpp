#include <map>

#include <gmock/gmock.h>

#include "driver/embedded_library.h"
#include "driver/load.h"

namespace aceso::driver {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Files that exist only here.
constexpr std::string_view prelude = "std/units.aceso";

class Load : public ::testing::Test {
protected:
  void file(const std::string& path, const std::string& text) { files_[path] = text; }

  LoadedProgram load_path(const std::string& path) {
    options_.read_file = [this](const std::string& asked) -> std::optional<std::string> {
      ++reads_[asked];
      const auto found = files_.find(asked);
      return found == files_.end() ? std::nullopt : std::optional(found->second);
    };
    return load(sources_, sink_, path, std::nullopt, options_);
  }

  std::vector<std::string> paths_of(const LoadedProgram& program) const {
    std::vector<std::string> paths;
    for (const ast::File& one : program.files)
      if (sources_[one.file].path() != prelude) paths.push_back(sources_[one.file].path());
    return paths;
  }

  std::vector<std::string> complaints() const {
    std::vector<std::string> ids;
    for (const diagnostics::Diagnostic& one : sink_.all())
      ids.emplace_back(diagnostics::info(one.kind).id);
    return ids;
  }

  std::map<std::string, std::string> files_;
  std::map<std::string, int> reads_;
  source::SourceSet sources_;
  diagnostics::Sink sink_;
  CompileOptions options_;
};

TEST_F(Load, FileWithoutUses) {
  file("g.aceso", "module g\n");
  EXPECT_THAT(paths_of(load_path("g.aceso")), ElementsAre("g.aceso"));
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(Load, ThePreludeComesFirstAndOnceWhetherOrNotItIsUsed) {
  file("g.aceso", "guideline g { title \"G\" version 0.1.0 }\nuse std.units\n");
  const LoadedProgram program = load_path("g.aceso");
  ASSERT_EQ(program.files.size(), 2u);
  EXPECT_EQ(sources_[program.files[0].file].path(), prelude);
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(Load, ModulesComeBeforeTheirUsersAndOnce) {
  file("d/top.aceso", "module top\nuse a\nuse b\n");
  file("d/a.aceso", "module a\nuse common.words\n");
  file("d/b.aceso", "module b\nuse common.words\nuse a\n");
  file("d/common/words.aceso", "module common.words\n");
  EXPECT_THAT(paths_of(load_path("d/top.aceso")),
              ElementsAre("d/common/words.aceso", "d/a.aceso", "d/b.aceso", "d/top.aceso"));
  EXPECT_THAT(complaints(), IsEmpty());
  EXPECT_EQ(reads_["d/common/words.aceso"], 1);
}

TEST_F(Load, LooksBesideTheUserThenInTheFoldersAboveButNotAboveTheCompiledFile) {
  file("d/top.aceso", "module top\nuse x.y.low\n");
  file("d/x/y/low.aceso", "module x.y.low\nuse beside\nuse above\nuse outside\n");
  file("d/x/y/beside.aceso", "module beside\n");
  file("d/beside.aceso", "module wrong\n");
  file("d/above.aceso", "module above\n");
  file("outside.aceso", "module outside\n");
  const auto paths = paths_of(load_path("d/top.aceso"));
  EXPECT_THAT(paths, ElementsAre("d/x/y/beside.aceso", "d/above.aceso", "d/x/y/low.aceso", "d/top.aceso"));
  ASSERT_THAT(complaints(), ElementsAre("A0210"));
  EXPECT_THAT(sink_.all()[0].message, HasSubstr("d/x/y/outside.aceso, d/x/outside.aceso, d/outside.aceso"));
}

TEST_F(Load, CycleIsShownWhole) {
  file("a.aceso", "module a\nuse b\n");
  file("b.aceso", "module b\nuse c\n");
  file("c.aceso", "module c\nuse b\n");
  static_cast<void>(load_path("a.aceso"));
  ASSERT_THAT(complaints(), ElementsAre("A0211"));
  EXPECT_THAT(sink_.all()[0].message, HasSubstr("b uses c uses b"));
  EXPECT_EQ(sink_.all()[0].notes.size(), 1u);
}

TEST_F(Load, CycleThroughTheCompiledFileAndWithItself) {
  file("a.aceso", "module a\nuse b\nuse a\n");
  file("b.aceso", "module b\nuse a\n");
  static_cast<void>(load_path("a.aceso"));
  ASSERT_THAT(complaints(), ElementsAre("A0211", "A0211"));
  EXPECT_THAT(sink_.all()[0].message, HasSubstr("a uses b uses a"));
  EXPECT_THAT(sink_.all()[1].message, HasSubstr("a uses a"));
}

TEST_F(Load, MissingModuleSuggestsOneOfTheStandardLibrary) {
  const auto library = embedded_standard_library();
  ASSERT_FALSE(library.empty()) << "this build has no standard library";
  std::string name(library.front().name);
  const std::string wanted = name;
  name.back() = name.back() == 'x' ? 'y' : 'x';
  file("a.aceso", "module a\nuse " + name + "\n");
  static_cast<void>(load_path("a.aceso"));
  ASSERT_THAT(complaints(), ElementsAre("A0210"));
  EXPECT_THAT(sink_.all()[0].mend, HasSubstr(wanted));
}

TEST_F(Load, LastWordOfAMissingModuleIsEnoughForAHint) {
  const auto library = embedded_standard_library();
  ASSERT_FALSE(library.empty()) << "this build has no standard library";
  const std::string name(library.front().name);
  file("a.aceso", "module a\nuse elsewhere.entirely." + name.substr(name.rfind('.') + 1) + "\n");
  static_cast<void>(load_path("a.aceso"));
  ASSERT_THAT(complaints(), ElementsAre("A0210"));
  EXPECT_THAT(sink_.all()[0].mend, HasSubstr(name));
}

TEST_F(Load, DeclaredNameMustBeTheUsedName) {
  file("a.aceso", "module a\nuse b\n");
  file("b.aceso", "module bb\n");
  EXPECT_THAT(paths_of(load_path("a.aceso")), ElementsAre("a.aceso"));
  EXPECT_THAT(complaints(), ElementsAre("A0212"));
}

TEST_F(Load, OneFileUnderTwoNames) {
  file("a.aceso", "module a\nuse lib.b\nuse lib.c\n");
  file("lib/b.aceso", "module lib.b\nuse c\n");
  file("lib/c.aceso", "module lib.c\n");
  static_cast<void>(load_path("a.aceso"));
  EXPECT_THAT(complaints(), ElementsAre("A0212"));
}

TEST_F(Load, TwoFilesUnderOneName) {
  file("a.aceso", "module a\nuse words\nuse lib.b\n");
  file("words.aceso", "module words\n");
  file("lib/b.aceso", "module lib.b\nuse words\n");
  file("lib/words.aceso", "module words\n");
  static_cast<void>(load_path("a.aceso"));
  EXPECT_THAT(complaints(), ElementsAre("A0215"));
}

TEST_F(Load, GuidelineAndNamelessFileAreNoModules) {
  file("a.aceso", "module a\nuse g\nuse n\n");
  file("g.aceso", "guideline g {\n  title \"G\"\n}\n");
  file("n.aceso", "define x = 1\n");
  static_cast<void>(load_path("a.aceso"));
  EXPECT_THAT(complaints(), ElementsAre("A0213", "A0213"));
}

TEST_F(Load, SyntaxErrorsOfAModuleAreNotBlamedOnItsUser) {
  file("a.aceso", "module a\nuse b\n");
  file("b.aceso", "module {\n");
  static_cast<void>(load_path("a.aceso"));
  for (const diagnostics::Diagnostic& one : sink_.all())
    EXPECT_EQ(sources_[one.span.file].path(), "b.aceso") << one.message;
  EXPECT_TRUE(sink_.has_errors());
}

TEST_F(Load, NumberOfFilesIsBounded) {
  options_.max_modules = 10;
  file("m0.aceso", "module m0\nuse m1\n");
  for (int i = 1; i < 50; ++i)
    file("m" + std::to_string(i) + ".aceso", "module m" + std::to_string(i) + "\nuse m" + std::to_string(i + 1) + "\n");
  static_cast<void>(load_path("m0.aceso"));
  EXPECT_THAT(complaints(), ElementsAre("A0214"));
  EXPECT_EQ(sources_.size(), 11u); // with the prelude
}

TEST_F(Load, CompiledFileThatCannotBeRead) {
  EXPECT_THAT(load_path("absent.aceso").files, IsEmpty());
  ASSERT_THAT(complaints(), ElementsAre("A0001"));
  EXPECT_THAT(sink_.all()[0].message, HasSubstr("absent.aceso"));
}

TEST_F(Load, StandardLibraryOnDiskComesFirst) {
  options_.standard_library = "lib";
  file("lib/of/words.aceso", "module std.of.words\nuse std.other\n");
  file("lib/other.aceso", "module std.other\n");
  file("a.aceso", "module a\nuse std.of.words\n");
  EXPECT_THAT(paths_of(load_path("a.aceso")), ElementsAre("lib/other.aceso", "lib/of/words.aceso", "a.aceso"));
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(Load, ModuleOfAStandardLibrarySeesItsSiblings) {
  file("s/lib/of/words.aceso", "module std.of.words\nuse std.other\n");
  file("s/lib/other.aceso", "module std.other\n");
  EXPECT_THAT(paths_of(load_path("s/lib/of/words.aceso")), ElementsAre("s/lib/other.aceso", "s/lib/of/words.aceso"));
  file("s/lib/other.aceso", "module std.other\nuse std.of.words\n");
  static_cast<void>(load_path("s/lib/of/words.aceso"));
  ASSERT_THAT(complaints(), ElementsAre("A0211"));
  EXPECT_THAT(sink_.all()[0].message, HasSubstr("std.of.words uses std.other uses std.of.words"));
}

TEST_F(Load, EmbeddedModulesLoad) {
  std::string text = "module a\n";
  for (const EmbeddedFile& one : embedded_standard_library())
    text += "use " + std::string(one.name) + "\n";
  file("a.aceso", text);
  EXPECT_EQ(load_path("a.aceso").files.size(), embedded_standard_library().size() + 1);
  EXPECT_THAT(complaints(), IsEmpty());
}

} // namespace
} // namespace aceso::driver
