#pragma once
/// A guideline of any size for the benchmarks of the front end.

#include <string>

namespace aceso::bench {

/// A guideline of `rules` rules over twice as many inputs, about 330 bytes a rule.
[[nodiscard]] inline std::string generated_guideline(int rules) {
  std::string text = "guideline generated { title \"Generated\" version 0.1.0 }\nsource s \"S\"\n";
  for (int i = 0; i < rules; ++i) {
    const std::string n = std::to_string(i);
    text += "inputs g" + n + " \"Group " + n + "\" { a" + n + " : yes/no \"Is it so?\"  n" + n +
            " : number from 0 to 100 step 1 }\n";
    text += "define d" + n + " = a" + n + " and n" + n + " >= 50\n";
    text += "action x" + n + " \"Action " + n + "\" : test\n";
    text += "rule r" + n + " {\n  when d" + n + " or n" + n + " < 3\n  recommend x" + n +
            " strong routinely\n  because \"It is so.\"\n  cite s at \"Section " + n + "\"\n}\n";
  }
  return text;
}

} // namespace aceso::bench
