#include "nearzone/upload.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/crypto.h"
#include "device/phone.h"
#include "upload/answer.h"
#include "upload/record.h"

namespace nearzone {
namespace {

using nlohmann::json;
using std::chrono::hours;
using std::chrono::minutes;

const UploadOptions kOptions{.health_authority = "org.example.app"};

json json_of(const UploadRequest& request) {
  const ByteView bytes = request.body.expose(ForDisclosure{});
  return json::parse(bytes.begin(), bytes.end());
}

std::vector<uint8_t> bytes_of_base64(const std::string& text) {
  std::vector<uint8_t> bytes;
  uint32_t bits = 0;
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < text.size() && text[i] != '='; ++i) {
    bits = bits << 6 | static_cast<uint32_t>(kDigits.find(text[i]));
    if (i % 4 != 0) bytes.push_back(static_cast<uint8_t>(bits >> (6 - 2 * (i % 4))));
  }
  return bytes;
}

class Uploads : public testing::Test {
 protected:
  // A phone that was on the air on so many days, the last of which is today.
  void be_on_air(int days, SchemeTag scheme = SchemeTag::gaen) {
    phone_ = std::make_unique<test::Phone>(7, scheme, Day{18500}.start() + hours(12));
    for (int day = 0; day < days; ++day) {
      if (day > 0) phone_->clock.advance(hours(24));
      phone_->advertisement();
    }
  }

  Disclosure disclosure(int days = 14) { return *phone_->device->disclose(PersonConsents{}, days); }
  Upload begin(int days = 14) { return *Upload::begin(disclosure(days), now(), phone_->random); }

  Instant now() const { return phone_->clock.now(); }

  std::optional<UploadRequest> next(Upload& upload) {
    auto request = upload.next_request(kOptions, now(), phone_->random);
    EXPECT_TRUE(request.ok()) << request.status().text();
    return *std::move(request);
  }

  void answer(Upload& upload, UploadStep step, int32_t status, std::string_view body) {
    upload.answered(step, {status, as_bytes(body)}, now(), phone_->random);
  }

  // Goes as far as to what comes behind a good certificate.
  void certify(Upload& upload) {
    ASSERT_TRUE(upload.enter_code("12345678").ok());
    ASSERT_EQ(next(upload)->step, UploadStep::verify);
    answer(upload, UploadStep::verify, 200,
           R"({"token":"tok.en","testtype":"confirmed","symptomDate":"2020-08-20"})");
    ASSERT_EQ(next(upload)->step, UploadStep::certify);
    answer(upload, UploadStep::certify, 200, R"({"certificate":"cer.tifi.cate"})");
    ASSERT_EQ(upload.status().state, UploadState::certified);
  }

  std::unique_ptr<test::Phone> phone_;
};

TEST_F(Uploads, WholeWayFromCodeToRevisionToken) {
  be_on_air(14);
  Upload upload = begin();
  EXPECT_EQ(upload.status().state, UploadState::code_needed);
  EXPECT_EQ(upload.status().keys, 14u);
  EXPECT_EQ(upload.status().consented_at, now());
  EXPECT_FALSE(next(upload));

  ASSERT_TRUE(upload.enter_code(" 1234 5678 ").ok());
  auto request = next(upload);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->server, UploadServer::verification);
  EXPECT_STREQ(request->path(), "/api/verify");
  EXPECT_STREQ(request->marking_header(), "X-Grain");
  EXPECT_EQ(request->body.size(), request_bytes(UploadStep::verify));
  json body = json_of(*request);
  EXPECT_EQ(body.at("code"), "12345678");
  EXPECT_EQ(body.at("accept"), (json{"confirmed", "likely", "negative", "user-report"}));
  EXPECT_EQ(body.size(), 3u);
  answer(upload, UploadStep::verify, 200,
         R"({"token":"tok.en","testtype":"likely","symptomDate":"2020-08-20","padding":"x"})");
  EXPECT_EQ(upload.status().state, UploadState::verified);
  EXPECT_EQ(upload.status().report_type, ReportType::confirmed_clinical_diagnosis);

  request = next(upload);
  ASSERT_TRUE(request);
  EXPECT_STREQ(request->path(), "/api/certificate");
  body = json_of(*request);
  EXPECT_EQ(body.at("token"), "tok.en");
  const auto hmac = body.at("ekeyhmac").get<std::string>();
  EXPECT_EQ(body.size(), 3u);
  answer(upload, UploadStep::certify, 200, R"({"certificate":"cer.tifi.cate","padding":"x"})");

