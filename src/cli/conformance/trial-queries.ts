import { randomBytes } from 'node:crypto';
import type { UntypedObject } from '../../kit/resource/object.js';
import { ARK_GROUP, QUERY, TARGET_KINDS } from '../cluster/ark-kinds.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Trial } from './trial.js';

const API_VERSION = `${ARK_GROUP}/v1alpha1`;
const { agent: AGENT } = TARGET_KINDS;

/** What a trial puts into the cluster, so that the engine can resolve what messages name. */
export interface TrialQueries {
  queries: NonNullable<Trial['queries']>;
  remove(): Promise<void>;
}

/**
 * Makes two Queries: one as an engine meets it, and one whose agent has options that no engine knows. Both are canceled
 * from the start, so that no runtime answers them: the engine is asked directly.
 *
 * `agentName` names an agent that is there, for engines that need a model; without it one is made for the time being.
 */
export async function makeQueries(
  cluster: Cluster,
  engine: string,
  question: string,
  agentName?: string,
): Promise<TrialQueries> {
  const { client, namespace } = cluster;
  const stem = `conformance-${randomBytes(4).toString('hex')}`;
  const made: { type: typeof QUERY; name: string }[] = [];
  const make = async (type: typeof QUERY, name: string, spec: object) => {
    const object = { apiVersion: API_VERSION, kind: type.kind, metadata: { name, namespace }, spec };
    await client.create(type, object as UntypedObject);
    made.unshift({ type, name });
  };
  const remove = async () => {
    await Promise.allSettled(made.map(({ type, name }) => client.delete(type, { name, namespace })));
  };
  const query = (name: string, agent: string) =>
    make(QUERY, name, { input: question, target: { type: 'agent', name: agent }, cancel: true, ttl: '1h' });
  const prompt = 'Answer in one short sentence.';
  const knownBad = { 'surely-not-an-option': true };
  try {
    if (agentName) await client.get(AGENT, { name: agentName, namespace });
    else await make(AGENT, stem, { prompt, executionEngine: { name: engine } });
    await make(AGENT, `${stem}-options`, { prompt, executionEngine: { name: engine, options: knownBad } });
    await query(stem, agentName ?? stem);
    await query(`${stem}-options`, `${stem}-options`);
  } catch (error) {
    await remove();
    throw error;
  }
  return { queries: { plain: { name: stem, namespace }, badOptions: { name: `${stem}-options`, namespace } }, remove };
}
