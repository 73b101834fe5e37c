// Until the runtime has a public header (aceso/aceso.h), linking is all there is to try.
int main() {}
