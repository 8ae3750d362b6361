# Gradle calls CMake once for each ABI. The libraries that NearZone needs come from vcpkg, by the
# manifest at the root of this repository; the compiler comes from the NDK.
set(triplet_arm64-v8a arm64-android)
set(triplet_x86_64 x64-android)
set(VCPKG_TARGET_TRIPLET ${triplet_${ANDROID_ABI}})
set(VCPKG_OVERLAY_TRIPLETS ${CMAKE_CURRENT_LIST_DIR}/../../triplets)
set(VCPKG_CHAINLOAD_TOOLCHAIN_FILE ${ANDROID_NDK}/build/cmake/android.toolchain.cmake)
include($ENV{VCPKG_ROOT}/scripts/buildsystems/vcpkg.cmake)
