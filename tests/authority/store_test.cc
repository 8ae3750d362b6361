// What every store must do, written against the interface. A further implementation is one more
// line at the end.
#include "authority/store.h"

#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <thread>

#include "authority/sqlite_store.h"
#include "authority/support.h"

namespace nearzone::authority {
namespace {

using authority_test::bytes_of;
using authority_test::code_of;
using authority_test::hash_of;
using authority_test::key_of;
using authority_test::kNoon;
using authority_test::kToday;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Millis kHour = std::chrono::hours(1);

using Make = std::unique_ptr<Store> (*)(const authority_test::TemporaryFolder&);

class StoreTest : public testing::TestWithParam<Make> {
 protected:
  void SetUp() override { ASSERT_NE(store_, nullptr); }

  // What a look-up gives.
  template <typename Look>
  auto read(Look look) {
    using Found = std::decay_t<decltype(*look(std::declval<Reader&>()))>;
    Found found{};
    EXPECT_TRUE(store_
                    ->read([&](Reader& rows) -> Status {
                      NEARZONE_ASSIGN(found, look(rows));
                      return {};
                    })
                    .ok());
    return found;
  }
  // What a change gives.
  template <typename Change>
  auto write(Change change) {
    using Found = std::decay_t<decltype(*change(std::declval<Writer&>()))>;
    Found found{};
    EXPECT_TRUE(store_
                    ->write([&](Writer& rows) -> Status {
                      NEARZONE_ASSIGN(found, change(rows));
                      return {};
                    })
                    .ok());
    return found;
  }
  void insert(std::initializer_list<StoredKey> keys) {
    for (const StoredKey& key : keys)
      EXPECT_TRUE(write([&](Writer& rows) { return rows.insert_key(key); }));
  }
  std::vector<uint8_t> visit(const KeyQuery& query) {
    std::vector<uint8_t> numbers;
    EXPECT_TRUE(store_
                    ->read([&](Reader& rows) {
                      return rows.visit_keys(query, [&](const StoredKey& key) -> Status {
                        numbers.push_back(key.key.bytes[0]);
                        return {};
                      });
                    })
                    .ok());
    return numbers;
  }

