/// A race on purpose, to see that the sanitizer is awake.
#include <thread>

int counter = 0;

int main() {
  const auto count = [] {
    for (int i = 0; i < 100'000; ++i)
      ++counter;
  };
  std::thread other(count);
  count();
  other.join();
  return counter == 0 ? 1 : 0;
}
