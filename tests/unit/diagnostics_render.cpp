#include <gtest/gtest.h>

#include <set>

#include "diagnostics/diagnostic.h"

namespace aceso::diagnostics {
namespace {

using source::SourceSet;
using source::Span;

TEST(DiagnosticsKinds, IdsAndNamesAreUnique) {
  std::set<std::string_view> ids, names;
  for (const KindInfo& kind : all_kinds()) {
    EXPECT_TRUE(ids.insert(kind.id).second) << kind.id;
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_EQ(&info(kind.kind), &kind);
  }
}

TEST(DiagnosticsNearest, FindsTypingMistakesOnly) {
  const std::vector<std::string> words{"recommend", "suggest", "avoid", "when", "cite"};
  EXPECT_EQ(nearest("recomend", words), "recommend");
  EXPECT_EQ(nearest("reccommend", words), "recommend");
  EXPECT_EQ(nearest("aviod", words), "avoid"); // two neighbours exchanged
  EXPECT_EQ(nearest("wen", words), "when");
  EXPECT_EQ(nearest("imaging", words), "");
  EXPECT_EQ(nearest("x", words), "");
  EXPECT_EQ(nearest("", words), "");
  EXPECT_EQ(nearest(std::string(1000000, 'a'), words), "");
}

TEST(DiagnosticsSink, CapsSortsAndDropsRepetitions) {
  Sink sink(3);
  for (std::uint32_t i = 0; i < 5; ++i)
    sink.report(Kind::syntax_error, Span{0, 10 - i, 11 - i}, "m").mend = "x";
  EXPECT_TRUE(sink.is_full());
  EXPECT_EQ(sink.error_count(), 5u);
  sink.finish();
  ASSERT_EQ(sink.all().size(), 4u);
  EXPECT_EQ(sink.all()[0].span.begin, 8u);
  EXPECT_EQ(sink.all()[3].kind, Kind::too_many_errors);
  Sink twice;
  twice.report(Kind::syntax_error, Span{0, 1, 2}, "m");
  twice.report(Kind::syntax_error, Span{0, 1, 2}, "m");
  twice.finish();
  EXPECT_EQ(twice.all().size(), 1u);
}

std::string render_at(std::string text, std::uint32_t begin, std::uint32_t end, unsigned width = 100) {
  SourceSet sources;
  sources.add("a.aceso", std::move(text));
  Diagnostic diagnostic{Kind::syntax_error, Span{0, begin, end}, "message", "", {}};
  RenderOptions options;
  options.width = width;
  return render(diagnostic, sources, options);
}

TEST(DiagnosticsRender, PlaceLineCaretMendNotes) {
  SourceSet sources;
  sources.add("a.aceso", "rule a {\n\twhen é = ü\n}\n");
  Diagnostic diagnostic{Kind::syntax_error, Span{0, 18, 19}, "wrong", "write this", {{Span{0, 7, 8}, "opened here"}}};
  EXPECT_EQ(render(diagnostic, sources), "a.aceso:2:9: error A0101: wrong\n"
                                         "    2 |  when é = ü\n"
                                         "      |         ^\n"
                                         "      = help: write this\n"
                                         "a.aceso:1:8: note: opened here\n"
                                         "    1 | rule a {\n"
                                         "      |        ^\n");
  const std::string colored = render(diagnostic, sources, {true, 100});
  EXPECT_NE(colored.find("\x1b["), std::string::npos);
}

TEST(DiagnosticsRender, EndsOfLinesAndFiles) {
  EXPECT_EQ(render_at("ab", 2, 2), "a.aceso:1:3: error A0101: message\n    1 | ab\n      |   ^\n");
  EXPECT_EQ(render_at("", 0, 0), "a.aceso:1:1: error A0101: message\n    1 | \n      | ^\n");
  EXPECT_EQ(render_at("ab\ncd", 1, 5), "a.aceso:1:2: error A0101: message\n    1 | ab\n      |  ^\n");
  EXPECT_EQ(render_at("\xEF\xBB\xBF"
                      "ab",
                      3, 5),
            "a.aceso:1:1: error A0101: message\n    1 | ab\n      | ^^\n");
}

TEST(DiagnosticsRender, WithoutAPlace) {
  const Diagnostic diagnostic{Kind::cannot_read_file, {}, "cannot read x", "", {}};
  EXPECT_EQ(render(diagnostic, SourceSet()), "error A0001: cannot read x\n");
}

TEST(DiagnosticsRender, LongLinesAreCutAroundThePlace) {
  std::string text(2000003, 'a');
  text.replace(1000000, std::string::npos, "bcd");
  text.resize(2000003, 'e');
  const std::string shown = render_at(text, 1000000, 1000003, 60);
  EXPECT_LT(shown.size(), 250u);
  EXPECT_NE(shown.find("...a"), std::string::npos);
  EXPECT_NE(shown.find("abcde"), std::string::npos);
  EXPECT_NE(shown.find("^^^\n"), std::string::npos);
  const std::size_t line = shown.find("    1 |"), carets = shown.find("      |");
  EXPECT_EQ(shown.find("bcd") - line, shown.find("^^^") - carets);
}

TEST(DiagnosticsRender, ControlCharactersNeverReachTheTerminal) {
  EXPECT_EQ(render_at("a\x1B[31mb\xE2\x80\xAE"
                      "c\xFF",
                      0, 1)
                .find('\x1B'),
            std::string::npos);
}

TEST(DiagnosticsRenderJson, EscapesAndPlaces) {
  SourceSet sources;
  sources.add("a\"b.aceso", "é x\ny");
  Diagnostic diagnostic{
      Kind::syntax_error, Span{0, 3, 4}, "a \"q\" \\ \n\t\x01 é \xFF \xED\xA0\x80", "", {{Span{0, 5, 6}, "n"}}};
  const std::string json = render_json({diagnostic}, sources);
  EXPECT_EQ(json, "[\n{\"id\":\"A0101\",\"name\":\"syntax_error\",\"severity\":\"error\","
                  "\"message\":\"a \\\"q\\\" \\\\ \\n\\t\\u0001 é \\ufffd "
                  "\\ufffd\\ufffd\\ufffd\",\"mend\":\"\","
                  "\"file\":\"a\\\"b.aceso\",\"line\":1,\"column\":3,\"end_line\":1,\"end_"
                  "column\":4,"
                  "\"notes\":[{\"message\":\"n\",\"file\":\"a\\\"b.aceso\",\"line\":2,"
                  "\"column\":1,\"end_line\":2,"
                  "\"end_column\":2}]}\n]\n");
  EXPECT_EQ(render_json({}, sources), "[]\n");
}

TEST(SourceFile, PlacesAndLines) {
  const source::SourceFile file("f", "a\r\nbé\rc\n");
  EXPECT_EQ(file.line_count(), 4u);
  EXPECT_EQ(file.line(1), "a");
  EXPECT_EQ(file.line(2), "bé");
  EXPECT_EQ(file.line(3), "c");
  EXPECT_EQ(file.line(4), "");
  EXPECT_EQ(file.line(9), "");
  EXPECT_EQ(file.place(6).line, 2u);
  EXPECT_EQ(file.place(6).column, 3u);
  EXPECT_EQ(file.place(1000).line, 4u);
}

} // namespace
} // namespace aceso::diagnostics
