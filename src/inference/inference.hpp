#pragma once

// What training needs of inference.
// IWYU pragma: begin_exports
#include "inference/chunks.hpp"
#include "inference/evaluate.hpp"
#include "inference/model_on_device.hpp"
#include "inference/requirements.hpp"
// IWYU pragma: end_exports
