# The health authority's server as a Debian package: `./dev package`, or
#
#   cpack --config build/release/CPackConfig.cmake -B SOMEWHERE
#
# Its files are a component of their own that a plain `cmake --install` leaves out.
set(deploy ${PROJECT_SOURCE_DIR}/tools/nearzone-authority/deploy)
set(component COMPONENT authority EXCLUDE_FROM_ALL)
# `nearzone list` is how an operator looks at what was published.
install(TARGETS nearzone-authority nearzone RUNTIME DESTINATION usr/bin ${component})
install(FILES ${deploy}/nearzone-authority.service DESTINATION usr/lib/systemd/system ${component})
install(FILES ${deploy}/authority.toml DESTINATION etc/nearzone-authority ${component})
install(FILES ${deploy}/nginx.conf ${deploy}/alerts.yml
  DESTINATION usr/share/doc/nearzone-authority/examples ${component})
install(FILES ${PROJECT_SOURCE_DIR}/docs/operations.md ${PROJECT_SOURCE_DIR}/docs/authority.md
    ${PROJECT_SOURCE_DIR}/NOTICE
  DESTINATION usr/share/doc/nearzone-authority ${component})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE
  DESTINATION usr/share/doc/nearzone-authority RENAME copyright ${component})

file(WRITE ${PROJECT_BINARY_DIR}/package/conffiles "/etc/nearzone-authority/authority.toml\n")
file(CHMOD ${PROJECT_BINARY_DIR}/package/conffiles
  PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME nearzone-authority)
set(CPACK_PACKAGE_VENDOR NearZone)
set(CPACK_PACKAGE_CONTACT "NearZone maintainers <security@nearzone.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Health authority's server for exposure notification")
set(CPACK_PACKAGE_DESCRIPTION
  "Issues codes for diagnoses, takes the keys that people consent to give, and publishes them in
 signed lists. One program with SQLite; a systemd unit and examples for a proxy come along.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL authority)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_AUTHORITY_PACKAGE_NAME nearzone-authority)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_AUTHORITY_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_AUTHORITY_PACKAGE_CONTROL_EXTRA
  ${deploy}/postinst ${deploy}/prerm ${deploy}/postrm ${PROJECT_BINARY_DIR}/package/conffiles)
include(CPack)
