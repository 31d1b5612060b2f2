# shellcheck shell=bash
# What the scripts share. Sourced, never run.

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }

# Memory in MiB that may still be taken: what the machine has left, or less when a control group says so.
available_memory_mib() {
  local kib limit used mib=2048
  kib=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo 2>/dev/null || true)
  [[ -n $kib ]] && mib=$((kib / 1024))
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)
  used=$(cat /sys/fs/cgroup/memory.current 2>/dev/null || echo 0)
  if [[ $limit =~ ^[0-9]+$ && $used =~ ^[0-9]+$ ]] && (((limit - used) / 1048576 < mib)); then
    mib=$(((limit - used) / 1048576))
  fi
  echo "$mib"
}

# Compilers to run at once: one per core, and not more than fit into memory at 1.5 GB each.
build_jobs() {
  local cores jobs
  cores=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
  jobs=$(($(available_memory_mib) / 1500))
  ((jobs > cores)) && jobs=$cores
  ((jobs < 1)) && jobs=1
  echo "$jobs"
}

# Options for the first configuration of a build folder: ccache where it is installed.
cmake_options() {
  if command -v ccache >/dev/null; then
    echo "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"
  fi
}
