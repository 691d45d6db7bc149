# SPDX-License-Identifier: GPL-3.0-or-later
add_library(cachedeck_sample_fixture STATIC sample_fixture.cpp sample_fixture.h sample_http.cpp sample_http.h)
target_compile_definitions(cachedeck_sample_fixture PRIVATE SAMPLE_PROGRAM="$<TARGET_FILE:cachedeck-sample>")
target_link_libraries(cachedeck_sample_fixture PUBLIC cachedeck_test_support PRIVATE cachedeck_build)
add_dependencies(cachedeck_sample_fixture cachedeck-sample)

foreach(name routes cascades input figures faults start together)
  cachedeck_test(tst_sample_${name} LABEL live TIMEOUT 240 SOURCES tst_sample_${name}.cpp LINK cachedeck_sample_fixture cachedeck_cacheaside)
endforeach()
foreach(name figures start)
  target_compile_definitions(tst_sample_${name} PRIVATE CACHEDECK_VERSION="${PROJECT_VERSION}" SAMPLE_PROGRAM="$<TARGET_FILE:cachedeck-sample>")
endforeach()
foreach(name limits outages usage)
  cachedeck_test(tst_sample_${name} LABEL live TIMEOUT 240 SOURCES tst_sample_${name}.cpp LINK cachedeck_sample_fixture cachedeck_sample)
  target_compile_definitions(tst_sample_${name} PRIVATE SAMPLE_PROGRAM="$<TARGET_FILE:cachedeck-sample>")
endforeach()
# The service's parts without servers.
cachedeck_test(tst_sample_parts LABEL core SOURCES tst_sample_parts.cpp LINK cachedeck_sample)
