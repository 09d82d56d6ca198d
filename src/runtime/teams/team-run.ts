import {
  ArkError,
  canceled,
  type EngineEvent,
  invalid,
  type Message,
  type TeamConfig,
  type TeamContext,
  type TeamEnd,
  type TeamMember,
  type TeamState,
  type TeamStrategy,
} from '../../kit/index.js';
import type { RunJournal } from '../approval/run-journal.js';
import { type Participant, participantText, type Said, type Turn } from '../delegation/participant.js';
import type { RunScope } from '../delegation/run-scope.js';
import { pathEntry, waitingScope } from '../delegation/waiting.js';
import { OrderedVoices } from './ordered-voices.js';
import type { TeamLimits } from './team-limits.js';

/** Members of one turn that work at the same time; the others wait for a place. */
const AT_ONCE = 16;

interface Parts {
  team: TeamConfig;
  strategy: TeamStrategy;
  limits: TeamLimits;
  turn: Turn;
  scope: RunScope;
}

/** What a speaker hears, and who hears it. */
interface Hearing {
  before: Message[];
  heard(deliver: () => void): void;
}

/** One team at work on one request. */
export class TeamRun {
  private readonly spoken: TeamMember[] = [];
  private readonly transcript: Message[] = [];
  private readonly who: Participant;
  private questions = 0;

  constructor(private readonly parts: Parts) {
    this.who = { type: 'team', name: parts.team.name };
  }

  /** @throws what a member failed with, naming member and turn; what the strategy throws; the signal's reason */
  async run(): Promise<Said> {
    const { strategy, limits, scope } = this.parts;
    const context: TeamContext = {
      signal: scope.signal,
      logger: scope.logger,
      ask: (question) => this.asked(question),
    };
    for (;;) {
      scope.signal.throwIfAborted();
      const limit = limits.met(this.spoken.length);
      if (limit !== undefined) return this.stopped(limit + this.lastTurn());
      const step = await strategy.next(this.state(), context);
      if ('end' in step) return this.ended(step);
      const speakers = this.checked(step.speak).slice(0, Math.max(1, limits.turnsLeft(this.spoken.length)));
      const last = await this.floor(speakers);
      if (last) return this.ended({ end: true, answer: last.text });
    }
  }

  private state(): TeamState {
    const { team, turn } = this.parts;
    const { history, input } = turn;
    return { team, history, input, spoken: [...this.spoken], transcript: [...this.transcript] };
  }

