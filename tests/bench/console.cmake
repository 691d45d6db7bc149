# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name bench_start bench_faults)
  add_executable(${name} ${name}.cpp)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE cachedeck_console cachedeck_test_support Qt6::Test Qt6::Charts cachedeck_build)
endforeach()
add_dependencies(bench_faults cachedeck)
