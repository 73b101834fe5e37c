# cmake -DFOLDER=<dir> -DFILES=<a.aceso|b/c.aceso> -DPREFIX=std. -DFUNCTION=<name> -DOUTPUT=<file.cpp> -P embed.cmake
#
# Writes the files as arrays of bytes behind aceso::FUNCTION(). A file is named by its path without the ending, with
# dots between folders, behind PREFIX. Arrays, because string literals have a
# length that compilers must accept only up to 64 kB and because no text can break out of an array.

set(arrays "")
set(entries "")
set(count 0)
string(REPLACE "|" ";" FILES "${FILES}")
foreach(file IN LISTS FILES)
  string(REGEX REPLACE "\\.[a-z]+$" "" name "${file}")
  string(REPLACE "/" "." name "${name}")
  file(READ "${FOLDER}/${file}" bytes HEX)
  file(SIZE "${FOLDER}/${file}" size)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
  # The closing zero keeps the array of an empty file legal; the view leaves it out.
  string(APPEND arrays "// ${file}\nconstexpr char file_${count}[] = {${bytes}'\\0'};\n")
  string(APPEND entries "    {\"${PREFIX}${name}\", std::string_view(file_${count}, ${size})},\n")
  math(EXPR count "${count} + 1")
endforeach()

set(text "// Written by tools/cmake/embed.cmake during the build. Do not edit.\n")
string(APPEND text "#include \"driver/embedded_library.h\"\n\n")
if(count EQUAL 0)
  string(APPEND text "std::span<const aceso::EmbeddedFile> aceso::${FUNCTION}() { return {}; }\n")
else()
  string(APPEND text "namespace {\n${arrays}\nconstexpr aceso::EmbeddedFile files[] = {\n${entries}};\n} // namespace\n\n")
  string(APPEND text "std::span<const aceso::EmbeddedFile> aceso::${FUNCTION}() { return files; }\n")
endif()
file(WRITE "${OUTPUT}" "${text}")
