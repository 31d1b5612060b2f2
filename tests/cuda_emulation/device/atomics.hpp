#pragma once

// Atomic read-modify-write operations. Alone they order nothing else; fences do (collectives.hpp).

#include <type_traits>

#include "cuda_emulation/collectives.hpp"

namespace cuda_emulation {

/// Replaces *object by f(*object); returns what it was.
template <class T, class Function>
T read_modify_write(T* object, Function f) {
  void* const self = before_atomic();
  T old;
  T desired;
  __atomic_load(object, &old, __ATOMIC_RELAXED);
  do {
    desired = f(old);
  } while (!__atomic_compare_exchange(object, &old, &desired, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
  after_atomic(object, self);
  return old;
}

}  // namespace cuda_emulation

// On a GPU these are overloads for some types; here any type of 4 or 8 bytes will do.
template <class T>
T atomicAdd(T* object, std::type_identity_t<T> value) {
  return cuda_emulation::read_modify_write(object, [value](T old) { return static_cast<T>(old + value); });
}
template <class T>
T atomicSub(T* object, std::type_identity_t<T> value) {
  return cuda_emulation::read_modify_write(object, [value](T old) { return static_cast<T>(old - value); });
}
template <class T>
T atomicMax(T* object, std::type_identity_t<T> value) {
  return cuda_emulation::read_modify_write(object, [value](T old) { return old > value ? old : value; });
}
template <class T>
T atomicMin(T* object, std::type_identity_t<T> value) {
  return cuda_emulation::read_modify_write(object, [value](T old) { return old < value ? old : value; });
}
template <class T>
T atomicAnd(T* object, std::type_identity_t<T> value) {
  return cuda_emulation::read_modify_write(object, [value](T old) { return static_cast<T>(old & value); });
}
template <class T>
T atomicOr(T* object, std::type_identity_t<T> value) {
  return cuda_emulation::read_modify_write(object, [value](T old) { return static_cast<T>(old | value); });
}
template <class T>
T atomicExch(T* object, std::type_identity_t<T> value) {
  return cuda_emulation::read_modify_write(object, [value](T) { return value; });
}
template <class T>
T atomicCAS(T* object, std::type_identity_t<T> expected, std::type_identity_t<T> value) {
  return cuda_emulation::read_modify_write(object, [=](T old) { return old == expected ? value : old; });
}
/// Counts up, and begins at 0 again after `limit`.
inline unsigned atomicInc(unsigned* object, unsigned limit) {
  return cuda_emulation::read_modify_write(object, [limit](unsigned old) { return old >= limit ? 0U : old + 1U; });
}
