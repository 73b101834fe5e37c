#include "generator.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "module/zone_files.h"
#include "values/interval.h"

namespace aceso::differential {
namespace {

class Writer {
public:
  explicit Writer(Random& random) : random_(random) {}

  std::string guideline() {
    depth_ = 1 + random_.below(4);
    is_of_now_ = random_.chance(40);
    out_ = "guideline generated {\n  title \"Generated\"\n  version 0.1.0\n";
    if (random_.chance(40)) out_ += fmt::format("  applies when {}\n", truth(1));
    out_ += "}\n";
    inputs();
    actions();
    for (std::size_t i = 0, count = random_.below(5); i < count; ++i)
      definition(i);
    if (random_.chance(70)) tables();
    if (random_.chance(60)) differential();
    if (random_.chance(30)) constraint();
    const bool has_pathway = random_.chance(60);
    if (has_pathway) pathway();
    can_ask_stage_ = has_pathway;
    rules();
    if (random_.chance(50)) out_ += fmt::format("caution careful when {} {{ \"Be careful.\" }}\n", truth(depth_));
    return std::move(out_);
  }

private:
  template <std::size_t count>
  std::string pick(const std::array<const char*, count>& words) {
    return words[random_.below(count)];
  }
  std::string number(std::int64_t low, std::int64_t high) { return std::to_string(random_.between(low, high)); }
  std::string comparison() { return pick(std::array{"=", "!=", "<", "<=", ">", ">="}); }

  void inputs() {
    const auto unknown = [&](const char* assumed) {
      if (random_.chance(70)) return std::string();
      return fmt::format(" {{ unknown assume {} because \"it is usual\" }}", assumed);
    };
    const auto fresh = [&] { return random_.chance(30) ? fmt::format(" fresh for {}", period()) : std::string(); };
    out_ +=
        "type kind \"Kind\" has oral : yes/no, days : number from 1 to 30, where : one of { left, right } = one of {\n"
        "  alpha { oral = yes, days = 5, where = left },\n  beta { oral = no },\n  gamma { days = 30, where = right "
        "}\n}\n";
    out_ += "codes terms \"Terms\" {\n  system problems \"http://example.org/problems\" version \"1\"\n"
            "  concept asthma = problems \"A1\" \"Asthma\"\n  concept kidney = problems \"K\" \"Kidney\"\n"
            "  value_set lung \"Lung\" = {\n    problems \"A1\" \"Asthma\",\n    problems \"C1\" \"Chronic\"\n  }\n"
            "  value_set renal \"Renal\" = {\n    problems \"K\" \"Kidney\"\n  }\n}\n";
    out_ += "type grade \"Grade\" = scale { none = 0, mild = 1, severe = 4 }\n";
    out_ += "inputs group \"Group\" {\n";
    for (const char* name : {"a", "b", "c", "d"})
      out_ += fmt::format("  {} : yes/no \"?\"{}{}\n", name, fresh(), unknown(random_.chance(50) ? "no" : "yes"));
    out_ += fmt::format("  sort : kind \"?\"{}{}\n", fresh(), unknown("beta"));
    out_ += fmt::format("  level : grade \"?\"{}{}\n", fresh(), unknown("mild"));
    const std::string step = pick(std::array{"0.1", "0.25", "1", "0.5", "2"});
    out_ += fmt::format("  weight : quantity from {} kg to 300 kg step {} kg \"?\"{}{}\n", pick(std::array{"0", "2"}),
                        step, fresh(), unknown("80 kg"));
    out_ += fmt::format("  dose : quantity from 0 g to {} g step {} g \"?\"{}\n", pick(std::array{"10", "1000"}),
                        pick(std::array{"0.001", "0.5", "1"}), fresh());
    out_ += fmt::format("  count_ : number from {} to {} \"?\"{}{}\n", pick(std::array{"-5", "0", "-1000000"}),
                        pick(std::array{"7", "1000000000000", "100"}), fresh(), unknown("3"));
    out_ += fmt::format("  only : number from 3 to 3 step 1 \"?\"{}\n", unknown("3"));
    out_ += "  fine : number from -1 to 1 step 0.125 \"?\"\n";
    out_ += "  huge : number from 0 to 9000000000000000000 step 1000000000000000000 \"?\"\n";
    out_ += "  body : quantity from 30 Cel to 45 Cel step 0.1 Cel \"?\"\n";
    out_ += "  ill_for : duration from 0 days to 1000 days step 1 day \"?\"\n";
    out_ += "  born : date \"?\"\n  dx : code of problems \"?\"\n  problem_list : list of code of problems \"?\"\n  "
            "seen : date \"?\"\n  at_time : instant \"?\"\n  clock : time \"?\"\n"
            "  stay : interval of date \"?\"\n  span : interval of number from -3 to 9 \"?\"\n";
    out_ += fmt::format("  weights : quantity from 0 kg to 300 kg step 0.1 kg \"?\" series{}\n", fresh());
    out_ += fmt::format("  grades : grade \"?\" series{}\n", fresh());
    out_ += fmt::format("  flags : yes/no \"?\" series{}\n", fresh());
    out_ += "}\n";
  }

