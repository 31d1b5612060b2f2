# Run when a test program of GoogleTest was built: writes the tests of CTest for it, one for each of its suites, with all of their
# cases and parameters. A process for each case would take minutes to start them all; what fails is named in what it prints.
#
#   cmake -D PROGRAM=… -D PREFIX=… -D LABEL=… -D ORDERS=forward,reverse -D OUTPUT=FILE -P discover_suites.cmake
#
# ORDERS are those of the emulated threads of CUDA code (tests/cuda_emulation); without them there is one test of each suite.

execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE ";" "," listing "${listing}")
string(REPLACE "\n" ";" lines "${listing}")

# "Instance/Suite.", "Suite." or "Suite/0.  # TypeParam = …"
set(suites)
foreach(line IN LISTS lines)
  if(line MATCHES "^([^ ]+)\\.( |$)")
    set(whole "${CMAKE_MATCH_1}")
    string(REGEX REPLACE "/[0-9]+$" "" suite "${whole}")
    string(REGEX REPLACE "^.*/" "" suite "${suite}")
    list(APPEND suites "${suite}")
    string(APPEND filter_${suite} ":${whole}.*")
  endif()
endforeach()
list(REMOVE_DUPLICATES suites)
if(NOT suites)
  message(FATAL_ERROR "${PROGRAM} lists no tests")
endif()

# A suite is skipped when each of its cases is: the end of its output lists them, and no failures after them.
set(skipped [==[\[  PASSED  \] 0 tests\.
(\[  SKIPPED \][^
]*
?)+$]==])

set(text)
function(add_suite name suite environment)
  string(REGEX REPLACE "^:" "" filter "${filter_${suite}}")
  string(
    APPEND text "add_test([==[${name}]==] [==[${PROGRAM}]==] [==[--gtest_filter=${filter}]==])\n"
           "set_tests_properties([==[${name}]==] PROPERTIES TIMEOUT 600 LABELS [==[${LABEL}]==] ENVIRONMENT [==[${environment}]==]"
           " SKIP_REGULAR_EXPRESSION [==[${skipped}]==])\n")
  set(text "${text}" PARENT_SCOPE)
endfunction()

string(REPLACE "," ";" ORDERS "${ORDERS}")
foreach(suite IN LISTS suites)
  if(ORDERS)
    foreach(order IN LISTS ORDERS)
      add_suite("${PREFIX}/${order}/${suite}" "${suite}" "CUDA_EMULATION_ORDER=${order}")
    endforeach()
  else()
    add_suite("${PREFIX}/${suite}" "${suite}" "")
  endif()
endforeach()
file(WRITE ${OUTPUT} "${text}")
