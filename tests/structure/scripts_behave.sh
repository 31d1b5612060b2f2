#!/usr/bin/env bash
# scripts_behave.sh REPOSITORY: what scripts/install-dependencies does, with stand-ins for apt, dpkg and sudo; and gpu-check, with
# stand-ins for what it runs.
set -euo pipefail
repository=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# Stand-ins: `installed`, `known` (to apt) and `served` (known after an update) hold names of packages.
mkdir "$folder/bin"
stand_in() {
  { echo '#!/bin/bash' && echo "cd '$folder'" && cat; } >"$folder/bin/$1"
  chmod +x "$folder/bin/$1"
}
stand_in dpkg-query <<'X'
grep -qx -- "${*: -1}" installed && printf installed
X
stand_in apt-cache <<'X'
echo "${*: -1}:"
if grep -qx -- "${*: -1}" known; then echo "  Candidate: 1.0"; else echo "  Candidate: (none)"; fi
X
stand_in apt-get <<'X'
echo "apt-get $*" >>calls
case $1 in
  update) cat served >>known ;;
  install)
    [[ -e broken ]] && { rm broken; echo "E: 404"; exit 100; }
    printf '%s\n' "${@:4}" >>installed
    ;;
esac
X
stand_in sudo <<'X'
echo "sudo" >>calls
exec "$@"
X

everything=$(sed -n '/^required=(/,/)/p' "$repository/scripts/install-dependencies" | tr -d '()' | sed 's/required=//' | xargs -n 1)

prepare() {
  rm -f "$folder/broken"
  : >"$folder/calls"
  : >"$folder/installed"
  : >"$folder/known"
  : >"$folder/served"
}

# run IS_USER OPTIONS...: as a user who is not root (1) or as root (0), whoever runs the test; with a CUDA toolkit or without.
has_cuda=false
run() {
  sed -e "s/((EUID != 0))/(($1))/" -e "s/^  command -v nvcc .*/  $has_cuda/" "$repository/scripts/install-dependencies" \
    >"$folder/under-test"
  shift
  status=0
  output=$(PATH=$folder/bin:$PATH bash "$folder/under-test" "$@" </dev/null 2>&1) || status=$?
  calls=$(cat "$folder/calls")
}
as_user=1
as_root=0

expect() {
  local what=$1
  shift
  if ! "$@"; then
    echo "FAILED: $what (status $status)"
    printf 'output: %s\ncalls: %s\n' "$output" "$calls"
    failures=$((failures + 1))
  fi
}
# shellcheck disable=SC2317 # called by `expect`
says() { [[ $output == *"$1"* ]]; }
# shellcheck disable=SC2317
calls_are() { [[ $calls == "$1" ]]; }
# shellcheck disable=SC2317
status_is() { [[ $status == "$1" ]]; }

prepare
echo "$everything" >"$folder/installed"
run $as_user
expect "all there: succeeds" status_is 0
expect "all there: calls nothing" calls_are ""
expect "all there: asks nothing" test "$output" = "All dependencies are installed."

prepare
echo "$everything" >"$folder/known"
run $as_user
expect "no terminal and no --yes: fails" status_is 1
expect "no terminal and no --yes: installs nothing" calls_are ""
expect "no terminal and no --yes: prints the command" says "sudo apt-get install -y --no-install-recommends g++ cmake"

prepare
echo "$everything" >"$folder/known"
run $as_user --yes
expect "--yes: succeeds" status_is 0
expect "--yes: no update when apt knows the packages" test "${calls/update/}" = "$calls"
expect "--yes: all is installed" test "$(sort "$folder/installed")" = "$(sort <<<"$everything")"

prepare
echo "$everything" >"$folder/installed"
echo libboost-context-dev >"$folder/known"
has_cuda=true
run $as_user --yes
has_cuda=false
expect "a CUDA toolkit: what its tests need is installed" test "$(tail -n 1 "$folder/installed")" = libboost-context-dev

prepare
{ echo "$everything" && echo libfast-float-dev; } >"$folder/served"
run $as_root
expect "root: succeeds without a question" status_is 0
expect "root: uses no sudo" test "${calls/sudo/}" = "$calls"
expect "empty lists: asks for them first" test "${calls%%$'\n'*}" = "apt-get update"
expect "what is only welcome comes along" grep -qx libfast-float-dev "$folder/installed"

