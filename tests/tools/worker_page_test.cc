// The page for health workers in a real browser, without a window: signed in to, and used.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "nearzone/device.h"
#include "net/http_client.h"
#include "tools/program.h"
#include "tools/serving.h"

namespace nearzone {
namespace {

using nlohmann::json;
using test::ProgramFolder;
using test::Serving;

// Chromium, spoken to over a pipe in the protocol of its developer tools.
class Browser {
 public:
  explicit Browser(const std::string& folder) {
    int sockets[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0) return;
    process_ = ::fork();
    if (process_ == 0) {
      // It reads from 3 and writes to 4.
      ::dup2(sockets[1], 10);
      ::dup2(10, 3);
      ::dup2(10, 4);
      // It complains about every desktop service that is not here.
      const int nowhere = ::open("/dev/null", O_WRONLY);
      ::dup2(nowhere, STDERR_FILENO);
      const std::string data = "--user-data-dir=" + folder;
      ::execlp("chromium", "chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
               "--no-first-run", "--disable-dev-shm-usage", "--remote-debugging-pipe", data.c_str(),
               "about:blank", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    ::close(sockets[1]);
    socket_ = sockets[0];
    const timeval limit{60, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    const json target = call("Target.createTarget", {{"url", "about:blank"}});
    if (!target.contains("targetId")) return;
    const json attached =
        call("Target.attachToTarget", {{"targetId", target.at("targetId")}, {"flatten", true}});
    session_ = attached.value("sessionId", "");
  }
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;
  ~Browser() {
    ::close(socket_);
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

  bool is_there() const { return !session_.empty(); }
  void open(const std::string& url) {
    call("Page.navigate", {{"url", url}});
    EXPECT_TRUE(
        comes_true("document.readyState === 'complete' && location.href === " + json(url).dump()));
  }
  // What an expression of the page comes to.
  json evaluate(const std::string& expression) {
    const json answer =
        call("Runtime.evaluate", {{"expression", expression}, {"returnByValue", true}});
    EXPECT_FALSE(answer.contains("exceptionDetails")) << expression << ": " << answer;
    return answer.contains("result") ? answer.at("result").value("value", json()) : json();
  }
  bool comes_true(const std::string& expression) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < end) {
      if (evaluate(expression) == true) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }

 private:
  json call(const std::string& method, const json& parameters) {
    json message{{"id", ++number_}, {"method", method}, {"params", parameters}};
    if (!session_.empty()) message["sessionId"] = session_;
    const std::string text = message.dump();
    // Its zero ends a message.
    if (::send(socket_, text.c_str(), text.size() + 1, MSG_NOSIGNAL) < 0) return json::object();
    for (;;) {
      const size_t end = received_.find('\0');
      if (end == received_.npos) {
        char piece[4096];
        const ssize_t got = ::recv(socket_, piece, sizeof(piece), 0);
        if (got <= 0) return json::object();
        received_.append(piece, static_cast<size_t>(got));
        continue;
      }
      const json answer = json::parse(received_.substr(0, end), nullptr, false);
      received_.erase(0, end + 1);
      if (answer.is_object() && answer.value("id", 0) == number_)
        return answer.value("result", json::object());
    }
  }

  pid_t process_ = -1;
  int socket_ = -1;
  int number_ = 0;
  std::string session_;
  std::string received_;
};

class WorkerPage : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v chromium > /dev/null 2>&1") != 0)
      GTEST_SKIP() << "NOT TESTED: the page for health workers, as Chromium is not here";
    ASSERT_GT(server_.port(), 0);
    browser_ = std::make_unique<Browser>(folder_.file_of("browser"));
    ASSERT_TRUE(browser_->is_there());
    browser_->open(server_.url() + "/issue");
  }

  // As a person types and clicks.
  void type(const std::string& field, const std::string& text) {
    browser_->evaluate("document.getElementById('" + field + "').value = " + json(text).dump());
  }
  void click(const std::string& selector) {
    browser_->evaluate("document.querySelector(" + json(selector).dump() + ").click()");
  }
  bool is_shown(const std::string& id, bool shown = true) {
    return browser_->comes_true("document.getElementById('" + id +
                                "').hidden === " + (shown ? "false" : "true"));
  }
  std::string text_of(const std::string& id) {
    return browser_->evaluate("document.getElementById('" + id + "').textContent");
  }
  void sign_in(const std::string& key) {
    type("key", key);
    click("#sign-in button");
  }
  // A code that was issued, without the blanks that make it readable.
  std::string issue() {
    browser_->evaluate("document.getElementById('code').textContent = ''");
    click("#issue button");
    EXPECT_TRUE(browser_->comes_true("document.getElementById('code').textContent !== ''"));
    std::string code = text_of("code");
    std::erase(code, ' ');
    return code;
  }
  json verify(const std::string& code) {
    const auto answer = net::fetch(
        {"POST",
         server_.url() + "/api/verify",
         {{"Content-Type", "application/json"}, {"X-API-Key", folder_.read("data/device.api-key")}},
         R"({"accept":["likely"],"code":")" + code + "\"}"},
        {});
    return answer.ok() ? json::parse(answer->body, nullptr, false) : json();
  }

