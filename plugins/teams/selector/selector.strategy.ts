import {
  errorText,
  invalid,
  type TeamContext,
  type TeamMember,
  type TeamReply,
  type TeamState,
  type TeamStep,
  TeamStrategy,
} from 'nest-ark';
import { type Choice, readChoice } from './choice.js';
import { correction, selectorQuestion } from './selector-question.js';

/** A chooser names who speaks next. With a graph it chooses only where an edge leaves it a choice. */
@TeamStrategy({ name: 'selector', description: 'An agent chooses who speaks next' })
export class SelectorStrategy implements TeamStrategy {
  async next(state: TeamState, context: TeamContext): Promise<TeamStep> {
    const candidates = candidatesOf(state);
    const [first, second] = candidates;
    if (!first) return { end: true };
    const led = state.team.edges.length > 0 && state.spoken.length > 0;
    if (led && !second) return { speak: [first] };
    const choice = await choose(state, candidates, context);
    if ('closing' in choice) return { end: true, ...(choice.closing ? { closing: choice.closing } : {}) };
    return { speak: candidates.filter(({ name }) => name === choice.name).slice(0, 1) };
  }
}

/** Everybody; after the first turn of a team with a graph, only those whom an edge leads to. */
function candidatesOf({ team: { members, edges }, spoken }: TeamState): readonly TeamMember[] {
  const last = spoken.at(-1);
  if (!last || edges.length === 0) return members;
  const next = edges.filter(({ from }) => from === last.name).map(({ to }) => to);
  return members.filter(({ name }) => next.includes(name));
}

/** Asks, and asks once more with the mistake named: models that miss a tool once seldom miss it twice. */
async function choose(state: TeamState, candidates: readonly TeamMember[], context: TeamContext): Promise<Choice> {
  const names = [...new Set(candidates.map(({ name }) => name))];
  const question = selectorQuestion(state, names);
  const mayTerminate = state.team.selector?.mayTerminate === true;
  let problem = '';
  for (const input of [() => question.input, () => correction(question.input, problem)]) {
    const reply: TeamReply = await context.ask({ ...question, input: input() });
    try {
      return readChoice(reply, names, mayTerminate);
    } catch (error) {
      problem = errorText(error);
      context.logger.info({ team: state.team.name, problem }, 'The chooser of a team named nobody');
    }
  }
  const { namespace, name, selector } = state.team;
  const chooser = selector?.agent ? `agent '${selector.agent}'` : `model '${selector?.model}'`;
  throw invalid(`team '${namespace}/${name}': ${chooser} was asked twice who speaks next, and ${problem}`);
}