  request = next(upload);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->server, UploadServer::key_server);
  EXPECT_STREQ(request->path(), "/v1/publish");
  EXPECT_EQ(request->body.size(), request_bytes(UploadStep::publish));
  body = json_of(*request);
  EXPECT_EQ(body.at("healthAuthorityID"), "org.example.app");
  EXPECT_EQ(body.at("verificationPayload"), "cer.tifi.cate");
  EXPECT_EQ(body.at("symptomOnsetInterval"), 18494 * 144);
  EXPECT_FALSE(body.contains("revisionToken"));
  EXPECT_EQ(body.size(), 6u);
  ASSERT_EQ(body.at("temporaryExposureKeys").size(), 14u);

  // The server computes the HMAC over what it received; the certificate must hold the same.
  std::vector<std::string> parts;
  for (const json& key : body.at("temporaryExposureKeys"))
    parts.push_back(key.at("key").get<std::string>() + '.' +
                    std::to_string(key.at("rollingStartNumber").get<int>()) + '.' +
                    std::to_string(key.at("rollingPeriod").get<int>()) + ".0");
  std::sort(parts.begin(), parts.end());
  std::string message;
  for (const std::string& part : parts) message += (message.empty() ? "" : ",") + part;
  EXPECT_EQ(to_base64(hmac_sha256(bytes_of_base64(body.at("hmacKey").get<std::string>()),
                                  as_bytes(message))),
            hmac);

  answer(upload, UploadStep::publish, 200,
         R"({"revisionToken":"cmV2aXNpb24=","insertedExposures":13,"code":"partial_failure"})");
  EXPECT_EQ(upload.status().state, UploadState::accepted);
  EXPECT_EQ(upload.status().problem, UploadProblem::none);
  EXPECT_EQ(upload.status().keys_inserted, 13u);
  EXPECT_TRUE(upload.status().partly_refused);
  EXPECT_FALSE(next(upload));
}

TEST_F(Uploads, ARevisionSendsTheSameKeysWithTheTokenOfTheFirstAnswer) {
  be_on_air(3);
  Upload upload = begin();
  certify(upload);
  const json first = json_of(*next(upload));
  answer(upload, UploadStep::publish, 200, R"({"revisionToken":"dG9rZW4=","insertedExposures":3})");
  certify(upload);
  const json second = json_of(*next(upload));
  EXPECT_EQ(second.at("revisionToken"), "dG9rZW4=");
  EXPECT_EQ(second.at("temporaryExposureKeys"), first.at("temporaryExposureKeys"));
}

TEST_F(Uploads, AddsWhatIsDisclosedLaterAndNeedsANewCode) {
  be_on_air(3);
  Upload upload = begin();
  certify(upload);
  const json first = json_of(*next(upload));
  answer(upload, UploadStep::publish, 200, R"({"revisionToken":"dG9rZW4=","insertedExposures":3})");
  phone_->clock.advance(hours(24));
  phone_->advertisement();
  ASSERT_TRUE(upload.add(disclosure(), now(), phone_->random).ok());
  EXPECT_EQ(upload.status().state, UploadState::code_needed);
  EXPECT_EQ(upload.status().keys, 5u);  // the rest of the day of the disclosure, and today
  certify(upload);
  const json keys = json_of(*next(upload)).at("temporaryExposureKeys");
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(keys[i], first.at("temporaryExposureKeys")[i]);
}