  authority_test::TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = GetParam()(folder_);
};

// --- Keys ----------------------------------------------------------------------------------------

TEST_P(StoreTest, KeepsKeysAsTheyWere) {
  StoredKey plain = key_of(1);
  StoredKey full = key_of(2);
  full.regions = {"LA", "VN"};
  full.traveler = true;
  full.key.days_since_onset.reset();
  StoredKey bluezone = key_of(3);
  bluezone.key.scheme = SchemeTag::bluezone;
  bluezone.key.bytes.fill(3);
  bluezone.key.identifiers_per_day = 96;
  for (const StoredKey& key : {plain, full, bluezone}) {
    EXPECT_TRUE(write([&](Writer& rows) { return rows.insert_key(key); }));
    EXPECT_FALSE(write([&](Writer& rows) { return rows.insert_key(key); }));
    EXPECT_EQ(read([&](Reader& rows) { return rows.find_key(key.key.scheme, bytes_of(key)); }),
              key);
  }
  EXPECT_FALSE(
      read([&](Reader& rows) { return rows.find_key(SchemeTag::gaen, bytes_of(key_of(4))); }));
}

TEST_P(StoreTest, DoesNotTakeAKeyTwiceEvenInAnotherWindow) {
  insert({key_of(1)});
  EXPECT_FALSE(write([&](Writer& rows) { return rows.insert_key(key_of(1, kNoon + kHour)); }));
  EXPECT_EQ(read([&](Reader& rows) {
              return rows.find_key(SchemeTag::gaen, bytes_of(key_of(1)));
            })->created_at,
            kNoon);
}

TEST_P(StoreTest, RevisesAKeyOnce) {
  insert({key_of(1)});
  const Revision revision{kNoon + kHour, ReportType::confirmed_test, 2, int8_t{3}};
  const auto revise = [&](const Revision& by) {
    return store_->write(
        [&](Writer& rows) { return rows.revise_key(SchemeTag::gaen, bytes_of(key_of(1)), by); });
  };
  ASSERT_OK(revise(revision));
  EXPECT_CODE(revise({kNoon, ReportType::revoked, 6, std::nullopt}), Code::in_use);
  StoredKey revised = key_of(1);
  revised.revision = revision;
  EXPECT_EQ(read([&](Reader& rows) { return rows.find_key(SchemeTag::gaen, bytes_of(revised)); }),
            revised);
  EXPECT_CODE(store_->write([&](Writer& rows) {
    return rows.revise_key(SchemeTag::gaen, bytes_of(key_of(9)), revision);
  }),
              Code::not_found);
}

TEST_P(StoreTest, FindsKeysByTheWindowTheyCameIn) {
  insert(
      {key_of(5, kNoon), key_of(3, kNoon), key_of(9, kNoon + kHour), key_of(1, kNoon + 2 * kHour)});
  KeyQuery query;
  query.when = {kNoon, kNoon + 2 * kHour};
  EXPECT_THAT(visit(query), ElementsAre(3, 5, 9));
  query.when = {kNoon + kHour, kNoon + kHour};
  EXPECT_THAT(visit(query), IsEmpty());
  query.scheme = SchemeTag::bluezone;
  query.when = {kNoon, kNoon + 3 * kHour};
  EXPECT_THAT(visit(query), IsEmpty());
}

TEST_P(StoreTest, FindsRevisedKeysByTheTimeOfRevision) {
  insert({key_of(1), key_of(2), key_of(3)});
  for (const auto& [number, at] : {std::pair{uint8_t{3}, kNoon + kHour},
                                   {uint8_t{1}, kNoon + kHour},
                                   {uint8_t{2}, kNoon + 5 * kHour}})
    ASSERT_OK(store_->write([&](Writer& rows) {
      return rows.revise_key(SchemeTag::gaen, bytes_of(key_of(number)),
                             {at, ReportType::revoked, 6, std::nullopt});
    }));
  KeyQuery query;
  query.by = KeyQuery::By::revised_at;
  query.when = {kNoon, kNoon + 2 * kHour};
  EXPECT_THAT(visit(query), ElementsAre(1, 3));
}

TEST_P(StoreTest, FindsKeysByAnyNumberOfRegions) {
  StoredKey both = key_of(3);
  both.regions = {"LA", "VN"};
  StoredKey lao = key_of(4);
  lao.regions = {"LA"};
  StoredKey traveler = key_of(5);
  traveler.regions = {"TH"};
  traveler.traveler = true;
  insert({key_of(1), both, lao, traveler});
  KeyQuery query;
  query.when = {kNoon, kNoon + kHour};
  EXPECT_THAT(visit(query), ElementsAre(1, 3, 4, 5));
  query.regions = {"VN"};
  EXPECT_THAT(visit(query), ElementsAre(1, 3));
  query.regions = {"VN", "LA"};
  EXPECT_THAT(visit(query), ElementsAre(1, 3, 4));
  query.travelers = true;
  EXPECT_THAT(visit(query), ElementsAre(1, 3, 4, 5));
  query.excluded = {"LA", "KH"};
  EXPECT_THAT(visit(query), ElementsAre(1, 5));
}

TEST_P(StoreTest, EndsAVisitWithTheVisitorsFailure) {
  insert({key_of(1), key_of(2)});
  KeyQuery query;
  query.when = {kNoon, kNoon + kHour};
  int visits = 0;
  EXPECT_CODE(store_->read([&](Reader& rows) {
    return rows.visit_keys(query, [&](const StoredKey&) {
      ++visits;
      return Status(Code::cancelled, "enough");
    });
  }),
              Code::cancelled);
  EXPECT_EQ(visits, 1);
  EXPECT_THAT(visit(query), ElementsAre(1, 2));
}

// --- Transactions --------------------------------------------------------------------------------

TEST_P(StoreTest, LeavesNothingOfAFailedTransaction) {
  EXPECT_CODE(store_->write([&](Writer& rows) -> Status {
    NEARZONE_TRY(rows.insert_key(key_of(1)).status());
    NEARZONE_TRY(rows.count(kToday, "realm/hanoi", "uploads", 1));
    return {Code::cancelled, "no"};
  }),
              Code::cancelled);
  EXPECT_FALSE(
      read([&](Reader& rows) { return rows.find_key(SchemeTag::gaen, bytes_of(key_of(1))); }));
  EXPECT_THAT(
      read([&](Reader& rows) { return rows.statistics("realm/hanoi", kToday, kToday + 1); }),
      IsEmpty());
}

TEST_P(StoreTest, CommitsSeveralAtOnceAndUndoesEachOnItsOwn) {
  const auto inserting = [](uint8_t number, Status outcome) {
    return [=](Writer& rows) -> Status {
      NEARZONE_TRY(rows.insert_key(key_of(number)).status());
      return outcome;
    };
  };
  const std::vector<Store::Write> works = {
      inserting(1, {}), inserting(2, Status(Code::cancelled, "no")), inserting(3, {})};
  std::vector<Status> outcomes(3, Status(Code::internal, "not run"));
  store_->write_each(works, outcomes);
  ASSERT_OK(outcomes[0]);
  EXPECT_CODE(outcomes[1], Code::cancelled);
  ASSERT_OK(outcomes[2]);
  KeyQuery query;
  query.when = {kNoon, kNoon + kHour};
  EXPECT_THAT(visit(query), ElementsAre(1, 3));
}

TEST_P(StoreTest, ReadsOneViewWhileOthersWrite) {
  insert({key_of(1)});
  ASSERT_OK(store_->read([&](Reader& rows) -> Status {
    NEARZONE_ASSIGN(const auto before, rows.find_key(SchemeTag::gaen, bytes_of(key_of(2))));
    EXPECT_FALSE(before);
    std::thread([&] { insert({key_of(2)}); }).join();
    NEARZONE_ASSIGN(const auto after, rows.find_key(SchemeTag::gaen, bytes_of(key_of(2))));
    EXPECT_FALSE(after);
    return {};
  }));
  EXPECT_TRUE(
      read([&](Reader& rows) { return rows.find_key(SchemeTag::gaen, bytes_of(key_of(2))); }));
}

// --- Exports -------------------------------------------------------------------------------------

TEST_P(StoreTest, KeepsBatchesWithTheirPaddingAndFiles) {
  const uint64_t id = write([&](Writer& rows) {
    return rows.open_batch("vn", {kNoon, kNoon + 4 * kHour}, kNoon + 6 * kHour);
  });
  ExportBatch batch{
      id, "vn", {kNoon, kNoon + 4 * kHour}, 1, BatchState::open, kNoon + 6 * kHour, std::nullopt, 0,
      0,  0};
  EXPECT_EQ(read([&](Reader& rows) { return rows.find_batch(id); }), batch);

  std::vector<PublishedKey> padding;
  for (const uint8_t number : {uint8_t{9}, uint8_t{4}, uint8_t{7}})
    padding.push_back(key_of(number).key);
  padding[1].days_since_onset.reset();
  ExportFile file{id, 1, "gaen-export", "vn/1-2-00001.zip", 1234, hash_of(5), {"new", "old"}, {}};
  batch.state = BatchState::published;
  batch.published_at = kNoon + 7 * kHour;
  batch.keys = 2;
  batch.padding_keys = 3;
  ASSERT_OK(store_->write([&](Writer& rows) -> Status {
    NEARZONE_TRY(rows.add_padding(id, std::span(padding).first(1)));
    NEARZONE_TRY(rows.add_padding(id, std::span(padding).subspan(1)));
    NEARZONE_TRY(rows.add_file(file));
    return rows.update_batch(batch);
  }));
  EXPECT_EQ(read([&](Reader& rows) { return rows.find_batch(id); }), batch);
  EXPECT_THAT(read([&](Reader& rows) { return rows.files(id); }), ElementsAre(file));
  std::vector<PublishedKey> found;
  ASSERT_OK(store_->read([&](Reader& rows) {
    return rows.visit_padding(id, [&](const PublishedKey& key) -> Status {
      found.push_back(key);
      return {};
    });
  }));
  EXPECT_EQ(found, padding);

  EXPECT_CODE(store_->write([&](Writer& rows) { return rows.add_file(file); }), Code::in_use);
  ASSERT_OK(store_->write([&](Writer& rows) { return rows.mark_file_removed(id, 1, kNoon); }));
  file.removed_at = kNoon;
  EXPECT_THAT(read([&](Reader& rows) { return rows.files(id); }), ElementsAre(file));
}

TEST_P(StoreTest, NumbersBatchesWithinTheirSeriesAndLetsNoneOverlap) {
  const auto open = [&](const char* series, int from, int to) {
    return store_->write([&](Writer& rows) {
      return rows.open_batch(series, {kNoon + from * kHour, kNoon + to * kHour}, kNoon).status();
    });
  };
  ASSERT_OK(open("vn", 0, 2));
  EXPECT_CODE(open("vn", 1, 3), Code::in_use);
  EXPECT_CODE(open("vn", 0, 2), Code::in_use);
  EXPECT_CODE(open("vn", 3, 3), Code::invalid_argument);
  ASSERT_OK(open("la", 1, 3));
  ASSERT_OK(open("vn", 2, 4));
  const auto all = read([&](Reader& rows) { return rows.batches("vn"); });
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].sequence, 1u);
  EXPECT_EQ(all[1].sequence, 2u);
  EXPECT_EQ(read([&](Reader& rows) { return rows.latest_batch("vn"); }), all[1]);
  EXPECT_FALSE(read([&](Reader& rows) { return rows.latest_batch("kh"); }));
  EXPECT_CODE(store_->write([&](Writer& rows) { return rows.add_padding(77, {}); }),
              Code::not_found);
}

