#include "lists/inflate.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <vector>

#include "nearzone/random.h"

namespace nearzone {
namespace {

class Inflate : public testing::Test {
 protected:
  Inflate() {
    if (!can_inflate_whole(0, 0)) return;
    SeededRandom random(1);
    plain_.resize(100000);
    for (size_t i = 0; i < plain_.size(); i += 2) random.fill({&plain_[i], 1});
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    deflated_.resize(deflateBound(&stream, plain_.size()));
    stream.next_in = plain_.data();
    stream.avail_in = static_cast<unsigned>(plain_.size());
    stream.next_out = deflated_.data();
    stream.avail_out = static_cast<unsigned>(deflated_.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflated_.resize(stream.total_out);
    deflateEnd(&stream);
    checksum_ =
        static_cast<uint32_t>(crc32(0, plain_.data(), static_cast<unsigned>(plain_.size())));
  }

  void SetUp() override {
    if (!can_inflate_whole(0, 0)) GTEST_SKIP() << "built without libdeflate";
  }

  bool inflate_to(size_t size, uint32_t checksum) {
    out_.assign(size, 0);
    return inflate_whole(deflated_, checksum, out_);
  }

  std::vector<uint8_t> plain_, deflated_, out_;
  uint32_t checksum_ = 0;
};

TEST_F(Inflate, GivesWhatWasDeflated) {
  ASSERT_TRUE(inflate_to(plain_.size(), checksum_));
  EXPECT_EQ(out_, plain_);
}

TEST_F(Inflate, RefusesAnotherSizeOrChecksum) {
  EXPECT_FALSE(inflate_to(plain_.size() - 1, checksum_));
  EXPECT_FALSE(inflate_to(plain_.size() + 1, checksum_));
  EXPECT_FALSE(inflate_to(plain_.size(), checksum_ ^ 1));
}

TEST_F(Inflate, RefusesDamage) {
  for (size_t at = 0; at < deflated_.size(); at += deflated_.size() / 200) {
    deflated_[at] ^= 0x10;
    EXPECT_FALSE(inflate_to(plain_.size(), checksum_)) << at;
    deflated_[at] ^= 0x10;
  }
  deflated_.resize(deflated_.size() / 2);
  EXPECT_FALSE(inflate_to(plain_.size(), checksum_));
}

TEST_F(Inflate, LeavesWhatTakesLongToThoseWhoCanBeInterrupted) {
  EXPECT_TRUE(can_inflate_whole(kMostInflatedWhole, kMostDeflatedWhole));
  EXPECT_FALSE(can_inflate_whole(kMostInflatedWhole + 1, 100));
  EXPECT_FALSE(can_inflate_whole(100, kMostDeflatedWhole + 1));
}

}  // namespace
}  // namespace nearzone