  ProgramFolder folder_;
  Serving server_{{"--folder", folder_.file_of("data")}, folder_.file_of("errors")};
  std::unique_ptr<Browser> browser_;
};

TEST_F(WorkerPage, SignsInIssuesAndExpires) {
  // A device's key may not.
  sign_in(folder_.read("data/device.api-key"));
  EXPECT_TRUE(browser_->comes_true(
      "document.getElementById('message').textContent === 'This key may not issue codes.'"));
  EXPECT_TRUE(is_shown("signed-in", false));
  sign_in(folder_.read("data/admin.api-key"));
  ASSERT_TRUE(is_shown("signed-in"));
  EXPECT_TRUE(is_shown("sign-in", false));

  const std::string today = format_day(Day::of(SystemClock().now()));
  click("input[value=likely]");
  type("symptoms", today);
  const std::string code = issue();
  EXPECT_EQ(code.size(), 9u);
  EXPECT_TRUE(is_shown("issued"));
  EXPECT_EQ(text_of("uuid").size(), 36u);
  const json verified = verify(code);
  EXPECT_EQ(verified.value("testtype", ""), "likely") << verified;
  EXPECT_EQ(verified.value("symptomDate", ""), today);

  const std::string other = issue();
  EXPECT_NE(other, code);
  click("#expire");
  EXPECT_TRUE(browser_->comes_true(
      "document.getElementById('message').textContent === 'The code was expired.'"));
  EXPECT_EQ(verify(other).value("errorCode", ""), "code_expired");

  // The key and the codes are nowhere once the person left.
  click("#sign-out");
  EXPECT_TRUE(is_shown("sign-in"));
  EXPECT_EQ(browser_->evaluate("document.cookie + localStorage.length + sessionStorage.length"),
            "00");
  EXPECT_EQ(browser_->evaluate("document.getElementById('key').value"), "");
  EXPECT_EQ(text_of("code"), "");
}

TEST_F(WorkerPage, TellsWhatIsWrong) {
  sign_in(folder_.read("data/admin.api-key"));
  ASSERT_TRUE(is_shown("signed-in"));
  type("symptoms", "2001-01-01");
  click("#issue button");
  EXPECT_TRUE(browser_->comes_true(
      "document.getElementById('message').textContent.includes('within the last 28 days')"));
  EXPECT_EQ(server_.stop(), 0);
  click("#issue button");
  EXPECT_TRUE(browser_->comes_true(
      "document.getElementById('message').textContent === 'The server cannot be reached.'"));
}

TEST_F(WorkerPage, RunsNoScriptButItsOwn) {
  // What somebody managed to write into the page would not run.
  browser_->evaluate(
      "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.harm = 1\">')");
  browser_->evaluate(
      "document.body.appendChild(Object.assign(document.createElement('script'), "
      "{textContent: 'window.harm = 1'}))");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(browser_->evaluate("typeof window.harm"), "undefined");
}

}  // namespace
}  // namespace nearzone
