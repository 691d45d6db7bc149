# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_recording LABEL core SOURCES tst_recording.cpp tst_recording_support.h LINK cachedeck_recording)
cachedeck_test(tst_recording_bounds LABEL core SOURCES tst_recording_bounds.cpp tst_recording_support.h LINK cachedeck_recording)
cachedeck_test(tst_recorder LABEL core SOURCES tst_recorder.cpp tst_recording_support.h LINK cachedeck_recording)

# A process of its own, to be killed and to run out of disk.
add_executable(recording_writer recording_writer.cpp tst_recording_support.h)
target_link_libraries(recording_writer PRIVATE cachedeck_recording Qt6::Test cachedeck_build)
cachedeck_test(tst_recording_faults LABEL core TIMEOUT 240 SOURCES tst_recording_faults.cpp tst_recording_support.h LINK cachedeck_recording)
add_dependencies(tst_recording_faults recording_writer)
target_compile_definitions(tst_recording_faults PRIVATE RECORDING_WRITER="$<TARGET_FILE:recording_writer>")
