# find_package(nearzone) gives nearzone::nearzone, which is everything, and one target a module:
# nearzone::core, nearzone::match and so on.
include(${CMAKE_CURRENT_LIST_DIR}/NearZoneDependencies.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/nearzoneTargets.cmake)
