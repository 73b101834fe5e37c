#include "translate/po.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

namespace aceso::translate {
namespace {

using diagnostics::Kind;
using source::Span;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  const std::size_t end = text.find_last_not_of(" \t\r");
  return end == std::string_view::npos || end < begin ? std::string_view() : text.substr(begin, end - begin + 1);
}

class Reader {
public:
  Reader(std::string_view text, std::uint32_t file, std::string_view language, diagnostics::Sink& sink)
      : text_(text), file_(file), language_(language), sink_(sink) {}

  PoFile read() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (at_ < text_.size())
      read_line();
    finish_entry();
    if (!has_header_) complain({file_, 0, 0}, "this file has no header", header_example());
    return std::move(result_);
  }

private:
  enum class Part { none, key, original, translation };

  std::string header_example() const {
    return "begin with msgid \"\", and below it msgstr \"Language: " + std::string(language_) + "\\n\"";
  }

  void complain(Span span, std::string message, std::string mend) {
    sink_.report(Kind::bad_translation_file, span, message).mend = std::move(mend);
    is_spoilt_ = true;
  }

  void read_line() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string_view line = trimmed(text_.substr(at_, end - at_));
    span_ = {file_, static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end)};
    at_ = end + 1;
    if (line.empty()) return;
    if (line.starts_with("#~")) {
      result_.obsolete.emplace_back(line);
    } else if (line.front() == '#') {
      if (part_ == Part::translation) finish_entry();
      read_comment(line);
    } else if (line.front() == '"') {
      if (part_ == Part::none)
        complain(span_, "this text belongs to nothing", "write msgctxt, msgid or msgstr before it");
      else
        append(line);
    } else {
      read_keyword(line);
    }
  }

  void read_comment(std::string_view line) {
    if (line.starts_with("#,")) {
      for (std::size_t begin = 2; begin < line.size();) {
        const std::size_t end = std::min(line.find(',', begin), line.size());
        if (trimmed(line.substr(begin, end - begin)) == "fuzzy") entry_.is_fuzzy = true;
        begin = end + 1;
      }
    } else if (!line.starts_with("#.") && !line.starts_with("#:")) {
      entry_.comments.emplace_back(line); // the others are written anew with each file
    }
  }

  void read_keyword(std::string_view line) {
    const std::size_t end = std::min(line.find_first_of(" \t\""), line.size());
    const std::string_view word = line.substr(0, end);
    if (part_ == Part::translation && (word == "msgctxt" || word == "msgid")) finish_entry();
    if (word == "msgctxt" && part_ == Part::none) {
      begin_part(Part::key);
      entry_.span = span_;
      has_key_ = true;
    } else if (word == "msgid" && (part_ == Part::none || part_ == Part::key)) {
      begin_part(Part::original);
      if (!has_key_) entry_.span = span_;
    } else if (word == "msgstr" && part_ == Part::original) {
      begin_part(Part::translation);
    } else {
      const bool is_known = word == "msgctxt" || word == "msgid" || word == "msgstr";
      complain(span_,
               is_known ? "`" + std::string(word) + "` does not follow here"
                        : "`" + std::string(word) + "` is not understood",
               "an entry is msgctxt, msgid and msgstr, in this order, each with a text in quotation marks");
      return;
    }
    append(trimmed(line.substr(end)));
  }

  void begin_part(Part part) { part_ = part; }

  std::string& target() {
    return part_ == Part::key ? entry_.key : part_ == Part::original ? entry_.original : entry_.translation;
  }

  /// "text" with its escapes; texts on lines of their own belong together.
  void append(std::string_view quoted) {
    const bool is_quoted = quoted.size() >= 2 && quoted.front() == '"' && quoted.back() == '"';
    std::optional<std::string> text = is_quoted ? unescaped(quoted.substr(1, quoted.size() - 2)) : std::nullopt;
    if (text)
      target() += *text;
    else
      complain(span_, "this is not a text in quotation marks",
               "write \\\" for a quotation mark in a text, \\\\ for a backslash, and nothing behind the closing one");
  }

  static std::optional<std::string> unescaped(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '"') return std::nullopt;
      if (text[i] != '\\') {
        result += text[i];
        continue;
      }
      if (++i == text.size()) return std::nullopt;
      switch (text[i]) {
      case 'n': result += '\n'; break;
      case 't': result += '\t'; break;
      case '"':
      case '\\': result += text[i]; break;
      default: return std::nullopt;
      }
    }
    return result;
  }

  void finish_entry() {
    PoEntry entry = std::exchange(entry_, {});
    const Part part = std::exchange(part_, Part::none);
    const bool has_key = std::exchange(has_key_, false);
    const bool is_spoilt = std::exchange(is_spoilt_, false);
    if (part == Part::none || is_spoilt) return;
    if (part != Part::translation) {
      complain(entry.span, "this entry has no translation", "write msgstr \"\" where there is none yet");
      is_spoilt_ = false;
      return;
    }
    if (!has_key && entry.original.empty()) return read_header(std::move(entry));
    if (!has_key) {
      complain(entry.span, "this entry does not say which text it translates",
               "write msgctxt before it, for example msgctxt \"action lumbar_mri title\"");
      is_spoilt_ = false;
      return;
    }
    const auto [first, is_new] = seen_.emplace(std::pair(entry.key, entry.original), entry.span);
    if (is_new) {
      result_.entries.push_back(std::move(entry));
      return;
    }
    auto& complaint = sink_.report(Kind::translated_twice, entry.span, entry.key);
    complaint.mend = "remove one of the two";
    complaint.notes.push_back({first->second, "the first is here"});
  }

  void read_header(PoEntry entry) {
    if (has_header_) {
      sink_.report(Kind::translated_twice, entry.span, "the header").mend = "remove one of the two";
      return;
    }
    has_header_ = true;
    result_.head = std::move(entry.comments);
    result_.header = std::move(entry.translation);
    const std::string language = field("Language:");
    if (language != language_)
      sink_
          .report(Kind::bad_translation_file, entry.span,
                  language.empty() ? "the header does not say which language this is"
                                   : "the header says that this is `" + language +
                                         "`, and the name of the file that it is `" + std::string(language_) + "`")
          .mend = "write \"Language: " + std::string(language_) + "\\n\" in the header";
    if (result_.header.find("charset=") != std::string::npos &&
        result_.header.find("charset=UTF-8") == std::string::npos)
      sink_.report(Kind::bad_translation_file, entry.span, "the header names another encoding than UTF-8").mend =
          "save the file as UTF-8, and write charset=UTF-8 in the header";
  }

  std::string field(std::string_view name) const {
    const std::string& header = result_.header;
    std::size_t begin = header.starts_with(name) ? 0 : header.find("\n" + std::string(name));
    if (begin == std::string::npos) return {};
    if (header[begin] == '\n') ++begin;
    begin += name.size();
    return std::string(trimmed(std::string_view(header).substr(begin, header.find('\n', begin) - begin)));
  }

  std::string_view text_;
  std::uint32_t file_;
  std::string_view language_;
  diagnostics::Sink& sink_;
  std::size_t at_ = 0;
  Span span_; ///< of the present line
  PoEntry entry_;
  Part part_ = Part::none;
  bool has_key_ = false, is_spoilt_ = false, has_header_ = false;
  std::map<std::pair<std::string, std::string>, Span> seen_;
  PoFile result_;
};

} // namespace

