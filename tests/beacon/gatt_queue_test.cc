#include <gtest/gtest.h>

#include "nearzone/beacon_planner.h"

namespace nearzone::beacon {
namespace {

Peer peer(int number) {
  Peer peer;
  peer.bytes[0] = static_cast<uint8_t>(number);
  peer.bytes[1] = static_cast<uint8_t>(number >> 8);
  return peer;
}

TEST(GattQueue, AsksOneAtATimeTheStrongestFirst) {
  GattQueue queue;
  queue.want(peer(1), -80, Millis(0));
  queue.want(peer(2), -50, Millis(0));
  queue.want(peer(3), -60, Millis(0));
  EXPECT_EQ(queue.next(Millis(0)), peer(2));
  EXPECT_EQ(queue.next(Millis(1)), std::nullopt);
  queue.answered(peer(2), Millis(100));
  EXPECT_EQ(queue.next(Millis(100)), std::nullopt) << "without a pause";
  EXPECT_EQ(queue.wakeup(), Millis(1100));
  EXPECT_EQ(queue.next(Millis(1100)), peer(3));
}

TEST(GattQueue, AskedTwiceIsQueuedOnce) {
  GattQueue queue;
  for (int i = 0; i < 5; ++i) queue.want(peer(1), -60, Millis(i));
  EXPECT_EQ(queue.waiting(), 1u);
  EXPECT_EQ(queue.next(Millis(5)), peer(1));
  queue.want(peer(1), -60, Millis(6));
  EXPECT_EQ(queue.waiting(), 0u);
}

TEST(GattQueue, GivesUpWhoDoesNotAnswer) {
  GattQueue queue;
  queue.want(peer(1), -60, Millis(0));
  queue.want(peer(2), -70, Millis(0));
  EXPECT_EQ(queue.next(Millis(0)), peer(1));
  EXPECT_EQ(queue.wakeup(), GattQueue::kTimeout);
  EXPECT_EQ(queue.timed_out(GattQueue::kTimeout - Millis(1)), std::nullopt);
  EXPECT_EQ(queue.timed_out(GattQueue::kTimeout), peer(1));
  EXPECT_EQ(queue.timed_out(GattQueue::kTimeout), std::nullopt);
  EXPECT_EQ(queue.next(GattQueue::kTimeout + GattQueue::kPause), peer(2));
  queue.want(peer(1), -60, GattQueue::kTimeout + Millis(1));
  EXPECT_EQ(queue.waiting(), 0u) << "at once again";
}

// The original connected to strangers' devices again and again.
TEST(GattQueue, StrangersAreRemembered) {
  GattQueue queue;
  queue.want(peer(1), -60, Millis(0));
  ASSERT_EQ(queue.next(Millis(0)), peer(1));
  queue.stranger(peer(1), Millis(500));
  for (Millis now{1000}; now < Millis(500) + GattQueue::kStranger; now += Millis(60'000)) {
    queue.want(peer(1), -60, now);
    EXPECT_EQ(queue.waiting(), 0u);
  }
  const Millis later = Millis(500) + GattQueue::kStranger;
  queue.want(peer(1), -60, later);
  EXPECT_EQ(queue.next(later), peer(1));
}

TEST(GattQueue, WhoWaitedTooLongIsDropped) {
  GattQueue queue;
  queue.want(peer(1), -60, Millis(0));
  EXPECT_EQ(queue.next(GattQueue::kLongestWait + Millis(1)), std::nullopt);
  EXPECT_EQ(queue.waiting(), 0u);
  EXPECT_EQ(queue.wakeup(), std::nullopt);
}

TEST(GattQueue, KeepsTheStrongestWhereThereIsNoRoom) {
  GattQueue queue;
  const int many = 3 * static_cast<int>(GattQueue::kWaiting);
  for (int i = 0; i < many; ++i) queue.want(peer(i), static_cast<int8_t>(i - 120), Millis(0));
  EXPECT_EQ(queue.waiting(), GattQueue::kWaiting);
  for (int i = 0; i < many; ++i) queue.want(peer(i + many), -127, Millis(0));
  EXPECT_EQ(queue.next(Millis(0)), peer(many - 1));
}

TEST(GattQueue, RemembersNoMoreThanItHasRoomFor) {
  GattQueue queue;
  const int many = static_cast<int>(GattQueue::kRemembered) + 10;
  for (int i = 0; i < many; ++i) queue.stranger(peer(i), Millis(i));
  const Millis now{many};
  for (int i = 10; i < many; ++i) queue.want(peer(i), -60, now);
  EXPECT_EQ(queue.waiting(), 0u);
  for (int i = 0; i < 10; ++i) queue.want(peer(i), -60, now);
  EXPECT_EQ(queue.waiting(), 10u) << "those told of first are forgotten first";
}

TEST(GattQueue, AnAnswerOfSomebodyElseLeavesTheOneAskedAlone) {
  GattQueue queue;
  queue.want(peer(1), -60, Millis(0));
  ASSERT_EQ(queue.next(Millis(0)), peer(1));
  queue.answered(peer(2), Millis(1));
  queue.unreachable(peer(3), Millis(1));
  EXPECT_EQ(queue.asking(), peer(1));
  queue.clear();
  EXPECT_EQ(queue.asking(), std::nullopt);
}

}  // namespace
}  // namespace nearzone::beacon
