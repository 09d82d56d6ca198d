import { defineAdmission } from '../admission/admission-rules.js';
import { setMigrationWarning } from '../admission/migration-warnings.js';
import { Team, type TeamSpec } from './team.resource.js';
import { memberProblems, selectorAgentProblems } from './team-member-checks.js';

export const TEAM_STRATEGIES = ['sequential', 'selector', 'round-robin', 'graph'] as const;
/** Those that only a bound ends for sure. */
const UNBOUNDED: readonly string[] = ['selector', 'round-robin', 'graph'];
/** Turns of a team whose manifest sets no bound. */
export const DEFAULT_MAX_TURNS = 20;
/** A selector prompt must make the model call this tool. */
const SELECT_TOOL = 'select-next-speaker';

/** Reads the old strategies, and judges strategy, members and chooser. */
export const teamAdmission = defineAdmission<Team>({
  kind: Team,
  mutate({ object: team }) {
    const { spec } = team;
    if (spec.strategy === 'round-robin') {
      setMigrationWarning(team, 'round-robin', roundRobinText(team));
      if (spec.maxTurns !== undefined) Object.assign(spec, { strategy: 'sequential', loops: true });
    }
    setMigrationWarning(team, 'graph', spec.strategy === 'graph' ? graphText(team) : undefined);
    const prompt = spec.strategy === 'selector' ? spec.selector?.selectorPrompt : undefined;
    const unaware = typeof prompt === 'string' && prompt !== '' && !prompt.includes(SELECT_TOOL);
    setMigrationWarning(team, 'selector-prompt', unaware ? promptText(team) : undefined);
  },
  async validate(admitted) {
    const { object: team, policy, warn } = admitted;
    for (const text of looseEnds(team.spec)) warn(text);
    return [
      ...strategyProblems(team.spec, policy.teamStrategies),
      ...(await selectorAgentProblems(admitted)),
      ...edgeProblems(team.spec),
      ...(await memberProblems(admitted)),
    ];
  },
});

const deprecated = (team: Team, strategy: string) =>
  `team "${team.metadata.name}": strategy "${strategy}" is deprecated and will go in v1.0.0`;
const roundRobinText = (team: Team) =>
  team.spec.maxTurns === undefined
    ? `${deprecated(team, 'round-robin')}; write strategy: sequential with loops: true and maxTurns`
    : `${deprecated(team, 'round-robin')}; it became strategy: sequential with loops: true`;
const graphText = (team: Team) => `${deprecated(team, 'graph')}; its edges still decide who speaks next`;
const promptText = (team: Team) =>
  `team "${team.metadata.name}": selector.selectorPrompt does not mention the tool ${SELECT_TOOL}, by which the next speaker is chosen`;

/** Manifests of earlier releases that are accepted with a word. */
function looseEnds(spec: TeamSpec): string[] {
  const texts: string[] = [];
  if (spec.strategy === 'sequential' && !spec.loops && spec.maxTurns !== undefined) {
    texts.push('maxTurns is ignored: strategy sequential without loops runs each member once');
  }
  if (UNBOUNDED.includes(spec.strategy) && spec.maxTurns === undefined) {
    texts.push(`maxTurns is not set: the team stops after ${DEFAULT_MAX_TURNS} turns`);
  }
  if (spec.strategy === 'selector' && !spec.selector?.agent && spec.selector?.model) {
    texts.push('selector.model is deprecated: name an agent in selector.agent');
  }
  return texts;
}

function strategyProblems({ strategy, loops, maxTurns }: TeamSpec, installed: readonly string[]): string[] {
  const known = [...new Set<string>([...TEAM_STRATEGIES, ...installed])];
  if (!known.includes(strategy)) return [`unknown strategy "${strategy}"; known strategies: ${known.join(', ')}`];
  if (!loops) return [];
  if (strategy === 'selector' || strategy === 'graph') return ['loops goes with strategy sequential only'];
  return maxTurns === undefined ? ['maxTurns is required with loops: true, else the team never ends'] : [];
}

/** Edges name members; under strategy graph each member hands over to one other at most. */
function edgeProblems({ strategy, graph, members }: TeamSpec): string[] {
  if (strategy !== 'graph' && (strategy !== 'selector' || !graph)) return [];
  const edges = graph?.edges ?? [];
  if (edges.length === 0) return ['graph.edges needs at least one edge'];
  const names = new Set(members.map((member) => member.name));
  const problems = edges.flatMap((edge, index) =>
    (['from', 'to'] as const)
      .filter((side) => !names.has(edge[side]))
      .map((side) => `graph.edges[${index}].${side}: "${edge[side]}" is no member of the team`),
  );
  if (strategy === 'graph') {
    const starts = edges.map((edge) => edge.from);
    const twice = starts.find((from, index) => starts.indexOf(from) !== index);
    if (twice !== undefined) problems.push(`graph.edges: member "${twice}" has more than one outgoing edge`);
  }
  return problems;
}
