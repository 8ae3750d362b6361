// A phone in a folder of its own, with a clock and randomness under the test's control.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "nearzone/device.h"
#include "nearzone/dp3t.h"
#include "temporary_folder.h"

namespace nearzone::test {

class Phone {
 public:
  explicit Phone(uint64_t seed, SchemeTag scheme = SchemeTag::gaen,
                 Instant now = Day{18500}.start() + std::chrono::hours(12))
      : clock(now), random(seed), root_(Secret<32>::random(random)) {
    options.own_scheme = scheme;
    options.log.durability = Durability::none;
    open();
  }

  // As after a restart of the app.
  void open() {
    device.reset();
    auto opened = Device::open(log_folder(), root_, clock, random, options);
    ASSERT_TRUE(opened.ok()) << opened.status().text();
    device = *std::move(opened);
  }

  std::string log_folder() const { return folder_.path() + "/log"; }
  const Secret<32>& root() const { return root_; }

  Advertisement advertisement() {
    const auto air = device->advertisement();
    EXPECT_TRUE(air.ok()) << air.status().text();
    return *air;
  }

  // One scan now that hears the other phone.
  void hear(Phone& other, int8_t rssi_dbm) {
    const Advertisement air = other.advertisement();
    const Sighting sighting{air.identifier, air.scheme, HeardBy::advertisement,
                            clock.now(),    rssi_dbm,   air.metadata};
    ASSERT_TRUE(
        device->record({clock.now(), clock.now() - std::chrono::minutes(5)}, {&sighting, 1}).ok());
  }

  ManualClock clock;
  SeededRandom random;
  DeviceOptions options;
  std::unique_ptr<Device> device;

 private:
  TemporaryFolder folder_;
  Secret<32> root_;
};

// A health authority with one Ed25519 key.
class Authority {
 public:
  explicit Authority(uint64_t seed) : random_(seed) {
    seeds_.push_back(Secret<32>::random(random_));
    public_key_ = PublicKey::ed25519(ed25519_public_key(seeds_[0]));
  }
  std::span<const PublicKey> public_keys() const { return {&public_key_, 1}; }

  std::vector<uint8_t> publish(std::span<const PublishedKey> keys, uint64_t sequence,
                               Instant now) const {
    const NearzoneListHeader header{7, sequence, "VN", now - std::chrono::hours(1),
                                    now + std::chrono::hours(24 * 14)};
    const bool as_set = !keys.empty() && keys[0].scheme == SchemeTag::dp3t_unlinkable;
    auto list = as_set ? write_nearzone_set(header, SchemeTag::dp3t_unlinkable,
                                            dp3t::set_items(keys), seeds_)
                       : write_nearzone_list(header, keys, seeds_);
    EXPECT_TRUE(list.ok()) << list.status().text();
    return *list;
  }

 private:
  SeededRandom random_;
  std::vector<Secret<32>> seeds_;
  PublicKey public_key_;
};

inline std::vector<PublishedKey> disclosed_keys(Phone& phone, int32_t days = 14) {
  auto disclosure = phone.device->disclose(PersonConsents{}, days);
  EXPECT_TRUE(disclosure.ok()) << disclosure.status().text();
  return *disclosure->take_keys();
}

}  // namespace nearzone::test
