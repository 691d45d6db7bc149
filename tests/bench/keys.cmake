# SPDX-License-Identifier: GPL-3.0-or-later
add_executable(bench_keys bench_keys.cpp keys_limit.cpp keys_limit.h)
target_link_libraries(bench_keys PRIVATE cachedeck_keys cachedeck_test_support cachedeck_build ${hiredis_LINK_LIBRARIES})
target_include_directories(bench_keys SYSTEM PRIVATE ${hiredis_INCLUDE_DIRS})
add_dependencies(bench_keys cachedeck)
