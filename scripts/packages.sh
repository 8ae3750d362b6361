# Sourced by ./dev: which packages are there, and how the missing ones come.
# shellcheck shell=bash disable=SC2034

# What each command needs, by the names of Debian 12.
product_packages=(g++ cmake ninja-build pkg-config libsodium-dev libsqlite3-dev zlib1g-dev
  libminizip-dev libdeflate-dev libmbedtls-dev nlohmann-json3-dev)
tool_packages=("${product_packages[@]}" libcli11-dev libssl-dev)
# And Boost, see need_boost.
server_packages=("${tool_packages[@]}" libtomlplusplus-dev)
java_packages=(openjdk-17-jdk-headless junit4 libhamcrest-java libjetbrains-annotations-java
  kotlin)
test_packages=("${server_packages[@]}" dpkg-dev libgtest-dev libgmock-dev libprotobuf-dev protobuf-compiler
  ccache nginx-light chromium "${java_packages[@]}")
bench_packages=("${server_packages[@]}" libbenchmark-dev gnuplot-nox)
fuzz_packages=("${server_packages[@]}" clang-16 libclang-rt-16-dev ccache)
tidy_packages=("${test_packages[@]}" clang-tidy-16)
libcxx_packages=("${product_packages[@]}" libssl-dev ccache googletest clang-16 libc++-16-dev
  libc++abi-16-dev)
arm64_packages=(g++-aarch64-linux-gnu qemu-user cmake ninja-build pkg-config ccache googletest
  protobuf-compiler)
# These are unpacked, not installed; see need_arm64_libraries.
arm64_libraries=(libsodium-dev libsqlite3-dev libprotobuf-dev zlib1g-dev libminizip-dev
  libdeflate-dev libmbedtls-dev nlohmann-json3-dev libssl-dev)

# Whether what a package provides is there, on systems that know no such package.
provides() {
  case $1 in
    g++) command -v c++ ;;
    g++-aarch64-linux-gnu) command -v aarch64-linux-gnu-g++ ;;
    qemu-user) command -v qemu-aarch64 ;;
    ninja-build) command -v ninja ;;
    clang-16) command -v clang++-16 ;;
    protobuf-compiler) command -v protoc ;;
    dpkg-dev) command -v dpkg-shlibdeps ;;
    gnuplot-nox) command -v gnuplot ;;
    nginx-light) command -v nginx || [ -x /usr/sbin/nginx ] ;;
    cmake | pkg-config | ccache | chromium | clang-format-16 | clang-tidy-16) command -v "$1" ;;
    libsodium-dev) pkg-config --exists libsodium ;;
    libsqlite3-dev) pkg-config --exists sqlite3 ;;
    libprotobuf-dev) pkg-config --exists protobuf ;;
    zlib1g-dev) pkg-config --exists zlib ;;
    libminizip-dev) pkg-config --exists minizip ;;
    libdeflate-dev) pkg-config --exists libdeflate ;;
    libmbedtls-dev) has_header mbedtls/ecdsa.h ;;
    nlohmann-json3-dev) has_header nlohmann/json.hpp ;;
    libcli11-dev) has_header CLI/CLI.hpp ;;
    libssl-dev) has_header openssl/evp.h ;;
    libtomlplusplus-dev) has_header toml++/toml.h ;;
    libgtest-dev) has_header gtest/gtest.h ;;
    libgmock-dev) has_header gmock/gmock.h ;;
    libbenchmark-dev) has_header benchmark/benchmark.h ;;
    libboost1.81-dev) has_header boost/unordered/unordered_flat_set.hpp ;;
    openjdk-17-jdk-headless) command -v javac ;;
    kotlin) command -v kotlinc ;;
    junit4) [ -e /usr/share/java/junit4.jar ] ;;
    libhamcrest-java) [ -e /usr/share/java/hamcrest.jar ] || [ -e /usr/share/java/hamcrest-core.jar ] ;;
    libjetbrains-annotations-java) [ -e /usr/share/java/org.jetbrains.annotations-java8.jar ] ||
      [ -e /usr/share/java/annotations.jar ] ;;
    googletest) [ -e /usr/src/googletest/CMakeLists.txt ] ;;
    libc++-16-dev | libc++abi-16-dev) has_header version clang++-16 -stdlib=libc++ ;;
    libclang-rt-16-dev) echo 'int main() {}' | clang++-16 -fsanitize=address -x c++ -o /dev/null - ;;
    *) false ;;
  esac > /dev/null 2>&1
}

