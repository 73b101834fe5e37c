#include "driver/translations.h"

#include <map>

#include <gmock/gmock.h>

#include "guideline_fixture.h"
#include "translate/po.h"

namespace aceso::driver {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* header = "msgid \"\"\nmsgstr \"Language: de\\n\"\n";

std::string entry(const std::string& key, const std::string& original, const std::string& translation) {
  return "\nmsgctxt " + translate::po_quoted(key) + "\nmsgid " + translate::po_quoted(original) + "\nmsgstr " +
         translate::po_quoted(translation) + "\n";
}

class Translations : public ::testing::Test {
protected:
  void SetUp() override {
    files_["t.aceso"] = R"(guideline t { title "Trial" version 0.1.0 languages en, de }
use words
action rest "Rest" : self_care
caution careful when tired { "Be careful" }
)";
    files_["words.aceso"] = "module words\ninputs state \"State\" { tired : yes/no \"Tired?\" }\n";
    files_["words.de.po"] =
        header + entry("inputs state title", "State", "Zustand") + entry("input tired question", "Tired?", "Müde?");
    files_["t.de.po"] = header + title_ + rest_ + careful_;
  }

  Compilation compile(const std::string& language = {}, bool translations = true) {
    CompileOptions options = reading();
    options.language = language;
    options.translations = translations;
    return compile_file("t.aceso", options);
  }
  CompileOptions reading() {
    CompileOptions options;
    options.read_file = [this](const std::string& path) -> std::optional<std::string> {
      const auto found = files_.find(path);
      return found == files_.end() ? std::nullopt : std::optional(found->second);
    };
    return options;
  }
  std::string complaints() { return testing::complaints(compile()); }
  std::string rendered() { return compile().render_diagnostics(); }
  UpdatedTranslation update() { return update_translation(compile({}, false), "de", files_["t.de.po"], reading()); }

  const std::string title_ = entry("guideline title", "Trial", "Versuch"),
                    rest_ = entry("action rest title", "Rest", "Ruhe"),
                    careful_ = entry("caution careful", "Be careful", "Vorsicht");
  std::map<std::string, std::string> files_;
};

TEST_F(Translations, CompleteOnesGiveATranslatedGuideline) {
  EXPECT_EQ(rendered(), "");
  const Compilation german = compile("de");
  EXPECT_EQ(german.languages(), (std::vector<std::string>{"en", "de"}));
  const Dictionary& dictionary = german.graph()->dictionary;
  EXPECT_EQ(dictionary.guideline.title, "Versuch");
  EXPECT_EQ(dictionary.actions[0].title, "Ruhe");
  EXPECT_EQ(dictionary.cautions[0].text, "Vorsicht");
  EXPECT_EQ(dictionary.inputs[0].question, "Müde?"); // of the module
  EXPECT_EQ(dictionary.guideline.hash, compile().graph()->dictionary.guideline.hash);
}

TEST_F(Translations, DoNotChangeTheHash) {
  const std::string hash = compile().graph()->dictionary.guideline.hash;
  files_["t.aceso"].replace(files_["t.aceso"].find("languages en, de"), 16, "");
  EXPECT_EQ(compile().graph()->dictionary.guideline.hash, hash);
}

TEST_F(Translations, TheOwnFileComesBeforeTheModule) {
  files_["t.de.po"] += entry("input tired question", "Tired?", "Ermüdet?");
  EXPECT_EQ(rendered(), "");
  EXPECT_EQ(compile("de").graph()->dictionary.inputs[0].question, "Ermüdet?");
}

TEST_F(Translations, SafetyTextsMustBeThere) {
  files_["t.de.po"] = header + title_ + rest_;
  EXPECT_EQ(complaints(), "A0801");
  EXPECT_THAT(rendered(), HasSubstr("t.aceso:4:"));
  EXPECT_THAT(rendered(), HasSubstr("\"Be careful\""));
  EXPECT_FALSE(compile().ok());
  EXPECT_TRUE(compile({}, false).ok()); // for who is to write it
  files_["t.de.po"] = header + title_ + rest_ + entry("caution careful", "Be careful", "");
  EXPECT_EQ(complaints(), "A0801");
  EXPECT_THAT(rendered(), HasSubstr("t.de.po:"));
}

TEST_F(Translations, OtherTextsFallBackVisibly) {
  files_["t.de.po"] = header + rest_ + careful_;
  files_.erase("words.de.po");
  EXPECT_EQ(complaints(), "A0802");
  EXPECT_THAT(rendered(), HasSubstr("3 of 5 texts"));
  EXPECT_EQ(compile("de").graph()->dictionary.guideline.title, "[en] Trial");
  EXPECT_EQ(compile("de").graph()->dictionary.inputs[0].question, "[en] Tired?");
}

