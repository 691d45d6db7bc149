// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/prompt.h"

#include "core/base/text.h"

#include <termios.h>
#include <unistd.h>

namespace cachedeck {

namespace {

constexpr qsizetype longestAnswer = 4096;

void say(int fd, const QByteArray& text) {
  [[maybe_unused]] const ssize_t written = write(fd, text.constData(), static_cast<size_t>(text.size()));
}

/// Takes echo, line editing and signals from a terminal for its lifetime, so that Ctrl-C cannot leave it mute.
class QuietTerminal {
 public:
  explicit QuietTerminal(int fd) : m_fd(fd) {
    termios quiet;
    m_active = tcgetattr(fd, &m_before) == 0;
    quiet = m_before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    m_active = m_active && tcsetattr(fd, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (m_active) tcsetattr(m_fd, TCSAFLUSH, &m_before);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  bool isActive() const { return m_active; }

 private:
  int m_fd;
  bool m_active;
  termios m_before{};
};

void eraseCharacter(QByteArray& answer) {
  while (!answer.isEmpty()) {
    const bool continuation = (static_cast<unsigned char>(answer.back()) & 0xC0) == 0x80;
    answer.data()[answer.size() - 1] = 0;
    answer.chop(1);
    if (!continuation) return;  // the first byte of a UTF-8 sequence
  }
}

// False at Ctrl-C, Ctrl-D or the terminal's end.
bool readAnswer(int input, QByteArray& answer) {
  answer.reserve(longestAnswer);  // one buffer, which is wiped
  for (char c = 0; read(input, &c, 1) == 1;) {
    if (c == '\n' || c == '\r') return true;
    if (c == 0x03 || c == 0x04) return false;
    if (c == 0x7F || c == '\b')
      eraseCharacter(answer);
    else if (c == 0x15)
      wipe(answer);
    else if (answer.size() < longestAnswer)
      answer.append(c);
  }
  return false;
}

}  // namespace

Result<Secret> promptSecret(const QString& question, int input, int output) {
  const Error unaskable = fail(
      Error::Kind::Usage, QStringLiteral("%1 is needed and there is no terminal to ask on. Give it in an environment "
                                         "variable (CACHEDECK_REDIS_PASSWORD and so on), the keyring or ~/.pgpass.")
                              .arg(printable(question)));
  if (!isatty(input)) return unaskable;
  QByteArray answer;
  bool finished = false;
  {
    const QuietTerminal quiet(input);
    if (!quiet.isActive()) return unaskable;
    say(output, printable(question).toUtf8() + ": ");
    finished = readAnswer(input, answer);
    say(output, "\n");
  }
  Secret secret(std::move(answer));
  if (!finished || secret.isEmpty())
    return fail(Error::Kind::Cancelled, QStringLiteral("%1 was not given.").arg(printable(question)));
  return secret;
}

Result<ResolvedSettings> resolveOrAsk(Secrets& secrets, const Profile& profile, int input, int output) {
  ResolvedSettings resolved = secrets.resolveNow(profile);
  if (resolved.missing.isEmpty()) return resolved;
  for (const MissingSecret& missing : std::as_const(resolved.missing)) {
    const QString question = QStringLiteral("%1 of %2 in profile “%3”").arg(missing.label, missing.key.source, profile.name);
    auto secret = promptSecret(question, input, output);
    if (!secret) return fail(secret.error().kind, secret.error().message, missing.error.message);
    secrets.keepForSession(missing.key, *secret);
  }
  return secrets.resolveNow(profile);
}

}  // namespace cachedeck
