#pragma once

#include <gmock/gmock.h>
#include <string>

#include <gtest/gtest.h>

#include "gradus/error.hpp"
#include "gradus/trainer.hpp"
#include "training/example_data.hpp"

namespace gradus::testing_support {

/// A trainer of these on twenty samples of two classes is refused with this message.
inline void expect_usage_error(const NetworkSpec& network, const TrainingOptions& options, const std::string& message) {
  try {
    const Trainer trainer(network, two_classes(20), options);
    FAIL() << "no error: " << message;
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr(message));
  }
}

}  // namespace gradus::testing_support
