#!/bin/sh
# A first look at llmex: fetch an exercise, judge its untouched stub, judge an answer that passes.
# Usage: sh demo/first_light.sh PATH/TO/llmex
set -eu
here=$(cd "$(dirname "$0")" && pwd)
llmex=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
workspace=$(mktemp -d)
trap 'rm -rf "$workspace"' EXIT
cd "$workspace"

echo "\$ llmex next stable-softmax"
"$llmex" next stable-softmax

echo
echo "\$ llmex check            (the stub, as it came)"
if "$llmex" check; then
  echo "An untouched stub must not pass." >&2
  exit 1
fi

echo
echo "\$ llmex check stable-softmax --file demo/stable_softmax.py"
"$llmex" check stable-softmax --file "$here/stable_softmax.py"
