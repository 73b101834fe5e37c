#include "gdl2/names.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace aceso::gdl2 {
namespace {

/// Signs that carry meaning become words; letters lose their accents.
constexpr std::pair<std::string_view, std::string_view> replacements[] = {
    {">=", " at_least "}, {"<=", " at_most "}, {"\u2265", " at_least "}, {"\u2264", " at_most "}, {">", " above "},
    {"<", " below "},     {"%", " percent "},  {"+", " plus "},          {"&", " and "},          {"'", ""},
    {"\u2019", ""},       {"\u00b5", "u"},     {"\u03bc", "u"},          {"\u00e5", "a"},         {"\u00e4", "a"},
    {"\u00f6", "o"},      {"\u00e9", "e"},     {"\u00e8", "e"},          {"\u00e1", "a"},         {"\u00ed", "i"},
    {"\u00f3", "o"},      {"\u00fa", "u"},     {"\u00f1", "n"},          {"\u00fc", "u"},         {"\u0394", "delta"},
    {"\u00c5", "a"},      {"\u00c4", "a"},     {"\u00d6", "o"},          {"\u00c9", "e"},         {"\u00dc", "u"},
    {"\u00ea", "e"},      {"\u00e7", "c"},     {"\u00e3", "a"},          {"\u00f4", "o"},         {"\u00f8", "o"},
    {"\u00b2", "2"},      {"\u00b3", "3"},     {"\u2212", "-"},          {"\u00bd", " half "},    {"\u03b3", "gamma"},
    {"\u00e0", "a"},      {"\u2079", "9"},     {"\u00d7", " x "},        {"\u00a0", " "},         {"\u2009", " "},
    {"\u200a", " "},      {"\u03b1", "alpha"}, {"\u03b2", "beta"},       {"\u2082", "2"},         {"\u2013", "-"},
    {"\u2014", "-"}};

/// Words that can never be names, or that a reader could take for something
/// else at the start of an expression.
constexpr std::array<std::string_view, 24> reserved{
    "and",    "or",      "not",       "if",    "then", "else", "in",    "when",   "is",      "yes",    "no",   "now",
    "unless", "unknown", "otherwise", "today", "a",    "an",   "first", "latest", "highest", "lowest", "mean", "count"};

/// Words at which a name must not end where it is cut.
constexpr std::array<std::string_view, 24> joining{"and", "or",   "of",   "the",     "to",  "for",  "in",   "on",
                                                   "at",  "by",   "with", "without", "but", "from", "than", "is",
                                                   "are", "that", "if",   "not",     "as",  "per",  "into", "due"};

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

} // namespace

std::string one_line(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool space = static_cast<unsigned char>(c) <= ' ';
    if (!space)
      result += c;
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  }
  while (!result.empty() && result.back() == ' ')
    result.pop_back();
  return result;
}

std::vector<std::string> lines_of(std::string_view text, std::size_t width) {
  std::vector<std::string> result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line = one_line(text.substr(0, end));
    while (line.size() > width) {
      std::size_t cut = line.rfind(' ', width);
      if (cut == std::string::npos) cut = line.find(' ');
      if (cut == std::string::npos) break;
      result.push_back(line.substr(0, cut));
      line.erase(0, cut + 1);
    }
    if (!line.empty()) result.push_back(std::move(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n')
      result += "\\n";
    else if (static_cast<unsigned char>(c) < ' ')
      result += ' ';
    else
      result += c;
  }
  return result + '"';
}

std::string name_from(std::string_view text, std::size_t longest) {
  std::string spelled;
  while (!text.empty()) {
    const auto* found = std::find_if(std::begin(replacements), std::end(replacements),
                                     [&](const auto& one) { return text.starts_with(one.first); });
    if (found != std::end(replacements)) {
      spelled += found->second;
      text.remove_prefix(found->first.size());
      continue;
    }
    const char c = text.front();
    spelled += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    text.remove_prefix(1);
  }
  std::string result;
  for (std::size_t i = 0; i < spelled.size(); ++i) {
    const char c = spelled[i];
    const bool point = c == '.' && i > 0 && i + 1 < spelled.size() && is_plain(spelled[i - 1]) &&
                       spelled[i - 1] <= '9' && spelled[i + 1] >= '0' && spelled[i + 1] <= '9'; // "1.5" is 1_5
    if (is_plain(c))
      result += c;
    else if ((point || static_cast<unsigned char>(c) < 0x80) && !result.empty() && result.back() != '_')
      result += '_';
  }
  while (!result.empty() && result.back() == '_')
    result.pop_back();
  if (result.size() > longest) {
    const std::size_t cut = result.rfind('_', longest);
    result.resize(cut == std::string::npos || cut < longest / 2 ? longest : cut);
    for (std::size_t last = result.rfind('_'); last != std::string::npos; last = result.rfind('_')) {
      if (std::find(joining.begin(), joining.end(), std::string_view(result).substr(last + 1)) == joining.end()) break;
      result.resize(last);
    }
    while (result.back() == '_')
      result.pop_back();
  }
  if (result.empty()) return "unnamed";
  if (result.front() >= '0' && result.front() <= '9') result.insert(0, "from_");
  if (std::find(reserved.begin(), reserved.end(), result) != reserved.end()) result += "_";
  if (result.back() == '_') result += "value";
  return result;
}

std::string take_name(std::string name, std::set<std::string>& taken) {
  std::string result = name;
  for (int i = 2; !taken.insert(result).second; ++i)
    result = fmt::format("{}_{}", name, i);
  return result;
}

} // namespace aceso::gdl2
