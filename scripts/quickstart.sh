#!/usr/bin/env bash
# From a fresh clone to an answer: installs, builds, starts a runtime of its own, asks an agent, leaves it running.
# Environment: ARK_DATA_DIR (default .ark), ARK_PORT and ARK_API_SERVER_PORT (default: the usual ones if free).
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"
DATA_DIR=${ARK_DATA_DIR:-.ark}
say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
[ -t 2 ] && [ -z "${NO_COLOR:-}" ] || say() { printf '%s\n' "$*" >&2; }

bash scripts/prepare.sh

ark() { node bin/ark.js "$@" --data-dir "$DATA_DIR"; }
endpoint() { node -p "JSON.parse(fs.readFileSync('$DATA_DIR/endpoints.json','utf8')).$1" 2>/dev/null; }
is_up() { kill -0 "$(endpoint pid)" 2>/dev/null && curl_ready; }
curl_ready() {
  node -e "fetch('$(endpoint http)/readyz',{signal:AbortSignal.timeout(2000)}).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"
}
# The usual port where it is free, else any free one.
port() {
  node -e "const s=require('net').createServer();s.once('error',()=>console.log(0));s.listen($1,'127.0.0.1',()=>s.close(()=>console.log($1)))"
}

if is_up; then
  say "A runtime is already up on $DATA_DIR."
else
  mkdir -p "$DATA_DIR"
  say "Starting the runtime; its log is $DATA_DIR/runtime.log"
  rm -f "$DATA_DIR/endpoints.json"
  ARK_KUBERNETES=embedded nohup node bin/ark.js start --data-dir "$DATA_DIR" --port "${ARK_PORT:-$(port 8080)}" \
    --api-server-port "${ARK_API_SERVER_PORT:-$(port 6443)}" >>"$DATA_DIR/runtime.log" 2>&1 </dev/null &
  started=$!
  for _ in $(seq 1 300); do
    if is_up; then break; fi
    if ! kill -0 "$started" 2>/dev/null; then
      echo "The runtime ended; the end of its log:" >&2
      tail -n 20 "$DATA_DIR/runtime.log" >&2
      exit 1
    fi
    sleep 0.1
  done
  is_up || { echo "The runtime is not ready after 30 s; see $DATA_DIR/runtime.log" >&2; exit 1; }
fi

say "Applying examples/quickstart"
applied=$(ark apply -f examples/quickstart -n default)
echo "$applied" >&2

agent=$(sed -n 's|^agent\.[^/]*/\([^ ]*\) .*|\1|p' <<<"$applied" | head -n 1)
for _ in $(seq 1 100); do
  state=$(ark get agent "$agent" -n default -o 'jsonpath={.status.conditions[?(@.type=="Available")].status}')
  [ "$state" = True ] && break
  sleep 0.1
done

say "Asking the agent $agent"
ark agent "$agent" "How is the weather today?" -n default

pid=$(endpoint pid)
cat >&2 <<END

The runtime goes on running (process $pid, $(endpoint http)). Go on with:

  export KUBECONFIG=$(cd "$DATA_DIR" && pwd)/kubeconfig
  npx ark query agent/$agent "And now?"
  npx ark status
  kubectl get agents,queries        # where kubectl is installed

Stop it with:  kill $pid
END
