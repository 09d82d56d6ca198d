import { ArkError, errorText, printedNames, type ResourceClass } from '../../kit/index.js';
import { type Admitted, defineAdmission } from '../admission/admission-rules.js';
import { overrideProblems } from '../admission/checks/header-checks.js';
import { parameterProblems } from '../admission/checks/parameter-checks.js';
import { setMigrationWarning } from '../admission/migration-warnings.js';
import { Agent } from '../agent/agent.resource.js';
import { ARK_CONFIG, ArkConfig } from '../ark-config/ark-config.resource.js';
import { Model } from '../model/model.resource.js';
import { type QueryTarget, TARGET_TYPES, type TargetType } from '../shared/reference.js';
import { selectorProblems } from '../shared/selector-problems.js';
import { Team } from '../team/team.resource.js';
import { Tool } from '../tool/tool.resource.js';
import { normaliseTargets } from './normalise-targets.js';
import { Query } from './query.resource.js';
import { lastUserText } from './query-input.js';
import { contradictoryTargets, hasTarget, queryTargets } from './query-target.js';

/** How long a finished Query is kept when nobody says. */
export const DEFAULT_QUERY_TTL = '720h';

const KINDS: Record<TargetType, ResourceClass> = { agent: Agent, team: Team, model: Model, tool: Tool };

/** Brings every spelling of targets into one form, sets the ttl, and checks that the targets exist. */
export const queryAdmission = defineAdmission<Query>({
  kind: Query,
  async mutate({ object: query, oldObject, lookup }) {
    normaliseTargets(query.spec, oldObject?.spec);
    if (query.spec.ttl === undefined) {
      const config = await lookup.get(ArkConfig, { name: ARK_CONFIG });
      query.spec.ttl = config?.spec?.queryTTL ?? DEFAULT_QUERY_TTL;
    }
    const several = query.spec.type === 'messages' && lastUserText(query.spec.input) !== undefined;
    setMigrationWarning(query, 'input-type', several ? messagesText(query) : undefined);
  },
  async validate(admitted) {
    const { object: query, lookup, warn } = admitted;
    for (const text of gapsInInput(query)) warn(text);
    const { type, input, parameters, overrides, selector } = query.spec;
    const problems = [...(await targetProblems(admitted)), ...selectorProblems(selector, 'selector')];
    if (type === 'messages' && lastUserText(input) === undefined) {
      problems.push('type messages needs an input list with a message of role user that has text');
    }
    const namespace = query.metadata.namespace ?? '';
    problems.push(...(await parameterProblems(parameters, namespace, lookup)), ...overrideProblems(overrides));
    return problems;
  },
});

/** A name without a parameter is no error, as in Ark, but hardly ever meant. */
function gapsInInput({ spec }: Query): string[] {
  const declared = (spec.parameters ?? []).map(({ name }) => name);
  if (declared.length === 0 || typeof spec.input !== 'string') return [];
  try {
    return printedNames(spec.input)
      .filter((name) => !declared.includes(name))
      .map((name) => `spec.input names {{.${name}}}, which becomes <no value>: add it to spec.parameters`);
  } catch (error) {
    if (!(error instanceof ArkError)) throw error;
    return [`the query will fail: ${errorText(error)}`];
  }
}

function messagesText(query: Query): string {
  return (
    `query "${query.metadata.name}": type "messages" is deprecated; agents on A2A servers and named engines get the ` +
    'last user message only; write type: user and continue conversations with conversationId'
  );
}

async function targetProblems({ object: query, lookup }: Admitted<Query>): Promise<string[]> {
  if (!hasTarget(query)) return ['a target, targets or a selector is required: say who answers'];
  if (contradictoryTargets(query.spec)) return ['target and targets name different answerers; keep one of them'];
  const problems: string[] = [];
  const namespace = query.metadata.namespace ?? '';
  for (const target of queryTargets(query)) {
    const problem = await targetProblem(target, namespace, (kind, name) => lookup.get(kind, { namespace, name }));
    if (problem) problems.push(problem);
  }
  return problems;
}

async function targetProblem(
  target: QueryTarget,
  namespace: string,
  find: (kind: ResourceClass, name: string) => unknown,
): Promise<string | undefined> {
  const kind = KINDS[target.type];
  if (!kind) return `target type "${String(target.type)}" is unknown; known types: ${TARGET_TYPES.join(', ')}`;
  if (await find(kind, target.name)) return undefined;
  return `target references ${target.type} '${target.name}', which does not exist in namespace '${namespace}'`;
}
