// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/http_connection.h"

#include "core/doctor/words.h"

namespace cachedeck::doctor {

namespace {

using Kind = Error::Kind;

/// ADDRESS, HOST, TITLE, CONSEQUENCE, START, RESTART and WHERE stand for those of the server and its role.
struct Cause {
  Kind kind;
  const char* words;  ///< of the error, where its kind is not enough
  const char* finding;
  const char* remedy;
};

constexpr Cause causes[] = {
    {Kind::Refused, "", "Nothing listens at ADDRESS: TITLE is not running, or listens elsewhere. While it does not run, CONSEQUENCE.",
     "START If it runs, correct the address here and in WHERE: ss -ltnp shows who listens on which."},
    {Kind::Unreachable, "host name", "The host name of TITLE (ADDRESS) is not known: DNS.",
     "Check the spelling, and that this computer resolves it (getent hosts HOST); with containers, that both are on one network. The same address stands in WHERE."},
    {Kind::NotFound, "answers, but has no", "Another server than TITLE answers at ADDRESS, or TITLE has a path prefix there.",
     "Correct the port (ss -ltnp on its host shows who listens on which), or give the URL with the prefix that --web.external-url or a proxy gives it. Compare it with WHERE."},
    {Kind::NotFound, "", "What the connection to TITLE at ADDRESS needs is not there.", "Do what the message says."},
    {Kind::Protocol, "", "Another server than TITLE answers at ADDRESS, or a proxy before it.",
     "Correct the port (ss -ltnp on its host shows who listens on which), or give the URL with the prefix that --web.external-url or a proxy gives it. Compare it with WHERE."},
    {Kind::Auth, "", "TITLE at ADDRESS refuses the user, the password or the token, or asks for them.",
     "Give the ones of its web configuration (--web.config.file), or of the proxy before it: basic or bearer, in the profile's fields. Compare them with WHERE."},
    {Kind::Permission, "", "TITLE at ADDRESS, or a proxy before it, forbids this account to ask.", "Let this account read its HTTP API in the configuration of the proxy, or use another account."},
    {Kind::Tls, "wants TLS", "TITLE at ADDRESS speaks TLS, and this connection does not.", "Write https:// instead of http://, here and in WHERE."},
    {Kind::Tls, "does not speak TLS", "TITLE at ADDRESS does not speak TLS, and this connection does.", "Write http:// instead of https://, or give it a certificate (tls_server_config in its --web.config.file)."},
    {Kind::Tls, "", "The TLS handshake with TITLE at ADDRESS fails.",
     "Give the authority's file (ca), and check the certificate's name and dates: openssl s_client -connect ADDRESS"},
    {Kind::Timeout, "", "TITLE at ADDRESS does not answer in time.", "Check the way there (firewall, ping HOST), and whether it hangs: its log, a process at 100 % (top), a full disk (df -h). Then RESTART"},
    {Kind::Busy, "", "TITLE at ADDRESS is there, but is not ready.", "Wait: it may be starting, and its log tells how far it is. If it stays so, RESTART"},
    {Kind::Server, "", "TITLE at ADDRESS answers with an error of its own.", "Read its log for why."},
    {Kind::Unreachable, "", "TITLE at ADDRESS cannot be reached, or ends connections.", "Check network and firewall, whether it wants TLS (https://), and its log for why it ends them."},
    {Kind::Usage, "", "TITLE cannot be asked with the settings given here.", "Do what the message says."},
};

const Cause* causeOf(const Error& error) {
  for (const Cause& cause : causes)
    if (cause.kind == error.kind && error.message.contains(QLatin1String(cause.words), Qt::CaseInsensitive)) return &cause;
  return nullptr;
}

QString filledIn(const char* text, const HttpRole& role, const Server& server) {
  const std::pair<const char*, QString> values[] = {{"RESTART", QString::fromUtf8(role.restart)},
                                                    {"START", QString::fromUtf8(role.start)},
                                                    {"CONSEQUENCE", QString::fromUtf8(role.consequence)},
                                                    {"WHERE", QString::fromUtf8(role.where)},
                                                    {"TITLE", QString::fromUtf8(role.title)},
                                                    {"HOST", clean(server.endpoint.section(QLatin1Char(':'), 0, -2), 120)},
                                                    {"ADDRESS", clean(server.endpoint, 120)}};
  QString filled = QString::fromUtf8(text);
  for (const auto& [word, value] : values) filled.replace(QLatin1String(word), value);
  return filled.left(1).toUpper() + filled.mid(1);
}

}  // namespace

Findings httpConnection(const HttpRole& role, const Server& server) {
  if (!server.wanted || !server.error || server.error->isCancelled()) return {};
  const Cause* cause = causeOf(*server.error);
  return {{{}, role.severity, filledIn(cause ? cause->finding : "The connection to TITLE at ADDRESS fails.", role, server), said(*server.error),
           filledIn(cause ? cause->remedy : "Do what the message says; its log may say more.", role, server)}};
}

}  // namespace cachedeck::doctor
