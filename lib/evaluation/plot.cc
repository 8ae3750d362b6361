#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>

#include "nearzone/evaluation.h"

namespace nearzone {
namespace {

constexpr int kSide = 360;  // of a plot's square
constexpr int kMargin = 60;
constexpr int kLegend = 250;
constexpr int kWidth = 2 * (kSide + kMargin) + kMargin + kLegend;
constexpr int kHeight = kSide + 2 * kMargin;
// Distinguishable in print and by most eyes (Okabe and Ito, 2008); a grey and four others besides.
constexpr std::array<const char*, 12> kColours{"#999999", "#56b4e9", "#0072b2", "#cc79a7",
                                               "#e69f00", "#009e73", "#b8a800", "#6a3d9a",
                                               "#000000", "#d55e00", "#8c510a", "#c51b7d"};

class Drawing {
 public:
  __attribute__((format(printf, 2, 3))) void add(const char* format, ...) {
    std::array<char, 512> line;
    va_list arguments;
    va_start(arguments, format);
    const int size = std::vsnprintf(line.data(), line.size(), format, arguments);
    va_end(arguments);
    if (size > 0) text_.append(line.data(), std::min(static_cast<size_t>(size), line.size() - 1));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

struct Square {
  int left;
  double x(double value) const { return left + value * kSide; }
  double y(double value) const { return kMargin + (1 - value) * kSide; }
};

void draw_axes(Drawing& drawing, const Square& square, const char* title, const char* across,
               const char* up) {
  drawing.add("<rect x='%d' y='%d' width='%d' height='%d' fill='none' stroke='#333'/>\n",
              square.left, kMargin, kSide, kSide);
  drawing.add("<path d='M%.1f %.1fL%.1f %.1f' stroke='#bbb' stroke-dasharray='4 4'/>\n",
              square.x(0), square.y(0), square.x(1), square.y(1));
  for (int i = 0; i <= 4; ++i) {
    const double value = i / 4.0;
    drawing.add("<text x='%.1f' y='%d' text-anchor='middle'>%.2f</text>\n", square.x(value),
                kMargin + kSide + 16, value);
    drawing.add("<text x='%d' y='%.1f' text-anchor='end'>%.2f</text>\n", square.left - 6,
                square.y(value) + 4, value);
  }
  drawing.add("<text x='%.1f' y='%d' text-anchor='middle' font-weight='bold'>%s</text>\n",
              square.x(0.5), kMargin - 14, title);
  drawing.add("<text x='%.1f' y='%d' text-anchor='middle'>%s</text>\n", square.x(0.5),
              kMargin + kSide + 38, across);
  drawing.add("<text transform='translate(%d %.1f) rotate(-90)' text-anchor='middle'>%s</text>\n",
              square.left - 42, square.y(0.5), up);
}

void draw_curve(Drawing& drawing, const Square& square, const std::vector<CurvePoint>& points,
                const char* colour, bool dots) {
  if (points.empty()) return;
  drawing.add("<path fill='none' stroke-width='1.5' stroke='%s' d='", colour);
  for (size_t i = 0; i < points.size(); ++i)
    drawing.add("%c%.1f %.1f", i == 0 ? 'M' : 'L', square.x(points[i].x), square.y(points[i].y));
  drawing.add("'/>\n");
  if (!dots) return;
  for (const CurvePoint& point : points)
    drawing.add("<circle r='3' cx='%.1f' cy='%.1f' fill='%s'/>\n", square.x(point.x),
                square.y(point.y), colour);
}

}  // namespace

std::string plot_svg(const EvaluationFigures& figures, const TaskFigures& task) {
  Drawing drawing;
  drawing.add(
      "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' "
      "font-size='11'>\n<rect width='100%%' height='100%%' fill='white'/>\n",
      kWidth, kHeight);
  const Square roc{kMargin};
  const Square reliability{kSide + 2 * kMargin};
  draw_axes(drawing, roc, "Who is found, and who for nothing", "false alarms, as a share",
            "hits, as a share");
  draw_axes(drawing, reliability, "What is said, and what happens", "probability said",
            "share that was near");
  const int legend = 2 * kSide + 3 * kMargin - 20;
  const std::string name(dataset_name(figures.kind));
  drawing.add("<text x='%d' y='%d' font-weight='bold'>%s, %s: AUC</text>\n", legend, kMargin,
              name.c_str(), std::string(task.name).c_str());
  for (size_t i = 0; i < task.methods.size(); ++i) {
    const MethodFigures& method = task.methods[i];
    const char* colour = kColours[i % kColours.size()];
    draw_curve(drawing, roc, method.roc, colour, false);
    // Each line more than two would hide the others.
    if (method.name.starts_with("ours"))
      draw_curve(drawing, reliability, method.reliability, colour, true);
    const int y = kMargin + 20 + 18 * static_cast<int>(i);
    drawing.add("<rect x='%d' y='%d' width='12' height='4' fill='%s'/>\n", legend, y - 6, colour);
    drawing.add("<text x='%d' y='%d'>%s", legend + 18, y, std::string(method.name).c_str());
    if (method.auc.value) drawing.add(" %.3f", *method.auc.value);
    drawing.add("</text>\n");
  }
  drawing.add("</svg>\n");
  return drawing.take();
}

}  // namespace nearzone
