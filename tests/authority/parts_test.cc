// The small parts alone: texts, tokens, budgets.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "authority/base64.h"
#include "authority/budget.h"
#include "authority/codes.h"
#include "authority/json.h"
#include "authority/jwt.h"
#include "authority/key_ring.h"
#include "authority/private_file.h"
#include "authority/sms.h"
#include "authority/sqlite_store.h"
#include "authority/support.h"

namespace nearzone::authority {
namespace {

using authority_test::hash_of;
using authority_test::kNoon;
using authority_test::TemporaryFolder;

TEST(Base64, ReadsWhatItWrites) {
  SeededRandom random(1);
  for (size_t size = 0; size < 70; ++size) {
    std::vector<uint8_t> bytes(size);
    random.fill(bytes);
    EXPECT_EQ(from_base64(base64(bytes)), bytes);
    EXPECT_EQ(from_base64url(base64url(bytes)), bytes);
  }
  EXPECT_EQ(base64(as_bytes("any carnal pleas")),
            "YW55IGNhcm5hbCBwbGVhcw==");  // RFC 4648's alphabet
  EXPECT_EQ(from_base64("YW55IGNhcm5hbCBwbGVhcw"), from_base64("YW55IGNhcm5hbCBwbGVhcw=="));
}

TEST(Base64, RefusesWhatItWouldNotWrite) {
  for (const char* bad :
       {"A", "AAAAA", "AA=A", "A===", "AAAA=", "AA\n=", "A-AA", "AB==", "AAB=", "===="})
    EXPECT_FALSE(from_base64(bad)) << bad;
  EXPECT_FALSE(from_base64url("A+AA"));
}

TEST(Json, ReadsATreeWithinLimits) {
  const Result<Json> json = Json::parse(R"( {"a":[1,-2,true,null,"\u00e9",1.5],"b":{"c":""}} )");
  ASSERT_OK(json.status());
  const Json& list = *json->find("a");
  ASSERT_EQ(list.items.size(), 6u);
  EXPECT_EQ(list.items[1].integer, -2);
  EXPECT_TRUE(list.items[2].boolean);
  EXPECT_EQ(list.items[4].text, "\xc3\xa9");
  EXPECT_EQ(list.items[5].kind, Json::Kind::real);
  EXPECT_TRUE(json->find("b")->find("c")->is_text());
  EXPECT_EQ(json->find("d"), nullptr);
  EXPECT_TRUE(Json::parse(std::string(8, '[') + std::string(8, ']')).ok());
  EXPECT_FALSE(Json::parse(std::string(9, '[') + std::string(9, ']')).ok());
  std::string many = "[0";
  for (int i = 0; i < 5000; ++i) many += ",0";
  EXPECT_CODE(Json::parse(many + "]").status(), Code::corrupt);
  EXPECT_EQ(Json::parse("{\"a\":}").status().offset(), 5);
}

TEST(Json, WritesTextsThatReadBack) {
  const std::string text = "a\"\\\n\x01/\xc3\xa9";
  const Result<Json> json = Json::parse("[" + json_text(text) + "]");
  ASSERT_OK(json.status());
  EXPECT_EQ(json->items[0].text, text);
}

TEST(Jwt, IsVerifiedByTheKeyThatMadeIt) {
  const EcPrivateKey key = *EcPrivateKey::generate();
  const EcPrivateKey other = *EcPrivateKey::generate();
  const std::string text = *make_jwt("7", R"({"iss":"x","aud":["a","b"],"exp":1000})", key);
  const Result<Jwt> token = Jwt::parse(text);
  ASSERT_OK(token.status());
  EXPECT_EQ(token->key_id, "7");
  EXPECT_TRUE(token->is_signed_by(key.public_key()));
  EXPECT_FALSE(token->is_signed_by(other.public_key()));
  EXPECT_TRUE(token->is_signed_by(*EcPublicKey::from_pem(*key.public_pem())));
  EXPECT_EQ(token->text("iss"), "x");
  EXPECT_TRUE(token->is_for("b"));
  EXPECT_FALSE(token->is_for("c"));
  std::string altered = text;
  altered[text.size() / 2] = altered[text.size() / 2] == 'A' ? 'B' : 'A';
  const Result<Jwt> changed = Jwt::parse(altered);
  EXPECT_TRUE(!changed.ok() || !changed->is_signed_by(key.public_key()));
}

TEST(Jwt, IsValidFromItsBeginningToItsEndWithLeeway) {
  const EcPrivateKey key = *EcPrivateKey::generate();
  const auto is_valid = [&](const std::string& claims, int64_t now_ms) {
    return Jwt::parse(*make_jwt("1", claims, key))->is_valid_at(Instant{now_ms}, Millis(5000));
  };
  EXPECT_TRUE(is_valid(R"({"exp":100})", 104'999));
  EXPECT_FALSE(is_valid(R"({"exp":100})", 105'000));
  EXPECT_TRUE(is_valid(R"({"exp":200,"nbf":100})", 95'000));
  EXPECT_FALSE(is_valid(R"({"exp":200,"nbf":100})", 94'999));
  EXPECT_FALSE(is_valid(R"({"exp":200,"iat":100})", 94'999));
  EXPECT_FALSE(is_valid(R"({"nbf":1})", 2000));
  EXPECT_FALSE(is_valid(R"({"exp":"200"})", 2000));
  EXPECT_FALSE(is_valid(R"({"exp":200.5})", 2000));
  EXPECT_TRUE(is_valid(R"({"exp":9223372036854775807})", 2000));
}

TEST(Jwt, RefusesOtherAlgorithmsAndForms) {
  const auto part = [](const char* json) { return base64url(as_bytes(json)); };
  const std::string claims = part("{}");
  const std::string signature = base64url(std::vector<uint8_t>(64));
  EXPECT_TRUE(Jwt::parse(part(R"({"alg":"ES256"})") + "." + claims + "." + signature).ok());
  for (const char* header : {R"({"alg":"none"})", R"({"alg":"HS256"})", R"({})", "[]", "x",
                             R"({"alg":"ES256","crit":["exp"]})", R"({"alg":7})"})
    EXPECT_FALSE(Jwt::parse(part(header) + "." + claims + "." + signature).ok()) << header;
  for (const std::string text : {"", ".", "..", "a.b", "a.b.c.d"})
    EXPECT_FALSE(Jwt::parse(text).ok());
  EXPECT_FALSE(Jwt::parse(std::string(9000, 'A') + ".AAAA.AAAA").ok());
  const EcPrivateKey key = *EcPrivateKey::generate();
  for (const size_t size : {size_t{0}, size_t{63}, size_t{64}, size_t{65}})
    EXPECT_FALSE(key.public_key().verify(as_bytes("x"), std::vector<uint8_t>(size)));
}

TEST(Codes, AreDrawnEvenlyAndLookLikeCodes) {
  SeededRandom random(1);
  std::array<int, 10> digits{};
  for (int i = 0; i < 2000; ++i)
    for (const char c : draw_short_code(8, random)) ++digits.at(static_cast<size_t>(c - '0'));
  for (const int count : digits) EXPECT_NEAR(count, 1600, 200);
  std::set<std::string> codes;
  for (int i = 0; i < 1000; ++i) {
    const std::string code = draw_long_code(16, random);
    EXPECT_EQ(code.find_first_of("ILOUilou"), code.npos);
    codes.insert(code);
  }
  EXPECT_EQ(codes.size(), 1000u);
  EXPECT_TRUE(is_uuid(draw_uuid(random)));
  EXPECT_FALSE(is_uuid("11111111-2222-4333-8444-55555555555"));
  EXPECT_FALSE(is_uuid("11111111-2222-4333-8444-55555555555g"));
  EXPECT_EQ(draw_api_key(random).size(), 43u);
  EXPECT_EQ(tidy_code(" ab-12 c "), "AB12C");
}

TEST(Codes, AreHashedForTheirRealmOnly) {
  const Hash key = hash_of(1);
  EXPECT_EQ(hash_code(key, "hanoi", "1"), hash_code(key, "hanoi", "1"));
  EXPECT_NE(hash_code(key, "hanoi", "1"), hash_code(key, "hue", "1"));
  EXPECT_NE(hash_code(key, "a", "b1"), hash_code(key, "ab", "1"));
}

TEST(Budget, CountsByPrefix) {
  EXPECT_EQ(address_prefix("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(address_prefix("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(address_prefix("2001:db8:1:2::1"), address_prefix("2001:db8:1:2:3:4:5:6"));
  EXPECT_NE(address_prefix("2001:db8:1:2::1"), address_prefix("2001:db8:1:3::1"));
}

TEST(Budget, BelievesForwardedAddressesOnlyOfConfiguredProxies) {
  const std::vector<std::string> proxies{"10.0.0.1", "10.0.0.2"};
  EXPECT_EQ(client_of("192.0.2.9", "1.2.3.4", proxies), "192.0.2.9");
  EXPECT_EQ(client_of("10.0.0.1", "1.2.3.4", proxies), "1.2.3.4");
  EXPECT_EQ(client_of("10.0.0.1", "9.9.9.9, 1.2.3.4 , 10.0.0.2", proxies), "1.2.3.4");
  EXPECT_EQ(client_of("10.0.0.1", "", proxies), "10.0.0.1");
  EXPECT_EQ(client_of("10.0.0.1", "1.2.3.4", {}), "10.0.0.1");
  // A port is no part of who calls.
  EXPECT_EQ(client_of("10.0.0.1", "1.2.3.4:5678", proxies), "1.2.3.4");
  EXPECT_EQ(client_of("10.0.0.1", "[2001:db8::1]:5678", proxies), "2001:db8::1");
  EXPECT_EQ(client_of("10.0.0.1", "2001:db8::1", proxies), "2001:db8::1");
  EXPECT_EQ(client_of("10.0.0.1", "9.9.9.9, 1.2.3.4:1, 10.0.0.2:2", proxies), "1.2.3.4");
  for (const char* strange : {":", "[", "[]", ",", ", ,", "unknown", "::::::::", "1.2.3.4:"})
    EXPECT_NE(client_of("10.0.0.1", strange, proxies), "1.2.3.5") << strange;
}

TEST(Budget, KnowsRangesOfProxies) {
  const auto holds = [](const char* range, const char* address) {
    return AddressRange::parse(range)->holds(address);
  };
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(holds("192.0.2.64/26", "192.0.2.127"));
  EXPECT_FALSE(holds("192.0.2.64/26", "192.0.2.128"));
  EXPECT_TRUE(holds("192.0.2.1", "::ffff:192.0.2.1"));
  EXPECT_FALSE(holds("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(holds("2001:db8::/32", "2001:db8:ffff::1"));
  EXPECT_FALSE(holds("2001:db8::/32", "2001:db9::1"));
  EXPECT_TRUE(holds("0.0.0.0/0", "192.0.2.1"));
  EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(holds("::/0", "192.0.2.1"));
  EXPECT_TRUE(holds("2001:DB8:0::1", "2001:db8::1"));
  EXPECT_FALSE(holds("::/0", "nobody"));
  for (const char* bad : {"", "localhost", "10.0.0/8", "10.0.0.0/33", "10.0.0.0/", "::/129",
                          "10.0.0.0/x", "10.0.0.0/-1", "10.0.0.0/8/8"})
    EXPECT_FALSE(AddressRange::parse(bad)) << bad;
  EXPECT_EQ(client_of("10.2.3.4", "1.2.3.4, 10.9.9.9", {"10.0.0.0/8"}), "1.2.3.4");
}

TEST(Budget, BlocksUntilTheHourIsOver) {
  SeededRandom random(1);
  Budget budget(2, random);
  EXPECT_FALSE(budget.charge("a", kNoon));
  EXPECT_FALSE(budget.charge("a", kNoon + Millis(1000)));
  EXPECT_EQ(budget.charge("a", kNoon + Millis(2000)), Budget::kWindow - Millis(2000));
  EXPECT_FALSE(budget.charge("b", kNoon));
  EXPECT_FALSE(budget.charge("a", kNoon + Budget::kWindow));
}

TEST(Budget, TakesBackWhatWasNoFailureWithinItsWindowOnly) {
  SeededRandom random(1);
  Budget budget(2, random);
  const Instant later = kNoon + Budget::kWindow;
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(budget.charge("a", kNoon));
    budget.refund("a", kNoon);
  }
  EXPECT_FALSE(budget.charge("a", kNoon));
  EXPECT_FALSE(budget.charge("a", kNoon));
  EXPECT_TRUE(budget.charge("a", kNoon));
  budget.refund("a", kNoon);
  EXPECT_FALSE(budget.charge("a", kNoon));
  EXPECT_FALSE(budget.charge("a", later));
  EXPECT_FALSE(budget.charge("a", later));
  budget.refund("a", kNoon);
  EXPECT_TRUE(budget.charge("a", later));
}

TEST(KeyRing, RotatesAndOpensOnlyWithItsRoot) {
  const TemporaryFolder folder;
  auto store = SqliteStore::open(folder.file("a.db"), {.is_durable = false});
  ASSERT_OK(store.status());
  SeededRandom random(1);
  const auto hour = std::chrono::hours(1);
  uint64_t first = 0;
  {
    KeyRing ring(**store, Secret<32>(hash_of(1)), random);
    first = (*ring.current(KeyPurpose::code_hash, hour, kNoon, make_secret_key))->id;
    EXPECT_EQ(
        (*ring.current(KeyPurpose::code_hash, hour, kNoon + hour - Millis(1), make_secret_key))->id,
        first);
    EXPECT_NE((*ring.current(KeyPurpose::code_hash, hour, kNoon + hour, make_secret_key))->id,
              first);
    EXPECT_EQ(ring.all(KeyPurpose::code_hash)->size(), 2u);
  }
  KeyRing again(**store, Secret<32>(hash_of(1)), random);
  EXPECT_NE(*again.find(KeyPurpose::code_hash, first), nullptr);
  EXPECT_EQ(*again.find(KeyPurpose::code_hash, 999), nullptr);
  KeyRing wrong(**store, Secret<32>(hash_of(2)), random);
  EXPECT_CODE(wrong.all(KeyPurpose::code_hash).status(), Code::wrong_key);
}

// Counts how often it is read.
class CountedStore final : public Store {
 public:
  explicit CountedStore(Store& store) : store_(store) {}
  Status read(const Read& work) override {
    ++reads;
    return store_.read(work);
  }
  Status write(const Write& work) override { return store_.write(work); }
  void write_each(std::span<const Write> works, std::span<Status> outcomes) override {
    store_.write_each(works, outcomes);
  }
  int reads = 0;

 private:
  Store& store_;
};

TEST(KeyRing, IsNotReadAnewForEveryIdThatSomebodyMakesUp) {
  const TemporaryFolder folder;
  auto sqlite = SqliteStore::open(folder.file("a.db"), {.is_durable = false});
  ASSERT_OK(sqlite.status());
  CountedStore store(**sqlite);
  SeededRandom random(1);
  const auto hour = std::chrono::hours(1);
  KeyRing ring(store, Secret<32>(hash_of(1)), random);
  KeyRing other(**sqlite, Secret<32>(hash_of(1)), random);
  ASSERT_OK(ring.current(KeyPurpose::certificate, hour, kNoon, make_secret_key).status());
  store.reads = 0;
  for (uint64_t id = 100; id < 1100; ++id)
    EXPECT_EQ(*ring.find(KeyPurpose::certificate, id), nullptr);
  EXPECT_LE(store.reads, 3);
  const uint64_t made =
      (*other.current(KeyPurpose::certificate, hour, kNoon + hour, make_secret_key))->id;
  std::this_thread::sleep_for(KeyRing::kLeastGap);
  EXPECT_NE(*ring.find(KeyPurpose::certificate, made), nullptr);
}

class SmsProgram : public testing::Test {
 protected:
  // Messages to a program that needs a while for each and then keeps it.
  void send(int messages, const std::string& seconds) {
    for (int i = 0; i < messages; ++i)
      EXPECT_TRUE(sender_->send(
          {"/bin/sh", "-c", "sleep " + seconds + "; cat >> " + file_ + "; echo >> " + file_},
          "+8491234567" + std::to_string(i), "code"));
  }
  authority_test::TemporaryFolder folder_;
  const std::string file_ = folder_.file("sent");
  ManualClock clock_{kNoon};
  std::string lines_;
  Log log_{LogLevel::info, clock_,
           [](const std::string& line, void* lines) { *static_cast<std::string*>(lines) += line; },
           &lines_};
  std::unique_ptr<SmsSender> sender_ = std::make_unique<SmsSender>(log_);
};

TEST_F(SmsProgram, SendsWhatWasTakenBeforeItStops) {
  send(4, "0.1");
  sender_->stop(std::chrono::seconds(10));
  const std::string sent = authority_test::read_text(file_);
  EXPECT_EQ(std::ranges::count(sent, '\n'), 8) << sent;
  EXPECT_EQ(lines_, "");
  EXPECT_FALSE(sender_->send({"/bin/true"}, "+84912345670", "code"));
}

TEST_F(SmsProgram, SaysHowManyMessagesThereWasNoTimeFor) {
  send(4, "5");
  const auto begun = std::chrono::steady_clock::now();
  sender_->stop(Millis(300));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(4));
  EXPECT_THAT(lines_, testing::HasSubstr("sms.dropped"));
  EXPECT_THAT(lines_, testing::HasSubstr("\"messages\":3"));
  EXPECT_THAT(lines_, testing::Not(testing::HasSubstr("8491234567")));
}

TEST_F(SmsProgram, RunsItsProgramAsAnyOtherAndHearsNothingOfWhatItSays) {
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto pipes_before = ::signal(SIGPIPE, SIG_IGN);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const Status ran = run_program(
      {"/bin/sh", "-c",
       "cat; cat >&2 /proc/self/status; grep -E '^Sig(Blk|Ign)' /proc/self/status > " + file_},
      "+84912345678\ncode", std::chrono::seconds(10));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ::signal(SIGPIPE, pipes_before);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ASSERT_OK(ran);
  const std::string signals = authority_test::read_text(file_);
  for (const char* name : {"SigBlk:", "SigIgn:"}) {
    const size_t at = signals.find(name);
    ASSERT_NE(at, signals.npos) << signals;
    // From the 32nd on they are the C library's own.
    EXPECT_EQ(std::stoull(signals.substr(at + 7), nullptr, 16) & 0x7fffffff, 0u) << signals;
  }
}

TEST(PrivateFile, IsRefusedWhereOthersMayReadIt) {
  const TemporaryFolder folder;
  const std::string path = folder.file("secret");
  ASSERT_OK(make_private_file(path, as_bytes("abc")));
  EXPECT_CODE(make_private_file(path, as_bytes("abc")), Code::in_use);
  EXPECT_EQ(read_private_file(path, 10)->size(), 3u);
  EXPECT_CODE(read_private_file(path, 2).status(), Code::limit_exceeded);
  std::filesystem::permissions(path, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  const Status refused = read_private_file(path, 10).status();
  EXPECT_CODE(refused, Code::invalid_argument);
  EXPECT_STREQ(refused.field(), "mode");
  EXPECT_CODE(read_private_file(folder.file("none"), 10).status(), Code::not_found);
}

TEST(Sms, EndsProgramsThatHangAndTellsOfThoseThatFail) {
  ASSERT_OK(run_program({"/bin/cat"}, "text", std::chrono::seconds(10)));
  EXPECT_CODE(run_program({"/bin/false"}, "", std::chrono::seconds(10)), Code::io);
  EXPECT_CODE(run_program({"/no/such/program"}, "", std::chrono::seconds(10)), Code::not_found);
  EXPECT_CODE(run_program({"/bin/sleep", "60"}, "", Millis(50)), Code::cancelled);
  EXPECT_TRUE(is_phone_number("+84912345678"));
  for (const char* bad : {"", "84912345678", "+8491", "+8491234567890123", "+849123a5678"})
    EXPECT_FALSE(is_phone_number(bad));
}

}  // namespace
}  // namespace nearzone::authority