TEST_F(Uploads, BluezoneKeysGoInOneRequest) {
  be_on_air(20, SchemeTag::bluezone);
  Upload upload = begin(14);
  ASSERT_TRUE(upload.enter_code("482913").ok());
  const auto request = next(upload);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->step, UploadStep::report_bluezone);
  EXPECT_EQ(request->server, UploadServer::key_server);
  EXPECT_STREQ(request->path(), "/v1/bluezone/report");
  EXPECT_EQ(request->body.size(), request_bytes(UploadStep::report_bluezone));
  const json body = json_of(*request);
  EXPECT_EQ(body.at("version"), 1);
  EXPECT_EQ(body.at("otp"), "482913");
  // One a day, and no key older than the first disclosed day.
  ASSERT_EQ(body.at("data").size(), 14u);
  for (int day = 0; day < 14; ++day) {
    const json& key = body.at("data")[static_cast<size_t>(day)];
    const Day of = Day::of(now()) + (day - 13);
    EXPECT_EQ(key.at("daily_key").get<std::string>().size(), 64u);
    EXPECT_EQ(key.at("time_start"), of.start().ms / 1000);
    EXPECT_EQ(key.at("time_end"), (day < 13 ? (of + 1).start().ms : now().ms + 1000) / 1000);
    EXPECT_EQ(key.at("max"), 96);
    EXPECT_EQ(key.size(), 4u);
  }
  answer(upload, UploadStep::report_bluezone, 200, R"({"insertedExposures":14,"padding":"x"})");
  EXPECT_EQ(upload.status().state, UploadState::accepted);
  // Nobody can state them anew: they are gone from the phone, and later ones go alone.
  EXPECT_EQ(upload.status().keys, 0u);
  ASSERT_TRUE(upload.enter_code("482913").ok());
  EXPECT_FALSE(next(upload));
  EXPECT_EQ(upload.status().problem, UploadProblem::keys_refused);
  phone_->clock.advance(hours(24));
  phone_->advertisement();
  ASSERT_TRUE(upload.add(disclosure(), now(), phone_->random).ok());
  ASSERT_TRUE(upload.enter_code("482913").ok());
  EXPECT_EQ(json_of(*next(upload)).at("data").size(), 2u);
}

TEST_F(Uploads, ABadCodeGoesBackToThePerson) {
  be_on_air(2);
  Upload upload = begin();
  ASSERT_TRUE(upload.enter_code("00000000").ok());
  answer(upload, UploadStep::verify, 400, R"({"error":"e","errorCode":"code_invalid"})");
  EXPECT_EQ(upload.status().state, UploadState::code_needed);
  EXPECT_EQ(upload.status().problem, UploadProblem::code_refused);
  EXPECT_FALSE(next(upload));
  ASSERT_TRUE(upload.enter_code("12345678").ok());
  EXPECT_EQ(upload.status().problem, UploadProblem::none);
  EXPECT_TRUE(next(upload));
}

TEST_F(Uploads, RefusesCodesThatCannotBe) {
  be_on_air(1);
  Upload upload = begin();
  const std::vector<std::string> refused = {
      "", "123", "12\"45678", "1234\n", "12345\\", "caf\xc3\xa9s", std::string(65, '1')};
  for (const std::string& bad : refused) {
    const Status status = upload.enter_code(bad);
    EXPECT_EQ(status.code(), Code::invalid_argument) << bad;
    EXPECT_STREQ(status.field(), "code");
  }
  EXPECT_EQ(upload.status().state, UploadState::code_needed);
}

TEST_F(Uploads, WaitsLongerAfterEveryFailureAndStartsAnewAfterSuccess) {
  be_on_air(1);
  Upload upload = begin();
  ASSERT_TRUE(upload.enter_code("12345678").ok());
  Millis least(7500);
  for (int failure = 0; failure < 12; ++failure) {
    ASSERT_TRUE(next(upload)) << failure;
    answer(upload, UploadStep::verify, failure % 2 == 0 ? 503 : 0, "<html>");
    EXPECT_EQ(upload.status().problem,
              failure % 2 == 0 ? UploadProblem::server_failed : UploadProblem::unreachable);
    const Millis wait = upload.wake_at() - now();
    EXPECT_GE(wait, least);
    EXPECT_LE(wait, least * 2);
    EXPECT_FALSE(next(upload));
    phone_->clock.advance(wait);
    least = std::min(least * 2, Millis(minutes(30)));
  }
  answer(upload, UploadStep::verify, 200, R"({"token":"t"})");
  answer(upload, UploadStep::certify, 502, "");
  EXPECT_LE(upload.wake_at() - now(), std::chrono::seconds(15));
}

TEST_F(Uploads, WaitsAsLongAsTheServerAsksButNotForEver) {
  be_on_air(1);
  Upload upload = begin();
  ASSERT_TRUE(upload.enter_code("12345678").ok());
  upload.answered(UploadStep::verify, {429, {}, minutes(17)}, now(), phone_->random);
  EXPECT_EQ(upload.status().problem, UploadProblem::busy);
  EXPECT_EQ(upload.wake_at() - now(), minutes(17));
  upload.answered(UploadStep::verify, {429, {}, hours(24 * 365)}, now(), phone_->random);
  EXPECT_EQ(upload.wake_at() - now(), hours(24));
  // Nor where the clock was set back meanwhile.
  phone_->clock.set(now() - hours(1000));
  EXPECT_TRUE(next(upload));
}

