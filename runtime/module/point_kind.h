#pragma once

#include "module/dictionary.h"
#include "values/interval.h"

namespace aceso {

/// What the points of an interval are whose elements have this type: anything but a time is a number.
[[nodiscard]] constexpr PointKind point_kind(TypeKind kind) {
  return kind == TypeKind::date      ? PointKind::date
         : kind == TypeKind::instant ? PointKind::instant
         : kind == TypeKind::time    ? PointKind::time
                                     : PointKind::number;
}

/// Of points, or of the points of an interval.
[[nodiscard]] inline PointKind point_kind(const Dictionary& dictionary, TypeId type) {
  const TypeInfo& info = dictionary[type];
  return point_kind(info.kind == TypeKind::interval ? dictionary[info.element].kind : info.kind);
}

} // namespace aceso