  std::string period() { return pick(std::array{"1 day", "3 days", "2 weeks", "1 month", "36 hours", "1 year"}); }

  // ---------------------------------------------------------------- expressions

  /// Yes or no. `depth` bounds the nesting.
  std::string truth(std::size_t depth) {
    if (depth == 0 || random_.chance(15)) return truth_leaf();
    const auto next = [&] { return truth(depth - 1); };
    std::size_t which = random_.below(20);
    if (is_of_now_ && (which == 14 || which >= 17)) which = random_.below(14);
    switch (which) {
    case 17:
    case 18: return fmt::format("({} for at least {})", truth(depth - 1), period());
    case 19: return moment(depth - 1);
    case 0: return fmt::format("({} and {})", next(), next());
    case 1: return fmt::format("({} or {})", next(), next());
    case 2: return fmt::format("({} and {} and {})", next(), next(), next());
    case 3: return fmt::format("(not {})", next());
    case 4:
      return fmt::format("(at {} {} of {{ {}, {}, {} }})", pick(std::array{"least", "most"}), number(1, 3), next(),
                         next(), next());
    case 5: return fmt::format("({} {} {})", weight(depth - 1), comparison(), weight(depth - 1));
    case 6: return fmt::format("({} {} {})", plain(depth - 1), comparison(), plain(depth - 1));
    case 7:
      return fmt::format("({} is {})", truth_leaf(),
                         pick(std::array{"known", "unknown", "unknown refused", "unknown stale"}));
    case 8:
      return fmt::format("({} {} of {{ {}, {}, {} }})", pick(std::array{"any", "all", "none"}), "", next(), next(),
                         next());
    case 9: return fmt::format("(if {} then {} else {})", next(), next(), next());
    case 10:
      return fmt::format("({} {} {})", sort(depth - 1), pick(std::array{"=", "!="}),
                         random_.chance(60) ? pick(std::array{"alpha", "gamma"}) : sort(depth - 1));
    case 11: return fmt::format("({} in {{ alpha, {} }})", sort(depth - 1), pick(std::array{"beta", "gamma"}));
    case 12: return fmt::format("({} {} {})", level(depth - 1), comparison(), level(depth - 1));
    case 13: return fmt::format("({} in {} kg to {} kg)", weight(depth - 1), number(1, 60), number(61, 200));
    case 14: return fmt::format("({} {} {})", date(), comparison(), date());
    case 15: return fmt::format("(exactly {} of {{ {}, {} }})", number(1, 2), next(), next());
    default: return fmt::format("({} = {})", next(), pick(std::array{"yes", "no"}));
    }
  }
  std::string truth_leaf() {
    if (!truths_.empty() && random_.chance(25)) return truths_[random_.below(truths_.size())];
    if (can_ask_stage_ && random_.chance(20))
      return fmt::format("in stage {}", pick(std::array{"start_", "middle", "end_"}));
    std::size_t which = random_.below(20);
    if (is_of_now_ && (which == 3 || which == 8 || which == 10 || which == 11 || which >= 17)) which = 12;
    switch (which) {
    case 17:
    case 18: return moment(0);
    case 0: return "sort.oral";
    case 1: return fmt::format("(body {} {} Cel)", comparison(), pick(std::array{"38", "36.6", "38.5"}));
    case 2: return fmt::format("(ill_for {} {} days)", comparison(), number(0, 60));
    case 3: return fmt::format("(latest flags{}{})", window(), as_of());
    case 4: return fmt::format("(dose {} {} g)", comparison(), number(0, 3));
    case 5: return fmt::format("(huge {} 3000000000000000000)", comparison());
    case 6: return fmt::format("(latest grades{}{} {} mild)", window(), as_of(), comparison());
    case 7:
      return fmt::format("({} weights{}{} {} {} kg)",
                         pick(std::array{"latest", "first", "highest", "lowest", "change"}), window(), as_of(),
                         comparison(), number(0, 90));
    case 8: return fmt::format("(age({}) {} {} years)", date(), comparison(), number(0, 80));
    case 10:
      return fmt::format("({} of problem_list in {})", pick(std::array{"any", "all", "none"}),
                         pick(std::array{"lung", "renal"}));
    case 11:
      return pick(std::array{"(dx in lung)", "(dx = asthma)", "(dx in renal)", "(dx is known)",
                             "((number of problem_list in { lung, renal }) > 1)"});
    case 9: return fmt::format("(at_time {} now)", pick(std::array{"<", ">="}));
    default: return pick(std::array{"a", "b", "c", "d"});
    }
  }
  /// Of dates, instants, times of day and intervals.
  std::string moment(std::size_t depth) {
    switch (random_.below(13)) {
    case 0:
      return fmt::format(
          "({} {} {})", dates(),
          pick(std::array{"overlaps", "meets", "during", "starts", "ends", "before", "after", "includes", "="}),
          dates());
    case 1: return fmt::format("({} in {})", date(), dates());
    case 2: return fmt::format("({} in {})", plain(depth), spans());
    case 3:
      return fmt::format("({} {} {})", spans(), pick(std::array{"overlaps", "during", "starts", "before"}), spans());
    case 4: return fmt::format("({} {} {})", clock(), comparison(), clock());
    case 5:
      return fmt::format("({} within {} {} {})", date(), period(), pick(std::array{"of", "before", "after"}), date());
    case 6:
      return fmt::format("({}({}, {}) {} {} {})", pick(std::array{"months_between", "years_between"}), date(), date(),
                         comparison(), number(-3, 30), pick(std::array{"mo", "mo"}));
    case 7: return fmt::format("(days_between({}, {}) {} {} d)", date(), date(), comparison(), number(-3, 300));
    case 8: return fmt::format("(hours_between(at_time, now) {} {} h)", comparison(), number(-3, 300));
    case 9:
      return fmt::format("({} is {})", random_.chance(50) ? date() : dates(),
                         pick(std::array{"known", "unknown", "unknown not_asked"}));
    case 10: return fmt::format("({} {} now)", instant(), pick(std::array{"before", "after", "<", ">="}));
    case 11: return fmt::format("({} {} {})", date(), comparison(), date());
    default:
      return fmt::format("(round(trend of weights{}{}, 0.01 kg/d) {} {} kg/d)", window(), as_of(), comparison(),
                         number(-2, 2));
    }
  }
  std::string instant() {
    return fmt::format("({} {} {})", pick(std::array{"now", "at_time"}), pick(std::array{"+", "-"}),
                       pick(std::array{"1 month", "3 days", "5 hours", "1 year"}));
  }
  std::string clock() { return pick(std::array{"clock", "time_of(now)", "time_of(at_time)", "12:30"}); }
  std::string dates() {
    switch (random_.below(5)) {
    case 0: return "stay";
    case 1: return fmt::format("interval({}, unbounded)", date());
    case 2: return fmt::format("interval(unbounded, {}, open_end)", date());
    default:
      return fmt::format("interval({}, {}{})", date(), date(),
                         pick(std::array{"", ", open", ", open_start", ", open_end"}));
    }
  }
  std::string spans() {
    return pick(std::array{"span", "span", "interval(0, 3)", "interval(count_, unbounded)",
                           "interval(fine, level.score, open)"});
  }
  std::string as_of() {
    return is_of_now_ || random_.chance(70) ? std::string()
                                            : " as of " + pick(std::array{"seen", "today", "at_time", "born"});
  }
  std::string window() { return !is_of_now_ && random_.chance(50) ? " within " + period() : ""; }