TEST_F(Translations, StaleAndFuzzyOnesAreNotUsed) {
  files_["t.de.po"] = header + entry("guideline title", "Old", "Alt") + rest_ + careful_;
  EXPECT_EQ(complaints(), "A0805");
  EXPECT_EQ(compile("de").graph()->dictionary.guideline.title, "[en] Trial");
  files_["t.de.po"] = header + title_ + entry("action rest title", "Rest in bed", "Bettruhe") + careful_;
  EXPECT_EQ(complaints(), "A0801");
  EXPECT_THAT(rendered(), HasSubstr("the original has changed since; it reads now: \"Rest\""));
  files_["t.de.po"] = header + title_ + "\n#, fuzzy" + rest_ + careful_;
  EXPECT_EQ(complaints(), "A0801");
  EXPECT_THAT(rendered(), HasSubstr("fuzzy"));
}

TEST_F(Translations, UnknownAndLeftOverEntries) {
  files_["t.de.po"] += entry("action rst title", "Rest", "Ruhe") + entry("guideline title", "Older", "Älter");
  EXPECT_EQ(complaints(), "A0804 A0804");
  EXPECT_THAT(rendered(), HasSubstr("did you mean `action rest title`?"));
}

TEST_F(Translations, FaultyFiles) {
  const std::string good = files_["t.de.po"];
  const auto complaints_with = [&](const std::string& text) {
    files_["t.de.po"] = text;
    return complaints();
  };
  EXPECT_EQ(complaints_with(good + title_), "A0806");
  EXPECT_EQ(complaints_with(good + "msgid_plural \"x\"\n"), "A0803");
  EXPECT_EQ(complaints_with(good + "\nmsgctxt \"a\"\nmsgid \"b\"\n"), "A0803"); // no msgstr
  EXPECT_EQ(complaints_with(good + "\nmsgid \"b\"\nmsgstr \"c\"\n"), "A0803");  // no msgctxt
  EXPECT_EQ(complaints_with(good + "\nmsgctxt \"a\\x\"\nmsgid \"b\"\nmsgstr \"\"\n"), "A0803");
  EXPECT_EQ(complaints_with(good + "\nmsgctxt \"a\" b\nmsgid \"b\"\nmsgstr \"\"\n"), "A0803");
  EXPECT_EQ(complaints_with(good + "stray\n"), "A0803");
  EXPECT_EQ(complaints_with(title_ + rest_ + careful_), "A0803"); // no header
  EXPECT_EQ(complaints_with("msgid \"\"\nmsgstr \"Language: fr\\n\"\n" + title_), "A0803");
  EXPECT_EQ(complaints_with("msgid \"\"\nmsgstr \"Language: de\\nContent-Type: text/plain; charset=ISO-8859-1\\n\"\n" +
                            title_ + rest_ + careful_),
            "A0803");
  EXPECT_EQ(complaints_with(good + "# \xE4\n"), "A0003");
  EXPECT_EQ(complaints_with(good + "# \xE2\x80\xAE\n"), "A0004");
  files_.erase("t.de.po");
  EXPECT_EQ(complaints(), "A0808");
}

TEST_F(Translations, OfAModuleThatIsFaultyIsReportedThere) {
  files_["words.de.po"] += "stray\n";
  EXPECT_EQ(complaints(), "A0803");
  EXPECT_THAT(rendered(), HasSubstr("words.de.po:"));
}

TEST_F(Translations, NamesInBracesMustSurvive) {
  files_["t.aceso"] += "constraint awake { require not tired message \"{tired} is too much\" }\n";
  files_["t.de.po"] += entry("constraint awake message", "{tired} is too much", "zu viel");
  EXPECT_EQ(complaints(), "A0807");
  files_["t.de.po"].replace(files_["t.de.po"].find("zu viel"), 7, "zu viel: {tired}");
  EXPECT_EQ(complaints(), "");
  files_["t.de.po"].replace(files_["t.de.po"].find("zu viel: {tired}"), 16, "zu viel: {müde}");
  EXPECT_EQ(complaints(), "A0807");
}

TEST_F(Translations, DeclaredLanguages) {
  const auto complaints_with = [&](const std::string& languages) {
    files_["x.aceso"] = "guideline x { title \"X\" version 0.1.0 languages " + languages + " }\n";
    return testing::complaints(compile_file("x.aceso", reading()));
  };
  EXPECT_EQ(complaints_with("en"), "");
  EXPECT_EQ(complaints_with("de"), ""); // an original may be in any language
  EXPECT_EQ(complaints_with("german"), "A0511");
  EXPECT_EQ(complaints_with("en, en"), "A0106");
  EXPECT_EQ(complaints_with("en languages de"), "A0106");
  EXPECT_EQ(complaints_with("en, pt_BR"), "A0808");
}

TEST_F(Translations, UpdateOfACompleteFileChangesNothingThatMatters) {
  const UpdatedTranslation updated = update();
  EXPECT_EQ(updated.diagnostics, "");
  EXPECT_EQ(updated.texts, 3u);
  EXPECT_EQ(updated.missing + updated.changed + updated.obsolete, 0u);
  files_["t.de.po"] = updated.text;
  EXPECT_EQ(rendered(), "");
  EXPECT_EQ(update().text, updated.text);
}