  /** Lets members speak side by side. Gives the words of one that ended the team. */
  private async floor(speakers: readonly TeamMember[]): Promise<Said | undefined> {
    const before = [...this.transcript];
    const voices = new OrderedVoices();
    const others = new AbortController();
    const results: Said[] = [];
    const waiting = [...speakers.entries()];
    const { journal } = this.parts.scope;
    const strands = speakers.map(() => journal.strand());
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [at, member] = next;
        const heard = (deliver: () => void) => voices.say(at, deliver);
        const how = { before, heard, signal: others.signal, journal: strands[at] as RunJournal };
        results[at] = await this.speaks(member, this.spoken.length + at + 1, how);
        voices.end(at);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, speakers.length) }, work));
    } catch (error) {
      others.abort(canceled('another member of the team failed'));
      waiting.length = 0;
      throw error;
    } finally {
      for (const strand of strands) journal.join(strand);
    }
    for (const [at, member] of speakers.entries()) {
      const messages = results[at]?.messages ?? [];
      this.transcript.push(
        ...messages.map((said) => (said.role === 'assistant' ? { ...said, name: member.name } : said)),
      );
    }
    this.spoken.push(...speakers);
    return results.find(({ terminated }) => terminated);
  }

  private async speaks(
    member: TeamMember,
    number: number,
    { before, heard, signal, journal }: Pick<RunScope, 'signal' | 'journal'> & Hearing,
  ): Promise<Said> {
    const { team, turn, scope } = this.parts;
    const { input, history, conversationId } = turn;
    const where = this.where(`turn ${number}`);
    try {
      const inner = waitingScope(scope, pathEntry(this.who), member);
      const asked: Turn = {
        ...{ input, history, conversationId, team: team.name },
        // What ended a team within this one is no business of those who speak after it.
        transcript: before.filter(({ role }) => role !== 'system'),
        onEvent: (event, speaker) => heard(() => turn.onEvent?.(event, speaker)),
      };
      const within: RunScope = {
        ...inner,
        ...this.accounted(`${number}`),
        journal,
        signal: AbortSignal.any([scope.signal, signal]),
        logger: scope.logger.child({ team: team.name, turn: number }),
      };
      return await scope.floor.during(`${where}: ${participantText(member)}`, () => scope.ask(member, asked, within));
    } catch (error) {
      scope.signal.throwIfAborted();
      if (!(error instanceof ArkError)) throw error;
      const { family, reason, details, message } = error;
      throw new ArkError(family, `${where}: ${participantText(member)} failed: ${message}`, {
        ...{ reason, details, cause: error },
      });
    }
  }

  private where(step: string): string {
    const { namespace, name } = this.parts.team;
    return `team '${namespace}/${name}', ${step}`;
  }

  private async asked({ agent, model, ...question }: Parameters<TeamContext['ask']>[0]) {
    const { scope, turn, team } = this.parts;
    const who: Participant =
      agent === undefined ? { type: 'model', name: model ?? '' } : { type: 'agent', name: agent };
    if (who.name === '')
      throw invalid(`team '${team.namespace}/${team.name}' names nobody to ask: write spec.selector.agent`);
    this.questions += 1;
    const asked: Turn = {
      ...{ input: question.input, history: [], transcript: [], conversationId: turn.conversationId, team: team.name },
      choice: { instructions: question.instructions, tools: question.tools },
    };
    const within = {
      ...waitingScope(scope, pathEntry(this.who), who),
      ...this.accounted(`question-${this.questions}`),
    };
    const step = `${this.where('choice of the next')}: ${participantText(who)}`;
    const { text, call } = await scope.floor.during(step, () => scope.ask(who, asked, within));
    return { text, ...(call ? { call } : {}) };
  }

  /** Each turn has keys of its own, since the same call in a later turn is another call; all count for the team. */
  private accounted(step: string): Pick<RunScope, 'idempotencyKey' | 'onUsage'> {
    const { scope, team, limits } = this.parts;
    const onUsage: RunScope['onUsage'] = (usage) => {
      limits.spend(usage);
      scope.onUsage(usage);
    };
    return { idempotencyKey: `${scope.idempotencyKey}:${team.name}:${step}`, onUsage };
  }

  private checked(speakers: readonly TeamMember[]): readonly TeamMember[] {
    const { namespace, name, members } = this.parts.team;
    const stranger = speakers.find((one) => !members.some((member) => pathEntry(member) === pathEntry(one)));
    const fault = stranger
      ? `to '${stranger.name}', which is no member`
      : speakers.length === 0
        ? 'to nobody'
        : undefined;
    if (fault) throw invalid(`the strategy of team '${namespace}/${name}' gave the floor ${fault}`);
    return speakers;
  }

  private lastTurn(): string {
    const last = this.spoken.at(-1);
    return last ? ` The last turn was that of ${participantText(last)}.` : '';
  }

  private stopped(note: string): Said {
    const message: Message = { role: 'system', content: note };
    const { text } = this.ended({ end: true });
    this.tell({ type: 'message', message });
    return { text, messages: [...this.transcript, message] };
  }

  /** What a run that goes on after a pause only repeats was heard before. */
  private tell(event: EngineEvent): void {
    const { turn, scope } = this.parts;
    if (!scope.journal.isRepeating) turn.onEvent?.(event, { team: this.who.name });
  }

  private ended({ answer, closing }: TeamEnd): Said {
    if (closing) {
      this.transcript.push({ role: 'assistant', name: this.who.name, content: closing });
      this.tell({ type: 'text', text: closing });
    }
    const last = this.transcript.findLast(({ role, content }) => role === 'assistant' && content !== '');
    return { text: closing ?? answer ?? last?.content ?? '', messages: this.transcript };
  }
}
