// The course of a patient over weeks, the refusal of a unit, and many patients at once, in C++.
// `course MODULE`, with the module of examples/first.c.
#include <aceso/aceso.hpp>

#include <array>
#include <iostream>
#include <thread>

namespace {

/// What was found at each visit; the pathway moves with it.
void tell_course(const aceso::Module& guideline) {
  aceso::Evaluator patient(guideline);
  const aceso_instant first_visit = aceso::instant("2026-11-01T10:00:00Z");
  const aceso_instant second_visit = aceso::instant("2026-11-22T10:00:00Z");
  for (const char* name : {"bladder_or_bowel_dysfunction", "saddle_anesthesia", "progressive_bilateral_weakness",
                           "fever", "unexplained_weight_loss", "history_of_cancer", "rapidly_worsening_weakness"})
    patient.add(first_visit, name, aceso::no);
  patient.add(first_visit, "suspected_radiculopathy", aceso::yes);
  patient.add(first_visit, "conservative_care_duration", aceso::number("0", "d"));
  patient.add(first_visit, "symptom_course", aceso::choice("persistent"));
  for (const aceso_instant visit : {first_visit, second_visit}) {
    if (visit.seconds == second_visit.seconds) patient.add(visit, "fever", aceso::yes);
    patient.evaluate(visit);
    const aceso_stage stage = patient.stage();
    std::cout << "stage: " << aceso::view(guideline.entry(ACESO_STAGES, stage.stage).name) << '\n';
  }
}

/// Numbers are converted exactly; what cannot be meant is refused in the words of the case files.
void try_units(const aceso::Module& guideline) {
  aceso::Evaluator patient(guideline);
  patient.set("conservative_care_duration", aceso::number("3", "wk"));
  patient.evaluate(aceso::instant("2026-11-22T10:00:00Z"));
  const aceso_value days = patient.input(guideline.find(ACESO_INPUTS, "conservative_care_duration"));
  std::cout << "3 wk is " << days.numerator << ' ' << days.unit << '\n';
  try {
    patient.set("conservative_care_duration", aceso::number("3", "kg"));
  } catch (const aceso::Error& error) {
    std::cout << error.what() << '\n';
  }
}

/// One module for all threads, one evaluator for each.
void ask_at_once(const aceso::Module& guideline) {
  std::array<std::string, 4> traces;
  std::array<std::thread, traces.size()> threads;
  for (std::size_t i = 0; i < threads.size(); ++i)
    threads[i] = std::thread([&guideline, &trace = traces[i]] {
      aceso::Evaluator patient(guideline);
      const std::uint32_t fever = guideline.find(ACESO_INPUTS, "fever");
      const aceso_instant now = aceso::instant("2026-11-22T10:00:00Z");
      for (int n = 0; n < 1000; ++n) {
        patient.clear();
        patient.set(fever, n % 2 == 0 ? aceso::yes : aceso::no);
        patient.evaluate(now);
      }
      trace = patient.trace();
    });
  for (std::thread& thread : threads)
    thread.join();
  for (const std::string& trace : traces)
    if (trace != traces[0]) throw std::runtime_error("two threads decided differently");
  std::cout << "4 threads decided 4000 times, the same\n";
}

} // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  try {
    const aceso::Module guideline = aceso::Module::load_file(arguments[1]);
    tell_course(guideline);
    try_units(guideline);
    ask_at_once(guideline);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
