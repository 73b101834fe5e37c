/// The canonical layout: tests/golden/format/NAME.in.aceso becomes NAME.out.aceso; ACESO_RENEW=1 writes the latter
/// anew. Whatever has been formatted stays as it is when it is formatted again.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "format/format.h"
#include "format/same_tree.h"
#include "parse/parser.h"

namespace aceso::test {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  EXPECT_TRUE(stream) << path;
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string format(const std::string& text) {
  source::SourceSet sources;
  diagnostics::Sink sink;
  const auto result = format::format_file(sources, sources.add("test.aceso", text), sink);
  for (const auto& diagnostic : sink.all())
    ADD_FAILURE() << diagnostics::render(diagnostic, sources);
  return result.value_or("");
}

void expect_canonical(const std::string& text) {
  EXPECT_EQ(format(text), text) << "not idempotent";
  EXPECT_EQ(text.find('\t'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(text.find(" \n"), std::string::npos);
  EXPECT_EQ(text.find("\n\n\n"), std::string::npos);
  EXPECT_TRUE(text.empty() || (text.back() == '\n' && !text.ends_with("\n\n")));
}

std::vector<fs::path> files_below(const char* folder, std::string_view ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(ACESO_SOURCE_FOLDER) / folder))
    if (entry.path().string().ends_with(ending)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

TEST(FormatGolden, InputsBecomeOutputs) {
  const auto files = files_below("tests/golden/format", ".in.aceso");
  EXPECT_FALSE(files.empty());
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.filename());
    const std::string result = format(read_file(file));
    std::string expected = file.string();
    expected.replace(expected.size() - std::string_view("in.aceso").size(), std::string::npos, "out.aceso");
    if (std::getenv("ACESO_RENEW") && !result.empty()) std::ofstream(expected, std::ios::binary) << result;
    EXPECT_EQ(result, read_file(expected)) << "run with ACESO_RENEW=1 to renew the file";
    expect_canonical(result);
  }
}

TEST(FormatGolden, EveryGuidelineAndModuleCanBeFormatted) {
  for (const char* folder : {"guidelines", "stdlib"})
    for (const fs::path& file : files_below(folder, ".aceso")) {
      SCOPED_TRACE(file.filename());
      expect_canonical(format(read_file(file)));
    }
}

// ---------------------------------------------------------------- what the text may look like

TEST(Format, EmptyTextStaysEmpty) {
  EXPECT_EQ(format(""), "");
  EXPECT_EQ(format(" \n\t\n"), "");
  EXPECT_EQ(format("// alone"), "// alone\n");
}

TEST(Format, LineEndsTabsAndByteOrderMarkAreNormal) {
  EXPECT_EQ(format("\xef\xbb\xbf// one \r\nuse std.spine\t \r\n\r\n\r\nuse\tstd.exam\t// two\t\r\n"),
            "// one\nuse std.spine\n\nuse std.exam  // two\n");
}

TEST(Format, TextsKeepTheirBytes) {
  EXPECT_EQ(format("source s \"a  \\\"b\\\" // \\\\ \xc3\xa4 /* \""),
            "source s \"a  \\\"b\\\" // \\\\ \xc3\xa4 /* \"\n");
}

TEST(Format, RunsOfDeclarationsStandInColumns) {
  EXPECT_EQ(format("define a=b\ndefine longer=c\n\n\ndefine d=e"),
            "define a      = b\ndefine longer = c\n\ndefine d = e\n");
}

TEST(Format, UnitsAndSeries) {
  EXPECT_EQ(format("unit  week,weeks \"week\"=wk\nunit puff='{puff}'"),
            "unit week, weeks \"week\" = wk\nunit puff = '{puff}'\n");
  EXPECT_EQ(format("type t \"T\" worse  when lower=scale{0,1}"), "type t \"T\" worse when lower = scale { 0, 1 }\n");
  EXPECT_EQ(
      format(
          "inputs i {a : number from 0 to 9 accepts mg/dL  step 0.01,g/L molar_mass 113.12 g/mol worse when higher}"),
      "inputs i {\n  a : number from 0 to 9 accepts mg/dL step 0.01, g/L molar_mass 113.12 g/mol worse when "
      "higher\n}\n");
  EXPECT_EQ(format("define a=(b worsening over 2 weeks)and not (c improving  over 1 week as of d)"),
            "define a = b worsening over 2 weeks and not (c improving over 1 week as of d)\n");
  EXPECT_EQ(format("define a=(latest of b within 3 weeks as  of 2026-01-02)>convert(c,mg/dL)"),
            "define a = latest of b within 3 weeks as of 2026-01-02 > convert(c, mg/dL)\n");
}

TEST(Format, AVeryLongNameSticksOut) {
  EXPECT_EQ(format("define a=x\ndefine bb=y\ndefine a_name_that_is_very_much_longer_than_the_others=z"),
            "define a  = x\ndefine bb = y\ndefine a_name_that_is_very_much_longer_than_the_others = z\n");
}

TEST(Format, FilesWithSyntaxErrorsAreRefused) {
  source::SourceSet sources;
  diagnostics::Sink sink;
  EXPECT_EQ(format::format_file(sources, sources.add("test.aceso", "define a = = b"), sink), std::nullopt);
  EXPECT_TRUE(sink.has_errors());
}

// ---------------------------------------------------------------- equality of trees

bool are_same(const std::string& a, const std::string& b) {
  source::SourceSet sources;
  diagnostics::Sink sink;
  const auto first = parse::parse_file(sources, sources.add("a", a), sink);
  const auto second = parse::parse_file(sources, sources.add("b", b), sink);
  EXPECT_FALSE(sink.has_errors());
  return format::is_same_tree(first, second);
}

TEST(SameTree, PlacesDoNotMatter) { EXPECT_TRUE(are_same("define a = b and (c)", "// c\ndefine a =\n b and c")); }

TEST(SameTree, EveryPartMatters) {
  EXPECT_FALSE(are_same("define a = b and c", "define a = b or c"));
  EXPECT_FALSE(are_same("define a = 4 weeks", "define a = 4 days"));
  EXPECT_FALSE(are_same("define a = b", "/// doc\ndefine a = b"));
  EXPECT_FALSE(are_same("define a = b", "define a \"\" = b"));
  EXPECT_FALSE(are_same("define a = b", "define a = b\ndefine c = d"));
  EXPECT_FALSE(are_same("use a", "use a cite b"));
  EXPECT_FALSE(are_same("rule r { when a recommend b strong }", "rule r { when a recommend b weak }"));
  EXPECT_FALSE(are_same("case \"c\" { expect missing a, b }", "case \"c\" { expect missing a expect b }"));
}

} // namespace
} // namespace aceso::test
