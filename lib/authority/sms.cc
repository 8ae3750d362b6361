#include "authority/sms.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "nearzone/secret.h"

extern char** environ;

namespace nearzone::authority {
namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (size_t at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

}  // namespace

Status run_program(const std::vector<std::string>& command, const std::string& input,
                   Millis limit) {
  if (command.empty()) return {Code::invalid_argument, "no program to run"};
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return {Code::io, "no pipe to the program"};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
  for (const int output : {STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0);
  // A server blocks and ignores some that this program must take as others do.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigfillset(&signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int spawned =
      ::posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  ::close(ends[0]);
  if (spawned != 0) {
    ::close(ends[1]);
    return {Code::not_found, "the program cannot be run"};
  }
  // Less than a pipe holds, so that nobody waits for a program that does not read.
  const ssize_t written = ::write(ends[1], input.data(), std::min<size_t>(input.size(), 4096));
  ::close(ends[1]);
  const auto end = std::chrono::steady_clock::now() + limit;
  int state = 0;
  for (;;) {
    const pid_t ended = ::waitpid(child, &state, WNOHANG);
    if (ended == child || (ended < 0 && errno != EINTR)) break;
    if (std::chrono::steady_clock::now() >= end) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &state, 0);
      return {Code::cancelled, "the program took too long"};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const bool is_good = WIFEXITED(state) && WEXITSTATUS(state) == 0;
  if (!is_good || written != static_cast<ssize_t>(input.size()))
    return {Code::io, "the program failed"};
  return {};
}

SmsSender::SmsSender(Log& log) : log_(log), thread_([this] { run(); }) {}

SmsSender::~SmsSender() { stop(kGrace); }

void SmsSender::stop(Millis grace) {
  {
    const std::lock_guard lock(mutex_);
    if (!end_) end_ = std::chrono::steady_clock::now() + grace;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  const size_t dropped = waiting_.size();
  for (Message& message : waiting_) wipe(message.input.data(), message.input.size());
  waiting_.clear();
  if (dropped > 0)
    log_.write(LogLevel::error, "sms.dropped", {{"messages", static_cast<int64_t>(dropped)}});
}

bool SmsSender::send(const std::vector<std::string>& command, const std::string& phone,
                     const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (end_ || waiting_.size() >= kMostWaiting) return false;
  waiting_.push_back({command, phone + '\n' + text});
  wake_.notify_one();
  return true;
}

void SmsSender::run() {
  for (;;) {
    Message message;
    Millis limit = kLimit;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return end_ || !waiting_.empty(); });
      if (end_)
        limit = std::min(
            limit, std::chrono::duration_cast<Millis>(*end_ - std::chrono::steady_clock::now()));
      if (waiting_.empty() || limit <= Millis(0)) return;
      message = std::move(waiting_.front());
      waiting_.pop_front();
    }
    const Status sent = run_program(message.command, message.input, limit);
    wipe(message.input.data(), message.input.size());
    log_.write(sent.ok() ? LogLevel::debug : LogLevel::error, "sms",
               {{"outcome", Literal::of(sent.code())}});
  }
}

std::string sms_text(std::string text, std::string_view short_code, std::string_view long_code) {
  return replaced(replaced(std::move(text), "{code}", short_code), "{longcode}", long_code);
}

bool is_phone_number(std::string_view text) {
  return text.size() >= 9 && text.size() <= 16 && text[0] == '+' &&
         std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace nearzone::authority
