#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "graph/draw.h"
#include "graph/draw_layout.h"
#include "graph_fixture.h"

namespace aceso::graph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Graph finished() {
  Graph graph = fixture::small_guideline();
  finish(graph);
  return graph;
}

std::uint32_t box_called(const Drawing& drawing, BoxKind kind, const std::string& title) {
  for (std::uint32_t i = 0; i < drawing.boxes.size(); ++i)
    if (drawing.boxes[i].kind == kind && drawing.boxes[i].title == title) return i;
  ADD_FAILURE() << "no box " << title;
  return 0;
}

bool has_arrow(const Drawing& drawing, ArrowKind kind, std::uint32_t from, std::uint32_t to,
               std::optional<std::uint32_t> row = {}) {
  return std::any_of(drawing.arrows.begin(), drawing.arrows.end(), [&](const Arrow& arrow) {
    return arrow.kind == kind && arrow.from == from && arrow.to == to && arrow.row == row;
  });
}

TEST(GraphDraw, BoxesAndArrows) {
  const Drawing d = make_drawing(finished());
  const auto red_flags = box_called(d, BoxKind::inputs, "Red flags");
  const auto any_red_flag = box_called(d, BoxKind::definition, "any red flag");
  const auto modality = box_called(d, BoxKind::table, "modality");
  const auto cause = box_called(d, BoxKind::differential, "cause");
  const auto image = box_called(d, BoxKind::rule, "image");
  const auto keep_moving = box_called(d, BoxKind::rule, "keep moving");
  const auto imaging = box_called(d, BoxKind::actions, "imaging");
  EXPECT_THAT(d.boxes[red_flags].rows, ElementsAre("fever", "weakness"));
  EXPECT_THAT(d.boxes[image].rows,
              ElementsAre("when any red flag", "recommend, strong, immediately", "overrides keep moving"));
  EXPECT_THAT(d.boxes[imaging].rows, ElementsAre("MRI", "CT"));
  EXPECT_TRUE(has_arrow(d, ArrowKind::uses, red_flags, any_red_flag));
  EXPECT_TRUE(has_arrow(d, ArrowKind::uses, any_red_flag, image));
  EXPECT_FALSE(has_arrow(d, ArrowKind::uses, red_flags, image)) << "the definition stands between";
  EXPECT_TRUE(has_arrow(d, ArrowKind::uses, modality, image));
  EXPECT_TRUE(has_arrow(d, ArrowKind::uses, red_flags, cause));
  EXPECT_TRUE(has_arrow(d, ArrowKind::uses, cause, box_called(d, BoxKind::applies, "The guideline applies")));
  EXPECT_TRUE(has_arrow(d, ArrowKind::recommend, image, imaging, 1));
  EXPECT_TRUE(has_arrow(d, ArrowKind::avoid, keep_moving, box_called(d, BoxKind::actions, "self care"), 0));
}

TEST(GraphDraw, ThePathway) {
  const Drawing d = make_drawing(finished());
  const auto triage = box_called(d, BoxKind::stage, "triage");
  const auto conservative = box_called(d, BoxKind::stage, "conservative");
  const auto imaging = box_called(d, BoxKind::stage, "imaging");
  const auto any_stage = box_called(d, BoxKind::any_stage, "at any stage");
  EXPECT_TRUE(d.boxes[triage].is_start);
  EXPECT_TRUE(d.boxes[imaging].is_final);
  EXPECT_THAT(d.boxes[any_stage].rows, ElementsAre("except imaging"));
  EXPECT_TRUE(has_arrow(d, ArrowKind::interrupt, any_stage, imaging));
  EXPECT_TRUE(has_arrow(d, ArrowKind::transition, conservative, triage));
  EXPECT_EQ(d.arrows.back().label, "after 1 week, at most 2 times");
}

TEST(GraphDraw, IsDeterministic) {
  EXPECT_EQ(draw_svg(finished()), draw_svg(finished()));
  EXPECT_EQ(draw_dot(finished()), draw_dot(finished()));
  EXPECT_EQ(draw_mermaid(finished()), draw_mermaid(finished()));
}

