# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_servers LABEL live TIMEOUT 120 SOURCES tst_servers.cpp LINK cachedeck_test_support)

cachedeck_test(tst_inbox LABEL live SOURCES tst_inbox.cpp LINK cachedeck_sandbox)

add_executable(sandbox_host sandbox_host.cpp)
target_link_libraries(sandbox_host PRIVATE cachedeck_cli cachedeck_build)
cachedeck_test(tst_sandbox LABEL live TIMEOUT 240 SOURCES tst_sandbox.cpp sandbox_fixture.cpp sandbox_fixture.h
  LINK cachedeck_sandbox cachedeck_test_support)
add_dependencies(tst_sandbox sandbox_host)
add_dependencies(sandbox_host cachedeck-sample)  # which the sandbox expects beside it
target_compile_definitions(tst_sandbox PRIVATE
  SANDBOX_HOST="$<TARGET_FILE:sandbox_host>" MONITORING_DIR="${PROJECT_SOURCE_DIR}/monitoring")
