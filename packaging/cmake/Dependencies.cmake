# SPDX-License-Identifier: GPL-3.0-or-later
# Every library, with what it is for. The Debian packages stand in packaging/dependencies/.
include(FeatureSummary)
find_package(PkgConfig REQUIRED)

find_package(Qt6 6.4 REQUIRED COMPONENTS Core Network Gui Widgets Svg Charts Test)
set_package_properties(Qt6 PROPERTIES TYPE REQUIRED PURPOSE "Event loop, sockets with TLS, JSON, widgets, charts, tests")
find_package(Qt6Keychain REQUIRED)
set_package_properties(Qt6Keychain PROPERTIES TYPE REQUIRED PURPOSE "Passwords in the desktop's keyring")
find_package(PostgreSQL REQUIRED)
set_package_properties(PostgreSQL PROPERTIES TYPE REQUIRED PURPOSE "libpq, the PostgreSQL client")
find_package(CLI11 REQUIRED)
set_package_properties(CLI11 PROPERTIES TYPE REQUIRED PURPOSE "Command-line arguments and subcommands")
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
