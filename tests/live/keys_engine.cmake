# SPDX-License-Identifier: GPL-3.0-or-later
add_library(cachedeck_keys_fixture STATIC keys_fixture.cpp keys_fixture.h)
target_link_libraries(cachedeck_keys_fixture PUBLIC cachedeck_keys cachedeck_test_support PRIVATE cachedeck_build)
foreach(name plan run undo recovery flush)
  cachedeck_test(tst_keys_${name} LABEL live TIMEOUT 240 SOURCES tst_keys_${name}.cpp LINK cachedeck_keys_fixture)
endforeach()
cachedeck_test(tst_keys_program LABEL live TIMEOUT 240 SOURCES tst_keys_program.cpp LINK cachedeck_keys_fixture)
