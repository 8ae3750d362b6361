# vcpkg's own triplet, but for the oldest Android that NearZone runs on: libraries built for a newer
# one may ask for functions that the older has not. Used with VCPKG_OVERLAY_TRIPLETS.
include($ENV{VCPKG_ROOT}/triplets/x64-android.cmake)
set(VCPKG_CMAKE_SYSTEM_VERSION 23)
set(VCPKG_CRT_LINKAGE static)
