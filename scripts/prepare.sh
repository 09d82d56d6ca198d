#!/usr/bin/env bash
# Installs and builds what is missing or stale; takes well under a second when nothing is.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"

lock=$(cksum <package-lock.json)
installed=node_modules/.ark-installed
if [ ! -x node_modules/.bin/node ] || [ ! -f node_modules/.package-lock.json ] ||
  { [ "$(cat "$installed" 2>/dev/null)" != "$lock" ] && [ node_modules/.package-lock.json -ot package-lock.json ]; }; then
  echo "Installing packages" >&2
  npm ci --no-fund --no-audit --loglevel=error >&2
fi
echo "$lock" >"$installed"

if ! node scripts/build-stamp.mjs check; then
  echo "Building" >&2
  rm -rf dist
  npm run --silent build >&2
  node scripts/build-stamp.mjs write
fi