  /// A weight in kg.
  std::string weight(std::size_t depth) {
    if (depth == 0 || random_.chance(25)) {
      switch (random_.below(6)) {
      case 0: return number(0, 250) + " kg";
      case 1: return number(0, 250) + "." + number(0, 9) + " kg";
      case 2:
        return fmt::format("({} weights{})", pick(std::array{"latest", "first", "highest", "lowest"}),
                           window() + as_of());
      case 3: return number(0, 9000) + " g";
      default: return weights_.empty() || random_.chance(60) ? "weight" : weights_[random_.below(weights_.size())];
      }
    }
    const auto next = [&] { return weight(depth - 1); };
    switch (is_of_now_ ? random_.below(8) : random_.below(11)) {
    case 0: return fmt::format("({} + {})", next(), next());
    case 1: return fmt::format("({} - {})", next(), next());
    case 2: return fmt::format("min({}, {}, {})", next(), next(), next());
    case 3: return fmt::format("max({}, {})", next(), next());
    case 4: return fmt::format("absolute({})", next());
    case 5: return fmt::format("(-{})", next());
    case 6: return fmt::format("(if {} then {} else {})", truth(depth - 1), next(), next());
    case 7: return fmt::format("round({}, {} kg{})", next(), pick(std::array{"1", "0.3", "5", "0.05"}), mode());
    case 8:
      return fmt::format("round({} / {}, 0.1 kg{})", next(), pick(std::array{"3", "7", "2.5", "(count_ * count_ + 1)"}),
                         mode());
    case 9: return fmt::format("round(mean of weights{}{}, 0.1 kg{})", window(), as_of(), mode());
    default: return fmt::format("({} * {})", next(), number(-3, 5));
    }
  }
  std::string mode() {
    return random_.chance(50) ? std::string()
                              : ", " + pick(std::array{"half_up", "half_even", "half_down", "up", "down", "toward_zero",
                                                       "away_from_zero"});
  }

