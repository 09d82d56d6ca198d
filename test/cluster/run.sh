#!/usr/bin/env bash
# `npm run test:cluster`: everything that a real API server judges. More arguments are jest's, for example a part of a path.
# With ARK_TEST_KUBECONFIG and no KUBEBUILDER_ASSETS it is the contract alone: each of the other tests makes a cluster.
set -euo pipefail
if [ -z "${KUBEBUILDER_ASSETS:-}" ] && [ -n "${ARK_TEST_KUBECONFIG:-}" ]; then
  echo "Only the contract of API servers: the end-to-end tests want KUBEBUILDER_ASSETS (test/cluster/build-control-plane.sh)." >&2
  exec node scripts/jest.mjs test/contract/api-server
fi
: "${KUBEBUILDER_ASSETS:?a folder with etcd and kube-apiserver (test/cluster/build-control-plane.sh makes one), or ARK_TEST_KUBECONFIG for the contract alone}"
code=0
node scripts/jest.mjs test/contract/api-server test/contract/remote test/contract/chart test/e2e/cluster test/e2e/auth-cluster || code=$?
# Each runtime has a control plane of its own, so three at once are enough for most machines.
node scripts/jest.mjs --config test/cluster/jest.config.js --maxWorkers=3 "$@" || code=$?
exit "$code"
