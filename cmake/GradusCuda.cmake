# Included where GRADUS_CUDA is on: the compiler of CUDA, and what its targets are built with.

# Binaries for every supported architecture, and PTX for those to come.
if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES 75-real 80-real 90-real 100-real 120)
endif()
enable_language(CUDA)
find_package(CUDAToolkit 13.0 REQUIRED)

function(gradus_cuda_target target)
  gradus_warnings(${target})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  # Not the feature cuda_std_20: CMake before 3.26 does not know that current versions of nvcc have it.
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:-std=c++20;-lineinfo>)
  if(GRADUS_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:-Werror=all-warnings>)
  endif()
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/kernels)
  target_link_libraries(${target} PUBLIC CUDA::cudart_static)
endfunction()
