# CUDA code on the CPU: docs/testing-cuda-without-a-gpu.md.
#
#   cuda_emulated_test(NAME [KERNELS] [BACKEND] [LAZY] SOURCES file… [OWN_KERNELS file.cu…] [LIBRARIES target…])
#
# makes a test program for each configuration (NAME_plain, NAME_asan and NAME_tsan), and a test for each of its suites in forward
# and in reverse order of the threads. BACKEND: the program has the CUDA backend in it, and with it the module: `auto` is the
# emulated GPU. LAZY: the tests themselves demand that streams run as late as possible.
#
# Nothing is built twice. A program that needs libraries of the project is built in each preset as its libraries are: NAME_plain in
# presets without sanitizers, NAME_asan in `asan`, NAME_tsan in `tsan`. A program of the emulation alone would be the same in each,
# so that presets without sanitizers build all of its configurations, and those with a sanitizer none.

set(GRADUS_EMULATED_CONFIGURATIONS plain asan tsan)
if("thread" IN_LIST GRADUS_SANITIZE)
  set(GRADUS_EMULATED_CONFIGURATIONS tsan)
elseif(GRADUS_SANITIZE)
  set(GRADUS_EMULATED_CONFIGURATIONS asan)
endif()
set(sanitizers_plain)
set(sanitizers_asan address undefined)
set(sanitizers_tsan thread)

# Neither is required of who builds Gradus: without them these tests are skipped, and say so.
find_package(CUDAToolkit 13.0 QUIET)
find_package(Boost 1.74 QUIET CONFIG COMPONENTS context)
set(missing)
if(NOT CUDAToolkit_FOUND)
  list(APPEND missing "the CUDA toolkit, version 13.0 or newer")
endif()
if(NOT Boost_FOUND)
  list(APPEND missing "Boost.Context (libboost-context-dev)")
endif()
if(missing)
  list(JOIN missing " and " missing)
  message(STATUS "CUDA code is not tested on the CPU. Missing: ${missing}")
  # ctest shows the name alone.
  set(name "skipped: CUDA code on the CPU, missing ${missing}")
  add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E echo "skipped: ")
  set_tests_properties(${name} PROPERTIES SKIP_REGULAR_EXPRESSION "skipped: " LABELS cuda-emulated)
  set(GRADUS_EMULATED_CONFIGURATIONS)
endif()

# Thrust and its like have a folder of their own since version 13, which CMake before 4.0 does not know.
set(cuda_includes ${CUDAToolkit_INCLUDE_DIRS})
foreach(folder IN LISTS CUDAToolkit_INCLUDE_DIRS)
  if(EXISTS ${folder}/cccl)
    list(APPEND cuda_includes ${folder}/cccl)
  endif()
endforeach()

# What everything of the emulation is compiled with.
function(cuda_emulation_target target)
  gradus_warnings(${target})
  target_compile_definitions(${target} PRIVATE GRADUS_CUDA_EMULATION GRADUS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_compile_options(${target} PRIVATE -g1 -Wno-unknown-pragmas)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests
                                               ${PROJECT_SOURCE_DIR}/kernels ${PROJECT_SOURCE_DIR}/include)
  target_include_directories(${target} SYSTEM PRIVATE ${cuda_includes})
  target_link_libraries(${target} PRIVATE Boost::context)
endfunction()

# Kernels are C++ in the calling folder.
function(cuda_emulated_kernels)
  set_source_files_properties(${ARGN} PROPERTIES LANGUAGE CXX)
  foreach(kernel IN LISTS ARGN)
    # Thrust binds references to null pointers on purpose, to choose among overloads.
    file(STRINGS ${kernel} includes_thrust REGEX "#include \"thrust.cuh\"")
    if(includes_thrust)
      set_source_files_properties(${kernel} PROPERTIES COMPILE_OPTIONS -fno-sanitize=null)
    endif()
  endforeach()
endfunction()

function(cuda_emulated_test name)
  cmake_parse_arguments(PARSE_ARGV 1 given "KERNELS;BACKEND;LAZY" "" "SOURCES;OWN_KERNELS;LIBRARIES")
  if(GRADUS_SANITIZE AND NOT given_LIBRARIES)
    return()
  endif()
  set(configurations ${GRADUS_EMULATED_CONFIGURATIONS})
  if(given_LIBRARIES AND configurations)
    list(GET configurations 0 configurations) # that of the preset
  endif()
  cuda_emulated_kernels(${given_OWN_KERNELS})
  foreach(configuration IN LISTS configurations)
    set(program ${name}_${configuration})
    add_executable(${program} ${given_SOURCES} ${given_OWN_KERNELS})
    cuda_emulation_target(${program})
    gradus_sanitize(${program} ${sanitizers_${configuration}})
    target_compile_options(${program} PRIVATE -Og) # with sanitizers, -O1 takes nearly twice as long to compile
    if(given_KERNELS OR given_BACKEND)
      target_link_libraries(${program} PRIVATE cuda_emulated_kernels_${configuration})
    endif()
    if(given_BACKEND)
      target_link_libraries(${program} PRIVATE cuda_emulated_backend_${configuration} gradus_fmt)
    endif()
    target_link_libraries(${program} PRIVATE cuda_emulation_${configuration} ${given_LIBRARIES} GTest::gtest_main GTest::gmock Threads::Threads)
    gradus_discover_suites(${program} PREFIX cuda/${configuration} LABEL cuda-emulated-${configuration} ORDERS forward,reverse)
    if(NOT given_LAZY AND NOT configuration STREQUAL "tsan")
      # And all of them in one process with streams that do not wait for being waited for. Not for ThreadSanitizer: a race is
      # one whenever things happen.
      foreach(streams IN ITEMS eager random)
        add_test(NAME cuda/${configuration}/${streams}/${name} COMMAND ${program} --gtest_brief=1)
        set_tests_properties(
          cuda/${configuration}/${streams}/${name}
          PROPERTIES TIMEOUT 600 LABELS cuda-emulated-${configuration}
                     ENVIRONMENT "CUDA_EMULATION_STREAMS=${streams};CUDA_EMULATION_ORDER=random")
      endforeach()
    endif()
  endforeach()
endfunction()
