#include <aceso/compiler.h>

#include <iostream>

int main() {
  if (aceso::version().empty()) return 1;
  std::cout << "linked with Aceso " << aceso::version() << '\n';
}
