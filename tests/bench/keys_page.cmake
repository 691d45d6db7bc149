# SPDX-License-Identifier: GPL-3.0-or-later
add_executable(bench_keys_page bench_keys_page.cpp)
target_link_libraries(bench_keys_page PRIVATE cachedeck_ui_keys cachedeck_test_support Qt6::Test cachedeck_build)
