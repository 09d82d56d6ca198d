#!/usr/bin/env bash
# Builds etcd, kube-apiserver, kube-controller-manager, kubectl, helm and kubeconform from Go modules, for tests only.
#
#   test/cluster/build-control-plane.sh          prints the folder with the binaries; builds only what is absent
#
# Environment: KV   Kubernetes version (default 1.35.8; 1.35 wants Go >= 1.25, 1.36 Go >= 1.26)
#              EV   etcd version (default 3.6.6)
#              OUT  folder for the binaries (default ${XDG_CACHE_HOME:-~/.cache}/nest-ark/control-plane/$KV)
#              WORK scratch folder (default: a temporary one; with Go's own caches about 4 GiB)
# Where the Go checksum database cannot be reached: export GOSUMDB=off.
set -euo pipefail
KV=${KV:-1.35.8}
EV=${EV:-3.6.6}
OUT=${OUT:-${XDG_CACHE_HOME:-$HOME/.cache}/nest-ark/control-plane/$KV}
minor=$(echo "$KV" | cut -d. -f2)
staging_version=0.${KV#1.}
mkdir -p "$OUT"

absent() { [ ! -x "$OUT/$1" ]; }
if ! { absent etcd || absent kube-apiserver || absent kube-controller-manager || absent kubectl || absent helm || absent kubeconform; }; then
  echo "$OUT"
  exit 0
fi
command -v go >/dev/null || { echo "go is not installed; it builds the control plane (Kubernetes $KV)" >&2; exit 1; }

if [ -z "${WORK:-}" ]; then
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
fi
mkdir -p "$WORK/kube" "$WORK/etcd" "$WORK/bin"
export CGO_ENABLED=0 GOWORK=off

# Kubernetes is one module that replaces each of its staging modules by the published one of the same release.
staging="api apiextensions-apiserver apimachinery apiserver cli-runtime client-go cloud-provider cluster-bootstrap
  code-generator component-base component-helpers controller-manager cri-api cri-client csi-translation-lib
  dynamic-resource-allocation endpointslice externaljwt kms kube-aggregator kube-controller-manager kube-proxy
  kube-scheduler kubectl kubelet metrics mount-utils pod-security-admission sample-apiserver sample-cli-plugin
  sample-controller"
[ "$minor" -ge 36 ] && staging="$staging cri-streaming streaming"
if absent kube-apiserver || absent kube-controller-manager || absent kubectl; then
  cd "$WORK/kube"
  if [ ! -f go.mod ]; then
    go mod init kubebuild >&2
    go mod edit -require="k8s.io/kubernetes@v$KV"
    for module in $staging; do go mod edit -replace="k8s.io/$module=k8s.io/$module@v$staging_version"; done
  fi
  # Without these flags the server calls itself v0.0.0 and clients complain.
  flags="-s -w"
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags="$flags -X $package.gitVersion=v$KV -X $package.gitMajor=1 -X $package.gitMinor=$minor"
    flags="$flags -X $package.gitTreeState=clean -X $package.gitCommit=modproxy -X $package.buildDate=1970-01-01T00:00:00Z"
  done
  for command in kube-apiserver kube-controller-manager kubectl; do
    absent "$command" || continue
    echo "== building $command $KV" >&2
    go build -mod=mod -trimpath -ldflags "$flags" -o "$WORK/bin/$command" "k8s.io/kubernetes/cmd/$command" >&2
    mv "$WORK/bin/$command" "$OUT/$command"
  done
fi

if absent etcd; then
  cd "$WORK/etcd"
  if [ ! -f go.mod ]; then
    go mod init etcdbuild >&2
    go mod edit -require="go.etcd.io/etcd/server/v3@v$EV"
  fi
  echo "== building etcd $EV" >&2
  go build -mod=mod -trimpath -ldflags "-s -w" -o "$WORK/bin/etcd" go.etcd.io/etcd/server/v3 >&2
  mv "$WORK/bin/etcd" "$OUT/etcd"
fi

cd "$WORK"
for tool in helm.sh/helm/v3/cmd/helm@latest github.com/yannh/kubeconform/cmd/kubeconform@latest; do
  name=$(basename "${tool%@*}")
  absent "$name" || continue
  echo "== building $name" >&2
  GOBIN=$OUT go install "$tool" >&2 || echo "could not build $name; the tests that need it say so" >&2
done
echo "$OUT"
