// The models that earlier versions wrote, in tests/models: read, and written again without loss.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/temporary_folder.hpp"
#include "gradus/model.hpp"

namespace gradus {
namespace {

using nlohmann::json;
using testing_support::read_bytes;
using testing_support::TemporaryFolder;

/// A model's bytes, taken apart.
struct Parts {
  json metadata;  // its values are texts
  json entries;   // of the tensors
  std::string tensors;
};

Parts parts_of(const std::string& bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof(length));
  json header = json::parse(bytes.substr(8, length));
  json metadata = header["__metadata__"];
  header.erase("__metadata__");
  return {std::move(metadata), std::move(header), bytes.substr(8 + length)};
}

/// tests/models/VERSION/CASE. Tests print the name of the case.
struct OldModel {
  std::filesystem::path folder;
  friend void PrintTo(const OldModel& model, std::ostream* out) { *out << model.folder.filename().string(); }
  [[nodiscard]] std::filesystem::path file() const { return folder / "model.safetensors"; }
};

std::vector<OldModel> old_models() {
  std::vector<OldModel> models;
  for (const auto& version : std::filesystem::directory_iterator(std::string(GRADUS_SOURCE_DIR) + "/tests/models")) {
    if (!version.is_directory()) continue;
    for (const auto& folder : std::filesystem::directory_iterator(version))
      if (const OldModel model{folder.path()}; std::filesystem::exists(model.file())) models.push_back(model);
  }
  std::sort(models.begin(), models.end(), [](const OldModel& a, const OldModel& b) { return a.folder < b.folder; });
  return models;
}

std::string name_of(const testing::TestParamInfo<OldModel>& info) {
  std::string name = info.param.folder.parent_path().filename().string() + "_" + info.param.folder.filename().string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

class OldModels : public testing::TestWithParam<OldModel> {};

TEST_P(OldModels, AreRead) {
  const Model model = Model::load(GetParam().file());
  const DataSchema& schema = model.schema();
  const NetworkSpec& network = model.network();
  EXPECT_EQ(network.inputs, schema.inputs());
  EXPECT_EQ(network.outputs, schema.outputs());
  EXPECT_TRUE(schema.feature_names.empty() || schema.feature_names.size() == schema.features);
  EXPECT_EQ(schema.class_names.empty(), schema.task != Task::classification);
  EXPECT_FALSE(model.training().version.empty());
  EXPECT_EQ(model.weights(0).size(), network.inputs * (network.hidden.empty() ? network.outputs : network.hidden.front()));
  EXPECT_EQ(model.biases(network.hidden.size()).size(), network.outputs);
}

TEST_P(OldModels, AreWrittenAgainWithoutLoss) {
  const TemporaryFolder folder;
  Model::load(GetParam().file()).save(folder / "model.safetensors");
  const Parts old = parts_of(read_bytes(GetParam().file()));
  const Parts written = parts_of(read_bytes(folder / "model.safetensors"));
  EXPECT_EQ(written.entries, old.entries);
  EXPECT_EQ(written.tensors, old.tensors);
  // They use nothing that is newer than they are, so an old program must be able to read them.
  EXPECT_EQ(written.metadata["format_version"], old.metadata["format_version"]);
  for (const auto& [key, value] : old.metadata.items()) {
    if (key == "crc32") continue;
    ASSERT_TRUE(written.metadata.contains(key)) << key;
    const json before = json::parse(value.get<std::string>(), nullptr, false);
    const json after = json::parse(written.metadata[key].get<std::string>(), nullptr, false);
    if (before.is_object()) {
      // Later versions may write more.
      for (const auto& [name, one] : before.items()) EXPECT_EQ(after.value(name, json("absent")), one) << key << '.' << name;
    } else {
      EXPECT_EQ(written.metadata[key], value) << key;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, OldModels, testing::ValuesIn(old_models()), name_of);

}  // namespace
}  // namespace gradus
