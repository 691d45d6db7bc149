# SPDX-License-Identifier: GPL-3.0-or-later
# Every library, with what it is for. The Debian packages stand in packaging/dependencies/.
include(FeatureSummary)
find_package(PkgConfig REQUIRED)

find_package(Qt6 6.4 REQUIRED COMPONENTS Core Network Gui Widgets Svg Charts Sql DBus Test)
set_package_properties(Qt6 PROPERTIES TYPE REQUIRED PURPOSE "Event loop, sockets with TLS, JSON, widgets, charts, SQLite, notifications of the desktop, tests")
find_package(Qt6Keychain REQUIRED)
set_package_properties(Qt6Keychain PROPERTIES TYPE REQUIRED PURPOSE "Passwords in the desktop's keyring")
find_package(PostgreSQL REQUIRED)
set_package_properties(PostgreSQL PROPERTIES TYPE REQUIRED PURPOSE "libpq, the PostgreSQL client")
find_package(CLI11 REQUIRED)
set_package_properties(CLI11 PROPERTIES TYPE REQUIRED PURPOSE "Command-line arguments and subcommands")
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(libmicrohttpd REQUIRED IMPORTED_TARGET libmicrohttpd)
find_package(prometheus-cpp CONFIG REQUIRED)
set_package_properties(prometheus-cpp PROPERTIES TYPE REQUIRED PURPOSE "Metrics of the sample service in Prometheus's text format")
find_package(nlohmann_json CONFIG REQUIRED)
set_package_properties(nlohmann_json PROPERTIES TYPE REQUIRED PURPOSE "JSON bodies of the sample service")
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
find_package(ZLIB REQUIRED)
set_package_properties(ZLIB PROPERTIES TYPE REQUIRED PURPOSE "Opens gzip and zlib values")
# Opens zstd values.
pkg_check_modules(libzstd REQUIRED IMPORTED_TARGET libzstd)
# Packs and opens the file of a snapshot (*.cdsnap).
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto SSL)
set_package_properties(OpenSSL PROPERTIES TYPE REQUIRED PURPOSE "Seals undo images (AES-256-GCM), TLS of the load engine")