  /// A number without a unit.
  std::string plain(std::size_t depth) {
    if (depth == 0 || random_.chance(25)) {
      std::size_t which = random_.below(10);
      if (is_of_now_ && (which == 5 || which == 6)) which = 9;
      switch (which) {
      case 0: return random_.chance(30) ? std::string("only") : number(-10, 100);
      case 1: return "fine";
      case 2: return "level.score";
      case 3: return "sort.days";
      case 4: return fmt::format("(count weights{}{})", window(), as_of());
      case 5: return "round(days_between(seen, today) / 1 d, 1)";
      case 6: return "round(years_between(born, seen) / 1 a, 0.5)";
      case 7: return fmt::format("0.{}", number(1, 99));
      default: return plains_.empty() || random_.chance(50) ? "count_" : plains_[random_.below(plains_.size())];
      }
    }
    const auto next = [&] { return plain(depth - 1); };
    switch (is_of_now_ ? random_.below(7) : random_.below(12)) {
    case 0: return fmt::format("({} + {})", next(), next());
    case 1: return fmt::format("({} - {})", next(), next());
    case 2: return fmt::format("({} * {})", next(), next());
    case 3: return fmt::format("(number of {{ {}, {}, {} }})", truth(depth - 1), truth(depth - 1), truth(depth - 1));
    case 4: return fmt::format("min({}, {})", next(), next());
    case 5: return fmt::format("max({}, {}, {})", next(), next(), next());
    case 6: return fmt::format("(if {} then {} else {})", truth(depth - 1), next(), next());
    case 7: return fmt::format("round({}({}), 0.01{})", pick(std::array{"sqrt", "ln", "log10"}), next(), mode());
    case 8:
      return fmt::format("round(exp(fine) + power(absolute(fine), 2) * {}, 0.001{})",
                         pick(std::array{"fine", "3", "(if a then fine else 0.5)"}), mode());
    case 9:
      return fmt::format("round({} / {}, {}{})", next(),
                         pick(std::array{"3", "fine", "level.score", "(if b then fine else sqrt(2))"}),
                         pick(std::array{"1", "0.01", "0.7"}), mode());
    case 10: return fmt::format("round({}, {}{})", next(), pick(std::array{"1", "10", "0.2", "3"}), mode());
    default: return fmt::format("absolute({})", next());
    }
  }