prepare
echo "$everything" >"$folder/known"
: >"$folder/broken"
run $as_user --yes
expect "stale lists: updates and tries again" status_is 0
expect "stale lists: updates and tries again" test "${calls/update/}" != "$calls"

prepare
run $as_user --yes
expect "packages that apt does not know: fails" status_is 1
expect "packages that apt does not know: names them" says "libdnnl-dev"

prepare
run $as_user --nonsense
expect "an unknown option: exit 2" status_is 2

status=0
output=$("$repository/scripts/quickstart" --nonsense 2>&1) || status=$?
expect "quickstart: an unknown option: exit 2" status_is 2
status=0
output=$("$repository/scripts/test" --nonsense 2>&1) || status=$?
expect "test: an unknown option: exit 2" status_is 2

# gpu-check, on a tree of stand-ins that say what was written into `gpu` and `tests`.
tree=$folder/tree
program() {
  mkdir -p "$(dirname "$tree/$1")"
  { echo '#!/bin/bash' && echo "tree='$tree'" && cat; } >"$tree/$1"
  chmod +x "$tree/$1"
}
program bin/gradus <<'X'
case $1 in
  devices) printf 'cpu  a CPU\ncuda:0  %s\n' "$(cat "$tree/gpu")" ;;
  train)
    while (($# > 0)); do
      [[ $1 != --output ]] || { mkdir -p "$2" && for ((i = 0; i < 200; ++i)); do echo '{"epoch":1,"train_cost":0.5}'; done >"$2/metrics.jsonl"; }
      shift
    done
    echo '{"train_cost":0.5,"test_accuracy":0.95,"train_seconds":1.5}'
    ;;
esac
X
for name in gpu_test gpu_backend_test; do
  program "tests/gpu/$name" <<'X'
echo "[  PASSED  ] 1 test."
[[ -n $GRADUS_REQUIRE_GPU ]] && exit "$(cat "$tree/tests/outcome")"
X
done
program bench/gradus-bench <<'X'
[[ $1 != --list ]] || { echo '[{"batch":1,"name":"wide"}]' && exit; }
echo header
echo "wide fp32 10.0 5.0 50.0 1000 1.5 25.0"
while [[ $1 != --json ]]; do shift; done
printf '{\n "machine": {\n  "cuda_runtime": 13000,\n  "cublaslt": 130100\n }\n}\n' >"$2"
X
program lib/gradus/libgradus_cuda.so </dev/null
for tool in compute-sanitizer ncu python3; do
  stand_in "$tool" <<'X'
exit 1
X
done
gpu_check() {
  echo "$1" >"$tree/gpu"
  echo "$2" >"$tree/tests/outcome"
  status=0
  output=$(PATH=$folder/bin:$PATH "$repository/scripts/gpu-check" --build "$tree" --data "$folder/none" "$folder/out" 2>&1) || status=$?
  calls=""
}
gpu_check "not usable: no driver" 0
expect "gpu-check without a GPU: fails" status_is 1
expect "gpu-check without a GPU: says why" says "there is no GPU to check on: not usable: no driver"
gpu_check "a GPU" 0
expect "gpu-check: the tests and the runs pass" says "deviation 0 at most"
expect "gpu-check: what is not there is said" says "skipped     0 s  there is no $folder/none/mnist"
expect "gpu-check: a table" grep -q "^wide  *fp32  *10.00  *5.00  *50.0 " "$folder/out/summary.txt"
expect "gpu-check: the versions" grep -q "CUDA 13000, cuBLASLt 130100" "$folder/out/summary.txt"
expect "gpu-check: at most 8 files" test "$(find "$folder/out" -type f | wc -l)" -le 8
gpu_check "a GPU" 77
expect "gpu-check: skipped tests are failed ones" status_is 1
expect "gpu-check: skipped tests are failed ones" grep -q "^tests  *FAILED" "$folder/out/summary.txt"
rm "$tree/bin/gradus"
gpu_check "a GPU" 0
expect "gpu-check without a build: says how to make one" says "cmake --preset cuda"
status=0
output=$("$repository/scripts/gpu-check" --nonsense 2>&1) || status=$?
expect "gpu-check: an unknown option: exit 2" status_is 2

((failures == 0)) && echo "the scripts behave"
exit $((failures > 0))
