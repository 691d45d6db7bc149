# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_library(cachedeck_keys_inspect
  SOURCES inspect.h inspect_ask.cpp inspect_ask.h inspect_facts.cpp inspect_page.cpp inspect_page.h inspect_rows.cpp inspect_edit.cpp
          escape.cpp utf8.cpp utf8.h decode.cpp decode_hex.cpp decode_hex.h decode_json.cpp decode_json.h decode_packed.cpp decode_packed.h
          decode_text.cpp decode_text.h
  LINK cachedeck_redis ZLIB::ZLIB ${libzstd_LINK_LIBRARIES})
target_include_directories(cachedeck_keys_inspect SYSTEM PRIVATE ${libzstd_INCLUDE_DIRS})
target_precompile_headers(cachedeck_keys_inspect REUSE_FROM cachedeck_base)
