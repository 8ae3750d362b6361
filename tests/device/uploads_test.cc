#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "device/latest_state.h"
#include "device/own_keys.h"
#include "device/phone.h"
#include "device/stored_upload.h"

namespace nearzone {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::Phone;

const UploadOptions kNoChaff{.health_authority = "org.example.app", .chaff_gap = Millis(0)};
const UploadOptions kWithChaff{.health_authority = "org.example.app", .chaff_gap = hours(48)};

nlohmann::json json_of(const UploadRequest& request) {
  const ByteView bytes = request.body.expose(ForDisclosure{});
  return nlohmann::json::parse(bytes.begin(), bytes.end());
}

std::optional<UploadRequest> next(Phone& phone, const UploadOptions& options = kNoChaff) {
  auto request = phone.device->upload_request(options);
  EXPECT_TRUE(request.ok()) << request.status().text();
  return request.ok() ? *std::move(request) : std::optional<UploadRequest>();
}

void answer(Phone& phone, const UploadRequest& request, int32_t status, std::string_view body,
            const UploadOptions& options = kNoChaff) {
  EXPECT_TRUE(phone.device->upload_answered(request, {status, as_bytes(body)}, options).ok());
}

// What a server that likes everything says.
constexpr std::string_view kYes =
    R"({"token":"t","testtype":"confirmed","certificate":"c","revisionToken":"r","insertedExposures":1})";

UploadStatus status_of(Phone& phone) {
  const auto status = phone.device->upload_status();
  EXPECT_TRUE(status.ok()) << status.status().text();
  return status.ok() ? *status : UploadStatus();
}

// Sends all there is to send, and gives the body that had the keys.
nlohmann::json send_all(Phone& phone) {
  nlohmann::json published;
  while (const auto request = next(phone)) {
    if (request->server == UploadServer::key_server) published = json_of(*request);
    answer(phone, *request, 200, kYes);
  }
  return published;
}

class DeviceUploads : public testing::TestWithParam<SchemeTag> {};

// The process may end between any two steps.
TEST_P(DeviceUploads, AnUploadSurvivesAnyEndOfTheProcess) {
  Phone phone(1, GetParam());
  phone.advertisement();
  phone.clock.advance(hours(24));
  phone.advertisement();
  EXPECT_EQ(phone.device->upload_status().status().code(), Code::not_found);
  EXPECT_EQ(phone.device->enter_upload_code("12345678").code(), Code::not_found);
  ASSERT_TRUE(phone.device->begin_upload(PersonConsents{}).ok());
  phone.open();
  EXPECT_EQ(status_of(phone).state, UploadState::code_needed);
  EXPECT_FALSE(next(phone));
  ASSERT_TRUE(phone.device->enter_upload_code("12345678").ok());
  std::vector<UploadStep> steps;
  nlohmann::json sent;
  while (true) {
    phone.open();
    const auto request = next(phone);
    if (!request) break;
    phone.open();
    const auto again = next(phone);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->step, request->step);
    steps.push_back(request->step);
    if (request->server == UploadServer::key_server) sent = json_of(*request);
    answer(phone, *again, 200, kYes);
  }
  EXPECT_EQ(status_of(phone).state, UploadState::accepted);
  if (GetParam() == SchemeTag::gaen) {
    EXPECT_EQ(steps, (std::vector{UploadStep::verify, UploadStep::certify, UploadStep::publish}));
    EXPECT_EQ(sent.at("temporaryExposureKeys").size(), 2u);
  } else {
    EXPECT_EQ(steps, std::vector{UploadStep::report_bluezone});
    EXPECT_EQ(sent.at("data").size(), 2u);
  }
}

// The state in which a process leaves its log that dies after the upload was stored, and before the
// renewed own keys were.
TEST_P(DeviceUploads, ARenewalThatWasCutShortIsFinished) {
  namespace fs = std::filesystem;
  Phone phone(2, GetParam());
  phone.advertisement();
  phone.device.reset();
  const test::TemporaryFolder copies;
  const std::string before = copies.path() + "/before";
  fs::copy(phone.log_folder(), before, fs::copy_options::recursive);
  phone.open();
  ASSERT_TRUE(phone.device->begin_upload(PersonConsents{}).ok());
  const Identifier renewed = phone.advertisement().identifier;
  phone.device.reset();

  const std::string_view kind = device::own_keys_kind(GetParam());
  SecretBytes upload;
  SecretBytes own_keys;
  {
    auto log = EncounterLog::open(phone.log_folder(), phone.root(), phone.clock, phone.random,
                                  phone.options.log);
    ASSERT_TRUE(log.ok());
    auto stored = device::load_upload(**log);
    ASSERT_TRUE(stored.ok() && *stored);
    EXPECT_TRUE((*stored)->renewed_own_keys.empty());
    upload = std::move((*stored)->upload);
    own_keys = std::move(device::load_latest(**log, kind)->bytes);
  }
  {
    auto log =
        EncounterLog::open(before, phone.root(), phone.clock, phone.random, phone.options.log);
    ASSERT_TRUE(log.ok());
    const uint64_t generation = device::load_latest(**log, kind)->generation;
    ASSERT_TRUE(device::store_upload(
                    **log, Day::of(phone.clock.now()),
                    {std::move(upload), SecretBytes(own_keys.expose(ForSealing{})), generation})
                    .ok());
  }
  for (int opened = 0; opened < 2; ++opened) {
    auto device = Device::open(before, phone.root(), phone.clock, phone.random, phone.options);
    ASSERT_TRUE(device.ok()) << device.status().text();
    EXPECT_EQ((*device)->advertisement()->identifier, renewed);
    EXPECT_EQ((*device)->upload_status()->keys, 1u);
  }
  auto log = EncounterLog::open(before, phone.root(), phone.clock, phone.random, phone.options.log);
  EXPECT_TRUE((*device::load_upload(**log))->renewed_own_keys.empty());
}

