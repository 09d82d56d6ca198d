import { ControlPlane } from '../harness/control-plane.mjs';
import { Runtime } from '../harness/runtime.mjs';
import { burst } from './burst.mjs';
import { latency } from './latency.mjs';
import { listing } from './listing.mjs';
import { rate } from './rate.mjs';

/** What etcd and kube-apiserver leave of the budgets: only these rows have one of their own. */
const BUDGETS = { 'sustained Queries per second': '≥ 100', 'burst of 5 100 Queries, done': '100 %' };

/**
 * The Query plane on a real API server, each group of measurements on a fresh one.
 *
 * @param report takes the rows of one measurement
 */
export async function onRealApiServer(report) {
  for (const measurements of [[latency, rate], [burst], [listing]]) {
    const plane = await ControlPlane.start();
    try {
      const version = await plane.version();
      const runtime = await Runtime.start({}, { cluster: plane.kubeconfig });
      for (const measure of measurements) report(named(await measure(runtime), version));
      await runtime.stop();
    } finally {
      plane.stop();
    }
  }
}

const named = (rows, version) =>
  rows.map((row) => ({ ...row, what: `kube-apiserver ${version}: ${row.what}`, budget: BUDGETS[row.what] ?? '—' }));
