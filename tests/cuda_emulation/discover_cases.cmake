# Run when a test program of the emulation was built: writes the tests of CTest for it, one for each of its cases in each order
# of the threads. A case with parameters is one test with all of them: what ends the process says in which it was, and a process
# for each would take minutes to start them all.
#
#   cmake -D PROGRAM=… -D PREFIX=cuda/plain -D LABEL=… -D OUTPUT=FILE -P discover_cases.cmake

execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE ";" "," listing "${listing}")
string(REPLACE "\n" ";" lines "${listing}")

set(suite)
set(cases)
foreach(line IN LISTS lines)
  string(REGEX REPLACE " *#.*$" "" line "${line}")
  if(line MATCHES "^  +([^/]+)") # "  Name/parameter"
    list(APPEND cases "${suite}.${CMAKE_MATCH_1}")
  elseif(line MATCHES "^([^ ]+)\\.$") # "Instance/Suite."
    set(suite "${CMAKE_MATCH_1}")
  endif()
endforeach()
list(REMOVE_DUPLICATES cases)
if(NOT cases)
  message(FATAL_ERROR "${PROGRAM} lists no tests")
endif()

set(text)
foreach(case IN LISTS cases)
  foreach(order IN ITEMS forward reverse)
    string(APPEND text "add_test([==[${PREFIX}/${order}/${case}]==] ${PROGRAM} [==[--gtest_filter=${case}:${case}/*]==])\n"
           "set_tests_properties([==[${PREFIX}/${order}/${case}]==] PROPERTIES TIMEOUT 300 LABELS ${LABEL}"
           " ENVIRONMENT CUDA_EMULATION_ORDER=${order} SKIP_REGULAR_EXPRESSION [==[\\[  PASSED  \\] 0 tests]==])\n")
  endforeach()
endforeach()
file(WRITE ${OUTPUT} "${text}")
