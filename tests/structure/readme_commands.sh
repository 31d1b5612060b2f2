#!/usr/bin/env bash
# readme_commands.sh REPOSITORY GRADUS: README.md and docs/guide do what they show.
#
# Each document has a folder of its own with a copy of data/. Of each fence marked `sh`, the lines that call gradus are run
# there, in order; lines with a placeholder (an upper-case word such as YOUR.csv) are not, nor is what follows a `#`. Scripts
# that are named must exist, and each fence marked `cpp` must compile. Relative links in all documents must lead to a file, and
# to one of its headings. README.md has at most 150 lines.
set -euo pipefail
repository=$(cd "$1" && pwd)
gradus=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
if [[ ! -e $repository/README.md ]]; then
  echo "skipped: there is no README.md"
  exit 77
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin"
ln -s "$gradus" "$folder/bin/gradus"
export PATH=$folder/bin:$PATH

fail() {
  echo "$*"
  exit 1
}

# The fences of one kind in a document, each after a form feed.
fences() { awk -v kind="$1" '/^```/ { inside = ($0 == "```" kind); if (inside) print "\f"; next } inside' "$2"; }

run_commands() {
  local document=$1 line command first
  while IFS= read -r line; do
    line=${line#"$ "}
    command=${line%%  #*}
    first=${command%% *}
    case $first in
      scripts/* | ./scripts/* | .ci/*)
        [[ -x $repository/$first ]] || fail "$document names $first, which is not there"
        ;;
      gradus | */gradus)
        if [[ $command =~ (^|[[:space:]])[A-Z]{3,}[^[:space:]]* ]]; then continue; fi
        command="gradus ${command#* }"
        echo "\$ $command"
        bash -o pipefail -c "$command" >output 2>&1 </dev/null || { cat output && fail "failed: $command"; }
        tail -n 3 output
        commands=$((commands + 1))
        ;;
    esac
  done < <(fences sh "$document" | sed -e ':join' -e '/\\$/ { N; s/\\\n *//; b join' -e '}')
}

compile_examples() {
  local document=$1 block
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
    "${CXX:-g++}" -std=c++20 -fsyntax-only -I"$repository/include" example.cpp || fail "$document: an example does not compile"
    examples=$((examples + 1))
  done < <(fences cpp "$document")
}

# A document without fences and without code in backticks.
# shellcheck disable=SC2016 # a backtick is meant
prose() { awk '/^ *```/ { inside = !inside; next } !inside' "$1" | sed 's/`[^`]*`//g'; }

# The anchors that GitHub makes of a document's headings.
anchors() {
  awk '/^ *```/ { inside = !inside; next } !inside && /^#+ /' "$1" |
    LC_ALL=C sed -E 's/^#+ +//; s/\]\([^)]*\)//g' | tr '[:upper:]' '[:lower:]' | LC_ALL=C sed -E 's/[^a-z0-9 _-]//g; s/ /-/g'
}

check_links() {
  local document=$1 link path anchor
  while IFS= read -r link; do
    case $link in
      http://* | https://* | mailto:*) continue ;;
    esac
    path=${link%%#*}
    anchor=""
    [[ $link == *'#'* ]] && anchor=${link#*#}
    if [[ -z $path ]]; then path=$document; else path=$(dirname "$document")/$path; fi
    [[ -e $path ]] || fail "$document links to $link, which is not there"
    if [[ -n $anchor && $path == *.md ]] && ! anchors "$path" | grep -qxF -- "$anchor"; then
      fail "$document links to $link, and there is no such heading"
    fi
    links=$((links + 1))
  done < <(prose "$document" | grep -oE '\]\([^) ]+\)' | sed 's/^](//; s/)$//')
}

lines=$(wc -l <"$repository/README.md")
((lines <= 150)) || fail "README.md has $lines lines; at most 150 are one screen's worth"

links=0
while IFS= read -r document; do
  check_links "$document"
done < <(cd "$repository" && find "$PWD"/*.md bench data docs tests third_party -name '*.md' -exec realpath {} + | sort)
((links > 0)) || fail "no link was found"

commands=0
examples=0
for document in "$repository/README.md" "$repository"/docs/guide/*.md; do
  [[ -e $document ]] || continue
  own=$(mktemp -d -p "$folder")
  cp -r "$repository/data" "$own/data"
  cd "$own"
  run_commands "$document"
  compile_examples "$document"
done
((commands > 0)) || fail "no command was run"
echo "$commands commands ran, $examples examples compile, $links links lead somewhere"
