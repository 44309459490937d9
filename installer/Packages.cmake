# The Debian packages, made by ./installer/build-deb through CPack: one a component.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gadolin)
set(CPACK_PACKAGE_VENDOR Gadolin)
set(CPACK_PACKAGE_CONTACT "Gadolin maintainers <maintainers@gadolin.invalid>")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                                WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL ${GADOLIN_COMPONENTS})
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
# build-deb builds what is packed; CPack would build all tests too.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON CACHE INTERNAL "")

set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SOURCE gadolin)

# CPack puts this before each description, unless it is what CPack would say by itself: ours begin with their own.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_NAME} built using CMake")

# dpkg-shlibdeps sees what the programs link. What else they need when they run is named here.
set(CPACK_DEBIAN_DESKTOP_PACKAGE_NAME gadolin)
set(CPACK_DEBIAN_DESKTOP_PACKAGE_SECTION science)
set(CPACK_DEBIAN_DESKTOP_PACKAGE_DEPENDS "fonts-dejavu-core | fonts-freefont-ttf, hicolor-icon-theme")
set(CPACK_DEBIAN_DESKTOP_PACKAGE_RECOMMENDS "gadolin-worker (= ${PROJECT_VERSION}), libgl1-mesa-dri")
set(CPACK_DEBIAN_DESKTOP_DESCRIPTION
    "workstation for late gadolinium enhancement cardiac MRI
Reads short-axis stacks of late gadolinium enhancement, on which bright
myocardium is scar. Slices are labelled in seconds, contours drawn and
corrected, segmentations reviewed, volume and mass of scar reported.
.
A weakly supervised cascade of networks learns from the labels. It is
trained by gadolin-worker, which this package only recommends: that brings
LibTorch, and nothing but training and prediction needs it.
.
gadolinctl does every job without a window.
.
For research; Gadolin is not a medical device.")

set(CPACK_DEBIAN_WORKER_PACKAGE_NAME gadolin-worker)
set(CPACK_DEBIAN_WORKER_PACKAGE_SECTION science)
# Without it LibTorch computes with the reference BLAS: 1.4 times slower.
set(CPACK_DEBIAN_WORKER_PACKAGE_DEPENDS "libopenblas0-pthread | libopenblas0")
set(CPACK_DEBIAN_WORKER_PACKAGE_ENHANCES gadolin)
set(CPACK_DEBIAN_WORKER_DESCRIPTION
    "training and prediction for Gadolin, with LibTorch
Trains the weakly supervised cascade of Gadolin, the workstation for late
gadolinium enhancement cardiac MRI, and predicts with it. Gadolin starts it;
on a machine without a desktop it works on a run folder by itself.
.
This package computes on the processor. For a graphics card it is built anew
with a LibTorch for CUDA, as install.md of the package gadolin says.")
include(CPack)
