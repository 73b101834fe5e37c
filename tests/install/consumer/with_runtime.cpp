#include <aceso/aceso.hpp>

#include <iostream>

int main() {
  if (aceso_abi_version() != ACESO_ABI_VERSION) return 1;
  try {
    (void)aceso::Module::load("no module");
  } catch (const aceso::Error& error) {
    std::cout << error.what() << '\n';
    return error.status() == ACESO_BAD_MODULE ? 0 : 1;
  }
  return 1;
}