TEST_P(DeviceUploads, WhatCouldNotBeStoredWasNotGivenAway) {
  Phone phone(3, GetParam());
  const Identifier before = phone.advertisement().identifier;
  ASSERT_TRUE(phone.device->suspend().ok());
  EXPECT_EQ(phone.device->begin_upload(PersonConsents{}).code(), Code::closed);
  ASSERT_TRUE(phone.device->resume().ok());
  EXPECT_EQ(phone.advertisement().identifier, before);
  EXPECT_EQ(phone.device->upload_status().status().code(), Code::not_found);
  EXPECT_EQ(phone.device->begin_upload(PersonConsents{}, 15).code(), Code::invalid_argument);
  EXPECT_EQ(phone.advertisement().identifier, before);
}

TEST_P(DeviceUploads, SendsTheKeysThatWereOnTheAirAndNoLaterOnes) {
  Phone phone(4, GetParam());
  phone.advertisement();
  ASSERT_TRUE(phone.device->begin_upload(PersonConsents{}).ok());
  phone.clock.advance(minutes(30));
  const auto later = phone.advertisement();
  ASSERT_TRUE(phone.device->enter_upload_code("12345678").ok());
  const std::string first = send_all(phone).dump();
  // Later ones only with a further consent, and then the first ones unchanged beside them.
  EXPECT_FALSE(next(phone));
  ASSERT_TRUE(phone.device->begin_upload(PersonConsents{}).ok());
  EXPECT_EQ(status_of(phone).state, UploadState::code_needed);
  // Of Bluezone's there is one a day, and the server forgets nothing.
  EXPECT_EQ(status_of(phone).keys, GetParam() == SchemeTag::gaen ? 2u : 1u);
  EXPECT_NE(phone.advertisement().identifier, later.identifier);
}

TEST_P(DeviceUploads, PurgeKeepsAnUploadAsLongAsAServerTakesIt) {
  Phone phone(5, GetParam());
  phone.options.log.retention_days = 2;
  phone.open();
  phone.advertisement();
  ASSERT_TRUE(phone.device->begin_upload(PersonConsents{}).ok());
  for (int day = 1; day <= 15; ++day) {
    phone.clock.advance(hours(24));
    ASSERT_TRUE(phone.device->record({phone.clock.now(), {}}, {}).ok());
    ASSERT_TRUE(phone.device->purge().ok());
    EXPECT_EQ(status_of(phone).keys, 1u) << day;
  }
  phone.clock.advance(hours(24));
  ASSERT_TRUE(phone.device->record({phone.clock.now(), {}}, {}).ok());
  ASSERT_TRUE(phone.device->purge().ok());
  EXPECT_EQ(phone.device->upload_status().status().code(), Code::not_found);
}

TEST_P(DeviceUploads, ErasingADayKeepsTheUploadAndErasingAllDoesNot) {
  Phone phone(6, GetParam());
  phone.advertisement();
  ASSERT_TRUE(phone.device->begin_upload(PersonConsents{}).ok());
  ASSERT_TRUE(phone.device->erase_day(Day::of(phone.clock.now())).ok());
  EXPECT_EQ(status_of(phone).keys, 1u);
  ASSERT_TRUE(phone.device->erase_all().ok());
  EXPECT_EQ(phone.device->upload_status().status().code(), Code::not_found);
}

TEST_P(DeviceUploads, ADiscardedUploadIsGone) {
  Phone phone(7, GetParam());
  phone.advertisement();
  ASSERT_TRUE(phone.device->begin_upload(PersonConsents{}).ok());
  ASSERT_TRUE(phone.device->enter_upload_code("12345678").ok());
  const auto request = next(phone);
  ASSERT_TRUE(request);
  ASSERT_TRUE(phone.device->discard_upload().ok());
  EXPECT_FALSE(next(phone));
  answer(phone, *request, 200, kYes);  // comes too late
  EXPECT_EQ(phone.device->upload_status().status().code(), Code::not_found);
  ASSERT_TRUE(phone.device->discard_upload().ok());
}