  std::string sort(std::size_t depth) {
    if (depth == 0 || random_.chance(40)) return "sort";
    return fmt::format("(if {} then sort else {})", truth(depth - 1), random_.chance(50) ? "beta" : sort(depth - 1));
  }
  std::string level(std::size_t depth) {
    if (depth == 0 || random_.chance(40))
      return pick(std::array{"level", "level", "(highest grades)", "(first grades)"});
    return fmt::format("(if {} then level else {})", truth(depth - 1), level(depth - 1));
  }
  std::string date() {
    switch (random_.below(4)) {
    case 0:
      return fmt::format("({} {} {})", pick(std::array{"born", "seen", "today"}), pick(std::array{"+", "-"}),
                         pick(std::array{"1 month", "10 days", "2 weeks", "18 years"}));
    case 1: return pick(std::array{"min(seen, born)", "(if a then seen else born)", "max(born, seen, today)"});
    default: return pick(std::array{"born", "seen", "today", "2000-02-29", "date_of(at_time)"});
    }
  }

  // ---------------------------------------------------------------- declarations

  void definition(std::size_t index) {
    switch (random_.below(6)) {
    case 0:
      out_ += fmt::format("define t{} = {}\n", index, truth(depth_));
      truths_.push_back(fmt::format("t{}", index));
      break;
    case 1:
      out_ += fmt::format("define w{} = {}\n", index, weight(depth_));
      weights_.push_back(fmt::format("w{}", index));
      break;
    case 2:
      out_ += fmt::format("define n{} = {}\n", index, plain(depth_));
      plains_.push_back(fmt::format("n{}", index));
      break;
    case 3:
      out_ += fmt::format("define s{0} = score {{\n  {1} if {2}\n  -1 if {3}\n  {4}\n}}\n", index, number(1, 4),
                          truth(depth_ - 1), truth(1), pick(std::array{"level.score", "2", "count_", "sort.days"}));
      plains_.push_back(fmt::format("s{}", index));
      break;
    case 4:
      // No type of their own: whether there is an `otherwise` or not, the value may be used as a number.
      out_ += fmt::format("define f{} = first {{\n", index);
      for (std::size_t i = 0, count = 1 + random_.below(4); i < count; ++i)
        out_ += fmt::format("  when {} : {}\n", truth(depth_ - 1), random_.chance(50) ? number(0, 3) : plain(1));
      out_ += random_.chance(50) ? fmt::format("  otherwise : {}\n}}\n", number(0, 3)) : "}\n";
      plains_.push_back(fmt::format("f{}", index));
      break;
    default:
      out_ += fmt::format(
          "define g{0} = bands {1} {{\n  below {2} kg : {5}\n  up to {3} kg : {6}\n  otherwise : {4}\n}}\n", index,
          weight(depth_ - 1), number(0, 50), number(51, 90), number(0, 3), number(0, 3), number(0, 3));
      plains_.push_back(fmt::format("g{}", index));
    }
  }

