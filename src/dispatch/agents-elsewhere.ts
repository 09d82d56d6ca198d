import { Injectable } from '@nestjs/common';
import { ArkError, type Message, unavailable } from '../kit/index.js';
import type { OpenTask } from '../runtime/approval/answer-needed.js';
import type { Said, Turn } from '../runtime/delegation/participant.js';
import type { RunScope } from '../runtime/delegation/run-scope.js';
import { outcomeOf } from './answers.js';
import type { ChosenEngine } from './engine-choice.js';
import { ForeignEngines } from './foreign-engines.js';
import { GivenAnswers, type Reply } from './given-answers.js';
import { HostedAgents } from './hosted/hosted-agents.js';
import { SpendingElsewhere } from './spending-elsewhere.js';
import type { TargetCall } from './target-call.js';

/** An agent on an engine outside this process, or on an A2A server. */
export type Place = Exclude<ChosenEngine, { own: unknown }> & {
  agent: string;
  /** The agent's own conversation; empty text for none. */
  thread: string;
};

/** Asks agents on foreign engines, as members of teams and on behalf of other agents. */
@Injectable()
export class AgentsElsewhere {
  constructor(
    private readonly foreign: ForeignEngines,
    private readonly hosted: HostedAgents,
    private readonly answers: GivenAnswers,
    private readonly spending: SpendingElsewhere,
  ) {}

  /**
   * What others said travels in the text, since an engine elsewhere reads nothing but the message and the Query.
   *
   * @param before the task that asked something back when the same was asked by an earlier attempt
   * @returns what was said; or the task that waits for an answer
   * @throws what the engine fails with, naming it
   */
  async ask(place: Place, turn: Turn, scope: RunScope, before?: OpenTask): Promise<Said | OpenTask> {
    const { name, agent, thread } = place;
    const reply = before && (await this.replyTo(before, scope));
    if (before && reply === 'open') return before;
    const target = { type: 'agent' as const, name: agent };
    const { signal, deadline, query, idempotencyKey } = scope;
    const speaker = turn.team && { team: turn.team, agent };
    let heard = false;
    const onText = (text: string) => {
      heard = true;
      if (speaker) turn.onEvent?.({ type: 'text', text }, speaker);
    };
    const call: TargetCall = {
      ...{ query, target, signal, deadline },
      asked: { thread },
      text: textOf(turn),
      messageId: idempotencyKey,
      conversationId: turn.conversationId || undefined,
      ...(before ? { resumeTaskId: before.taskId } : {}),
      ...(reply && reply !== 'open' ? { reply } : {}),
      onText,
    };
    const said =
      'hosted' in place
        ? await this.hosted.ask(place.hosted, call)
        : outcomeOf(target, await this.foreign.ask(name, place.address, call, place.sent));
    const { phase, content, tokenUsage, a2a } = await this.spending.counted(said, query);
    if (tokenUsage) scope.onUsage(tokenUsage);
    // An engine that does not stream is heard all at once.
    if (phase === 'done' && !heard && content) onText(content);
    if (phase === 'done') return { text: content, messages: [{ role: 'assistant', content }] };
    const who = `engine '${name}', agent '${agent}'`;
    if (phase === 'input-required' && a2a?.taskId) {
      const asks = { name: agent, namespace: query.metadata.namespace ?? '' };
      const server = 'hosted' in place ? { a2aServer: name } : {};
      return { taskId: a2a.taskId, contextId: a2a.contextId, agent: asks, text: content, ...server };
    }
    if (phase === 'canceled') throw new ArkError('Canceled', `${who}: ${content}`);
    throw unavailable(`${who}: ${content}`);
  }

  /** Undefined where the record of the task takes the answer, which is looked at by whoever keeps it. */
  private async replyTo({ taskId, askedAs = taskId, a2aServer, contextId }: OpenTask, { query }: RunScope) {
    if (a2aServer !== undefined && askedAs === taskId) return undefined;
    const reply = (await this.answers.take(query, askedAs)) ?? 'open';
    return reply === 'open' ? reply : ({ ...reply, contextId } satisfies Reply);
  }
}

function textOf({ transcript, choice, input }: Turn): string {
  const said = transcript.filter(({ role, content }) => role === 'assistant' && content !== '').map(blockOf);
  return [choice?.instructions, said.join('\n'), input].filter(Boolean).join('\n\n');
}

const blockOf = ({ name, role, content }: Message): string => `# ${name ?? role}:\n${content}`;