TEST(GraphDraw, EscapesTexts) {
  const std::string svg = draw_svg(finished()), dot = draw_dot(finished()), mermaid = draw_mermaid(finished());
  EXPECT_THAT(svg, HasSubstr("Back pain &lt;in miniature&gt; &amp; &quot;quoted&quot;"));
  EXPECT_THAT(svg, HasSubstr("&lt;seldom&gt;"));
  EXPECT_THAT(svg, Not(HasSubstr("<seldom>")));
  EXPECT_THAT(dot, HasSubstr("label=\"Back pain <in miniature> & \\\"quoted\\\"\""));
  EXPECT_THAT(dot, HasSubstr("&lt;seldom&gt;"));
  EXPECT_THAT(mermaid, HasSubstr("#lt;seldom#gt;"));
  EXPECT_THAT(mermaid, Not(HasSubstr("<seldom>")));
}

/// Every tag that is opened is closed, in order.
void expect_well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t i = xml.find('<'); i != std::string::npos; i = xml.find('<', i + 1)) {
    const std::size_t end = xml.find('>', i);
    ASSERT_NE(end, std::string::npos);
    const std::string tag = xml.substr(i + 1, end - i - 1);
    const std::string name = tag.substr(0, tag.find_first_of(" \n/", 1));
    if (tag.back() == '/') continue;
    if (tag.front() != '/') {
      open.push_back(name);
      continue;
    }
    ASSERT_FALSE(open.empty());
    ASSERT_EQ("/" + open.back(), tag);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
}

TEST(GraphDraw, SvgIsWellFormed) {
  expect_well_formed(draw_svg(finished()));
  expect_well_formed(draw_svg(Graph{}));
}

TEST(GraphDraw, LongWordsAndTextsAreBroken) {
  Graph graph = finished();
  graph.dictionary.actions[0].title = std::string(100, 'w') + " \xC3\xA9t\xC3\xA9";
  graph.dictionary.cautions[0].text = std::string(40, 'a') + std::string(400, ' ') + "b";
  for (int i = 0; i < 200; ++i)
    graph.dictionary.cautions[0].text += " word";
  const std::string svg = draw_svg(graph);
  expect_well_formed(svg);
  EXPECT_THAT(svg, HasSubstr(">" + std::string(32, 'w') + "<"));
  EXPECT_THAT(svg, Not(HasSubstr(std::string(33, 'w'))));
  EXPECT_THAT(svg, HasSubstr(" …<"));
}

TEST(GraphDraw, AStageThatLeadsToItself) {
  Graph graph = finished();
  Transition again;
  again.from = again.to = StageId(1U);
  again.after = fixture::days(7);
  graph.pathway->transitions.push_back(again);
  EXPECT_THAT(draw_svg(graph), HasSubstr("again after 1 week"));
  EXPECT_THAT(draw_mermaid(graph), HasSubstr("b13 -->|\"after 1 week\"| b13"));
}

TEST(GraphDraw, NoPathwayNoFrame) {
  EXPECT_THAT(draw_dot(Graph{}), Not(HasSubstr("cluster")));
  EXPECT_THAT(draw_mermaid(Graph{}), Not(HasSubstr("subgraph")));
}

TEST(GraphLayout, NothingOverlapsAndCrossingsGo) {
  Layout layout;
  for (std::size_t i = 0; i < 8; ++i)
    layout.slots.push_back({i / 4, 100, 30 + static_cast<int>(i) * 7, false, 0, 0});
  for (std::size_t i = 0; i < 4; ++i)
    layout.links.push_back({i, 7 - i, 10});
  arrange(layout);
  for (std::size_t a = 0; a < 8; ++a)
    for (std::size_t b = 0; b < 8; ++b) {
      const LayoutSlot &s = layout.slots[a], &t = layout.slots[b];
      if (a == b || s.layer != t.layer) continue;
      EXPECT_TRUE(s.y + s.height < t.y || t.y + t.height < s.y) << a << " " << b;
    }
  for (std::size_t i = 1; i < 4; ++i) {
    const bool left = layout.slots[i - 1].y < layout.slots[i].y;
    EXPECT_EQ(left, layout.slots[8 - i].y < layout.slots[7 - i].y) << i;
  }
  EXPECT_GT(layout.layer_x[1], 100);
}

} // namespace
} // namespace aceso::graph
