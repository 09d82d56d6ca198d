import { type Condition, type EventText, findCondition, withCondition } from '../../kit/index.js';
import type { A2AServer, A2AServerStatus } from '../../resources/a2a-server/a2a-server.resource.js';
import { statusAddress } from '../../resources/values/address.js';
import { stableText } from '../stable-text.js';

const READY = 'Ready';
const DISCOVERING = 'Discovering';

/** What looking at a server came to. */
export type Finding =
  | { reason: 'Initializing' }
  | { reason: 'AddressResolutionFailed'; message: string }
  | { reason: 'DiscoveringAgents'; address: string }
  | { reason: 'DiscoveryFailed' | 'AgentCreationFailed' | 'AgentDeletionFailed'; address: string; message: string }
  | {
      reason: 'AgentDiscovered';
      address: string;
      count: number;
      /** Said besides. */
      notes?: readonly string[];
      /** Of agents that cannot be used while others can. */
      problems?: readonly string[];
    };

/** Ark's names of the Events that tell of a problem. */
const EVENTS: Partial<Record<Finding['reason'], string>> = {
  DiscoveryFailed: 'AgentDiscoveryFailed',
  // Some of a list could not be used.
  AgentDiscovered: 'AgentDiscoveryFailed',
};
const MOST_NOTES = 3;

/** The status that follows from the one before and the finding. */
export function nextStatus({ status = {}, metadata, spec }: A2AServer, finding: Finding, now: Date): A2AServerStatus {
  const observedGeneration = metadata.generation;
  const [ready, discovering] = words(finding);
  let conditions = status.conditions ?? [];
  if (ready) conditions = withCondition(conditions, { ...ready, type: READY, observedGeneration }, now);
  conditions = withCondition(conditions, { ...discovering, type: DISCOVERING, observedGeneration }, now);
  const lastResolvedAddress =
    'address' in finding ? statusAddress(spec.address, finding.address) : status.lastResolvedAddress;
  return { conditions, ...(lastResolvedAddress ? { lastResolvedAddress } : {}) };
}

/** The Event that tells of a new problem; none when the status says what it said before. */
export function eventOf({ status }: A2AServer, finding: Finding, next: A2AServerStatus): EventText | undefined {
  const { reason } = finding;
  const before = findCondition(status?.conditions, READY);
  const after = findCondition(next.conditions, READY);
  if (!after || reason === 'Initializing' || reason === 'DiscoveringAgents') return undefined;
  if (reason === 'AgentDiscovered' && !finding.problems?.length) return undefined;
  if (before?.reason === after.reason && before.message === after.message) return undefined;
  return { type: 'Warning', reason: EVENTS[reason] ?? reason, message: after.message };
}

type Words = Pick<Condition, 'status' | 'reason' | 'message'>;

/** What the conditions say; of a server that is asked no other than before, but that it is. */
function words(finding: Finding): [ready: Words | undefined, discovering: Words] {
  const { reason } = finding;
  const ended: Words = { status: 'False', reason: 'DiscoveryComplete', message: 'Agent discovery completed' };
  switch (reason) {
    case 'Initializing':
      return [
        { status: 'False', reason, message: 'The server is asked for its agents' },
        { status: 'True', reason: 'StartingDiscovery', message: 'Agent discovery starts' },
      ];
    case 'DiscoveringAgents':
      return [undefined, { status: 'True', reason, message: 'The cards of the server are read' }];
    case 'AgentDiscovered': {
      const what = finding.count === 1 ? 'agent' : `${finding.count} agents`;
      const message = [
        `Successfully discovered ${what}`,
        ...fewOf([...(finding.notes ?? []), ...(finding.problems ?? [])]),
      ].join('; ');
      return [{ status: 'True', reason, message }, ended];
    }
    case 'AgentCreationFailed':
    case 'AgentDeletionFailed':
      return [{ status: 'False', reason, message: finding.message }, ended];
    default: {
      const failed: Words = { status: 'False', reason, message: finding.message };
      return [failed, failed];
    }
  }
}

function fewOf(notes: readonly string[]): string[] {
  const shown = notes.slice(0, MOST_NOTES).map((note) => stableText(note));
  return notes.length > MOST_NOTES ? [...shown, `and ${notes.length - MOST_NOTES} more`] : shown;
}