TEST_P(DeviceUploads, CoverTrafficNeedsNoConsentAndTakesNoKey) {
  Phone phone(8, GetParam());
  phone.advertisement();
  EXPECT_FALSE(next(phone, kWithChaff));
  const auto wake_at = phone.device->upload_wake_at(kWithChaff);
  ASSERT_TRUE(wake_at.ok() && *wake_at);
  EXPECT_GT(**wake_at, phone.clock.now());
  EXPECT_EQ(*phone.device->upload_wake_at(kNoChaff), std::nullopt);
  phone.open();
  EXPECT_EQ(*phone.device->upload_wake_at(kWithChaff), *wake_at);
  phone.clock.set(**wake_at);
  const size_t steps = GetParam() == SchemeTag::gaen ? 3 : 1;
  for (size_t step = 0; step < steps; ++step) {
    phone.open();
    const auto request = next(phone, kWithChaff);
    ASSERT_TRUE(request) << step;
    EXPECT_TRUE(request->chaff);
    EXPECT_EQ(json_of(*request).size(), 1u);
    answer(phone, *request, 200, "{}", kWithChaff);
  }
  EXPECT_FALSE(next(phone, kWithChaff));
  EXPECT_GT(**phone.device->upload_wake_at(kWithChaff), phone.clock.now());
  EXPECT_EQ(phone.device->upload_status().status().code(), Code::not_found);
}

TEST_P(DeviceUploads, WhatThePersonWaitsForGoesFirst) {
  Phone phone(9, GetParam());
  phone.advertisement();
  EXPECT_FALSE(next(phone, kWithChaff));
  phone.clock.set(**phone.device->upload_wake_at(kWithChaff));
  phone.advertisement();
  ASSERT_TRUE(phone.device->begin_upload(PersonConsents{}).ok());
  EXPECT_TRUE(next(phone, kWithChaff)->chaff);
  ASSERT_TRUE(phone.device->enter_upload_code("12345678").ok());
  const auto request = next(phone, kWithChaff);
  ASSERT_TRUE(request);
  EXPECT_FALSE(request->chaff);
  answer(phone, *request, 503, "", kWithChaff);
  EXPECT_LE(**phone.device->upload_wake_at(kNoChaff), phone.clock.now() + minutes(1));
  EXPECT_TRUE(next(phone, kWithChaff)->chaff);
}

TEST_P(DeviceUploads, OptionsThatCannotBeAreNamed) {
  Phone phone(10, GetParam());
  EXPECT_STREQ(phone.device->upload_request({}).status().field(), "health_authority");
  EXPECT_STREQ(phone.device->upload_wake_at({}).status().field(), "health_authority");
  EXPECT_STREQ(phone.device->upload_answered({}, {}, {}).field(), "health_authority");
}

INSTANTIATE_TEST_SUITE_P(Schemes, DeviceUploads,
                         testing::Values(SchemeTag::gaen, SchemeTag::bluezone),
                         [](const auto& scheme) {
                           return scheme.param == SchemeTag::gaen ? "gaen" : "bluezone";
                         });

TEST(DeviceIndex, KeepsWhatIsDoneSealed) {
  Phone phone(11);
  const IndexOptions options;
  {
    auto index = phone.device->follow_index("https://keys.example.org", options);
    ASSERT_TRUE(index.ok());
    ASSERT_TRUE((*index)->next()->is_index);
    ASSERT_TRUE((*index)->index_answered({200, as_bytes("a.zip\nb.zip")}).ok());
    ASSERT_TRUE((*index)->list_handled("a.zip", ListOutcome::done).ok());
  }
  phone.open();
  auto index = phone.device->follow_index("https://keys.example.org", options);
  ASSERT_TRUE((*index)->index_answered({200, as_bytes("a.zip\nb.zip")}).ok());
  EXPECT_EQ((*index)->next()->path, "b.zip");
  EXPECT_EQ((*index)->status().waiting, 1u);
  // Another server of the same path is another index.
  auto other = phone.device->follow_index("https://other.example.org", options);
  ASSERT_TRUE((*other)->index_answered({200, as_bytes("a.zip")}).ok());
  EXPECT_EQ((*other)->next()->path, "a.zip");
  EXPECT_STREQ(phone.device->follow_index("x", {.path = "/"}).status().field(), "path");
}

TEST(DeviceIndex, TellsOfARefusedIndexAndKeepsThePause) {
  Phone phone(12);
  auto index = phone.device->follow_index("s", {});
  EXPECT_EQ((*index)->index_answered({200, as_bytes("../a.zip")}).code(), Code::corrupt);
  phone.open();
  index = phone.device->follow_index("s", {});
  EXPECT_FALSE((*index)->next());
  phone.clock.set((*index)->status().wake_at);
  EXPECT_TRUE((*index)->next()->is_index);
}

}  // namespace
}  // namespace nearzone
