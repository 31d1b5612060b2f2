# What every target of the project is built with.

function(gradus_warnings target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wconversion;-Wshadow>)
  if(GRADUS_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
  endif()
endfunction()

# gradus_sanitize(target sanitizer…): address, undefined, thread; none does nothing.
function(gradus_sanitize target)
  if(ARGN)
    list(JOIN ARGN "," sanitizers)
    target_compile_options(${target} PRIVATE -fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${sanitizers})
  endif()
endfunction()

function(gradus_target target)
  gradus_warnings(${target})
  gradus_sanitize(${target} ${GRADUS_SANITIZE})
endfunction()

# gradus_exports(target script): the symbols that a shared library or a module shows, as a version script of the linker.
function(gradus_exports target script)
  get_filename_component(script ${script} ABSOLUTE)
  target_link_options(${target} PRIVATE -Wl,--version-script=${script})
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${script})
endfunction()
