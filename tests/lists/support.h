// What the tests of lists share: keys to publish, a signer of Exposure Notification lists, archives
// with any faults, and short ways to read a list.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <vector>

#include "nearzone/lists.h"
#include "nearzone/random.h"

namespace nearzone::testing {

using Bytes = std::vector<uint8_t>;

// 2020-07-22, the day that the sample keys begin on.
inline constexpr Day kSampleDay{18465};

// Random keys of one scheme, each with other facts.
std::vector<PublishedKey> sample_gaen_keys(size_t count, Random& random);
std::vector<PublishedKey> sample_bluezone_keys(size_t count, Random& random);
// Of both kinds that lists hold.
std::vector<PublishedKey> sample_dp3t_keys(size_t count, Random& random);
std::vector<PublishedKey> sample_tcn_reports(size_t count, Random& random);
// Of phones that were infected for some days of DP-3T unlinkable.
std::vector<SetItem> sample_items(size_t count, Random& random);

// The order in which every writer writes: by scheme and bytes, revised ones last where asked; with
// the records numbered.
std::vector<PublishedKey> as_written(std::vector<PublishedKey> keys, bool revised_last);

GaenExportHeader sample_gaen_header();
NearzoneListHeader sample_nearzone_header();

// Always the same Ed25519 key pair for the same number.
Secret<32> sample_seed(uint8_t number);
PublicKey sample_ed25519_key(uint8_t number);

// An ECDSA P-256 key pair, another one each time.
class P256Signer {
 public:
  P256Signer();
  Bytes sign(ByteView message) const;
  Bytes der() const;
  std::string pem() const;
  PublicKey public_key() const;

 private:
  std::shared_ptr<EVP_PKEY> key_;
};

// The zip of the keys, signed.
Bytes signed_gaen_archive(const std::vector<PublishedKey>& keys, const P256Signer& signer);

// Builds archives by hand, so that they can be wrong.
class ZipBuilder {
 public:
  enum class Sizes : uint8_t { in_header, in_descriptor };
  ZipBuilder& add(const std::string& name, ByteView content, Sizes sizes = Sizes::in_header);
  // A member whose data are given.
  ZipBuilder& add_deflated(const std::string& name, ByteView content, const Bytes& deflated,
                           Sizes sizes = Sizes::in_header);
  Bytes finish() const;

 private:
  Bytes members_;
  Bytes directory_;
  uint16_t count_ = 0;
};

// One Exposure Notification key record as it lies in export.bin, without any rule checked.
struct RawGaenKey {
  size_t key_bytes = 16;
  int64_t rolling_start = 2658960;
  int64_t rolling_period = 144;
};
// An export.bin of `good` sound keys, with `bad` inserted behind the first `position` of them.
Bytes raw_gaen_export(size_t good, size_t position, const std::vector<RawGaenKey>& bad);

// All keys of a list, read in batches of `batch`.
Result<std::vector<PublishedKey>> read_keys(KeyList& list, size_t batch = 7);
Result<std::vector<PublishedKey>> read_keys(ByteView bytes, const ListOptions& options = {});

Bytes bytes_of(std::string_view text);
Bytes read_file(const std::string& path);
std::string fixture_path(const std::string& name);
Bytes fixture(const std::string& name);

// A source during whose reading somebody asks to stop.
class CancellingSource final : public ByteSource {
 public:
  CancellingSource(ByteView bytes, Cancel& cancel) : memory_(bytes), cancel_(cancel) {}
  void request_at_read(int number) { request_at_ = number; }
  int reads() const { return reads_; }
  // What was still read after that.
  uint64_t bytes_read_late() const { return late_; }

  uint64_t size() const override { return memory_.size(); }
  Status read(uint64_t offset, MutableBytes out) override {
    if (cancel_.requested()) late_ += out.size();
    if (++reads_ == request_at_) cancel_.request();
    return memory_.read(offset, out);
  }

 private:
  MemorySource memory_;
  Cancel& cancel_;
  int request_at_ = 0;
  int reads_ = 0;
  uint64_t late_ = 0;
};

// A source that can be changed under a list's feet.
class ChangingSource final : public ByteSource {
 public:
  explicit ChangingSource(Bytes content) : bytes(std::move(content)) {}
  uint64_t size() const override { return bytes.size(); }
  Status read(uint64_t offset, MutableBytes out) override {
    return MemorySource(bytes).read(offset, out);
  }
  Bytes bytes;
};

}  // namespace nearzone::testing
