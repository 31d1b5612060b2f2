#!/usr/bin/env bash
# readme_commands.sh REPOSITORY GRADUS: the README's commands do what they are shown to do. Of each fence marked `sh`, the lines
# that call gradus are run, in order, in a folder of their own beside a copy of data/; lines with a placeholder (an
# upper-case word such as YOUR.csv) are not, nor is what follows a `#`. Scripts that are named must be there, and each fence
# marked `cpp` must compile.
set -euo pipefail
repository=$(cd "$1" && pwd)
gradus=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
readme=$repository/README.md
if [[ ! -e $readme ]]; then
  echo "skipped: there is no README.md"
  exit 77
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -r "$repository/data" "$folder/data"
mkdir "$folder/bin"
ln -s "$gradus" "$folder/bin/gradus"
export PATH=$folder/bin:$PATH
cd "$folder"

fences() { awk -v kind="$1" '/^```/ { inside = ($0 == "```" kind); if (inside) print "\f"; next } inside' "$readme"; }

ran=0
while IFS= read -r line; do
  line=${line#"$ "}
  command=${line%%  #*}
  first=${command%% *}
  case $first in
    scripts/* | ./scripts/* | .ci/*)
      [[ -x $repository/$first ]] || { echo "README names $first, which is not there" && exit 1; }
      ;;
    gradus | */gradus)
      if [[ $command =~ (^|[[:space:]])[A-Z]{3,}[^[:space:]]* ]]; then continue; fi
      command="gradus ${command#* }"
      echo "\$ $command"
      bash -o pipefail -c "$command" >output 2>&1 </dev/null || { cat output && echo "failed: $command" && exit 1; }
      tail -n 3 output
      ran=$((ran + 1))
      ;;
  esac
done < <(fences sh | sed -e ':join' -e '/\\$/ { N; s/\\\n *//; b join' -e '}')
((ran > 0)) || { echo "no command of the README was run" && exit 1; }

compiled=0
while IFS= read -r -d $'\f' block || [[ -n $block ]]; do
  [[ -n ${block//[[:space:]]/} ]] || continue
  {
    grep '^#include' <<<"$block" || true
    if grep -q 'int main' <<<"$block"; then
      grep -v '^#include' <<<"$block"
    else
      echo 'int main() {' && grep -v '^#include' <<<"$block" && echo '}'
    fi
  } >example.cpp
  "${CXX:-g++}" -std=c++20 -fsyntax-only -I"$repository/include" example.cpp
  compiled=$((compiled + 1))
done < <(fences cpp)
echo "README: $ran commands ran, $compiled examples compile"
