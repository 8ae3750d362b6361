# Install rules: the device modules as static libraries, the public headers, a CMake package, and a
# pkg-config file. `cmake --install build/release --prefix SOMEWHERE`

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/nearzone)
list(TRANSFORM NEARZONE_DEVICE_MODULES PREPEND nearzone_ OUTPUT_VARIABLE module_targets)
install(TARGETS ${module_targets} nearzone_nearzone EXPORT nearzone
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

# Simulations and evaluations have no place in an application.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/nearzone DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h" PATTERN simulation.h EXCLUDE
  PATTERN evaluation.h EXCLUDE)
install(FILES ${PROJECT_BINARY_DIR}/include/nearzone/version.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nearzone)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE
  DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(EXPORT nearzone NAMESPACE nearzone:: FILE nearzoneTargets.cmake DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/nearzoneConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_SOURCE_DIR}/cmake/nearzoneConfig.cmake
    ${PROJECT_SOURCE_DIR}/cmake/NearZoneDependencies.cmake
    ${PROJECT_BINARY_DIR}/package/nearzoneConfigVersion.cmake
  DESTINATION ${package_dir})

# A static library must come before those it needs.
set(link_order ${NEARZONE_DEVICE_MODULES})
list(REVERSE link_order)
list(TRANSFORM link_order PREPEND -lnearzone_)
list(JOIN link_order " " NEARZONE_PC_LIBS)
file(RELATIVE_PATH NEARZONE_PC_PREFIX
  /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
set(NEARZONE_PC_LIBDEFLATE "")
if(libdeflate_FOUND)
  set(NEARZONE_PC_LIBDEFLATE ", libdeflate")
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/nearzone.pc.in
  ${PROJECT_BINARY_DIR}/package/nearzone.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/package/nearzone.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
