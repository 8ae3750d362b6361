// Who tries codes, and how often they may.
#include <gmock/gmock.h>

#include "authority/world.h"

namespace nearzone::authority_test {
namespace {

using authority::Role;

class Guessing : public testing::Test {
 protected:
  Guessing() { world_.open(); }
  World world_;
};

TEST_F(Guessing, ReadsEveryLineInWhichProxiesSayForWhomTheyAsk) {
  world_.settings.server.trusted_proxies = {world_.peer};
  world_.open();
  const auto try_as = [&](const std::vector<std::string>& lines) {
    std::vector<net::Header> headers{{"X-API-Key", world_.key_of_role(Role::device)}};
    for (const std::string& line : lines) headers.push_back({"x-forwarded-for", line});
    return world_.post("/api/verify", R"({"code":"00000000"})", headers).status();
  };
  for (int i = 0; i < 50; ++i) EXPECT_EQ(try_as({"203.0.113.9"}), 400);
  EXPECT_EQ(try_as({"198.51.100.1, 203.0.113.9"}), 429);
  // What the caller made up, and behind it the line that the proxy added.
  EXPECT_EQ(try_as({"198.51.100.1", "203.0.113.9"}), 429);
  EXPECT_EQ(try_as({"198.51.100.1", "198.51.100.2, 203.0.113.9"}), 429);
  EXPECT_EQ(try_as({"203.0.113.9", "198.51.100.1"}), 400);
}

TEST_F(Guessing, StopsGuessersWhoDoNotWaitForAnAnswer) {
  const std::string key = world_.key_of_role(Role::device);
  // As long as the store is busy, none of them is known to be wrong.
  std::promise<void> go_on;
  world_.writes->submit(
      [waits = go_on.get_future().share()](authority::Writer&) -> Status {
        waits.wait();
        return {};
      },
      [](const Status&) {});
  std::map<int, int> answers;
  std::vector<std::future<int>> answered;
  for (int i = 0; i < 120; ++i) {
    const auto promise = std::make_shared<std::promise<int>>();
    answered.push_back(promise->get_future());
    world_.api->handle(
        {"POST",
         "/api/verify",
         "",
         {{"X-API-Key", key}, {"Content-Type", "application/json"}},
         R"({"code":"00000000"})",
         world_.peer},
        [promise](const net::HttpResponse& response) { promise->set_value(response.status); });
  }
  go_on.set_value();
  for (std::future<int>& answer : answered) ++answers[answer.get()];
  EXPECT_EQ(answers[400], 50);
  EXPECT_EQ(answers[429], 70);
}

}  // namespace
}  // namespace nearzone::authority_test
