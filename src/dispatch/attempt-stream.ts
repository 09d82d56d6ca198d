import { Injectable } from '@nestjs/common';
import type { ToolEvent } from '../engine-host/execution/engine-call.js';
import type { QueryOutcome } from '../reconcilers/query/query-dispatcher.js';
import { STREAMING_ENABLED } from '../resources/labels.js';
import type { Query } from '../resources/query/query.resource.js';
import { targetText } from '../resources/query/query-target.js';
import type { QueryTarget } from '../resources/shared/reference.js';
import { spentStatus } from '../resources/shared/spent.js';
import type { Speaker } from '../runtime/delegation/participant.js';
import type { ChunkBody, ChunkSource } from '../runtime/streams/chunk.js';
import { ChunkStreams } from '../runtime/streams/chunk-streams.js';
import { Pieces } from '../runtime/streams/pieces.js';
import { approvalNotice } from './approval-notice.js';

/** Opens the live stream of a Query for an attempt at it. */
@Injectable()
export class AttemptStreams {
  constructor(private readonly streams: ChunkStreams) {}

  begin(query: Query): AttemptStream {
    return new AttemptStream(this.streams, query);
  }
}

/** How the pieces of one target's answer reach the stream, each from the target itself or a member of its team. */
export interface Voice {
  say(piece: string, speaker?: Speaker): void;
  tool(event: ToolEvent, speaker?: Speaker): void;
  note(text: string, speaker?: Speaker): void;
}

/** What an attempt tells the readers of its Query's stream. */
export class AttemptStream {
  private readonly uid: string;
  private readonly created = Math.floor(Date.now() / 1000);
  /** What each voice has said and nobody has heard yet. */
  private readonly unheard: Pieces[] = [];

  constructor(
    private readonly streams: ChunkStreams,
    private readonly query: Query,
  ) {
    this.uid = query.metadata.uid ?? '';
    streams.open(this.uid, { kept: query.metadata.annotations?.[STREAMING_ENABLED] === 'true' });
  }

  /** For the pieces of one target's answer, and the tools it calls on the way. */
  voice(target: QueryTarget): Voice {
    const source = this.source(target);
    const turns = new Map<Speaker, number>();
    let floor: Speaker | undefined;
    let calls = 0;
    const turnOf = (speaker: Speaker) => {
      const turn = turns.get(speaker) ?? turns.size + 1;
      turns.set(speaker, turn);
      return turn;
    };
    const write = (body: ChunkBody, speaker?: Speaker) =>
      this.streams.write(this.uid, speaker ? spokenBy(source, speaker, turnOf(speaker), body) : source, body);
    const pieces = new Pieces((text) => write({ type: 'text', text }, floor));
    this.unheard.push(pieces);
    const aloud = (body: ChunkBody, speaker?: Speaker) => {
      pieces.flush();
      write(body, speaker);
    };
    return {
      say: (text, speaker) => {
        if (speaker !== floor) pieces.flush();
        floor = speaker;
        pieces.add(text);
      },
      tool: (event, speaker) => aloud(event.type === 'tool-call' ? { ...event, index: calls++ } : event, speaker),
      note: (text, speaker) => aloud({ type: 'system', text }, speaker),
    };
  }

  complete(outcomes: QueryOutcome[]): void {
    this.flush();
    for (const { target, phase, content } of outcomes) {
      if (phase === 'error') this.error(target as QueryTarget, content);
    }
    for (const { target, task } of outcomes) {
      const notice = task && approvalNotice(task, target.name);
      if (notice) this.streams.write(this.uid, this.source(target as QueryTarget), { type: 'foreign', json: notice });
    }
    const first = outcomes[0];
    if (!first) return;
    const { metadata } = this.query;
    const { target, content, raw, phase, conversationId, tokenUsage } = first;
    const failed = outcomes.some((outcome) => outcome.phase === 'error');
    const status = {
      phase: failed ? 'error' : phase,
      conversationId,
      response: { target, content, raw, phase },
      ...spentStatus(tokenUsage),
    };
    const completedQuery = { metadata: { name: metadata.name, namespace: metadata.namespace ?? '' }, status };
    this.streams.write(this.uid, this.source(target as QueryTarget), { type: 'final', completedQuery });
  }

  fail(message: string): void {
    this.flush();
    this.error({ type: 'agent', name: '' }, message);
  }

  end(): void {
    this.streams.end(this.uid);
  }

  private flush(): void {
    for (const pieces of this.unheard) pieces.flush();
  }

  private error(target: QueryTarget, message: string): void {
    this.streams.write(this.uid, this.source(target), { type: 'error', message, code: 'execution_failed' });
  }

  private source(target: QueryTarget): ChunkSource {
    const who = target.type === 'tool' ? {} : { [target.type]: target.name };
    return {
      id: `chatcmpl-${this.uid}`,
      model: target.type === 'model' ? target.name : targetText(target),
      created: this.created,
      ark: { query: this.uid, session: this.query.spec.sessionId ?? this.uid, target: targetText(target), ...who },
    };
  }
}

/** What a team says without anybody's voice is its closing word; Ark gives it an id of its own. */
function spokenBy(
  { ark, ...source }: ChunkSource,
  { team, agent }: Speaker,
  turn: number,
  { type }: ChunkBody,
): ChunkSource {
  const id = agent === undefined && type === 'text' ? 'chatcmpl-terminate' : source.id;
  return { ...source, id, ark: { ...ark, team, ...(agent === undefined ? {} : { agent, turn }) } };
}
