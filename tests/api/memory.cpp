/// What a loaded guideline and an evaluator take from the heap: aceso_memory MODULE CASE. Counted are the bytes of
/// every allocation, those by `operator new` and those of the caller's allocator. Fails where something is not given
/// back.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <malloc.h>
#include <new>
#include <sstream>
#include <string>

#include <aceso/aceso.h>

namespace {

std::size_t live = 0; // this program has one thread

void* take(std::size_t size) {
  void* memory = std::malloc(size);
  if (memory != nullptr) live += malloc_usable_size(memory);
  return memory;
}
void give_back(void* memory) {
  live -= malloc_usable_size(memory);
  std::free(memory);
}

} // namespace

void* operator new(std::size_t size) {
  if (void* memory = take(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { give_back(memory); }

namespace {

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void need(aceso_status status, const char* what) {
  if (status == ACESO_OK) return;
  std::fprintf(stderr, "%s: %s\n", what, aceso_status_name(status));
  std::exit(1);
}

struct Figures {
  std::size_t module = 0, evaluator = 0, decided = 0, read = 0, explained = 0, left = 0;
};

Figures measure(const std::string& bytes, const std::string& patient) {
  Figures figures;
  const aceso_allocator allocator = {sizeof allocator, nullptr,
                                     [](void*, std::size_t size, std::size_t) { return take(size); },
                                     [](void*, void* memory, std::size_t, std::size_t) { give_back(memory); }};
  const aceso_load_options options = {sizeof options, &allocator, 0};
  const std::size_t start = live;
  aceso_module* guideline = nullptr;
  need(aceso_module_load(bytes.data(), bytes.size(), &options, &guideline, nullptr), "load");
  figures.module = live - start;

  std::size_t before = live;
  aceso_evaluator* evaluator = nullptr;
  need(aceso_evaluator_create(guideline, nullptr, &evaluator), "evaluator");
  figures.evaluator = live - before;
  aceso_instant now{};
  need(aceso_read_case(evaluator, patient.data(), patient.size(), &now), "case");
  need(aceso_evaluate(evaluator, now), "evaluate");
  figures.decided = live - before;
  aceso_text json{};
  need(aceso_decision_json(evaluator, 1, &json), "decision");
  figures.read = live - before;
  before = live;
  aceso_explanation* explanation = nullptr;
  need(aceso_explain(evaluator, nullptr, &explanation), "explain");
  figures.explained = live - before;

  aceso_explanation_destroy(explanation);
  aceso_evaluator_destroy(evaluator);
  aceso_module_destroy(guideline);
  figures.left = live - start;
  return figures;
}

} // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const std::string bytes = read_file(arguments[1]), patient = read_file(arguments[2]);
  std::printf("file of the module %zu bytes\n", bytes.size());
  measure(bytes, patient); // what is made once for the whole process
  const Figures figures = measure(bytes, patient);
  std::printf("loaded module      %zu\n"
              "new evaluator      %zu\n"
              "  ... that decided %zu\n"
              "  ... read as JSON %zu\n"
              "first explanation  %zu\n"
              "left at the end    %zu\n",
              figures.module, figures.evaluator, figures.decided, figures.read, figures.explained, figures.left);
  return figures.left == 0 ? 0 : 1;
}
