import { Injectable } from '@nestjs/common';
import { ArkError, invalid, type Message, unavailable } from '../kit/index.js';
import type { Said, Turn } from '../runtime/delegation/participant.js';
import type { RunScope } from '../runtime/delegation/run-scope.js';
import { outcomeOf } from './answers.js';
import { ForeignEngines } from './foreign-engines.js';

/** An agent on an engine outside this process. */
export interface Place {
  /** The engine's name. */
  name: string;
  address: string;
  agent: string;
  /** The agent's own conversation; empty text for none. */
  thread: string;
}

/** Asks agents on foreign engines, as members of teams and on behalf of other agents. */
@Injectable()
export class AgentsElsewhere {
  constructor(private readonly foreign: ForeignEngines) {}

  /**
   * What others said travels in the text, since an engine elsewhere reads nothing but the message and the Query.
   *
   * @throws what the engine fails with, naming it; `Invalid` when it waits for an input that nobody can give
   */
  async ask({ name, address, agent, thread }: Place, turn: Turn, scope: RunScope): Promise<Said> {
    const target = { type: 'agent' as const, name: agent };
    const { signal, deadline, query, idempotencyKey } = scope;
    const answer = await this.foreign.ask(name, address, {
      ...{ query, target, signal, deadline },
      asked: { thread },
      text: textOf(turn),
      messageId: idempotencyKey,
      conversationId: turn.conversationId || undefined,
      onText: (text) => turn.team && turn.onEvent?.({ type: 'text', text }, { team: turn.team, agent }),
    });
    const { phase, content, tokenUsage } = outcomeOf(target, answer);
    if (tokenUsage) scope.onUsage(tokenUsage);
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
