import { Injectable } from '@nestjs/common';
import { AgentsElsewhere, type Place } from '../../dispatch/agents-elsewhere.js';
import { EngineChoice } from '../../dispatch/engine-choice.js';
import { Engines, type InstalledEngine, notFound, type TokenUsage } from '../../kit/index.js';
import { Tracing } from '../../machinery/observability/tracing/tracing.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { COMPLETIONS_ENGINE } from '../../resources/labels.js';
import type { OpenTask } from '../../runtime/approval/answer-needed.js';
import { askingKey } from '../../runtime/approval/question-id.js';
import { memberThread, type Participant, type Said, type Turn } from '../../runtime/delegation/participant.js';
import type { RunScope } from '../../runtime/delegation/run-scope.js';
import { Objects } from '../../runtime/objects.js';
import { TeamRuns } from '../../runtime/teams/team-runs.js';
import { RequestResolver, type Resolved } from '../resolve/request-resolver.js';
import { asChoice } from './choice.js';
import { EngineRuns } from './engine-runs.js';

/** A task elsewhere that asks back, with the tokens spent until then. */
type Asking = OpenTask & { spent: TokenUsage[] };

/** Asks agents, teams and models of a Query's namespace on behalf of others, wherever their engines are. */
@Injectable()
export class Participants {
  constructor(
    private readonly objects: Objects,
    private readonly choice: EngineChoice,
    private readonly engines: Engines,
    private readonly resolver: RequestResolver,
    private readonly runs: EngineRuns,
    private readonly elsewhere: AgentsElsewhere,
    private readonly teams: TeamRuns,
    private readonly tracing: Tracing,
  ) {}

  /** @throws `NotFound` for who does not exist; what the engine or a member fails with; the signal's reason */
  async ask(who: Participant, turn: Turn, scope: RunScope): Promise<Said> {
    const journal = scope.journal.strand();
    try {
      return await this.answer(who, turn, { ...scope, journal });
    } finally {
      scope.journal.join(journal);
    }
  }

  private async answer(who: Participant, turn: Turn, scope: RunScope): Promise<Said> {
    const { type, name } = who;
    if (type === 'team') {
      const attributes = { 'openinference.span.kind': 'CHAIN', 'team.name': name };
      return this.tracing.span(`team ${name}`, () => this.teams.run(name, turn, scope), attributes);
    }
    const { namespace = '', name: query } = scope.query.metadata;
    const inner = { ...scope, logger: scope.logger.child({ [type]: name }) };
    const thread = turn.team ? memberThread(namespace, turn.conversationId || query, name) : '';
    if (type === 'model') return this.here(this.completions(), await this.model(who, turn, inner), turn, inner);
    const objects = await this.objects.seenBy(scope.query);
    const agent = await objects.need(Agent, { namespace, name }, `query '${namespace}/${query}'`);
    const engine = await this.choice.choose({ type, name }, namespace);
    if (!('own' in engine)) return this.far({ ...engine, agent: name, thread }, turn, inner);
    const said = { content: turn.input, history: [...turn.history, ...turn.transcript], conversationId: thread };
    return this.here(
      engine.own,
      await this.resolver.resolveAsked(engine.own, scope.query, { agent }, said),
      turn,
      inner,
    );
  }

  /** Whom this process cannot repeat is asked once, whatever else of the run is repeated. */
  private async far(place: Place, turn: Turn, scope: RunScope): Promise<Said> {
    const { approvals, journal, idempotencyKey, path } = scope;
    const key = journal.nextKey('elsewhere', idempotencyKey, ...path, place.agent);
    let usages: TokenUsage[] = [];
    const answered = () =>
      journal.once(key, async () => {
        const before = journal.recall<Asking>(askingKey(key));
        usages = [...(before?.spent ?? [])];
        const counted = { ...scope, onUsage: (usage: TokenUsage) => void usages.push(usage) };
        const answer = await this.elsewhere.ask(place, turn, counted, before);
        if ('messages' in answer) return { said: answer, spent: usages };
        return approvals.answer(askingKey(key), { ...answer, spent: usages } as Asking);
      });
    try {
      const { said, spent } = await approvals.during(answered);
      usages = spent;
      return said;
    } finally {
      // What was spent was spent, also by who failed.
      for (const usage of usages) scope.onUsage(usage);
    }
  }

  private model({ name }: Participant, turn: Turn, { query }: RunScope): Promise<Resolved> {
    const model = { namespace: query.metadata.namespace, name };
    const said = { content: turn.input, history: [], conversationId: '' };
    return this.resolver.resolveAsked(this.completions(), query, { model }, said);
  }

  /** Runs somebody on an engine of this process. */
  private async here(engine: InstalledEngine, resolved: Resolved, turn: Turn, scope: RunScope): Promise<Said> {
    const choice = turn.choice && asChoice(resolved, turn.choice);
    const { target } = resolved.request;
    const speaker = turn.team && { team: turn.team, agent: target.name };
    let terminated = false;
    const answer = await this.runs.run(engine, choice?.resolved ?? resolved, scope, (event) => {
      if (event.type === 'tool-result') terminated ||= event.result.terminate === true;
      if (speaker && !scope.journal.isRepeating) turn.onEvent?.(event, speaker);
    });
    const call = choice?.made();
    return { text: answer.text, messages: answer.transcript(), terminated, ...(call ? { call } : {}) };
  }

  private completions(): InstalledEngine {
    const engine = this.engines.get(COMPLETIONS_ENGINE);
    if (engine) return engine;
    throw notFound(`no engine '${COMPLETIONS_ENGINE}' is installed, which asks models`);
  }
}
