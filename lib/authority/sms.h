// Sends codes as text messages through a program of the operator's: it gets the phone number in its
// first line of standard input and the text in the rest, and says with its exit code whether the
// message is on its way. Neither is kept, logged, or put on a command line.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "authority/log.h"
#include "nearzone/time.h"

namespace nearzone::authority {

// Runs a program with `input` on its standard input and waits for it, at most `limit`. What it says
// goes nowhere: it may hold the number. It begins with the signals that any program begins with.
// Fails with not_found where it cannot be run, cancelled where it took too long and was killed, io
// where its exit code is not 0 or it did not read its input. The process must ignore SIGPIPE.
Status run_program(const std::vector<std::string>& command, const std::string& input, Millis limit);

// Safe from any thread.
class SmsSender {
 public:
  static constexpr Millis kLimit = std::chrono::seconds(30);
  static constexpr Millis kGrace = std::chrono::seconds(10);
  static constexpr size_t kMostWaiting = 1000;

  explicit SmsSender(Log& log);
  // As stop(kGrace).
  ~SmsSender();
  SmsSender(const SmsSender&) = delete;
  SmsSender& operator=(const SmsSender&) = delete;

  // False where too many are waiting, or it was stopped.
  bool send(const std::vector<std::string>& command, const std::string& phone,
            const std::string& text);
  // Sends what was taken before, for at most `grace`, and logs how many messages were not sent.
  // Nothing is taken afterwards.
  void stop(Millis grace);

 private:
  struct Message {
    std::vector<std::string> command;
    std::string input;
  };
  void run();

  Log& log_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Message> waiting_;
  std::optional<std::chrono::steady_clock::time_point> end_;  // since stop()
  std::thread thread_;
};

// The template with its codes: "{code}" and "{longcode}".
std::string sms_text(std::string text, std::string_view short_code, std::string_view long_code);

// A phone number as SMS gateways take it: "+", then 8 to 15 digits.
bool is_phone_number(std::string_view text);

}  // namespace nearzone::authority
