#include <gtest/gtest.h>
#include <stdlib.h>
#include <zlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "nearzone/evaluation.h"
#include "nearzone/random.h"

namespace nearzone {
namespace {

class DatasetFiles : public testing::Test {
 protected:
  DatasetFiles() {
    std::string pattern = std::filesystem::temp_directory_path() / "nearzone-dataset-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~DatasetFiles() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ + "/data"; }
  Result<Dataset> read(const std::string& text) const {
    std::ofstream(path(), std::ios::binary) << text;
    return read_dataset(path());
  }
  Result<Dataset> read_gzipped(const std::string& text, size_t cut = 0) const {
    gzFile file = gzopen(path().c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    std::filesystem::resize_file(path(), std::filesystem::file_size(path()) - cut);
    return read_dataset(path());
  }

 private:
  std::string folder_;
};

constexpr const char* kMitre =
    "set,file,t_ms,rssi_dbm,range_ft,angle_deg,rx_device,tx_device,rx_location,tx_location,rx_pose,"
    "tx_pose,environment\n";

std::string mitre_line(int t_ms, int rssi, int range, int angle, const std::string& tx = "Pixel") {
  return "1," + tx + "," + std::to_string(t_ms) + "," + std::to_string(rssi) + "," +
         std::to_string(range) + "," + std::to_string(angle) + ",iPhone 8," + tx +
         ",hand,hand,sitting,sitting,room\n";
}

TEST_F(DatasetFiles, OfPairsOfPeopleHaveASegmentAnAngle) {
  const auto dataset = read_gzipped(kMitre + mitre_line(0, -60, 3, 0) + mitre_line(5, 127, 3, 0) +
                                    mitre_line(9000, -62, 3, 0) + mitre_line(20000, -70, 3, 45) +
                                    mitre_line(0, -80, 15, 0));
  ASSERT_TRUE(dataset.ok()) << dataset.status().text();
  EXPECT_EQ(dataset->kind, DatasetKind::mitre);
  ASSERT_EQ(dataset->segments.size(), 3u);
  ASSERT_EQ(dataset->contexts.size(), 2u);
  const Stay& first = dataset->segments[0];
  EXPECT_EQ(first.pair, "Pixel | iPhone 8");
  EXPECT_EQ(first.sender, "Pixel");
  EXPECT_FALSE(first.in_hand);  // of another word than the recordings'
  EXPECT_EQ(first.receiver_platform, PhonePlatform::ios);
  EXPECT_EQ(first.sender_platform, PhonePlatform::android);
  EXPECT_NEAR(first.distance_m, 0.9144, 1e-9);
  EXPECT_EQ(first.scans, (std::vector<std::vector<int8_t>>{{-60, -62}}));
  EXPECT_NEAR(first.seconds, 9, 1e-9);
  EXPECT_EQ(dataset->contexts[0].scans, (std::vector<std::vector<int8_t>>{{-60, -62}, {-70}}));
}

TEST_F(DatasetFiles, OfPairsOfPeopleSayWhetherTheReceiverWasInAHand) {
  std::string line = mitre_line(0, -60, 3, 0);
  line.replace(line.find(",hand,"), 6, ",in hand,");
  const auto dataset = read(kMitre + line);
  ASSERT_TRUE(dataset.ok()) << dataset.status().text();
  EXPECT_TRUE(dataset->segments[0].in_hand);
  EXPECT_TRUE(dataset->contexts[0].in_hand);
}

TEST_F(DatasetFiles, OfTheCableCarAreCutIntoTenSeconds) {
  std::string text = "run,receiver,sender,t_s,rssi_dbm,distance_cm\n";
  for (int i = 0; i < 300; ++i)
    text += "r,P2,Denmark," + std::to_string(i) + ",-60," + std::to_string(i) + "\n";
  const auto dataset = read(text);
  ASSERT_TRUE(dataset.ok());
  EXPECT_EQ(dataset->kind, DatasetKind::herald_edison);
  EXPECT_EQ(dataset->segments.size(), 30u);
  EXPECT_EQ(dataset->contexts.size(), 3u);
  EXPECT_NEAR(dataset->segments[1].distance_m, 0.145, 1e-9);
  EXPECT_EQ(dataset->segments[0].sender_platform, PhonePlatform::ios);
  EXPECT_EQ(dataset->contexts[0].scans.size(), 14u);
}

TEST_F(DatasetFiles, OfPocketsAndOfChannelsAreRead) {
  const auto mitll = read(
      "environment,receiver,rotation_deg,capture,tx_location,t_s,rssi_dbm\n"
      "Room,iPhone,0,c,pocket,0.0,-60\nRoom,iPhone,45,c,pocket,1.5,-65\n");
  ASSERT_TRUE(mitll.ok());
  EXPECT_EQ(mitll->kind, DatasetKind::mitll);
  EXPECT_EQ(mitll->segments.size(), 2u);
  EXPECT_EQ(mitll->contexts.size(), 1u);
  const auto multichannel = read(
      "environment,section,sender,distance_cm,rssi_ble_dbm,class\n"
      "bus,m,iPhone,50,-60,near\nbus,m,iPhone,50,-61,near\nbus,m,iPhone,50,-62,near\n"
      "bus,m,iPhone,y,rssi,near\nbus,m,iPhone,very_close,-62,near\n");
  ASSERT_TRUE(multichannel.ok());
  EXPECT_EQ(multichannel->kind, DatasetKind::multichannel);
  ASSERT_EQ(multichannel->segments.size(), 1u);
  EXPECT_EQ(multichannel->segments[0].scans[0].size(), 3u);
}

TEST_F(DatasetFiles, AreRefusedWithFieldAndLine) {
  const auto status = [&](const std::string& text) { return read(text).status(); };
  EXPECT_EQ(read_dataset(path()).status().code(), Code::not_found);
  EXPECT_EQ(status("").code(), Code::corrupt);
  EXPECT_EQ(status("a,b\n1,2\n").code(), Code::unsupported);
  EXPECT_EQ(status(kMitre).code(), Code::corrupt);
  const Status bad = status(kMitre + mitre_line(0, -60, 3, 0) + mitre_line(0, 300, 3, 0));
  EXPECT_EQ(bad.code(), Code::corrupt);
  EXPECT_STREQ(bad.field(), "rssi_dbm");
  EXPECT_EQ(bad.record(), 2);
  EXPECT_STREQ(status(kMitre + std::string("1,2\n")).field(), "line");
  EXPECT_STREQ(status("run,receiver,sender,t_s,rssi_dbm,distance_cm\nr,a,b,nan,-60,3\n").field(),
               "t_s");
}

TEST_F(DatasetFiles, ThatWereCutShortAreRefused) {
  std::string text = kMitre;
  for (int i = 0; i < 2000; ++i) text += mitre_line(i * 7, -40 - i % 50, 3, i % 8);
  EXPECT_TRUE(read_gzipped(text).ok());
  EXPECT_EQ(read_gzipped(text, 9).status().code(), Code::corrupt);
  EXPECT_EQ(read_gzipped(text, 2000).status().code(), Code::corrupt);
}

// Distance decides everything, so that everything finds it, but for what does not look.
TEST_F(DatasetFiles, AreEvaluatedByEveryMethod) {
  std::string text = kMitre;
  SeededRandom random(2);
  for (const char* tx : {"Pixel", "iPhone 7", "iPhone X", "moto"})
    for (int range : {3, 4, 5, 6, 8, 10, 12, 15})
      for (int angle = 0; angle < 360; angle += 45)
        for (int packet = 0; packet < 5; ++packet) {
          const double level =
              -50 - 25 * std::log10(range / 3.0) - (std::string(tx).starts_with("iPhone") ? 0 : 20);
          text += mitre_line(angle * 400 + packet * 1000,
                             static_cast<int>(level) - static_cast<int>(random.below(4)), range,
                             angle, tx);
        }
  const auto dataset = read(text);
  ASSERT_TRUE(dataset.ok());
  const EvaluationConfig config{.resamples = 50, .path_loss_elsewhere = 2.0};
  ASSERT_TRUE(config.check().ok());
  const EvaluationFigures figures = evaluate(*dataset, config);
  ASSERT_EQ(figures.tasks.size(), 2u);
  for (const TaskFigures& task : figures.tasks) {
    EXPECT_EQ(task.pairs, 4u);
    EXPECT_EQ(2 * task.near, task.stays);
    ASSERT_EQ(task.methods.size(), 12u);
    for (const MethodFigures& method : task.methods) {
      ASSERT_TRUE(method.auc.value) << method.name;
      EXPECT_LE(method.auc.low, method.auc.high);
      const double auc = *method.auc.value;
      if (method.name == "ours" || method.name == "attenuation_mean") {
        EXPECT_GT(auc, 0.9);
      }
      if (method.name == "raw_threshold" || method.name == "ours_sender_unknown") {
        EXPECT_LT(auc, 0.9);
      }
      if (method.name == "time_heard") {
        EXPECT_DOUBLE_EQ(auc, 0.5);
        EXPECT_EQ(method.comparison, Comparison::ours_is_better);
      }
      if (method.name == "ours") {
        EXPECT_EQ(method.comparison, Comparison::equal);
      }
    }
    const std::string picture = plot_svg(figures, task);
    EXPECT_TRUE(picture.starts_with("<svg"));
    EXPECT_NE(picture.find("mitre"), std::string::npos);
  }
  // The same drawing again gives the same figures.
  const EvaluationFigures again = evaluate(*dataset, config);
  EXPECT_EQ(again.tasks[0].methods[7].auc.low, figures.tasks[0].methods[7].auc.low);
  EXPECT_EQ(evaluate(*dataset, {.resamples = 0}).tasks[0].methods.size(), 11u);
}

TEST(EvaluationConfigs, AreRefusedWithTheFieldNamed) {
  EvaluationConfig config;
  config.distance_m = std::nan("");
  EXPECT_STREQ(config.check().field(), "distance_m");
  config = {};
  config.path_loss_elsewhere = -1;
  EXPECT_STREQ(config.check().field(), "path_loss_exponent");
  config = {};
  config.resamples = 1000000;
  EXPECT_STREQ(config.check().field(), "resamples");
  config = {};
  config.model.farthest_m = -1;
  EXPECT_STREQ(config.check().field(), "farthest_m");
}

}  // namespace
}  // namespace nearzone