has_header() {
  local header=$1
  shift
  echo "#include <$header>" | "${@:-c++}" -std=c++20 -E -x c++ -
}

# Prints those of the given packages that are not there.
missing_packages() {
  local package installed=""
  if command -v dpkg-query > /dev/null; then
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2> /dev/null || true)
  fi
  for package in "$@"; do
    grep -qxF "installed $package" <<< "$installed" || provides "$package" || echo "$package"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_install() {
  command -v apt-get > /dev/null && as_root true 2> /dev/null
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-remove \
    --no-install-recommends -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@" < /dev/null
}

# need PACKAGE...: installs what is missing, or names it and stops.
need() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} = 0 ] && return
  can_install || fail "these packages are missing (names of Debian 12) and cannot be installed from
here: ${missing[*]}
Install them, or run ./dev as root or as someone whose sudo asks for no password."
  say "Installing ${missing[*]}"
  update_package_lists
  apt_install "${missing[@]}"
}

# A source of packages that has nothing to do with us may be broken, so that a failure here is not
# the end: installing shows whether the lists suffice.
update_package_lists() {
  as_root apt-get update -q < /dev/null || as_root apt-get update -q < /dev/null || true
}

# Boost 1.81 and another Boost cannot be installed side by side. Where it would push one out, or
# nothing can be installed, its headers are unpacked into build/deps.
need_boost() {
  local root=build/deps/boost
  boost_options=()
  if [ -n "$(missing_packages libboost1.81-dev)" ] && [ ! -d $root/usr ]; then
    if can_install; then update_package_lists; fi
    if can_install && apt-get install -s --no-remove libboost1.81-dev > /dev/null 2>&1; then
      need libboost1.81-dev
    else
      command -v apt-get > /dev/null || fail "Boost 1.81 or newer is missing"
      say "Unpacking Boost 1.81 into $root, beside the Boost that is installed"
      mkdir -p $root
      quietly boost unpack_boost $root
    fi
  fi
  if [ -d $root/usr ]; then boost_options=(-DBOOST_ROOT="$PWD/$root/usr"); fi
}

unpack_boost() (
  cd "$1" && apt-get download libboost1.81-dev && rm -rf new &&
    dpkg-deb -x libboost1.81-dev_*.deb new && mv new/usr usr && rmdir new
)

# Debian's libraries for arm64, unpacked into build/deps. apt works in folders of its own, so that
# neither the architectures nor the packages of this system change.
need_arm64_libraries() {
  local root=build/deps/arm64
  [ ! -d $root ] || return 0
  command -v apt-get > /dev/null || fail "Debian's arm64 libraries need apt-get"
  say "Unpacking ${arm64_libraries[*]} for arm64 into $root"
  rm -rf $root.new
  mkdir -p $root.new/apt/lists/partial $root.new/apt/archives/partial
  quietly arm64-libraries unpack_arm64_libraries $root.new
  mv $root.new $root
}

unpack_arm64_libraries() (
  cd "$1" || exit
  apt() {
    apt-get -q -o Acquire::Retries=3 -o APT::Architecture=arm64 -o APT::Architectures=arm64 \
      -o Dir::State="$PWD/apt" -o Dir::Cache="$PWD/apt" "$@"
  }
  apt update || apt update || true
  apt download "${arm64_libraries[@]}" || exit
  for package in *.deb; do dpkg-deb -x "$package" . || exit; done
  rm -r apt ./*.deb
)
