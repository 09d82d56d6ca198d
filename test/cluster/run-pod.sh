#!/usr/bin/env bash
# Runs the program as the one container of a pod of charts/ark would, without a container engine: a root file system of
# its own, read-only except /tmp and /data, the token where Kubernetes mounts it, the pod's user, and no capabilities.
# The network is the machine's. The environment is the caller's.
#
#   unshare --mount --uts test/cluster/run-pod.sh ROOT APP NODE ACCOUNT HOSTS UID GID COMMAND…
#
# ROOT: an empty folder; APP: the built project; NODE: the folder of `node`; ACCOUNT: the folder with token, ca.crt and
# namespace; HOSTS: the file with the names that it finds.
set -euo pipefail
root=$1 app=$2 node=$3 account=$4 hosts=$5 uid=$6 gid=$7
shift 7
mount --make-rprivate /
mount -t tmpfs -o mode=0755 tmpfs "$root"
for name in bin sbin lib lib64 usr etc; do
  if [ -L "/$name" ]; then cp -P "/$name" "$root/$name"; elif [ -d "/$name" ]; then
    mkdir "$root/$name"
    mount --rbind "/$name" "$root/$name"
    mount -o remount,bind,ro "$root/$name"
  fi
done
mount --bind "$hosts" "$root/etc/hosts"
token=var/run/secrets/kubernetes.io/serviceaccount
mkdir -p "$root"/{dev,proc,tmp,data,app,node,$token}
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
for pair in "$app:app" "$node:node" "$account:$token"; do
  mount --bind "${pair%%:*}" "$root/${pair#*:}"
  mount -o remount,bind,ro "$root/${pair#*:}"
done
# What fsGroup does to volumes.
for name in tmp data; do
  mount -t tmpfs -o mode=0770 tmpfs "$root/$name"
  chown "0:$gid" "$root/$name"
done
mount -o remount,ro "$root"
hostname "${HOSTNAME:-ark}"
export PATH=/node:/usr/sbin:/usr/bin:/sbin:/bin
exec chroot "$root" setpriv --reuid "$uid" --regid "$gid" --clear-groups --no-new-privs --bounding-set=-all \
  env -C /app "$@"
