#!/usr/bin/env bash
# Stops the processes that control-plane-up.sh started in DIR, by process id. WIPE=1 removes DIR, too.
#
#   DIR=<folder of the instance> [ONLY=apiserver] [WIPE=1] test/cluster/control-plane-down.sh
set -euo pipefail
DIR=${DIR:?the folder that control-plane-up.sh was given}
# What nobody will read again need not be written to its end; asked politely, etcd takes seconds.
if [ "${WIPE:-0}" = 1 ]; then cat "$DIR"/*.pid 2>/dev/null | xargs -r kill -s KILL 2>/dev/null || true; fi
for name in ${ONLY:-controllers apiserver etcd}; do
  [ -f "$DIR/$name.pid" ] || continue
  pid=$(cat "$DIR/$name.pid")
  # A kube-apiserver drains its watches for a minute when asked politely; its data lives in etcd.
  [ "$name" = apiserver ] && signal=KILL || signal=TERM
  kill -s "$signal" "$pid" 2>/dev/null || true
  for _ in $(seq 1 100); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
  kill -s KILL "$pid" 2>/dev/null || true
  rm -f "$DIR/$name.pid"
done
if [ "${WIPE:-0}" = 1 ]; then rm -rf "$DIR"; fi
