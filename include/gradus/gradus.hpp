#pragma once

// IWYU pragma: begin_exports
#include "gradus/dataset.hpp"
#include "gradus/device.hpp"
#include "gradus/error.hpp"
#include "gradus/evaluation.hpp"
#include "gradus/experiment.hpp"
#include "gradus/export.hpp"
#include "gradus/image_size.hpp"
#include "gradus/loading.hpp"
#include "gradus/methods.hpp"
#include "gradus/metrics.hpp"
#include "gradus/model.hpp"
#include "gradus/names.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/option_value.hpp"
#include "gradus/options.hpp"
#include "gradus/recipe.hpp"
#include "gradus/schema.hpp"
#include "gradus/trainer.hpp"
#include "gradus/training_options.hpp"
#include "gradus/version.hpp"
// IWYU pragma: end_exports
