# SPDX-License-Identifier: GPL-3.0-or-later
# embed_scenarios(OUTPUT FILE…): a C++ file that holds the texts of the JSON files, in raw strings. Written only when it changes, and again when a file does.
function(embed_scenarios output)
  set(rows "")
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    get_filename_component(name "${file}" NAME_WE)
    file(READ "${file}" text)
    # A literal of more than 64 KiB is not portable: chunks of less stand side by side.
    string(LENGTH "${text}" length)
    set(literals "")
    set(from 0)
    while(from LESS length)
      string(SUBSTRING "${text}" ${from} 8000 chunk)
      string(APPEND literals "R\"cachedeck(${chunk})cachedeck\"\n")
      math(EXPR from "${from} + 8000")
    endwhile()
    string(APPEND rows "    {\"${name}\", ${literals}},\n")
  endforeach()
  set(code "// Made by embed_scenarios.cmake from core/load/scenarios.
#include \"core/load/bundled.h\"
namespace cachedeck::load {
std::vector<BundledScenario> embeddedScenarios() {
  return {
${rows}  };
}
}  // namespace cachedeck::load
")
  set(before "")
  if(EXISTS "${output}")
    file(READ "${output}" before)
  endif()
  if(NOT code STREQUAL before)
    file(WRITE "${output}" "${code}")
  endif()
endfunction()
