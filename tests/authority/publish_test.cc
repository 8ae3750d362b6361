#include "authority/publish.h"

#include <gmock/gmock.h>

#include <set>

#include "authority/report_types.h"
#include "authority/uploads.h"

namespace nearzone::authority_test {
namespace {

using authority::Reader;
using authority::Store;
using authority::Writer;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Millis kHour = std::chrono::hours(1);

class Publish : public testing::Test {
 protected:
  Publish() { world_.open(); }
  std::string token_of(const std::vector<Key>& keys, const std::string& type) {
    UploadParts parts;
    parts.keys = keys;
    parts.report_type = type;
    const Answer answer = uploads_.publish(parts);
    EXPECT_EQ(answer.status(), 200);
    return answer.text("revisionToken");
  }
  Answer revise(const std::vector<Key>& keys, const std::string& type, const std::string& token) {
    UploadParts parts;
    parts.keys = keys;
    parts.report_type = type;
    parts.revision_token = token;
    return uploads_.publish(parts);
  }

  World world_{kNoon + std::chrono::minutes(47)};
  Uploads uploads_{world_};
};

TEST_F(Publish, KeepsNoTimeFinerThanItsWindow) {
  const Key key = uploads_.key();
  ASSERT_EQ(uploads_.publish({key}).status(), 200);
  const auto stored = world_.stored(key.bytes());
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->created_at, kNoon);
  EXPECT_EQ(stored->created_at.ms % kHour.count(), 0);
}

TEST_F(Publish, HoldsAKeyBackThatIsStillValid) {
  const Key today = uploads_.key(0);
  const Key brief = uploads_.key_at(uploads_.interval() - 3, 5);
  ASSERT_EQ(uploads_.publish({today}).status(), 200);
  ASSERT_EQ(uploads_.publish({brief}).status(), 200);
  for (const Key& key : {today, brief}) {
    const auto stored = world_.stored(key.bytes());
    ASSERT_TRUE(stored);
    // A batch that reads windows up to `created_at` + window ends a window after the key does.
    EXPECT_GT(stored->created_at, stored->key.valid_to);
    EXPECT_GE(stored->created_at + kHour, stored->key.valid_to + kHour);
    EXPECT_EQ(stored->created_at.ms % kHour.count(), 0);
  }
}

TEST_F(Publish, FillsInWhatThePhoneDidNotSay) {
  const Key plain = uploads_.key();
  const Key stated = uploads_.key(2, 144, 7);
  UploadParts parts;
  parts.keys = {plain, stated};
  parts.report_type = "likely";
  parts.symptom_onset = uploads_.today() - 144 * 3;
  ASSERT_EQ(uploads_.publish(parts).status(), 200);
  const auto stored = world_.stored(plain.bytes());
  EXPECT_EQ(stored->key.report_type, ReportType::confirmed_clinical_diagnosis);
  EXPECT_EQ(stored->key.transmission_risk_level, 4);
  EXPECT_EQ(stored->key.days_since_onset, 2);
  EXPECT_EQ(stored->regions, std::vector<std::string>{"US"});
  EXPECT_EQ(stored->authority, kApp);
  EXPECT_EQ(world_.stored(stated.bytes())->key.transmission_risk_level, 7);
}

TEST_F(Publish, BelievesTheCertificatesOnsetMoreThanThePhones) {
  UploadParts parts;
  parts.keys = {uploads_.key()};
  parts.symptom_onset = uploads_.today() - 144 * 9;
  parts.claims = {{"symptomOnsetInterval", std::to_string(uploads_.today() - 144 * 2)}};
  ASSERT_EQ(uploads_.publish(parts).status(), 200);
  EXPECT_EQ(world_.stored(parts.keys[0].bytes())->key.days_since_onset, 1);
}

TEST_F(Publish, StatesAKeyAnewAsTheTableOfTransitionsAllows) {
  const std::vector<std::string> types{"confirmed", "likely", "user-report", "negative"};
  const std::map<std::string, std::set<std::string>> allowed{
      {"confirmed", {}},
      {"likely", {"confirmed", "negative"}},
      {"user-report", {"confirmed", "likely", "negative"}}};
  int64_t day = 0;
  for (const std::string& from : types)
    for (const std::string& to : types) {
      SCOPED_TRACE(from + " to " + to);
      const Key key = uploads_.key(1 + day++ % 9);
      const std::string token = token_of({key}, from);
      const Answer answer = revise({key}, to, token);
      if (from == "negative") {
        // The first report was accepted, and nothing stored: this one is the first.
        EXPECT_EQ(answer.status(), 200);
        EXPECT_EQ(answer.number("insertedExposures"), to == "negative" ? 0 : 1);
      } else if (from == to) {
        EXPECT_EQ(answer.status(), 200);
        EXPECT_FALSE(world_.stored(key.bytes())->revision);
      } else if (allowed.at(from).contains(to)) {
        EXPECT_EQ(answer.status(), 200);
        const auto stored = world_.stored(key.bytes());
        ASSERT_TRUE(stored->revision);
        EXPECT_EQ(stored->revision->report_type, *authority::report_type_of(to));
        EXPECT_EQ(stored->revision->transmission_risk_level,
                  authority::default_risk(stored->revision->report_type));
        EXPECT_EQ(stored->revision->at, kNoon);
        EXPECT_EQ(stored->key.report_type, *authority::report_type_of(from));
      } else {
        EXPECT_EQ(answer.status(), 400);
        EXPECT_EQ(answer.text("code"), "invalid_report_type_transition");
        EXPECT_FALSE(world_.stored(key.bytes())->revision);
      }
    }
}

TEST_F(Publish, RevisesOnceAndNothingWhereOneOfTheKeysMayNot) {
  const std::vector<Key> keys{uploads_.key(1), uploads_.key(2)};
  const std::string token = token_of(keys, "likely");
  ASSERT_EQ(revise({keys[0]}, "confirmed", token).status(), 200);
  EXPECT_EQ(revise({keys[0]}, "negative", token).text("code"), "key_already_revised");
  EXPECT_EQ(revise(keys, "negative", token).text("code"), "key_already_revised");
  EXPECT_FALSE(world_.stored(keys[1].bytes())->revision);
  EXPECT_EQ(revise({keys[1]}, "negative", token).status(), 200);
}

TEST_F(Publish, GivesTokensOfOneLength) {
  for (const size_t count : {size_t{1}, size_t{2}, size_t{3}, size_t{14}, size_t{30}}) {
    std::vector<Key> keys;
    for (size_t i = 0; i < count; ++i)
      keys.push_back(uploads_.key(1 + static_cast<int64_t>(i / 3)));
    EXPECT_EQ(token_of(keys, "confirmed").size(), authority::kRevisionTokenBytes);
  }
}

TEST_F(Publish, RefusesTokensThatAreWrongForeignCutOrTooOld) {
  const Key key = uploads_.key(1);
  const std::string token = token_of({key}, "likely");
  const std::string foreign = token_of({uploads_.key(2)}, "likely");
  std::string flipped = token;
  flipped[500] = flipped[500] == 'A' ? 'B' : 'A';
  for (const std::string& bad : {foreign, flipped, token.substr(0, 916), token + "AAAA",
                                 std::string(920, 'A'), std::string("?")}) {
    const Answer answer = revise({key}, "confirmed", bad);
    EXPECT_EQ(answer.status(), 400);
    EXPECT_EQ(answer.text("code"), "invalid_revision_token");
  }
  EXPECT_FALSE(world_.stored(key.bytes())->revision);
  Key shorter = key;
  shorter.period = 100;
  EXPECT_EQ(revise({shorter}, "confirmed", token).text("code"), "invalid_revision_token");
  // Its own key rotated meanwhile; what was given before still counts, for fifteen days.
  world_.clock.advance(std::chrono::hours(8 * 24));
  token_of({uploads_.key(3)}, "likely");
  EXPECT_EQ(revise({key}, "confirmed", token).status(), 200);
  const Key later = uploads_.key(1);
  const std::string late = token_of({later}, "likely");
  world_.clock.advance(std::chrono::hours(361));
  EXPECT_EQ(revise({later}, "confirmed", late).text("code"), "invalid_revision_token");
}

TEST(Disguise, TellsSuccessErrorAndCoverApartNeitherByHeadersNorByLengths) {
  using authority::Disguise;
  using authority::LengthLaw;
  // Each kind draws its lengths from the same stream, begun anew.
  const auto seen_of = [](const std::function<net::HttpResponse(Disguise&)>& answer) {
    SharedRandom random(42);
    Disguise disguise({"code"}, random);
    std::pair<std::vector<std::string>, size_t> seen;
    const net::HttpResponse response = answer(disguise);
    for (const net::Header& header : response.headers)
      seen.first.push_back(header.name + ": " + header.value);
    seen.second = net::reason_phrase(response.status).size() + response.body.size();
    return seen;
  };
  const auto success = seen_of([](Disguise& disguise) {
    return disguise.success("\"revisionToken\":\"" + std::string(920, 'x') + '"');
  });
  EXPECT_EQ(success, seen_of([](Disguise& disguise) { return disguise.chaff(); }));
  EXPECT_EQ(success, seen_of([](Disguise& disguise) {
              return disguise.error({400, "missing_revision_token", "words"});
            }));
  EXPECT_EQ(success, seen_of([](Disguise& disguise) {
              return disguise.error({401, "unknown_health_authority_id", "other words"});
            }));

  // And the lengths are spread over all that the law allows.
  SharedRandom random(43);
  Disguise disguise({"code"}, random);
  std::set<size_t> lengths;
  for (int i = 0; i < 20'000; ++i) lengths.insert(disguise.chaff().body.size() + 2);
  EXPECT_EQ(*lengths.begin(), LengthLaw().least);
  EXPECT_EQ(*lengths.rbegin(), LengthLaw().least + LengthLaw::kSpread);
  EXPECT_EQ(lengths.size(), LengthLaw::kSpread + 1);
}

TEST_F(Publish, TakesAsLongForCoverAndErrorsAsForSuccesses) {
  using Duration = authority::DelayLaw::Duration;
  const std::vector<int> took{1234, 2345, 3456, 999, 45'678};
  for (const int microseconds : took) {
    const Answer answer = uploads_.publish({uploads_.key()});
    EXPECT_EQ(answer.http.not_before, Duration(0));
    answer.http.on_send(Duration(microseconds));
  }
  // Drawn from what successes took, uniformly: a second law with the same stream gives the same.
  SharedRandom drawn(7);
  SharedRandom same(7);
  authority::DelayLaw law;
  for (const int microseconds : took) law.record(Duration(microseconds));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(law.draw(drawn), Duration(took[same.below(took.size())]));
  std::set<int64_t> seen;
  for (int i = 0; i < 200; ++i) {
    const Answer cover = world_.post("/v1/publish", "zzz", {{"X-Chaff", "1"}});
    const Answer error = world_.post("/v1/publish", "zzz");
    EXPECT_EQ(error.status(), 400);
    for (const Answer& answer : {cover, error}) {
      EXPECT_TRUE(std::ranges::count(took, answer.http.not_before.count()) == 1);
      EXPECT_FALSE(answer.http.on_send);
    }
    seen.insert(cover.http.not_before.count());
  }
  EXPECT_EQ(seen.size(), took.size());
}

TEST_F(Publish, KeepsNothingOfCoverTraffic) {
  const Key key = uploads_.key();
  UploadParts parts;
  parts.keys = {key};
  const Answer answer = world_.post("/v1/publish", uploads_.body(parts), {{"X-Chaff", "1"}});
  EXPECT_EQ(answer.status(), 200);
  EXPECT_FALSE(world_.stored(key.bytes()));
  EXPECT_EQ(world_.counted(std::string("authority/") + kApp, "uploads"), 0);
}

TEST_F(Publish, CountsUploadsByAuthority) {
  ASSERT_EQ(uploads_.publish({uploads_.key(1), uploads_.key(2)}).status(), 200);
  ASSERT_EQ(uploads_.publish({uploads_.key(1)}).status(), 200);
  ASSERT_EQ(uploads_.publish({uploads_.key(1, 0)}).status(), 400);
  const std::string scope = std::string("authority/") + kApp;
  EXPECT_EQ(world_.counted(scope, "uploads"), 2);
  EXPECT_EQ(world_.counted(scope, "keys"), 3);
  EXPECT_EQ(world_.counted(scope, "uploads_without_onset"), 2);
}

TEST_F(Publish, RefusesStrangeJson) {
  for (const std::string body :
       {"[]", "null", "{\"temporaryExposureKeys\":[NaN]}", "{\"padding\":\"\xff\xfe\"}",
        "{\"padding\":\"a\",\"padding\":\"b\"}", "{\"padding\":\"a\",\"PADDING\":\"b\"}",
        "{\"temporaryExposureKeys\":[[[[[[[[[[]]]]]]]]]]}", "{\"hmacKey\":7}",
        "{\"traveler\":\"yes\"}", "{\"symptomOnsetInterval\":1.5}",
        "{\"symptomOnsetInterval\":99999999999}", "{} {}"}) {
    const Answer answer = world_.post("/v1/publish", body);
    EXPECT_EQ(answer.status(), 400) << body;
    EXPECT_EQ(answer.text("code"), "bad_request") << body;
  }
  EXPECT_EQ(world_.post("/v1/publish", std::string("{}\0{", 4)).status(), 400);
}

// Fails as a full disk would.
class BrokenStore final : public Store {
 public:
  explicit BrokenStore(Store& whole) : whole_(whole) {}
  Status read(const Read& work) override { return whole_.read(work); }
  Status write(const Write& work) override { return whole_.write(work); }
  void write_each(std::span<const Write>, std::span<Status> outcomes) override {
    std::ranges::fill(outcomes, Status(Code::no_space, "the disk is full"));
  }

 private:
  Store& whole_;
};

TEST_F(Publish, SaysWhenToComeBackWhereTheStoreFails) {
  BrokenStore broken(*world_.sqlite);
  world_.open_over(broken);
  const Answer answer = uploads_.publish({uploads_.key()});
  EXPECT_EQ(answer.status(), 503);
  EXPECT_EQ(answer.text("code"), "internal_error");
  EXPECT_EQ(net::find_header(answer.http.headers, "Retry-After"), "30");
  EXPECT_THAT(world_.lines.text, HasSubstr("no_space"));
  world_.open_over(*world_.sqlite);
}

TEST_F(Publish, LogsNoKeyTokenOrAddressInAThousandUploads) {
  std::vector<std::string> secrets{world_.peer};
  for (int i = 0; i < 1000; ++i) {
    UploadParts parts;
    for (int64_t day = 1; day <= 3; ++day) parts.keys.push_back(uploads_.key(day));
    parts.certificate = i % 5 == 4 ? std::optional<std::string>("broken") : std::nullopt;
    const Answer answer = uploads_.publish(parts);
    EXPECT_EQ(answer.status(), i % 5 == 4 ? 401 : 200);
    secrets.push_back(answer.text("revisionToken"));
    for (const Key& key : parts.keys) {
      secrets.push_back(key.text);
      secrets.push_back(to_hex(key.bytes()));
    }
  }
  EXPECT_GE(std::ranges::count(world_.lines.text, '\n'), 1000);
  for (const std::string& secret : secrets) {
    if (!secret.empty()) {
      EXPECT_THAT(world_.lines.text, Not(HasSubstr(secret)));
    }
  }
}

TEST_F(Publish, ShowsStatisticsOfDaysWithEnoughUploadsToWhoMaySeeThem) {
  world_.settings.trusted_issuers.front().may_read_statistics = true;
  const auto ask = [&] {
    const std::string claims = "{\"iss\":\"iss-test\",\"aud\":\"keyserver\",\"exp\":" +
                               std::to_string(uploads_.now_s() + 300) + "}";
    return world_.post("/v1/stats", "{}",
                       {{"Authorization", "Bearer " + uploads_.token({}, claims)}});
  };
  for (int i = 0; i < 10; ++i) ASSERT_EQ(uploads_.publish({uploads_.key()}).status(), 200);
  world_.clock.advance(Day::kLength);
  for (int i = 0; i < 9; ++i) ASSERT_EQ(uploads_.publish({uploads_.key()}).status(), 200);
  EXPECT_TRUE(ask().json.find("days")->items.empty());
  world_.clock.advance(3 * Day::kLength);
  const Answer answer = ask();
  ASSERT_EQ(answer.status(), 200);
  ASSERT_EQ(answer.json.find("days")->items.size(), 1u);
  const authority::Json& day = answer.json.find("days")->items.front();
  EXPECT_EQ(day.find("day")->text, format_day(kToday));
  EXPECT_EQ(day.find("uploads")->integer, 10);
  EXPECT_EQ(day.find("keys")->integer, 10);
  EXPECT_EQ(day.find("keys_revised")->kind, authority::Json::Kind::null) << "too few to show";
}

TEST_F(Publish, TellsWhatBecameOfUploadsButNotOfCoverTraffic) {
  std::map<std::string, int> results;
  world_.api->on_upload([&](const char* result) { ++results[result]; });
  UploadParts parts;
  parts.keys = {uploads_.key()};
  const std::string body = uploads_.body(parts);
  EXPECT_EQ(world_.post("/v1/publish", body, {{"X-Grain", "1"}}).status(), 200);
  EXPECT_EQ(world_.post("/v1/publish", body, {{"X-Grain", "1"}}).status(), 200) << "again";
  EXPECT_EQ(uploads_.publish(parts).status(), 400) << "the same keys with another certificate";
  Key bad = uploads_.key(2);
  bad.text = std::string(20, 'M');
  EXPECT_EQ(uploads_.publish({uploads_.key(1), bad}).status(), 200);
  EXPECT_EQ(world_.post("/v1/publish", body, {{"X-Chaff", "1"}}).status(), 200);
  const std::map<std::string, int> expected{
      {"accepted", 1}, {"repeated", 1}, {"refused", 1}, {"partial", 1}};
  EXPECT_EQ(results, expected);
}

TEST(PublishedLater, NoKeyIsDatedBeforeABatchThatIsDecided) {
  World world;
  world.open();
  Uploads uploads(world);
  world.clock.advance(std::chrono::minutes(41));
  const Key before = uploads.key();
  const Answer first = uploads.publish({before});
  ASSERT_EQ(first.status(), 200);
  // Decided within the hour that keys are dated to the beginning of, as of a short embargo.
  const Instant decided = kNoon + Millis(std::chrono::minutes(30));
  ASSERT_OK(world.sqlite->write([&](authority::Writer& rows) {
    return rows.open_batch("en", {kNoon - Millis(std::chrono::hours(4)), decided}, decided)
        .status();
  }));
  const Key after = uploads.key();
  ASSERT_EQ(uploads.publish({after}).status(), 200);
  EXPECT_EQ(world.stored(before.bytes())->created_at, kNoon);
  EXPECT_EQ(world.stored(after.bytes())->created_at, decided);
  UploadParts negative;
  negative.keys = {before};
  negative.report_type = "negative";
  negative.revision_token = first.text("revisionToken");
  // A confirmed report cannot become negative; a likely one can.
  EXPECT_EQ(uploads.publish(negative).status(), 400);
  UploadParts likely;
  likely.keys = {uploads.key(2)};
  likely.report_type = "likely";
  likely.revision_token = uploads.publish(likely).text("revisionToken");
  likely.report_type = "negative";
  EXPECT_EQ(uploads.publish(likely).status(), 200);
  EXPECT_EQ(world.stored(likely.keys[0].bytes())->revision->at, decided);
}

}  // namespace
}  // namespace nearzone::authority_test
