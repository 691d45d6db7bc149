// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/expected.h"

namespace cachedeck {

/// A value or an Error. Everything that can fail returns one; nothing throws across a Worker.
template <typename T>
using Result = Expected<T, Error>;

inline Error fail(Error::Kind kind, QString message, QString detail = {}) {
  return Error{kind, std::move(message), std::move(detail)};
}

}  // namespace cachedeck