TEST_F(Uploads, HostileAnswersAreAProblemToTryAgain) {
  be_on_air(1);
  Upload upload = begin();
  ASSERT_TRUE(upload.enter_code("12345678").ok());
  const std::string huge(kMostAnswerBytes + 1, ' ');
  for (const std::string_view body :
       {std::string_view("not json"), std::string_view("{}"), std::string_view(R"({"token":""})"),
        std::string_view(R"({"token":"a","symptomDate":"2020-02-31"})"),
        std::string_view(R"({"token":"a\"b"})"), std::string_view(huge)}) {
    answer(upload, UploadStep::verify, 200, body);
    EXPECT_EQ(upload.status().problem, UploadProblem::answer_malformed);
    EXPECT_EQ(upload.status().state, UploadState::code_entered);
  }
}

TEST_F(Uploads, AnswersToAnotherStepChangeNothing) {
  be_on_air(1);
  Upload upload = begin();
  const auto before = upload.status();
  for (const UploadStep step :
       {UploadStep::verify, UploadStep::certify, UploadStep::publish, UploadStep::report_bluezone})
    answer(upload, step, 200, R"({"token":"t","certificate":"c","revisionToken":"r"})");
  EXPECT_EQ(upload.status(), before);
  ASSERT_TRUE(upload.enter_code("12345678").ok());
  answer(upload, UploadStep::publish, 200, R"({"revisionToken":"r"})");
  EXPECT_EQ(upload.status().state, UploadState::code_entered);
}

TEST_F(Uploads, KeysThatBecameTooOldAreLeftOutOfTheCertificate) {
  be_on_air(3);
  Upload upload = begin();
  ASSERT_TRUE(upload.enter_code("12345678").ok());
  answer(upload, UploadStep::verify, 200, R"({"token":"t"})");
  phone_->clock.advance(hours(24 * 14));
  ASSERT_TRUE(next(upload));
  EXPECT_EQ(upload.status().keys, 2u);
  answer(upload, UploadStep::certify, 200, R"({"certificate":"c"})");
  EXPECT_EQ(json_of(*next(upload)).at("temporaryExposureKeys").size(), 2u);

  answer(upload, UploadStep::publish, 401,
         R"({"code":"health_authority_verification_certificate_invalid"})");
  EXPECT_EQ(upload.status().problem, UploadProblem::certificate_refused);
  ASSERT_TRUE(upload.enter_code("12345678").ok());
  answer(upload, UploadStep::verify, 200, R"({"token":"t"})");
  phone_->clock.advance(hours(24 * 14));
  EXPECT_FALSE(next(upload));
  EXPECT_EQ(upload.status().keys, 0u);
  EXPECT_EQ(upload.status().problem, UploadProblem::keys_refused);
  EXPECT_EQ(upload.status().state, UploadState::code_needed);
}

// The longest that a server can make a request fits its body.
TEST_F(Uploads, TheLargestRequestFits) {
  be_on_air(14);
  Upload upload = begin();
  for (int i = 0; i < 20; ++i) {
    phone_->clock.advance(minutes(20));
    phone_->advertisement();
    ASSERT_TRUE(upload.add(disclosure(), now(), phone_->random).ok());
  }
  EXPECT_EQ(upload.status().keys, 30u);
  const auto say = [](const char* member, size_t length) {
    return R"({"symptomDate":"2020-08-20",")" + std::string(member) + "\":\"" +
           std::string(length, 'x') + "\"}";
  };
  const UploadOptions options{.health_authority = std::string(255, 'a')};
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(upload.enter_code(std::string(64, '1')).ok());
    answer(upload, UploadStep::verify, 200, say("token", upload::kMostToken));
    ASSERT_TRUE(upload.next_request(options, now(), phone_->random).ok());
    answer(upload, UploadStep::certify, 200, say("certificate", upload::kMostCertificate));
    const auto request = upload.next_request(options, now(), phone_->random);
    ASSERT_TRUE(request.ok()) << request.status().text();
    EXPECT_EQ(json_of(**request).at("temporaryExposureKeys").size(), 30u);
    answer(upload, UploadStep::publish, 200, say("revisionToken", upload::kMostRevisionToken));
    ASSERT_EQ(upload.status().state, UploadState::accepted);
  }
}

