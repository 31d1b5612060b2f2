# gradus_fmt, {fmt} for the project's own targets. Where its version allows it is compiled once (GRADUS_FMT_SOURCE, which goes into
# the library and whatever else is loaded by itself), else it is header-only. It is in a namespace of its own either way, so that a
# program may have another {fmt} beside the one in our library.
add_library(gradus_fmt INTERFACE)
get_target_property(folders fmt::fmt-header-only INTERFACE_INCLUDE_DIRECTORIES)
target_include_directories(gradus_fmt SYSTEM INTERFACE ${folders})
set(definitions "FMT_BEGIN_NAMESPACE=namespace fmt { inline namespace in_gradus {" "FMT_END_NAMESPACE=} }")
target_compile_definitions(gradus_fmt INTERFACE ${definitions})

set(GRADUS_FMT_SOURCE ${PROJECT_SOURCE_DIR}/src/base/fmt.cpp)
try_compile(
  GRADUS_FMT_IS_COMPILED ${PROJECT_BINARY_DIR}/try_fmt
  SOURCES ${GRADUS_FMT_SOURCE} ${PROJECT_SOURCE_DIR}/cmake/uses_fmt.cpp
  CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${folders}"
  CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
if(NOT GRADUS_FMT_IS_COMPILED)
  message(STATUS "{fmt} ${fmt_VERSION} is used as headers only, which takes longer to compile")
  set(GRADUS_FMT_SOURCE)
  target_compile_definitions(gradus_fmt INTERFACE FMT_HEADER_ONLY=1)
endif()
