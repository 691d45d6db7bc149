# SPDX-License-Identifier: GPL-3.0-or-later
# The file of a snapshot (docs/SNAPSHOT_FORMAT.md).
cachedeck_library(cachedeck_snapshot_bundle
  SOURCES bundle.h bundle_write.cpp bundle_read.cpp bundle_verify.cpp bundle_archive.cpp bundle_archive.h bundle_tail.cpp bundle_tail.h
          bundle_pack.cpp bundle_pack.h bundle_names.cpp bundle_names.h bundle_reason.cpp bundle_reason.h bundle_json.cpp bundle_json.h
          bundle_manifest.cpp bundle_manifest.h bundle_members.cpp bundle_members.h
          manifest_json.cpp manifest_json.h series_csv.cpp series_csv.h facts_json.cpp facts_json.h journal_json.cpp journal_json.h
  LINK cachedeck_snapshot PkgConfig::libzip)
target_precompile_headers(cachedeck_snapshot_bundle REUSE_FROM cachedeck_base)