  void tables() {
    const auto cell = [&] { return pick(std::array{"yes", "no", "any", "any", "unknown", "not yes"}); };
    const auto number_cell = [&] {
      return pick(std::array{"any", "< 20 kg", ">= 80 kg", "20 kg to 79 kg", "not < 50 kg", "unknown", "80 kg"});
    };
    for (const char* policy :
         {"unique", "first", "any", "collect sum", "collect min", "collect max", "collect count", "collect list"}) {
      if (random_.chance(50) || (is_of_now_ && policy == std::string_view("collect list"))) continue;
      const std::string name = "table_" + std::string(policy).substr(std::string(policy).find(' ') + 1);
      const bool is_list = name == "table_list", counts = name == "table_count";
      const std::string rows = [&] {
        std::string text;
        for (std::size_t i = 0, count = 1 + random_.below(4); i < count; ++i)
          text += fmt::format("  {} | {} | {} -> {}\n", cell(), number_cell(),
                              pick(std::array{"any", "alpha", "beta, gamma"}),
                              random_.chance(60) || is_list || counts ? number(0, 3) : "sort.days");
        if (random_.chance(40)) text += "  otherwise -> 2\n";
        return text;
      }();
      out_ += fmt::format("table {} : {} {} {{\n  {} | {} | sort -> {}\n{}}}\n", name,
                          is_list ? "list of number from 0 to 30" : "number from 0 to 200", policy, truth(1), weight(1),
                          name, rows);
      if (is_list) {
        out_ += "define how_long = length(table_list)\n";
        out_ += fmt::format("define has_two = {} in {{ table_list }}\n", number(0, 3));
        plains_.emplace_back("how_long");
        truths_.emplace_back("has_two");
      } else {
        plains_.push_back(name);
      }
    }
    if (random_.chance(60)) {
      out_ += fmt::format("table choice : action {} {{\n  {} | {} | sort -> choice\n",
                          pick(std::array{"unique", "first", "any"}), truth(1), weight(1));
      for (std::size_t i = 0, count = 1 + random_.below(4); i < count; ++i)
        out_ += fmt::format("  {} | {} | {} -> {}\n", cell(), number_cell(),
                            pick(std::array{"any", "alpha", "beta, gamma"}), action());
      out_ += "}\n";
      has_choice_ = true;
    }
  }

  std::string action() { return pick(std::array{"x1", "x2", "x3", "x4", "x5"}); }

  void actions() {
    out_ += "action x1 \"One\" : drug\naction x2 \"Two\" : drug";
    if (random_.chance(50)) out_ += " { interacts with x1 \"both\" }";
    out_ += "\naction x3 \"Three\" : test\naction x4 \"Four\" : test\naction x5 \"Five\" : other\n";
    out_ += fmt::format("action_class some \"Some\"{} {{ x3, x4 }}\n", random_.chance(50) ? " at most one" : "");
  }

  void differential() {
    out_ += "differential cause : one of { flu, cold, other } among { flu, cold, other } {\n";
    const auto candidate = [&] { return pick(std::array{"flu", "cold", "other"}); };
    for (std::size_t i = 0, count = 1 + random_.below(5); i < count; ++i)
      out_ +=
          fmt::format("  argument {} {} {} when {} \"argument {}\"\n", pick(std::array{"for", "for", "against"}),
                      candidate(), pick(std::array{"strong", "weak", "weight 0.5", "weight 2"}), truth(depth_ - 1), i);
    if (random_.chance(40)) out_ += fmt::format("  confirms {} when {}\n", candidate(), truth(1));
    if (random_.chance(40)) out_ += fmt::format("  excludes {} when {}\n", candidate(), truth(1));
    out_ += fmt::format("  decide strong {}, weak 1, needs {}, ahead by {}\n}}\n", number(2, 3),
                        pick(std::array{"1", "1.5", "2"}), pick(std::array{"0", "0.5", "1"}));
    truths_.push_back("(cause = " + candidate() + ")");
    truths_.emplace_back("(cause is known)");
  }

  void constraint() {
    out_ +=
        fmt::format("constraint sane {{\n  require not ({} and {})\n  message \"weight {{weight}} with {{a}}\"\n}}\n",
                    truth(1), truth(1));
  }

