#!/usr/bin/env bash
# scripts_lint.sh REPOSITORY: every shell script parses, and shellcheck has nothing to say.
set -euo pipefail
cd "$1"

scripts=()
while IFS= read -r file; do
  case $file in
    *.sh) scripts+=("$file") ;;
    *) if head -c 64 "$file" | head -n 1 | grep -q '^#!.*\bbash'; then scripts+=("$file"); fi ;;
  esac
done < <(find scripts .ci tests bench -type f ! -name '*.[ch]pp' ! -name '*.csv' ! -path '*/data/*' 2>/dev/null | sort)

((${#scripts[@]} >= 4)) || { echo "only ${#scripts[@]} scripts were found" && exit 1; }
for script in "${scripts[@]}"; do bash -n "$script"; done
echo "${#scripts[@]} scripts parse"

if ! command -v shellcheck >/dev/null; then
  echo "skipped: shellcheck was not found"
  exit 77
fi
shellcheck --external-sources "${scripts[@]}"
echo "shellcheck has nothing to say"
