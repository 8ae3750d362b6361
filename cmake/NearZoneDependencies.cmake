# The foreign libraries of the device modules. The build includes this file, and so does the
# installed package: both find the same things under the same names.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium>=1.0.18)
pkg_check_modules(sqlite REQUIRED IMPORTED_TARGET sqlite3>=3.40)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(minizip REQUIRED IMPORTED_TARGET minizip)

# Faster than zlib for what is inflated in one go; nothing is missing without it.
option(NEARZONE_WITH_LIBDEFLATE "Inflate with libdeflate where it is found" ON)
if(NEARZONE_WITH_LIBDEFLATE)
  pkg_check_modules(libdeflate IMPORTED_TARGET libdeflate)
else()
  set(libdeflate_FOUND FALSE)
endif()
if(NOT TARGET libdeflate::if_found)
  add_library(libdeflate::if_found INTERFACE IMPORTED)
  if(libdeflate_FOUND)
    target_link_libraries(libdeflate::if_found INTERFACE PkgConfig::libdeflate)
    target_compile_definitions(libdeflate::if_found INTERFACE NEARZONE_HAS_LIBDEFLATE)
  endif()
endif()

# mbedTLS 2.28 has neither a pkg-config file nor a CMake package; the name is that of mbedTLS 3's.
if(NOT TARGET MbedTLS::mbedcrypto)
  find_library(NEARZONE_MBEDCRYPTO mbedcrypto REQUIRED)
  find_path(NEARZONE_MBEDCRYPTO_INCLUDE mbedtls/ecdsa.h REQUIRED)
  mark_as_advanced(NEARZONE_MBEDCRYPTO NEARZONE_MBEDCRYPTO_INCLUDE)
  add_library(MbedTLS::mbedcrypto UNKNOWN IMPORTED)
  set_target_properties(MbedTLS::mbedcrypto PROPERTIES
    IMPORTED_LOCATION ${NEARZONE_MBEDCRYPTO}
    INTERFACE_INCLUDE_DIRECTORIES ${NEARZONE_MBEDCRYPTO_INCLUDE})
endif()
