import { invalid } from '../../kit/errors/ark-error.js';
import type { KubeObject } from '../../kit/resource/object.js';
import { A2A_TASK, QUERY } from '../cluster/ark-kinds.js';
import type { Cluster } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { answersOf, phaseOf, type QueryObject } from './query-object.js';

/** What is read of an A2ATask. */
interface TaskObject extends KubeObject {
  spec: { queryRef: { name: string }; taskId: string; a2aServerRef?: object };
  status?: { phase?: string; protocolMetadata?: { toolCalls?: string } };
}

const DECISIONS: Record<string, string> = {
  approve: 'approved',
  approved: 'approved',
  yes: 'approved',
  reject: 'rejected',
  rejected: 'rejected',
  no: 'rejected',
};

/**
 * Writes the answer into the task that the Query waits for.
 *
 * @throws ArkError when the Query asks nothing, or asks for a decision and the text is none
 */
export async function answerQuery(cluster: Cluster, name: string, text: string, context: CliContext): Promise<void> {
  const { client, namespace } = cluster;
  const query = await client.get<QueryObject>(QUERY, { name, namespace });
  if (phaseOf(query) !== 'input-required') {
    throw invalid(`Query "${name}" asks nothing: it is ${phaseOf(query)}.`);
  }
  // Of what its agents have asked, a Query may ask one thing after the other.
  const asked = new Set(
    answersOf(query).flatMap(({ phase, a2a }) => (phase === 'input-required' ? [a2a?.taskId] : [])),
  );
  const tasks = (await client.list(A2A_TASK, { namespace })) as unknown as TaskObject[];
  const waiting = tasks.filter(
    ({ spec, status }) =>
      spec.queryRef.name === name && asked.has(spec.taskId) && /^(input|auth)-required$/.test(status?.phase ?? ''),
  );
  const task = waiting[0];
  if (!task) throw invalid(`Query "${name}" waits, but no A2ATask of it does; look at "ark get a2atasks".`);
  if (waiting.length > 1) {
    const names = waiting.map(({ metadata }) => metadata.name).join(', ');
    throw invalid(`Query "${name}" asks ${waiting.length} questions; write spec.input of each: ${names}.`);
  }
  const { spec, status, metadata } = task;
  // Only a question about calls of tools carries them; what a server elsewhere tells is its own affair.
  const isApproval = !spec.a2aServerRef && status?.protocolMetadata?.toolCalls !== undefined;
  const input = isApproval ? decision(text) : text;
  await client.mergePatch(A2A_TASK, { name: metadata.name, namespace }, { spec: { input } });
  context.terminal.err(`Answered. Query "${name}" goes on; see "ark get query ${name}".\n`);
}

function decision(text: string): string {
  const said = DECISIONS[text.trim().toLowerCase()];
  if (!said) throw invalid(`The query asks whether a tool may be called: answer approve or reject, not "${text}".`);
  return JSON.stringify({ decision: said });
}