  void pathway() {
    const auto wait = [&] { return random_.chance(40) ? fmt::format("after {} ", period()) : std::string(); };
    const auto term = [&] { return random_.chance(40) ? fmt::format("within {} ", period()) : std::string(); };
    out_ += "pathway way \"Way\" {\n  start start_\n";
    if (random_.chance(50))
      out_ += fmt::format("  at any stage except middle, end_ {}when {} go to middle\n", wait(), truth(1));
    out_ += "  stage start_ \"Start\" {\n";
    for (std::size_t i = 0, count = 1 + random_.below(3); i < count; ++i)
      out_ += fmt::format("    {}{}when {} go to {}\n", wait(), term(), truth(depth_ - 1),
                          pick(std::array{"middle", "end_", "aside"}));
    out_ += "  }\n  stage middle \"Middle\" {\n";
    out_ += fmt::format("    after {} {}when {} repeat start_ at most {}\n", period(), term(), truth(1), number(1, 3));
    if (random_.chance(60)) out_ += fmt::format("    {}when {} go to end_\n", term(), truth(depth_ - 1));
    out_ += fmt::format(
        "  }}\n  stage aside \"Aside\" {{\n    after {} go to end_\n  }}\n  stage end_ \"End\" final\n}}\n", period());
  }

  void rules() {
    const std::size_t count = 1 + random_.below(6);
    for (std::size_t i = 0; i < count; ++i) {
      out_ += fmt::format("rule r{} {{\n  when {}\n", i, truth(depth_));
      if (random_.chance(30)) out_ += fmt::format("  unless {}\n", truth(1));
      for (std::size_t k = 0, pieces = 1 + random_.below(2); k < pieces; ++k) {
        const bool chooses = has_choice_ && random_.chance(30);
        out_ += fmt::format("  {} {}{}{}{}\n",
                            pick(std::array{"recommend", "recommend", "suggest", "avoid", "contraindicate"}),
                            chooses              ? "choice"
                            : random_.chance(20) ? "some"
                                                 : action(),
                            pick(std::array{"", " strong", " weak"}),
                            pick(std::array{"", " urgently", " immediately", " soon", " routinely"}),
                            random_.chance(30) ? " within " + period() : "");
      }
      if (i > 0 && random_.chance(35))
        out_ += fmt::format("  overrides r{} because \"it counts more\"\n", random_.below(i));
      out_ += "}\n";
    }
  }

