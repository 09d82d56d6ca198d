#!/usr/bin/env bash
# Starts etcd, kube-apiserver and, where its binary is there, kube-controller-manager as plain processes.
# No container, no kubelet, no scheduler. Run again to start what is not running; it then keeps ports and data.
#
#   BIN=<folder with the binaries> DIR=<folder for this instance> PORT=6443 ETCD_PORT=2379 test/cluster/control-plane-up.sh
#
# Further environment: ETCD_PEER_PORT (default ETCD_PORT+1), ETCD_ARGS, APISERVER_ARGS, CONTROLLER_ARGS.
# Writes DIR/admin.kubeconfig (context `ark-test`) and DIR/{etcd,apiserver,controllers}.pid.
set -euo pipefail
BIN=${BIN:?a folder with etcd, kube-apiserver and kube-controller-manager}
DIR=${DIR:?a folder for keys, data and logs}
PORT=${PORT:-6443}
ETCD_PORT=${ETCD_PORT:-2379}
ETCD_PEER_PORT=${ETCD_PEER_PORT:-$((ETCD_PORT + 1))}
mkdir -p "$DIR"/{pki,etcd,log}
cd "$DIR"

certificate() { # name, subject, alternative names
  openssl ecparam -name prime256v1 -genkey -noout -out "pki/$1.key"
  openssl req -new -key "pki/$1.key" -out "pki/$1.csr" -subj "$2"
  openssl x509 -req -in "pki/$1.csr" -CA pki/ca.crt -CAkey pki/ca.key -CAcreateserial -days 3650 -out "pki/$1.crt" \
    -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$3") 2>/dev/null
}
if [ ! -f pki/ready ]; then
  openssl ecparam -name prime256v1 -genkey -noout -out pki/ca.key
  openssl req -x509 -new -key pki/ca.key -days 3650 -out pki/ca.crt -subj /CN=ark-test-ca
  certificate apiserver /CN=kube-apiserver "IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
  certificate admin /O=system:masters/CN=admin DNS:admin
  certificate controllers /CN=system:kube-controller-manager DNS:controllers
  openssl genrsa -out pki/sa.key 2048 2>/dev/null
  openssl rsa -in pki/sa.key -pubout -out pki/sa.pub 2>/dev/null
  touch pki/ready
fi

kubeconfig() { # user
  cat >"$1.kubeconfig" <<Y
apiVersion: v1
kind: Config
clusters:
  - name: ark-test
    cluster: { server: "https://127.0.0.1:$PORT", certificate-authority-data: $(base64 <pki/ca.crt | tr -d '\n') }
users:
  - name: $1
    user:
      client-certificate-data: $(base64 <"pki/$1.crt" | tr -d '\n')
      client-key-data: $(base64 <"pki/$1.key" | tr -d '\n')
contexts:
  - name: ark-test
    context: { cluster: ark-test, user: $1, namespace: default }
current-context: ark-test
Y
  chmod 600 "$1.kubeconfig"
}
kubeconfig admin
kubeconfig controllers

run() { # name, command line
  local name=$1
  shift
  if [ -f "$name.pid" ] && kill -0 "$(cat "$name.pid")" 2>/dev/null; then return; fi
  nohup "$@" >>"log/$name.log" 2>&1 </dev/null &
  echo $! >"$name.pid"
}
wait_for() { # name, path of the API
  for _ in $(seq 1 300); do
    if curl -fs --max-time 5 --cacert pki/ca.crt --cert pki/admin.crt --key pki/admin.key "https://127.0.0.1:$PORT$2" >/dev/null; then return; fi
    if ! kill -0 "$(cat "$1.pid")" 2>/dev/null; then break; fi
    sleep 0.1
  done
  echo "$1 did not come up; end of $DIR/log/$1.log:" >&2
  tail -n 20 "log/$1.log" >&2
  exit 1
}

run etcd "$BIN/etcd" --data-dir etcd --name ark-test --log-level warn \
  --listen-client-urls "http://127.0.0.1:$ETCD_PORT" --advertise-client-urls "http://127.0.0.1:$ETCD_PORT" \
  --listen-peer-urls "http://127.0.0.1:$ETCD_PEER_PORT" --initial-advertise-peer-urls "http://127.0.0.1:$ETCD_PEER_PORT" \
  --initial-cluster "ark-test=http://127.0.0.1:$ETCD_PEER_PORT" ${ETCD_ARGS:-}
# The advertised address must not be a loopback one; nothing connects to it.
run apiserver "$BIN/kube-apiserver" --etcd-servers="http://127.0.0.1:$ETCD_PORT" \
  --secure-port="$PORT" --bind-address=127.0.0.1 --advertise-address=192.0.2.1 \
  --tls-cert-file=pki/apiserver.crt --tls-private-key-file=pki/apiserver.key --client-ca-file=pki/ca.crt \
  --service-account-issuer=https://kubernetes.default.svc.cluster.local \
  --service-account-signing-key-file=pki/sa.key --service-account-key-file=pki/sa.pub \
  --service-cluster-ip-range=10.96.0.0/16 --authorization-mode=RBAC \
  --disable-admission-plugins=ServiceAccount ${APISERVER_ARGS:-}
wait_for apiserver /readyz
if [ -x "$BIN/kube-controller-manager" ]; then
  run controllers "$BIN/kube-controller-manager" --kubeconfig=controllers.kubeconfig \
    --service-account-private-key-file=pki/sa.key --root-ca-file=pki/ca.crt --use-service-account-credentials=true \
    --leader-elect=false --secure-port=0 ${CONTROLLER_ARGS:-} \
    --controllers=namespace,garbagecollector,serviceaccount,serviceaccount-token,root-ca-cert-publisher,deployment,replicaset,statefulset,job,cronjob,endpoint,endpointslice,clusterrole-aggregation,ttl
  wait_for controllers /api/v1/namespaces/default/serviceaccounts/default
fi
echo "export KUBECONFIG=$DIR/admin.kubeconfig"
