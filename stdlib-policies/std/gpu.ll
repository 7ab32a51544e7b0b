# SPDX-License-Identifier: Apache-2.0
# Drawing and computing on a graphics processor by Mesa's or NVIDIA's drivers.
#
#     import std/gpu
#     ruleset game extends base, base.machine, gpu { allow read beneath /srv/game }
#
# Floor: ABI 5 (ioctl on devices). Not covered: the driver in the kernel, a large surface for attacks; caches in the home
# (set MESA_SHADER_CACHE_DIR and POCL_CACHE_DIR to a scratch).
# Tested: OpenGL, EGL and Vulkan by Mesa and OpenCL by PoCL, drawing and computing in software, Debian 12. The devices:
# untested, written after the drivers' documents and sources.
abi 10

ruleset gpu {
    # Render nodes: drawing and computing, not the screen's modes. libdrm lists the directory to find them.
    allow read_dir beneath optional /dev/dri
    allow read, write, ioctl_dev each optional /dev/dri/renderD*
    # NVIDIA's own devices.
    allow read, write, ioctl_dev each optional /dev/nvidia[0-9]*, optional /dev/nvidiactl, optional /dev/nvidia-modeset
    allow read beneath optional /proc/driver/nvidia
    # What a device is (vendor, model), from which libdrm picks the driver.
    allow read beneath optional /sys/dev/char, optional /sys/class/drm
    allow read each optional /sys/devices/pci[0-9]*
    # Lists of drivers for Vulkan, OpenGL and EGL, and settings by program.
    allow read beneath optional /usr/share/vulkan, optional /etc/vulkan, optional /usr/share/glvnd, optional /etc/glvnd
    allow read beneath optional /usr/share/egl, optional /usr/share/libdrm, optional /usr/share/drirc.d,
        optional /etc/drirc
}

# Programs that set the screen's mode themselves, and on old drivers those that draw: the primary nodes.
ruleset display extends gpu {
    allow read, write, ioctl_dev each optional /dev/dri/card[0-9]*
}

# CUDA, OpenCL, ROCm: their lists of implementations, and unified memory's devices.
ruleset compute extends gpu {
    allow read beneath optional /etc/OpenCL/vendors
    # OpenCL on the processor, by PoCL: its headers and functions, and the compiler's libraries, which Debian links there.
    allow read beneath optional /usr/share/pocl
    allow read_file each optional /usr/lib/llvm-*/lib/*.so{,.*}
    allow read, write, ioctl_dev each optional /dev/nvidia-uvm*, optional /dev/kfd
    allow read beneath optional /sys/class/kfd, optional /sys/devices/virtual/kfd
}
