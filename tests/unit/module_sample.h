#pragma once
/// A guideline that needs every part of a module.

#include <stdexcept>
#include <string>
#include <variant>

#include "aceso/compiler.h"
#include "codegen/codegen.h"
#include "graph/graph.h"

namespace aceso::testing {

inline constexpr const char* sample_text =
    R"(guideline sample { title "Sample" version 0.1.0 applies when not (a and d = yes and c = green) }
type colour "Colour" has warm : yes/no, nanometres : number from 1 to 1000 = one of {
  red { warm = yes, nanometres = 700 }, green { warm = no, nanometres = 530 }, none
}
type grade "Grade" = scale { low = 0, mid = 1, high = 3 }
inputs facts "Facts" {
  a : yes/no "A?"
  d : yes/no "D?" { unknown assume no because "rare" }
  c : colour "Colour?"
  g : grade "Grade?"
  t : quantity from 30 Cel to 45 Cel step 0.1 Cel "Temperature?"
  w : quantity from 0 kg to 300 kg step 0.5 kg "Weight?" fresh for 4 weeks
  h : quantity from 0.5 m to 2.5 m step 0.01 m "Height?"
  n : number from -5 to 5 step 0.5 "N?" series
  born : date "Born?"
  big : number from 0 to 9000000000000000000 step 1000000000000000000 "Big?"
}
constraint possible { require not (a and t < 35 Cel) message "{t} with {a}" }
define hot = t >= 38.5 Cel
define mass_index = round(w / (h * h), 0.1 kg/m2)
define average = round(mean of n within 1 year, 0.1)
define older = age(born) >= 65 years
define points = score {
  1 if hot
  2 if older
  g.score
}
define wave = c.nanometres + 1
define tint : one of { cool, hot_tint } = if c.warm then hot_tint else cool
define huge = big > 3000000000000000000
table listed : list of number from 0 to 9 collect list {
  a   | t         -> listed
  yes | any       -> 1
  any | < 38 Cel  -> 2
}
define has_one = 1 in { listed }
table total : number from 0 to 20 collect sum {
  a   | hot -> total
  yes | any -> 2
  any | yes -> 3
}
table which : action first {
  a       | t        -> which
  yes     | any      -> x
  unknown | any      -> y
  any     | > 39 Cel -> z
}
differential cause "Cause" : one of { flu, cold } among { flu, cold } {
  argument for flu strong when hot "hot"
  argument for cold weight 1.5 when not hot
  argument against flu weak when c = red
  confirms cold when older and hot
  excludes flu when g = low
  decide strong 3, weak 1, needs 1, ahead by 0.5
}
action x "X" : test { interacts with y "both" }
action y "Y" : test
action z "Z" : drug
action_class some "Some" at most one { y, z }
rule first_rule { when a and points >= 2 recommend x strong urgently within 2 days because "It helps." }
rule second_rule { when hot or has_one suggest y, z overrides third_rule because "it is hot" }
rule third_rule { when at least 2 of { a, hot, older } avoid y }
rule chooses { when total >= 0 recommend which }
rule by_cause { when cause = flu or in stage waiting contraindicate z }
caution careful when w is unknown stale or huge { "Weigh again." }
pathway way "Way" {
  start waiting
  at any stage except done when change n > 2 go to done
  stage waiting { after 3 days within 1 week when hot go to moving }
  stage moving { after 1 day when not hot repeat waiting at most 2  when g = high go to done }
  stage done final
}
)";

inline std::string sample_module(const StripOptions& strip = {}, const char* text = sample_text) {
  const Compilation compilation = compile_text(text, "sample.aceso");
  if (!compilation.ok()) throw std::runtime_error(compilation.render_diagnostics());
  auto built = codegen::build(*compilation.graph(), &compilation.sources(), strip);
  if (const auto* fault = std::get_if<ModuleFault>(&built)) throw std::runtime_error(fault->message);
  return std::get<std::string>(std::move(built));
}

} // namespace aceso::testing
