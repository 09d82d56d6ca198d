import {
  ArkError,
  errorText,
  invalid,
  MemoryBackends,
  Next,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
} from '../../kit/index.js';
import { Memory, type MemoryStatus } from '../../resources/memory/memory.resource.js';
import { refusePassword, statusAddress } from '../../resources/values/address.js';
import { headerReferences, resolveHeaders } from '../../resources/values/resolve-headers.js';
import { references, resolveValue } from '../../resources/values/resolve-value.js';
import { Duties, othersDuty } from '../duties.js';
import { followValues } from '../follow-values.js';

/** What it waits for is watched; this is for what no watch tells. */
const TRY_AGAIN_MS = 60_000;

const valuesOf = ({ metadata, spec }: Memory) => {
  const namespace = metadata.namespace ?? '';
  return [...references(spec.address, namespace), ...headerReferences(spec.headers, namespace)];
};

/** Says where a Memory is, and finds it anew whenever what its address or headers are read from changes. */
@Reconciler({
  name: 'memory-address',
  kind: Memory,
  follows: followValues(valuesOf),
})
export class MemoryAddressReconciler implements Reconcile<Memory> {
  constructor(
    private readonly backends: MemoryBackends,
    private readonly duties: Duties,
  ) {}

  async reconcile(memory: Memory, context: ReconcileContext): Promise<Next> {
    if (memory.metadata.deletionTimestamp) return Next.onChange();
    const others = othersDuty(this.duties, memory);
    if (others) return others;
    const status = await this.statusOf(memory, context);
    await context.applyStatus(memory, status);
    if (status.phase === 'ready') return Next.onChange();
    if (memory.status?.phase !== 'error' || memory.status.message !== status.message) {
      context.event(memory, { type: 'Warning', reason: 'MemoryUnavailable', message: status.message ?? '' });
    }
    return Next.after(TRY_AGAIN_MS);
  }

  private async statusOf(memory: Memory, context: ReconcileContext): Promise<MemoryStatus> {
    const namespace = memory.metadata.namespace ?? '';
    try {
      const address = await resolveValue(memory.spec.address, namespace, context);
      if (!address) throw invalid('spec.address is empty: write value or valueFrom');
      refusePassword(address);
      this.backends.forAddress(address);
      await checkHeaders(memory, context);
      return {
        phase: 'ready',
        lastResolvedAddress: statusAddress(memory.spec.address, address),
        message: 'The address is resolved',
      };
    } catch (error) {
      if (!(error instanceof ArkError)) throw error;
      return { phase: 'error', message: errorText(error) };
    }
  }
}

/** Headers that wait for a Query's parameter can only be known while one is answered. */
async function checkHeaders({ metadata, spec }: Memory, context: ReconcileContext): Promise<void> {
  const known = spec.headers?.filter(({ value }) => !value.valueFrom?.queryParameterRef);
  await resolveHeaders(known, metadata.namespace ?? '', context);
}