TEST_P(StoreTest, KeepsSigningKeysNewestFirst) {
  SigningKeyInfo old{"vn-1", "v1",        PublicKey::Algorithm::ecdsa_p256, "PEM", "/keys/1.pem",
                     kNoon,  std::nullopt};
  const SigningKeyInfo later{"vn-2",      "v1",          PublicKey::Algorithm::ed25519,
                             "PEM2",      "/keys/2.pem", kNoon + kHour,
                             std::nullopt};
  for (const SigningKeyInfo& key : {old, later})
    ASSERT_OK(store_->write([&](Writer& rows) { return rows.put_signing_key(key); }));
  old.valid_thru = kNoon + 2 * kHour;
  ASSERT_OK(store_->write([&](Writer& rows) { return rows.put_signing_key(old); }));
  EXPECT_THAT(read([&](Reader& rows) { return rows.signing_keys(); }), ElementsAre(later, old));
}

// --- Verification --------------------------------------------------------------------------------

TEST_P(StoreTest, FindsCodesByEitherHashWithinTheirRealm) {
  const VerificationCode code = code_of(1);
  EXPECT_EQ(write([&](Writer& rows) { return rows.insert_code(code); }),
            Writer::CodeInsertion::done);
  const auto find = [&](const char* realm, uint64_t hash_key, const Hash& hash) {
    return read([&](Reader& rows) { return rows.find_code(realm, hash_key, hash); });
  };
  EXPECT_EQ(find("hanoi", 3, code.short_hash), code);
  EXPECT_EQ(find("hanoi", 3, *code.long_hash), code);
  EXPECT_FALSE(find("hanoi", 4, code.short_hash));
  EXPECT_FALSE(find("hue", 3, code.short_hash));
  EXPECT_EQ(read([&](Reader& rows) { return rows.find_code_by_uuid("hanoi", code.uuid); }), code);
  EXPECT_FALSE(read([&](Reader& rows) { return rows.find_code_by_uuid("hue", code.uuid); }));
}

