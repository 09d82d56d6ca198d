import { ArkError, errorText, Next, type Reconcile, type ReconcileContext, Reconciler } from '../../kit/index.js';
import {
  ExecutionEngine,
  type ExecutionEngineStatus,
} from '../../resources/execution-engine/execution-engine.resource.js';
import { resolveAddress } from '../../resources/execution-engine/resolve-address.js';
import { statusAddress } from '../../resources/values/address.js';
import { headerReferences, resolveHeaders } from '../../resources/values/resolve-headers.js';
import { references } from '../../resources/values/resolve-value.js';
import { Duties, othersDuty } from '../duties.js';
import { followValues } from '../follow-values.js';

/** Turns an ExecutionEngine's address into a URL, again whenever what it is made from changes. Calls nobody. */
@Reconciler({
  name: 'execution-engine-address',
  kind: ExecutionEngine,
  follows: followValues<ExecutionEngine>(({ metadata, spec }) => [
    ...references(spec.address, metadata.namespace ?? ''),
    ...headerReferences(spec.headers, metadata.namespace ?? ''),
  ]),
})
export class ExecutionEngineAddressReconciler implements Reconcile<ExecutionEngine> {
  constructor(private readonly duties: Duties) {}

  async reconcile(engine: ExecutionEngine, context: ReconcileContext): Promise<Next> {
    if (engine.metadata.deletionTimestamp) return Next.onChange();
    const others = othersDuty(this.duties, engine);
    if (others) return others;
    const status = await resolve(engine, context);
    await context.applyStatus(engine, status);
    const { phase, message } = engine.status ?? {};
    if (status.phase === 'error' && (phase !== status.phase || message !== status.message)) {
      const text = status.message ?? 'The address cannot be resolved';
      context.event(engine, { type: 'Warning', reason: 'AddressResolutionFailed', message: text });
    }
    return Next.onChange();
  }
}

async function resolve(engine: ExecutionEngine, context: ReconcileContext): Promise<ExecutionEngineStatus> {
  try {
    const address = await resolveAddress(engine, context);
    const problem = await headerProblem(engine, context);
    if (problem) return { phase: 'error', message: problem };
    return { phase: 'ready', lastResolvedAddress: statusAddress(engine.spec.address, address), message: '' };
  } catch (error) {
    if (!(error instanceof ArkError)) throw error;
    return { phase: 'error', message: `The address cannot be resolved: ${errorText(error)}` };
  }
}

async function headerProblem({ metadata, spec }: ExecutionEngine, context: ReconcileContext) {
  try {
    await resolveHeaders(spec.headers, metadata.namespace ?? '', context);
    return undefined;
  } catch (error) {
    if (!(error instanceof ArkError)) throw error;
    return `The headers cannot be resolved: ${errorText(error)}`;
  }
}
