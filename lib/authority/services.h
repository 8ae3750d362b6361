// What the parts of the interface work with. All of it outlives them, and is safe from any thread.
#pragma once

#include "authority/key_ring.h"
#include "authority/log.h"
#include "authority/settings.h"
#include "authority/store.h"
#include "authority/write_queue.h"
#include "nearzone/random.h"
#include "nearzone/time.h"

namespace nearzone::authority {

struct Services {
  const Settings& settings;
  Store& store;
  WriteQueue& writes;
  KeyRing& ring;
  const Clock& clock;
  Random& random;
  Log& log;
};

}  // namespace nearzone::authority