TEST_F(Translations, UpdateFromNothingAsksForEverythingThatNoModuleTranslates) {
  files_.erase("t.de.po");
  const UpdatedTranslation updated = update();
  EXPECT_EQ(updated.texts, 3u);
  EXPECT_EQ(updated.missing, 3u);
  EXPECT_THAT(updated.text, Not(HasSubstr("Tired?")));
  files_.erase("words.de.po");
  EXPECT_EQ(update().texts, 5u);
  EXPECT_THAT(update().text, HasSubstr("Tired?"));
}

TEST_F(Translations, UpdateKeepsTheOldTranslationOfAChangedText) {
  files_["t.de.po"] = "# by hand\n" + std::string(header) + title_ + "\n# ask Jo\n" + rest_.substr(1) + careful_ +
                      entry("caution gone", "Gone", "Weg");
  files_["t.aceso"].replace(files_["t.aceso"].find("Be careful"), 10, "Be very careful");
  const UpdatedTranslation updated = update();
  EXPECT_EQ(updated.changed, 1u);
  EXPECT_EQ(updated.obsolete, 1u);
  EXPECT_EQ(updated.missing, 0u);
  EXPECT_TRUE(updated.text.starts_with("# by hand\n"));
  EXPECT_THAT(updated.text, HasSubstr("# ask Jo\nmsgctxt \"action rest title\""));
  EXPECT_THAT(updated.text, HasSubstr("#| msgid \"Be careful\"\n#, fuzzy\nmsgctxt \"caution careful\"\n"
                                      "msgid \"Be very careful\"\nmsgstr \"Vorsicht\"\n"));
  EXPECT_THAT(updated.text, HasSubstr("#~ msgstr \"Weg\"\n"));
  files_["t.de.po"] = updated.text;
  EXPECT_EQ(complaints(), "A0801");       // fuzzy is not ready
  EXPECT_EQ(update().text, updated.text); // and stays as it is
  const std::size_t mark = updated.text.find("#, fuzzy\n");
  files_["t.de.po"].erase(mark, 9);
  EXPECT_EQ(complaints(), "");
  EXPECT_THAT(update().text, Not(HasSubstr("#|")));
}

TEST_F(Translations, UpdateLeavesAFaultyFileAlone) {
  files_["t.de.po"] += "stray\n";
  const UpdatedTranslation updated = update();
  EXPECT_THAT(updated.diagnostics, HasSubstr("A0803"));
  EXPECT_EQ(updated.text, "");
}

TEST(Po, WhatIsWrittenIsReadAgain) {
  translate::PoFile file;
  file.head = {"# head"};
  file.header = "Language: de\nX-Tool: y\n";
  for (const char* text : {"plain", "a \"quoted\" text", "back\\slash", "two\nlines", "tab\there", "Straße – 20 %"}) {
    translate::PoEntry one;
    one.key = std::string("caution ") + std::to_string(file.entries.size());
    one.original = text;
    one.translation = std::string(text) + "!";
    one.is_fuzzy = file.entries.size() % 2 == 1;
    one.comments = {"# for " + std::to_string(file.entries.size())};
    file.entries.push_back(one);
  }
  file.obsolete = {"#~ msgid \"old\""};
  source::SourceSet sources;
  diagnostics::Sink sink;
  const std::uint32_t id = sources.add("x.de.po", translate::write_po(file));
  const translate::PoFile read = translate::read_po(sources, id, "de", sink);
  EXPECT_TRUE(sink.all().empty());
  EXPECT_EQ(translate::write_po(read), translate::write_po(file));
  ASSERT_EQ(read.entries.size(), file.entries.size());
  for (std::size_t i = 0; i < file.entries.size(); ++i)
    EXPECT_EQ(read.entries[i].translation, file.entries[i].translation);
}

TEST(Po, TextsMayStandOnSeveralLinesAndLinesMayEndAsOnWindows) {
  source::SourceSet sources;
  diagnostics::Sink sink;
  const std::uint32_t id = sources.add(
      "x.de.po",
      "\xEF\xBB\xBFmsgid \"\"\r\nmsgstr \"\"\r\n\"Language: de\\n\"\r\n\r\n#. hint\r\n#: place:3\r\n"
      "#, c-format, fuzzy\r\nmsgctxt \"k\"\r\nmsgid \"\"\r\n\"one \"\r\n\"two\"\r\nmsgstr \"eins \"\r\n\"zwei\"\r\n");
  const translate::PoFile read = translate::read_po(sources, id, "de", sink);
  EXPECT_TRUE(sink.all().empty());
  ASSERT_EQ(read.entries.size(), 1u);
  EXPECT_EQ(read.entries[0].original, "one two");
  EXPECT_EQ(read.entries[0].translation, "eins zwei");
  EXPECT_TRUE(read.entries[0].is_fuzzy);
  EXPECT_TRUE(read.entries[0].comments.empty());
}

} // namespace
} // namespace aceso::driver
