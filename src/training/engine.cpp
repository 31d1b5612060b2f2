#include "training/engine.hpp"

#include "training/graph_engine.hpp"

namespace gradus::internal {

ChosenEngine choose_engine(const Plan& plan, const Preprocessing& preprocessing, Backend& device) {
  return {std::make_unique<GraphEngine>(plan, preprocessing, device), "a graph of layers takes every network"};
}

}  // namespace gradus::internal
