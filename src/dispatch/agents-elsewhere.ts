import { Injectable } from '@nestjs/common';
import { ArkError, invalid, type Message, unavailable } from '../kit/index.js';
import type { Said, Turn } from '../runtime/delegation/participant.js';
import type { RunScope } from '../runtime/delegation/run-scope.js';
import { outcomeOf } from './answers.js';
import type { ChosenEngine } from './engine-choice.js';
import { ForeignEngines } from './foreign-engines.js';
import { HostedAgents } from './hosted/hosted-agents.js';
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
  ) {}

  /**
   * What others said travels in the text, since an engine elsewhere reads nothing but the message and the Query.
   *
   * @throws what the engine fails with, naming it; `Invalid` when it waits for an input that nobody can give
   */
  async ask(place: Place, turn: Turn, scope: RunScope): Promise<Said> {
    const { name, agent, thread } = place;
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
      onText,
    };
    const outcome =
      'hosted' in place
        ? await this.hosted.ask(place.hosted, call)
        : outcomeOf(target, await this.foreign.ask(name, place.address, call));
    const { phase, content, tokenUsage } = outcome;
    if (tokenUsage) scope.onUsage(tokenUsage);
    // An engine that does not stream is heard all at once.
    if (phase === 'done' && !heard && content) onText(content);
    if (phase === 'done') return { text: content, messages: [{ role: 'assistant', content }] };
    const who = `engine '${name}', agent '${agent}'`;
    if (phase === 'input-required')
      throw invalid(`${who}: it waits for input, and nobody can give it any here: ${content}`);
    if (phase === 'canceled') throw new ArkError('Canceled', `${who}: ${content}`);
    throw unavailable(`${who}: ${content}`);
  }
}

function textOf({ transcript, choice, input }: Turn): string {
  const said = transcript.filter(({ role, content }) => role === 'assistant' && content !== '').map(blockOf);
  return [choice?.instructions, said.join('\n'), input].filter(Boolean).join('\n\n');
}

const blockOf = ({ name, role, content }: Message): string => `# ${name ?? role}:\n${content}`;
