# What `cmake --install` puts in place: the library, its headers, the command, a CMake package and a pkg-config file.
include(CMakePackageConfigHelpers)

set(GRADUS_INSTALL_CMAKEDIR "${CMAKE_INSTALL_LIBDIR}/cmake/gradus")
get_target_property(gradus_library_type gradus TYPE)

# The path from one installed folder to another, so that the whole tree can be moved.
function(gradus_relative_path from to result)
  file(RELATIVE_PATH path "/prefix/${from}" "/prefix/${to}")
  string(REGEX REPLACE "/$" "" path "${path}")
  set(${result} "${path}" PARENT_SCOPE)
endfunction()

install(
  TARGETS gradus
  EXPORT gradus
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/gradus DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(EXPORT gradus NAMESPACE gradus:: DESTINATION ${GRADUS_INSTALL_CMAKEDIR} FILE gradusTargets.cmake)

if(TARGET gradus_cli)
  set_target_properties(gradus_cli PROPERTIES OUTPUT_NAME gradus)
  if(gradus_library_type STREQUAL "SHARED_LIBRARY" AND NOT IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    gradus_relative_path("${CMAKE_INSTALL_BINDIR}" "${CMAKE_INSTALL_LIBDIR}" libraries_from_binaries)
    set_target_properties(gradus_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${libraries_from_binaries}")
  endif()
  install(TARGETS gradus_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  if(GRADUS_GENERATED)
    install(DIRECTORY ${GRADUS_GENERATED}/ DESTINATION ${CMAKE_INSTALL_DATADIR})
  endif()
endif()

# Where the library looks for it (src/backend/module_loader.cpp), below the folder of libraries.
if(TARGET gradus_cuda)
  install(TARGETS gradus_cuda LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/gradus)
endif()

# The CMake package. A static library needs its dependencies when it is linked, a shared one has them already.
if(gradus_library_type STREQUAL "STATIC_LIBRARY")
  set(GRADUS_IS_STATIC ON)
  install(FILES ${PROJECT_SOURCE_DIR}/cmake/FindOneDNN.cmake ${PROJECT_SOURCE_DIR}/cmake/FindHighway.cmake
          DESTINATION ${GRADUS_INSTALL_CMAKEDIR})
else()
  set(GRADUS_IS_STATIC OFF)
endif()
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/gradusConfig.cmake.in ${PROJECT_BINARY_DIR}/gradusConfig.cmake
  INSTALL_DESTINATION ${GRADUS_INSTALL_CMAKEDIR}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/gradusConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/gradusConfig.cmake ${PROJECT_BINARY_DIR}/gradusConfigVersion.cmake
        DESTINATION ${GRADUS_INSTALL_CMAKEDIR})

# The pkg-config file. Its prefix follows the file, so that the tree can be moved.
#
# How to link a library that CMake found: by name where the linker looks anyway, else with its folder.
function(gradus_link_flags result)
  set(flags "")
  foreach(library IN LISTS ARGN)
    if(library MATCHES "^-")
      list(APPEND flags "${library}")
    elseif(IS_ABSOLUTE "${library}")
      get_filename_component(folder "${library}" DIRECTORY)
      get_filename_component(name "${library}" NAME)
      string(REGEX REPLACE "^lib(.+)\\.(so|a|dylib|tbd)[.0-9]*$" "\\1" name "${name}")
      if(NOT folder IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES)
        list(APPEND flags "-L${folder}")
      endif()
      list(APPEND flags "-l${name}")
    else()
      list(APPEND flags "-l${library}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES flags)
  list(JOIN flags " " flags)
  set(${result} "${flags}" PARENT_SCOPE)
endfunction()

gradus_link_flags(GRADUS_PC_DEPENDENCIES ${OneDNN_LIBRARY} ${Highway_LIBRARY} ${ZLIB_LIBRARIES} ${OpenMP_CXX_LIB_NAMES}
                  ${CMAKE_THREAD_LIBS_INIT})
if(GRADUS_IS_STATIC)
  # There is no shared library that would bring these along, so that every link needs them, with `--static` or without.
  set(GRADUS_PC_LIBS "-L\${libdir} -lgradus ${GRADUS_PC_DEPENDENCIES}")
  set(GRADUS_PC_LIBS_PRIVATE "")
else()
  set(GRADUS_PC_LIBS "-L\${libdir} -lgradus")
  set(GRADUS_PC_LIBS_PRIVATE "${GRADUS_PC_DEPENDENCIES}")
endif()
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(GRADUS_PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
  set(GRADUS_PC_LIBDIR "${CMAKE_INSTALL_LIBDIR}")
else()
  gradus_relative_path("${CMAKE_INSTALL_LIBDIR}/pkgconfig" "" prefix_from_pkgconfig)
  set(GRADUS_PC_PREFIX "\${pcfiledir}/${prefix_from_pkgconfig}")
  set(GRADUS_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
endif()
if(IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  set(GRADUS_PC_INCLUDEDIR "${CMAKE_INSTALL_INCLUDEDIR}")
else()
  set(GRADUS_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/gradus.pc.in ${PROJECT_BINARY_DIR}/gradus.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/gradus.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN decisions EXCLUDE
        PATTERN contributing EXCLUDE)
foreach(document LICENSE README.md CHANGELOG.md)
  if(EXISTS ${PROJECT_SOURCE_DIR}/${document})
    install(FILES ${PROJECT_SOURCE_DIR}/${document} DESTINATION ${CMAKE_INSTALL_DOCDIR})
  endif()
endforeach()
