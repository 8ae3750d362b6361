#include <cmath>
#include <cstdlib>

#include "nearzone/evaluation.h"

// What is read can be evaluated, and every figure is a number.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  const auto dataset = parse_dataset({reinterpret_cast<const char*>(data), size});
  if (!dataset.ok() || dataset->segments.size() > 100) return 0;
  for (const TaskFigures& task : evaluate(*dataset, {.resamples = 2}).tasks)
    for (const MethodFigures& method : task.methods)
      for (const Figure& figure : {method.auc, method.brier, method.ece})
        if (figure.value && !(*figure.value >= 0 && *figure.value <= 1)) std::abort();
  return 0;
}