// For whoever watches the wire, the steps of a real upload and of cover traffic are the same.
TEST_F(Uploads, CoverTrafficHasTheSizesOfTheRealThing) {
  for (const SchemeTag scheme : {SchemeTag::gaen, SchemeTag::bluezone}) {
    be_on_air(9, scheme);
    Chaff chaff = Chaff::begin(now(), kOptions.chaff_gap, phone_->random);
    Upload upload = begin();
    ASSERT_TRUE(upload.enter_code("12345678").ok());
    while (const auto real = next(upload)) {
      const auto fake =
          chaff.next_request(scheme, kOptions.chaff_gap, chaff.wake_at(), phone_->random);
      ASSERT_TRUE(fake);
      EXPECT_STREQ(fake->path(), real->path());
      EXPECT_EQ(fake->server, real->server);
      EXPECT_EQ(fake->body.size(), real->body.size());
      EXPECT_EQ(std::string(fake->marking_header()).size(),
                std::string(real->marking_header()).size());
      answer(upload, real->step, 200, R"({"token":"t","certificate":"c"})");
      chaff.answered(scheme, 200, kOptions.chaff_gap, chaff.wake_at(), phone_->random);
    }
    EXPECT_EQ(upload.status().state, UploadState::accepted);
    EXPECT_GT(chaff.wake_at(), now());
  }
}

TEST_F(Uploads, OptionsAreChecked) {
  be_on_air(1);
  Upload upload = begin();
  const auto field_of = [&](const UploadOptions& options) {
    const auto request = upload.next_request(options, now(), phone_->random);
    return request.ok() ? std::string() : std::string(request.status().field());
  };
  EXPECT_EQ(field_of({.health_authority = ""}), "health_authority");
  EXPECT_EQ(field_of({.health_authority = "a\"b"}), "health_authority");
  EXPECT_EQ(field_of({.health_authority = std::string(256, 'a')}), "health_authority");
  EXPECT_EQ(field_of({.health_authority = "a", .chaff_gap = minutes(59)}), "chaff_gap");
  EXPECT_EQ(field_of({.health_authority = "a", .chaff_gap = hours(24 * 30 + 1)}), "chaff_gap");
  EXPECT_EQ(field_of({.health_authority = "a", .chaff_gap = Millis(0)}), "");
}

TEST_F(Uploads, KeysOfAnotherSchemeAreNotMixedIn) {
  be_on_air(1);
  Upload upload = begin();
  be_on_air(1, SchemeTag::bluezone);
  EXPECT_EQ(upload.add(disclosure(), now(), phone_->random).code(), Code::invalid_argument);
}

TEST_F(Uploads, ADisclosureIsUsedUp) {
  be_on_air(1);
  Disclosure keys = disclosure();
  ASSERT_TRUE(Upload::begin(std::move(keys), now(), phone_->random).ok());
  EXPECT_EQ(keys.take_keys().status().code(), Code::closed);  // NOLINT(bugprone-use-after-move)
}

TEST_F(Uploads, WithoutKeysThereIsNothingToUpload) {
  be_on_air(0);
  const auto upload = Upload::begin(disclosure(), now(), phone_->random);
  EXPECT_EQ(upload.status().code(), Code::invalid_argument);
  EXPECT_STREQ(upload.status().field(), "disclosure");
}

TEST_F(Uploads, EveryStateComesBackFromWhatIsSaved) {
  be_on_air(2);
  Upload upload = begin();
  const auto check = [&] {
    const SecretBytes saved = upload.save();
    const auto record = upload::decode(saved.expose(ForSealing{}));
    ASSERT_TRUE(record.ok()) << record.status().text();
    EXPECT_EQ(record->status, upload.status());
    EXPECT_TRUE(equal_in_constant_time(upload::encode(*record).expose(ForSealing{}),
                                       saved.expose(ForSealing{})));
  };
  check();
  ASSERT_TRUE(upload.enter_code("12345678").ok());
  check();
  answer(upload, UploadStep::verify, 503, "");
  check();
  answer(upload, UploadStep::verify, 200, R"({"token":"t","symptomDate":"2020-08-20"})");
  check();
  answer(upload, UploadStep::certify, 200, R"({"certificate":"c"})");
  check();
  answer(upload, UploadStep::publish, 200, R"({"revisionToken":"r","insertedExposures":2})");
  check();
}

}  // namespace
}  // namespace nearzone
