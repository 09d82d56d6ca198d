#!/usr/bin/env bash
# Everything a reviewer would run, in one go. The last line is the plain count; the exit code is 0 only without failures.
# A check (lint, types, build, generated files) counts as one test.
# Environment: KUBEBUILDER_ASSETS or ARK_TEST_KUBECONFIG add a real API server to the contract tests,
# and KUBEBUILDER_ASSETS to the end-to-end tests.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"
[ -t 1 ] || export NO_COLOR=1
RESULTS=$(mktemp -d)
trap 'rm -rf "$RESULTS"' EXIT
started=$SECONDS

# name, command…: runs it, shows it, and notes how it ended.
check() {
  local name=$1 since=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then echo passed >"$RESULTS/$name.check"; else
    echo failed >"$RESULTS/$name.check"
    echo "!! $name failed" >&2
  fi
  echo "-- $name: $((SECONDS - since)) s"
}
# project: its tests; jest writes the counts. A file that fails runs once more, alone: on a crowded machine a clock can
# strike early. What passes then counts, and the last lines name it as unsteady: it wants mending. Where many files fail
# it is not the crowd.
tests() {
  local project=$1 since=$SECONDS code failed
  shift
  printf '\n== %s tests\n' "$project"
  jest "$project" "$RESULTS/$project.json" "$@"
  code=$?
  if [ ! -f "$RESULTS/$project.json" ]; then
    echo failed >"$RESULTS/$project tests.check"
  elif [ $code != 0 ]; then
    mapfile -t failed < <(node scripts/test-summary.mjs --failed "$RESULTS/$project.json")
    if ((${#failed[@]} > 0 && ${#failed[@]} <= 5)); then
      printf -- '-- once more, alone: %s\n' "${failed[@]}"
      jest "$project" "$RESULTS/$project.again" --runInBand --runTestsByPath "${failed[@]}"
      code=$?
    fi
  fi
  echo "-- $project tests: $((SECONDS - since)) s, exit $code"
}

# project, file of the report, more arguments
jest() {
  local project=$1 report=$2
  local which=(--selectProjects "$project")
  shift 2
  [ "$project" != cluster ] || which=(--config test/cluster/jest.config.js)
  node scripts/jest.mjs "${which[@]}" --json --outputFile "$report" "$@" >/dev/null
}

# A stranger's machine has another Node; npm ci brings the right one, and everything after it uses that one.
if [ "${ARK_VERIFY_INSTALL:-auto}" = always ] || [ ! -x node_modules/.bin/node ] ||
  [ node_modules/.package-lock.json -ot package-lock.json ]; then
  printf '\n== install\n'
  npm ci --loglevel=error || { echo "npm ci failed" >&2; echo "0 passed, 1 failed"; exit 1; }
fi
echo "node $(node --version), npm $(npm --version), $(nproc 2>/dev/null || echo ?) processors"

clean_build() { rm -rf dist && npm run --silent build && node scripts/build-stamp.mjs write; }
check style npm run --silent lint:style
check promises npm run --silent lint:promises
check walls npm run --silent lint:walls
check sizes npm run --silent lint:sizes
check build clean_build
check types npm run --silent typecheck
check generated npm run --silent check:generated
# Where the registry tells of no issues it is neither passed nor failed, and the last lines say so.
audit_or_say() { node scripts/audit.mjs "$RESULTS/audit.note" || [ $? -eq 3 ]; }
check audit audit_or_say
[ ! -f "$RESULTS/audit.note" ] || rm "$RESULTS/audit.check"
tests unit --maxWorkers=100%
tests contract --maxWorkers=100%
# Each starts programs with clocks of their own; more of them side by side would wait for each other.
tests e2e --maxWorkers=3
# The same on a real API server.
if [ -x "${KUBEBUILDER_ASSETS:-}/kube-apiserver" ]; then
  tests cluster --maxWorkers=3
fi

printf '\n== summary (%s s)\n' $((SECONDS - started))
node scripts/test-summary.mjs "$RESULTS"
