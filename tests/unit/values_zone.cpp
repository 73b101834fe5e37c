/// Time zones from the data of the system, against the C library, and what cases say with them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <sstream>

#include "guideline_fixture.h"
#include "module/zone_files.h"

namespace aceso {
namespace {

constexpr const char* folder = "/usr/share/zoneinfo";

Zone zone(const std::string& name) {
  const ZoneFile file = read_zone_file(folder, name);
  if (!file.rules) throw std::runtime_error(name + ": no such zone; is the package tzdata installed?");
  return Zone(file.rules);
}
Instant at(const char* text) { return parse_instant(text)->instant; }
std::string in(const Zone& zone, Instant instant) { return to_text(zone.at(instant)); }

/// The C library reads the same data with its own code.
TEST(Zones, AgreeWithTheCLibrary) {
  std::mt19937_64 random(2026);
  for (const char* name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Europe/Dublin",
                           "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia", "Asia/Tehran", "Etc/GMT+5",
                           "America/Argentina/Buenos_Aires", "Antarctica/Troll", "Asia/Gaza", "America/Nuuk"}) {
    setenv("TZ", name, 1);
    tzset();
    const Zone ours = zone(name);
    for (int i = 0; i < 2'000; ++i) {
      const auto seconds = static_cast<std::time_t>(random() % 5'000'000'000) - 600'000'000; // 1950 to 2109
      std::tm civil{};
      localtime_r(&seconds, &civil);
      ASSERT_EQ(ours.offset_at({seconds}), civil.tm_gmtoff) << name << " at " << seconds;
    }
  }
  unsetenv("TZ");
  tzset();
}

TEST(Zones, ClocksThatJumpForward) {
  const Zone berlin = zone("Europe/Berlin");
  EXPECT_EQ(in(berlin, at("2026-03-29T00:59:59Z")), "2026-03-29T01:59:59+01:00");
  EXPECT_EQ(in(berlin, at("2026-03-29T01:00:00Z")), "2026-03-29T03:00:00+02:00");
  EXPECT_EQ(in(berlin, parse_instant("2026-03-29T02:30", berlin)->instant), "2026-03-29T03:30:00+02:00");
  EXPECT_EQ(in(berlin, parse_instant("2026-03-29T01:59:59", berlin)->instant), "2026-03-29T01:59:59+01:00");
  // Midnight itself is skipped: the day begins at one o'clock.
  const Zone sao_paulo = zone("America/Sao_Paulo");
  EXPECT_EQ(in(sao_paulo, parse_instant("2018-11-04", sao_paulo)->instant), "2018-11-04T01:00:00-02:00");
}

TEST(Zones, ClocksThatGoBack) {
  const Zone berlin = zone("Europe/Berlin");
  EXPECT_EQ(in(berlin, parse_instant("2026-10-25T02:30", berlin)->instant), "2026-10-25T02:30:00+02:00");
  EXPECT_EQ(in(berlin, parse_instant("2026-10-25T03:00", berlin)->instant), "2026-10-25T03:00:00+01:00");
  const Zone new_york = zone("America/New_York");
  EXPECT_EQ(in(new_york, parse_instant("2026-11-01T01:30", new_york)->instant), "2026-11-01T01:30:00-04:00");
  EXPECT_EQ(in(new_york, at("2026-11-01T06:30:00Z")), "2026-11-01T01:30:00-05:00");
}

TEST(Zones, MonthsAreCivilAndDaysAreExact) {
  const Zone berlin = zone("Europe/Berlin");
  const Instant before = parse_instant("2026-03-28T12:00", berlin)->instant;
  EXPECT_EQ(in(berlin, add(before, {0, 86'400}, berlin)), "2026-03-29T13:00:00+02:00");
  EXPECT_EQ(in(berlin, add(before, {1, 0}, berlin)), "2026-04-28T12:00:00+02:00");
  EXPECT_EQ(in(berlin, add(before, {7, 0}, berlin)), "2026-10-28T12:00:00+01:00");
  EXPECT_EQ(in(berlin, add(before, {1, 0}, berlin, -1)), "2026-02-28T12:00:00+01:00");
  // The second half past two stays the second when only seconds are added.
  const Instant second = at("2026-10-25T01:30:00Z");
  EXPECT_EQ(add(second, {0, 60}, berlin), at("2026-10-25T01:31:00Z"));
}

TEST(Zones, FarFutureAndPast) {
  const Zone berlin = zone("Europe/Berlin");
  EXPECT_EQ(in(berlin, at("2500-07-01T12:00:00Z")), "2500-07-01T14:00:00+02:00");
  EXPECT_EQ(in(berlin, at("2500-01-01T12:00:00Z")), "2500-01-01T13:00:00+01:00");
  // Local mean time was no whole number of minutes, which RFC 3339 cannot write.
  EXPECT_EQ(in(berlin, at("1880-01-01T12:00:00Z")), "1880-01-01T12:00:00Z");
  EXPECT_EQ(date_at(at("1880-01-01T23:30:00Z"), berlin), to_date({1880, 1, 2}));
}

TEST(Zones, NamesLeadNowhereElse) {
  for (const char* name : {"", "/etc/passwd", "../../../etc/passwd", "Europe/../Europe/Berlin", "Europe/",
                           "/Europe/Berlin", "Europe//Berlin", "Europe", "tzdata.zi", "zone.tab", "leapseconds", ".",
                           "Europe/Nowhere", "Europe/Berlin\n", "europe\\berlin"})
    EXPECT_EQ(read_zone_file(folder, name).problem, ZoneProblem::unknown_name) << name;
  EXPECT_EQ(read_zone_file(folder, std::string(100'000, 'a')).problem, ZoneProblem::unknown_name);
  EXPECT_EQ(read_zone_file(folder, std::string("Europe/Berlin\0", 14)).problem, ZoneProblem::unknown_name);
  EXPECT_EQ(read_zone_file("/no/such/folder", "Europe/Berlin").problem, ZoneProblem::no_data);
}

TEST(Zones, BrokenFilesAreRefused) {
  std::ifstream file(std::string(folder) + "/Europe/Berlin", std::ios::binary);
  std::stringstream stream;
  stream << file.rdbuf();
  const std::string bytes = stream.str();
  ASSERT_TRUE(ZoneRules::parse(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(ZoneRules::parse(bytes.substr(0, size))) << size;
  std::mt19937 random(3);
  for (int i = 0; i < 3'000; ++i) { // whatever it says, it must say it without harm
    std::string changed = bytes;
    changed[random() % changed.size()] = static_cast<char>(random());
    if (const auto rules = ZoneRules::parse(changed)) (void)rules->offset_at(at("2026-11-22"));
  }
}

// ---------------------------------------------------------------- in cases

using testing::Guideline;

constexpr const char* body = R"(
inputs facts "Facts" {
  seen  : instant
  fever : yes/no fresh for 1 day
  born  : date
}
define the_day   = date_of(seen)
define the_time  = time_of(seen)
define next      = seen + 1 month
define day_later = seen + 1 day
define age_now   = age(born)
define date_now  = today
action rest "Rest" : self_care
pathway care "Care" {
  start waiting
  stage waiting "Wait" { after 1 month when fever is unknown go to over }
  stage over "Over" final
}
)";

reference::Evaluation run(const Guideline& guideline, const std::string& json) {
  const CaseReadResult read = read_case(guideline.graph().dictionary, json);
  for (const CaseFault& fault : read.faults)
    ADD_FAILURE() << fault.id << " " << fault.path << ": " << fault.message;
  return reference::evaluate(guideline.graph(), read.patient_case);
}

TEST(ZonesInCases, TheCalendarIsThatOfTheZone) {
  const Guideline guideline(body);
  const auto evaluation = run(guideline, R"({"now": "2026-03-30T22:30:00Z", "time_zone": "Europe/Berlin",
      "inputs": {"seen": "2026-03-29T02:30", "born": "2000-03-31"}})");
  EXPECT_EQ(guideline.value(evaluation, "the_day"), "2026-03-29");
  EXPECT_EQ(guideline.value(evaluation, "the_time"), "03:30");
  EXPECT_EQ(guideline.value(evaluation, "next"), "2026-04-29T01:30:00Z");
  EXPECT_EQ(guideline.value(evaluation, "day_later"), "2026-03-30T01:30:00Z");
  EXPECT_EQ(guideline.value(evaluation, "date_now"), "2026-03-31");
  EXPECT_EQ(guideline.value(evaluation, "age_now"), "26 a");
  EXPECT_EQ(to_text(evaluation.decision.at), "2026-03-31T00:30:00+02:00");
}

TEST(ZonesInCases, EventsWaitsAndFreshnessFollowTheClock) {
  const Guideline guideline(body);
  // Midnight on 10 March is +01:00, on 10 April +02:00: a month later by the clock on the wall.
  const auto evaluation = run(guideline, R"({"now": "2026-04-20T12:00", "time_zone": "Europe/Berlin", "inputs": {},
      "events": [{"at": "2026-03-10", "inputs": {"fever": true}}]})");
  ASSERT_TRUE(evaluation.decision.stage);
  EXPECT_EQ(to_text(evaluation.decision.at), "2026-04-20T12:00:00+02:00");
  EXPECT_EQ(to_text(evaluation.decision.stage->path[0].entered_at), "2026-03-10T00:00:00+01:00");
  EXPECT_EQ(to_text(evaluation.decision.stage->path[1].entered_at), "2026-04-10T00:00:00+02:00");
}

TEST(ZonesInCases, AreWrittenBack) {
  const Guideline guideline(body);
  const std::string json = R"({
  "now": "2026-11-22T10:00:00+01:00",
  "time_zone": "Europe/Berlin",
  "inputs": {
    "seen": "2026-07-01T12:00:00+02:00",
    "born": "1980-05"
  }
}
)";
  const CaseReadResult read = read_case(guideline.graph().dictionary, json);
  ASSERT_TRUE(read.ok()) << read.faults[0].message;
  EXPECT_EQ(write_case(guideline.graph().dictionary, read.patient_case), json);
}

TEST(ZonesInCases, FaultsAreNamed) {
  const Guideline guideline(body);
  const auto faults = [&](const std::string& zone, const std::string& zone_folder = folder) {
    CaseReadOptions options;
    options.zone_folder = zone_folder;
    const auto read =
        read_case(guideline.graph().dictionary,
                  R"({"now": "2026-11-22T10:00:00Z", "time_zone": )" + zone + R"(, "inputs": {}})", options);
    std::string ids;
    for (const CaseFault& fault : read.faults)
      ids += fault.id + " " + fault.path;
    return ids;
  };
  EXPECT_EQ(faults(R"("Europe/Berlin")"), "");
  EXPECT_EQ(faults(R"("Europe/Nowhere")"), "A0733 $.time_zone");
  EXPECT_EQ(faults(R"("../../etc/passwd")"), "A0733 $.time_zone");
  EXPECT_EQ(faults(R"("Europe/Berlin")", "/no/such/folder"), "A0734 $.time_zone");
  EXPECT_EQ(faults("3600"), "A0710 $.time_zone");
}

} // namespace
} // namespace aceso