PoFile read_po(const source::SourceSet& sources, std::uint32_t file, std::string_view language,
               diagnostics::Sink& sink) {
  return Reader(sources[file].text(), file, language, sink).read();
}

std::string po_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n')
      result += "\\n";
    else if (c == '\t')
      result += "\\t";
    else
      result += c;
  }
  return result + '"';
}

std::string write_po(const PoFile& file) {
  std::string out;
  const auto lines = [&](const std::vector<std::string>& all) {
    for (const std::string& line : all)
      out += line + '\n';
  };
  lines(file.head);
  out += "msgid \"\"\nmsgstr \"\"\n";
  for (std::size_t begin = 0; begin < file.header.size();) {
    const std::size_t end = std::min(file.header.find('\n', begin), file.header.size() - 1) + 1;
    out += po_quoted(std::string_view(file.header).substr(begin, end - begin)) + '\n';
    begin = end;
  }
  for (const PoEntry& entry : file.entries) {
    out += '\n';
    lines(entry.comments);
    if (entry.is_fuzzy) out += "#, fuzzy\n";
    out += "msgctxt " + po_quoted(entry.key) + "\nmsgid " + po_quoted(entry.original) + "\nmsgstr " +
           po_quoted(entry.translation) + '\n';
  }
  if (!file.obsolete.empty()) out += '\n';
  lines(file.obsolete);
  return out;
}

} // namespace aceso::translate
