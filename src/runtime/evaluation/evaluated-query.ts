import {
  type ChatMessage,
  canceled,
  type EvaluatedRun,
  type Exchange,
  invalid,
  keyText,
  notFound,
  type ObjectKey,
  unavailable,
} from '../../kit/index.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { Query, type QueryResponse } from '../../resources/query/query.resource.js';
import { renderedInput } from '../../resources/query/query-input.js';
import { durationOr } from '../../resources/values/duration.js';
import { resolveParameters } from '../../resources/values/resolve-parameters.js';
import type { Objects } from '../objects.js';

const ENDED = ['done', 'error', 'canceled'];
/** Parameters whose names say that the answer may draw on them. */
const CONTEXTUAL = /context|background|reference|document|history|previous|retrieved|knowledge|source|material/i;

/** A Query as evaluators see it. */
export interface EvaluatedQuery {
  exchange: Exchange;
  run: EvaluatedRun;
}

/**
 * A Query that has ended, with what was asked and answered.
 *
 * @throws `NotFound` when it does not exist, `Unavailable` while it goes on, `Invalid` when it has no such answer
 */
export async function evaluatedQuery(key: ObjectKey, responseTarget: string | undefined, all: Objects) {
  const query = await all.get(Query, key);
  if (!query) throw notFound(`query "${keyText(key)}" does not exist`);
  const phase = query.status?.phase ?? 'pending';
  if (!ENDED.includes(phase)) throw unavailable(`query "${keyText(key)}" is not finished yet`);
  const response = chosen(query, responseTarget);
  const objects = await all.seenBy(query);
  const context = await contextOf(query, objects);
  const instructions = await instructionsOf(response, key, objects);
  const exchange: Exchange = {
    input: await renderedInput(query, objects),
    output: response?.content ?? '',
    ...(context ? { context } : {}),
    ...(instructions ? { instructions } : {}),
  };
  return { exchange, run: runOf(query, phase, response) };
}

/** Only an answer can be judged by what it says. */
export function needsAnswer({ run }: EvaluatedQuery): void {
  if (run.phase === 'done') return;
  if (run.phase === 'canceled')
    throw canceled(`query "${run.namespace}/${run.name}" was canceled: there is no answer to judge`);
  throw invalid(`query "${run.namespace}/${run.name}" ended with phase ${run.phase}: there is no answer to judge`);
}

function runOf({ metadata, status }: Query, phase: string, response: QueryResponse | undefined): EvaluatedRun {
  const { type, name } = response?.target ?? {};
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    phase,
    seconds: durationOr(status?.duration, 0) / 1000,
    tokens: status?.tokenUsage?.totalTokens ?? 0,
    messages: transcriptOf(response),
    ...(type && name ? { target: { type, name } } : {}),
  };
}

function chosen({ metadata, status }: Query, wanted: string | undefined): QueryResponse | undefined {
  const responses = status?.responses ?? (status?.response ? [status.response] : []);
  if (!wanted) return responses[0];
  const found = responses.find(
    ({ target }) => target && [target.name, `${target.type}/${target.name}`].includes(wanted),
  );
  if (found) return found;
  const known = responses.map(({ target }) => target?.name).join(', ') || 'none';
  throw invalid(`query "${metadata.namespace}/${metadata.name}" has no answer of "${wanted}"; answers: ${known}`);
}

/** A transcript that was too long for the status is left out of it. */
function transcriptOf(response: QueryResponse | undefined): ChatMessage[] {
  try {
    const messages: unknown = JSON.parse(response?.raw ?? '[]');
    return Array.isArray(messages) ? messages.filter((each: unknown) => isMessage(each)) : [];
  } catch {
    return [];
  }
}

const isMessage = (value: unknown): value is ChatMessage =>
  typeof value === 'object' && value !== null && typeof (value as ChatMessage).role === 'string';

/** Parameters of the Query that an answer may draw on. Those from Secrets are nobody's material. */
async function contextOf(query: Query, objects: Objects): Promise<string> {
  const material = query.spec.parameters?.filter(
    ({ name, valueFrom }) => CONTEXTUAL.test(name) && !valueFrom?.secretKeyRef && !valueFrom?.queryParameterRef,
  );
  const values = await resolveParameters(material, query.metadata.namespace ?? '', objects, query);
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

async function instructionsOf(response: QueryResponse | undefined, { namespace }: ObjectKey, objects: Objects) {
  if (response?.target?.type !== 'agent') return undefined;
  return (await objects.get(Agent, { namespace, name: response.target.name }))?.spec.prompt;
}
