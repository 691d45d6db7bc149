# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name transform scan_parts systems pace)
  cachedeck_test(tst_keys_${name} LABEL core SOURCES tst_keys_${name}.cpp LINK cachedeck_keys)
endforeach()