  Random& random_;
  std::string out_;
  std::size_t depth_ = 2;
  bool is_of_now_ = false; ///< asks for nothing but facts of the present in whole steps: see decide in docs/native.md
  bool can_ask_stage_ = false, has_choice_ = false;
  std::vector<std::string> truths_, weights_, plains_;
};

constexpr std::int64_t day = 86'400;
constexpr std::int64_t noon = 1'795'000'000; ///< an instant of the year 2026

Value random_number(const TypeInfo& type, Random& random) {
  const Rational low = *type.minimum, high = *type.maximum, step = *type.step;
  const auto width = Rational::divide(Rational::subtract(high, low).value_or(0), step);
  const std::int64_t steps = width ? width->numerator() : 0;
  const std::int64_t chosen = random.chance(20)   ? (random.chance(50) ? 0 : steps)
                              : random.chance(40) ? std::min<std::int64_t>(steps, random.between(0, 120))
                                                  : random.between(0, steps);
  const auto offset = Rational::multiply(Rational(chosen), step);
  return offset ? Value(Rational::add(low, *offset).value_or(low)) : Value(low);
}

Value random_value(const Dictionary& dictionary, TypeId id, Random& random);

Value random_interval(const Dictionary& dictionary, TypeId element, Random& random) {
  const bool is_date = dictionary[element].kind == TypeKind::date;
  const auto point = [&]() -> Value {
    if (random.chance(15)) return UnknownReason::pending;
    return is_date ? random_value(dictionary, element, random) : Value(Rational(random.between(-3, 9)));
  };
  const Value low = point(), high = point();
  return make_interval(is_date ? PointKind::date : PointKind::number,
                       {random.chance(15) ? nullptr : &low, random.chance(20)},
                       {random.chance(15) ? nullptr : &high, random.chance(20)});
}

Value random_value(const Dictionary& dictionary, TypeId id, Random& random) {
  const TypeInfo& type = dictionary[id];
  switch (type.kind) {
  case TypeKind::yes_no: return random.chance(50);
  case TypeKind::choice:
  case TypeKind::scale: return Choice{static_cast<std::uint32_t>(random.below(type.members.size()))};
  case TypeKind::action: return Choice{static_cast<std::uint32_t>(random.below(dictionary.actions.size()))};
  case TypeKind::number:
  case TypeKind::duration: return random_number(type, random);
  case TypeKind::date:
    if (random.chance(10)) return random.chance(50) ? to_date({1, 1, 1}) : to_date({9999, 12, 31});
    if (random.chance(30)) {
      const CivilDate at = to_civil(Date{random.between(0, 21'000)});
      return *parse_partial_date(random.chance(50) ? fmt::format("{:04}", at.year)
                                                   : fmt::format("{:04}-{:02}", at.year, at.month));
    }
    return Date{random.chance(40) ? noon / day + random.between(-60, 10) : random.between(0, 21'000)};
  case TypeKind::time: return TimeOfDay{static_cast<std::int32_t>(random.between(0, day - 1))};
  case TypeKind::interval: return random_interval(dictionary, type.element, random);
  case TypeKind::instant: return Instant{noon + random.between(-400, 400) * 3600};
  case TypeKind::code: {
    if (dictionary.concepts.empty() || random.chance(20))
      return find_concept(dictionary, type.systems.front(), "other");
    const Code& code = dictionary.concepts[random.below(dictionary.concepts.size())];
    return find_concept(dictionary, code.system, code.code);
  }
  case TypeKind::list: {
    ValueList list;
    for (std::size_t i = 0, count = random.below(4); i < count; ++i)
      list.push_back(random.chance(15) ? Value(UnknownReason::pending)
                                       : random_value(dictionary, type.element, random));
    return list;
  }
  }
  return UnknownReason::not_asked;
}

void set_random_zone(PatientCase& patient_case, Random& random) {
  constexpr std::array names{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"};
  const char* name = names[random.below(names.size())];
  const ZoneFile file = read_zone_file("/usr/share/zoneinfo", name);
  if (!file.rules) return; // a system without the data
  patient_case.time_zone = name;
  patient_case.rules_of_zone = Zone(file.rules);
}

Fact random_fact(const Dictionary& dictionary, InputId input, Random& random) {
  Value value = random.chance(12) ? Value(static_cast<UnknownReason>(random.below(7)))
                                  : random_value(dictionary, dictionary[input].type, random);
  return {input, std::move(value), {FactPlace::Part::inputs}};
}

} // namespace

std::string random_guideline(Random& random) { return Writer(random).guideline(); }

PatientCase random_case(const Dictionary& dictionary, Random& random) {
  PatientCase result;
  result.now = {{noon + random.between(0, 86'399)},
                random.chance(70) ? 0 : static_cast<std::int32_t>(random.between(-14, 14) * 3600)};
  if (random.chance(25)) set_random_zone(result, random);
  const unsigned known = random.chance(30) ? 100 : random.chance(50) ? 60 : 25;
  for (std::size_t i = 0; i < dictionary.inputs.size(); ++i)
    if (random.chance(known)) result.facts.push_back(random_fact(dictionary, InputId(i), random));
  if (random.chance(50)) return result;
  for (std::size_t i = 0, count = random.below(8); i < count; ++i) {
    const std::int64_t before = random.chance(20) ? random.between(0, 500 * day) : random.between(0, 40) * day;
    Event event{{{result.now.instant.seconds - before}, result.now.offset_seconds}, {}};
    for (std::size_t k = 0; k < dictionary.inputs.size(); ++k)
      if (random.chance(20)) event.facts.push_back(random_fact(dictionary, InputId(k), random));
    result.events.push_back(std::move(event));
  }
  std::stable_sort(result.events.begin(), result.events.end(),
                   [](const Event& a, const Event& b) { return a.at.instant < b.at.instant; });
  return result;
}

} // namespace aceso::differential
