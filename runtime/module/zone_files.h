#pragma once
/// Time zones from the files of the IANA data. Internal to runtime/module.

#include <string>
#include <string_view>

#include "values/zone.h"

namespace aceso {

enum class ZoneProblem : std::uint8_t {
  none,
  unknown_name, ///< no zone has this name, or its file is broken
  no_data       ///< the folder is not there
};

struct ZoneFile {
  std::shared_ptr<const ZoneRules> rules; ///< null with a problem
  ZoneProblem problem = ZoneProblem::none;
};

/// The zone from the file `folder`/`name`. A name is words of letters, digits, "_", "+" and "-", the first of each a
/// letter, with "/" between them ("America/Argentina/Buenos_Aires"), so none leads out of the folder. Nothing else is
/// opened; at most 1 MiB is read.
[[nodiscard]] ZoneFile read_zone_file(const std::string& folder, std::string_view name);

} // namespace aceso
