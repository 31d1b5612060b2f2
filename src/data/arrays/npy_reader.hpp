#pragma once

#include "data/arrays/arrays.hpp"
#include "data/source/byte_source.hpp"

namespace gradus::internal {

/// NumPy's format NPY, versions 1.0 to 3.0, of float32, float64, uint8, int32 or int64 in either byte order, C order or (up
/// to two dimensions) Fortran order. Throw FileError and DataError.
/// Inputs: (samples, …), all but the first dimension become features; (samples) is one feature. uint8 stays bytes.
/// NaN is a missing value.
[[nodiscard]] ArrayInputs read_npy_inputs(ByteSource& source);
/// Targets: (samples) or (samples, columns); NaN is an error.
[[nodiscard]] ArrayTargets read_npy_targets(ByteSource& source);

}  // namespace gradus::internal
