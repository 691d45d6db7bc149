# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_load_program LABEL live SOURCES tst_load_program.cpp LINK cachedeck_runs cachedeck_snapshot_bundle cachedeck_test_support)
cachedeck_test(tst_load_output LABEL live SOURCES tst_load_output.cpp LINK cachedeck_runs)
cachedeck_test(tst_load_journal LABEL live SOURCES tst_load_journal.cpp LINK cachedeck_runs)
cachedeck_test(tst_load_sandbox LABEL live TIMEOUT 240 SOURCES tst_load_sandbox.cpp sandbox_fixture.cpp sandbox_fixture.h LINK cachedeck_sandbox cachedeck_test_support)
add_dependencies(tst_load_sandbox sandbox_host)
target_compile_definitions(tst_load_sandbox PRIVATE SANDBOX_HOST="$<TARGET_FILE:sandbox_host>")
cachedeck_test(tst_k6_run LABEL live SOURCES tst_k6_run.cpp LINK cachedeck_runs)
