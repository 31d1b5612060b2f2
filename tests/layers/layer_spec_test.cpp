// What layers are before any device has them.
#include "layers/layer_spec.hpp"

#include <gtest/gtest.h>

namespace gradus::internal {
namespace {

NetworkSpec network() {
  NetworkSpec network;
  network.inputs = 4;
  network.hidden = {3, 2};
  network.outputs = 5;
  network.activation = Activation::relu;
  network.output_activation = Activation::softmax;
  return network;
}

TEST(LayersOf, FollowTheWidthsAndTheActivations) {
  const std::vector<LayerSpec> layers = layers_of(network());
  ASSERT_EQ(layers.size(), 3U);
  EXPECT_EQ(layers[0].inputs, 4U);
  EXPECT_EQ(layers[0].outputs, 3U);
  EXPECT_EQ(layers[2].inputs, 2U);
  EXPECT_EQ(layers[2].outputs, 5U);
  EXPECT_EQ(layers[1].activation, Activation::relu);
  EXPECT_EQ(layers[2].activation, Activation::softmax);
}

TEST(LayersOf, HaveAsManyParametersAsTheNetworkSays) {
  std::size_t count = 0;
  for (const LayerSpec& layer : layers_of(network()))
    for (const TensorSpec& tensor : layer.tensors()) count += tensor.size();
  EXPECT_EQ(count, network().parameter_count());
}

TEST(LayersOf, WithoutHiddenLayersAreTheOutputLayer) {
  NetworkSpec linear = network();
  linear.hidden.clear();
  const std::vector<LayerSpec> layers = layers_of(linear);
  ASSERT_EQ(layers.size(), 1U);
  EXPECT_EQ(layers[0].activation, Activation::softmax);
}

/// Model files have these names: a change makes old files unreadable.
TEST(DenseTensors, AreTheWeightAndTheBias) {
  const std::vector<TensorSpec> tensors = LayerSpec{.inputs = 3, .outputs = 2}.tensors();
  ASSERT_EQ(tensors.size(), 2U);
  EXPECT_EQ(tensors[DenseTensors::kWeight].name, "weight");
  EXPECT_EQ(tensors[DenseTensors::kWeight].shape, (std::vector<std::size_t>{2, 3}));
  EXPECT_TRUE(tensors[DenseTensors::kWeight].decays);
  EXPECT_EQ(tensors[DenseTensors::kBias].name, "bias");
  EXPECT_EQ(tensors[DenseTensors::kBias].shape, (std::vector<std::size_t>{2}));
  EXPECT_FALSE(tensors[DenseTensors::kBias].decays);
}

}  // namespace
}  // namespace gradus::internal