TEST_P(StoreTest, TellsTwoReasonsNotToInsertACodeApart) {
  EXPECT_EQ(write([&](Writer& rows) { return rows.insert_code(code_of(1)); }),
            Writer::CodeInsertion::done);
  VerificationCode same_name = code_of(2);
  same_name.uuid = code_of(1).uuid;
  EXPECT_EQ(write([&](Writer& rows) { return rows.insert_code(same_name); }),
            Writer::CodeInsertion::uuid_exists);
  VerificationCode same_code = code_of(1);
  same_code.uuid = "another";
  EXPECT_EQ(write([&](Writer& rows) { return rows.insert_code(same_code); }),
            Writer::CodeInsertion::code_exists);
  same_code.realm = "hue";
  EXPECT_EQ(write([&](Writer& rows) { return rows.insert_code(same_code); }),
            Writer::CodeInsertion::done);
  EXPECT_EQ(read([&](Reader& rows) {
              return rows.codes_issued("hanoi", {kNoon, kNoon + kHour});
            }),
            1u);
  EXPECT_EQ(read([&](Reader& rows) {
              return rows.codes_issued("hanoi", {kNoon + kHour, kNoon});
            }),
            0u);
}

TEST_P(StoreTest, LetsACodeAndATokenBeUsedOnceByAnyNumber) {
  const VerificationToken token{hash_of(8), "hanoi", code_of(1).test, kNoon + 24 * kHour,
                                std::nullopt};
  ASSERT_OK(store_->write([&](Writer& rows) -> Status {
    NEARZONE_TRY(rows.insert_code(code_of(1)).status());
    return rows.insert_token(token);
  }));
  std::atomic<int> claims = 0;
  std::atomic<int> uses = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 16; ++i)
    callers.emplace_back([&] {
      for (int round = 0; round < 4; ++round) {
        if (write([&](Writer& rows) { return rows.claim_code("hanoi", code_of(1).uuid, kNoon); }))
          ++claims;
        if (write([&](Writer& rows) { return rows.use_token(token.hash, kNoon); })) ++uses;
      }
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(claims, 1);
  EXPECT_EQ(uses, 1);
  EXPECT_EQ(read([&](Reader& rows) {
              return rows.find_code_by_uuid("hanoi", code_of(1).uuid);
            })->claimed_at,
            kNoon);
  VerificationToken used = token;
  used.used_at = kNoon;
  EXPECT_EQ(read([&](Reader& rows) { return rows.find_token(token.hash); }), used);
  EXPECT_FALSE(write([&](Writer& rows) { return rows.claim_code("hanoi", "nobody's", kNoon); }));
}

TEST_P(StoreTest, ExpiresAnUnclaimedCode) {
  for (const uint8_t number : {uint8_t{1}, uint8_t{2}})
    EXPECT_EQ(write([&](Writer& rows) { return rows.insert_code(code_of(number)); }),
              Writer::CodeInsertion::done);
  const Instant soon = kNoon + std::chrono::minutes(20);
  EXPECT_TRUE(
      write([&](Writer& rows) { return rows.expire_code("hanoi", code_of(1).uuid, soon); }));
  const auto code =
      read([&](Reader& rows) { return rows.find_code_by_uuid("hanoi", code_of(1).uuid); });
  EXPECT_EQ(code->short_expires_at, code_of(1).short_expires_at);
  EXPECT_EQ(code->long_expires_at, soon);
  EXPECT_TRUE(
      write([&](Writer& rows) { return rows.claim_code("hanoi", code_of(2).uuid, kNoon); }));
  EXPECT_FALSE(
      write([&](Writer& rows) { return rows.expire_code("hanoi", code_of(2).uuid, soon); }));
  EXPECT_FALSE(write([&](Writer& rows) { return rows.expire_code("hanoi", "nobody's", soon); }));
}

// --- Operation -----------------------------------------------------------------------------------

TEST_P(StoreTest, KeepsApiKeysAndRevokesThem) {
  ApiKey key{0, "app", "hanoi", Role::device, hash_of(1), kNoon, std::nullopt};
  key.id = write([&](Writer& rows) { return rows.insert_api_key(key); });
  EXPECT_EQ(read([&](Reader& rows) { return rows.find_api_key(key.hash); }), key);
  EXPECT_FALSE(read([&](Reader& rows) { return rows.find_api_key(hash_of(2)); }));
  ApiKey other = key;
  other.hash = hash_of(2);
  EXPECT_CODE(store_->write([&](Writer& rows) { return rows.insert_api_key(other).status(); }),
              Code::in_use);
  EXPECT_TRUE(write([&](Writer& rows) { return rows.revoke_api_key("app", kNoon + kHour); }));
  EXPECT_FALSE(write([&](Writer& rows) { return rows.revoke_api_key("app", kNoon); }));
  EXPECT_FALSE(write([&](Writer& rows) { return rows.revoke_api_key("nobody", kNoon); }));
  key.revoked_at = kNoon + kHour;
  EXPECT_THAT(read([&](Reader& rows) { return rows.api_keys(); }), ElementsAre(key));
}

TEST_P(StoreTest, KeepsAnAuditByRealm) {
  const AuditEntry first{kNoon, "hanoi", "worker", "code.issue", "uuid-1"};
  const AuditEntry second{kNoon + kHour, "hanoi", "command-line", "code.expire", "uuid-1"};
  const AuditEntry other{kNoon, "hue", "worker", "code.issue", "uuid-2"};
  for (const AuditEntry& entry : {first, other, second})
    ASSERT_OK(store_->write([&](Writer& rows) { return rows.append_audit(entry); }));
  EXPECT_THAT(read([&](Reader& rows) { return rows.audit("hanoi", 10); }),
              ElementsAre(second, first));
  EXPECT_THAT(read([&](Reader& rows) { return rows.audit("hanoi", 1); }), ElementsAre(second));
}

TEST_P(StoreTest, KeepsSealedKeysByPurposeNewestFirst) {
  const auto insert_sealed = [&](KeyPurpose purpose, Instant at, std::string_view sealed) {
    return write(
        [&](Writer& rows) { return rows.insert_sealed_key(purpose, at, as_bytes(sealed)); });
  };
  const uint64_t first = insert_sealed(KeyPurpose::code_hash, kNoon, "one");
  const uint64_t other = insert_sealed(KeyPurpose::revision_token, kNoon, "two");
  const uint64_t second = insert_sealed(KeyPurpose::code_hash, kNoon + kHour, "three");
  EXPECT_NE(first, other);
  EXPECT_NE(first, second);
  const auto keys = read([&](Reader& rows) { return rows.sealed_keys(KeyPurpose::code_hash); });
  ASSERT_THAT(keys, SizeIs(2));
  EXPECT_EQ(keys[0].id, second);
  EXPECT_EQ(keys[1], (SealedKey{first, KeyPurpose::code_hash, kNoon, {'o', 'n', 'e'}}));
}

TEST_P(StoreTest, CountsByDay) {
  const auto count = [&](Day day, const char* metric, int64_t by) {
    ASSERT_OK(
        store_->write([&](Writer& rows) { return rows.count(day, "authority/vn", metric, by); }));
  };
  count(kToday, "uploads", 1);
  count(kToday, "keys", 14);
  count(kToday, "uploads", 1);
  count(kToday + 1, "uploads", 5);
  const auto counters =
      read([&](Reader& rows) { return rows.statistics("authority/vn", kToday, kToday + 1); });
  EXPECT_THAT(counters, ElementsAre(Statistic{kToday, "authority/vn", "keys", 14},
                                    Statistic{kToday, "authority/vn", "uploads", 2}));
}

TEST_P(StoreTest, LeasesANameToOneHolder) {
  const auto take = [&](const char* holder, Instant now) {
    return write([&](Writer& rows) { return rows.take_lease("export", holder, now, now + kHour); });
  };
  EXPECT_TRUE(take("a", kNoon));
  EXPECT_FALSE(take("b", kNoon));
  EXPECT_TRUE(take("a", kNoon + std::chrono::minutes(30)));
  EXPECT_FALSE(take("b", kNoon + kHour));
  EXPECT_TRUE(take("b", kNoon + 2 * kHour));
  EXPECT_FALSE(take("a", kNoon + 2 * kHour));
  ASSERT_OK(store_->write([&](Writer& rows) { return rows.give_lease_back("export", "a"); }));
  EXPECT_FALSE(take("a", kNoon + 2 * kHour));
  ASSERT_OK(store_->write([&](Writer& rows) { return rows.give_lease_back("export", "b"); }));
  EXPECT_TRUE(take("a", kNoon + 2 * kHour));
}

TEST_P(StoreTest, RemovesWhatIsPastRetention) {
  insert({key_of(1, kNoon), key_of(2, kNoon + kHour)});
  for (KeyPurpose purpose : {KeyPurpose::code_hash, KeyPurpose::revision_token})
    for (Instant at : {kNoon, kNoon + kHour, kNoon + 30 * kHour})
      if (purpose == KeyPurpose::code_hash || at == kNoon)
        write([&](Writer& rows) { return rows.insert_sealed_key(purpose, at, {}); });
  ASSERT_OK(store_->write([&](Writer& rows) -> Status {
    NEARZONE_TRY(rows.insert_code(code_of(1)).status());
    NEARZONE_TRY(rows.insert_token({hash_of(8), "hanoi", {}, kNoon, std::nullopt}));
    NEARZONE_TRY(rows.count(kToday + -1, "realm/hanoi", "codes", 1));
    NEARZONE_TRY(rows.count(kToday, "realm/hanoi", "codes", 1));
    NEARZONE_TRY(rows.append_audit({kNoon, "hanoi", "worker", "code.issue", "uuid-1"}));
    NEARZONE_ASSIGN(const uint64_t batch, rows.open_batch("vn", {kNoon - kHour, kNoon}, kNoon));
    return rows.add_padding(batch, std::vector{key_of(9).key});
  }));
  const Instant later = kNoon + kHour;
  const RetentionLimits limits{later, kNoon + 25 * kHour, kNoon, later, later};
  const Removed expected{1, 1, 1, 1, 1, 1, 1};
  Removed removed;
  const auto remove = [&](Status outcome) {
    return store_->write([&](Writer& rows) -> Status {
      NEARZONE_ASSIGN(removed, rows.remove_expired(limits));
      return outcome;
    });
  };
  EXPECT_CODE(remove({Code::cancelled, "a dry run"}), Code::cancelled);
  EXPECT_EQ(removed, expected);
  ASSERT_OK(remove({}));
  EXPECT_EQ(removed, expected);
  ASSERT_OK(remove({}));
  EXPECT_EQ(removed, Removed{});
  KeyQuery query;
  query.when = {kNoon, kNoon + 2 * kHour};
  EXPECT_THAT(visit(query), ElementsAre(2));
  // The newest key of a purpose stays, however old.
  EXPECT_THAT(read([&](Reader& rows) { return rows.sealed_keys(KeyPurpose::revision_token); }),
              SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(
    Sqlite, StoreTest,
    testing::Values(+[](const authority_test::TemporaryFolder& folder) -> std::unique_ptr<Store> {
      auto store = SqliteStore::open(folder.file("authority.db"), {.is_durable = false});
      return store.ok() ? *std::move(store) : nullptr;
    }),
    [](const auto&) { return std::string("InAFile"); });

}  // namespace
}  // namespace nearzone::authority
