# SPDX-License-Identifier: GPL-3.0-or-later
cachedeck_test(tst_window LABEL ui SOURCES tst_window.cpp tst_window_pictures.h LINK cachedeck_window)
cachedeck_test(tst_connections LABEL ui SOURCES tst_connections.cpp tst_window_pictures.h LINK cachedeck_connections)
