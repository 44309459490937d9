# Debian 12 packages that Gadolin needs, and the one function that installs them. Sourced.

build_packages=(
  g++ cmake ninja-build ccache mold pkg-config
  qt6-base-dev qt6-base-dev-tools libqt6svg6-dev libqt6opengl6-dev libgl-dev libopengl-dev
  libvtk9-dev libinsighttoolkit5-dev libdcmtk-dev libarchive-dev zlib1g-dev
  libtorch-dev libopenblas0-pthread
  libsqlitecpp-dev libsqlite3-dev libqcustomplot-dev
  nlohmann-json3-dev libcli11-dev libspdlog-dev
)
run_packages=(
  qt6-qpa-plugins qt6-image-formats-plugins libqt6svg6 fonts-dejavu-core
  xvfb xauth libgl1-mesa-dri
)
test_packages=(libgtest-dev libgmock-dev libbenchmark-dev poppler-utils dcmtk dicom3tools
  python3-numpy python3-torch python3-nibabel python3-pydicom)
# What makes packages of it, and judges them.
package_packages=(dpkg-dev librsvg2-bin patchelf file xz-utils)
judge_packages=(lintian desktop-file-utils shared-mime-info appstream man-db)

# Servers that tests talk to where they are installed. Their packages may start a service, so only a
# machine that is thrown away afterwards installs them: CI, by GADOLIN_TEST_SERVERS=1.
server_packages=(orthanc)

# install_packages NAME...: installs what is missing with apt, as root or through sudo.
install_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "These packages are missing: ${missing[*]}. Install them as root and run this again." >&2
      return 1
    }
    as_root=(sudo)
  fi
  echo "Installing ${#missing[@]} packages: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
