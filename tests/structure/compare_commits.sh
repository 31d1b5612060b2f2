#!/usr/bin/env bash
# compare_commits.sh REPOSITORY GRADUS: scripts/compare-commits says "equal" of a program and itself, and finds what differs.
set -euo pipefail
script=$1/scripts/compare-commits
program=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# expect STATUS TEXT WORDS...: how the script ends, and what it says.
expect() {
  local wanted=$1 text=$2 status=0 output
  shift 2
  output=$("$script" "$@" 2>&1) || status=$?
  if [[ $status != "$wanted" || $output != *"$text"* ]]; then
    echo "FAILED: $*: status $status instead of $wanted, or no '$text' in: $output"
    failures=$((failures + 1))
  fi
}

# The same program, with another option for `train`.
variant() {
  cat >"$folder/$1" <<TEXT
#!/usr/bin/env bash
[[ \$1 != train ]] || set -- "\$@" $2
exec "$program" "\$@"
TEXT
  chmod +x "$folder/$1"
}
variant seed "--seed 1"
variant epochs "--epochs 3"
variant broken "--no-such-option"

expect 0 "labels      equal    4 tensors, 8 lines of metrics, 400 predictions" --programs "$program" "$program" --only labels
expect 1 "weights     DIFFERS  layers.0.bias differs in 30 of 30 values" --programs "$program" "$folder/seed" --only weights
expect 1 "metrics.jsonl has 3 lines instead of 8" --programs "$program" "$folder/epochs" --only labels
expect 1 "labels      FAILED   new program, train: exit code 2" --programs "$program" "$folder/broken" --only labels
expect 0 "targets     equal" --programs "$program" "$program" --only targets --keep "$folder/kept"
expect 2 "is there already" --programs "$program" "$program" --keep "$folder/kept"
expect 2 "is not a program" --programs "$program" "$folder/absent"
expect 2 "two commits, or --programs" main
expect 2 "git finds no commit no-such-commit" no-such-commit no-such-commit
[[ -e $folder/kept/new/targets/predictions.csv ]] || { echo "FAILED: --keep left nothing" && failures=1; }

((failures == 0)) && echo "compare-commits behaves"
exit $((failures > 0))
