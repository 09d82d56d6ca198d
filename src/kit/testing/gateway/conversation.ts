import { ok, strictEqual } from 'node:assert/strict';
import { type Binding, type Heard, type HeardTask, type Json, type Operation, object, type Said } from './speech.js';

/** Agents on trial, by the URLs at which they are reached. */
export interface GatewayTrial {
  /** An agent that says again what it hears, at once. */
  echo: string;
  /** One that says the same, word by word, a tenth of a second or more for each. */
  slow: string;
  /** One that asks a question before it answers. Without it nobody is asked how answers go on. */
  asks?: string;
}

export interface Response {
  status: number;
  type: string;
  body: Json;
}

/** Speaks to one agent in one binding. */
export class Talk {
  readonly url: string;

  constructor(
    readonly binding: Binding,
    url: string,
  ) {
    this.url = `${url.replace(/\/+$/, '')}/`;
  }

  /** Sends a body as it is. */
  async raw(body: string, headers: Record<string, string> = {}, path = '', method = 'POST'): Promise<Response> {
    const init = { method, headers: { 'content-type': 'application/json', ...headers } };
    const response = await fetch(this.url + path, { ...init, ...(method === 'POST' ? { body } : {}) });
    const text = await response.text();
    const parsed = text.startsWith('{') ? (JSON.parse(text) as Json) : {};
    return { status: response.status, type: response.headers.get('content-type') ?? '', body: parsed };
  }

  /** Whether the card says that receivers are told of tasks. */
  async tellsOthers(): Promise<boolean> {
    return object((await this.card()).capabilities).pushNotifications === true;
  }

  async card(): Promise<Json> {
    return (await this.raw('', {}, '.well-known/agent-card.json', 'GET')).body;
  }

  async say(operation: Operation, more: Record<string, string> = {}): Promise<Heard> {
    const { method, path, headers, body } = this.binding.request(operation);
    const init = { method, headers: { ...headers, ...more }, ...(body ? { body: JSON.stringify(body) } : {}) };
    const response = await fetch(this.url + path, init);
    const text = await response.text();
    return this.binding.heard(text === '' ? {} : object(JSON.parse(text)));
  }

  /** Sends a message that somebody has changed after it was written well. */
  async changed(change: (message: Json, request: Json) => unknown): Promise<Heard> {
    const { path, headers, body = {} } = this.binding.request({ do: 'send', said: { text: 'as it was' } });
    const request = 'params' in body ? object(body.params) : body;
    change(object(request.message), request);
    return this.binding.heard((await this.raw(JSON.stringify(body), headers, path)).body);
  }

  /** The media type of an answer, as HTTP has it. */
  async typeOf(operation: Operation): Promise<string> {
    const { method, path, headers, body } = this.binding.request(operation);
    const response = await fetch(this.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    await response.text();
    return response.headers.get('content-type')?.split(';')[0] ?? '';
  }

  send(text: string, more: Partial<Said> = {}): Promise<Heard> {
    return this.say({ do: 'send', said: { text, ...more } });
  }

  /** A task that has begun and goes on for half a minute, unless somebody cancels it. */
  async begin(words = 300): Promise<HeardTask> {
    const { task, text } = await this.send('word '.repeat(words).trim(), {
      configuration: { returnImmediately: true },
    });
    ok(task, `a message that is not waited for must be answered with a task, not with "${text}"`);
    return task;
  }

  /** The events of a stream, as they come. */
  async *stream(operation: Operation): AsyncGenerator<Heard, void> {
    const { method, path, headers, body } = this.binding.request(operation);
    const leave = new AbortController();
    const init = { method, headers, signal: leave.signal, ...(body ? { body: JSON.stringify(body) } : {}) };
    const response = await fetch(this.url + path, init);
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
      yield this.binding.heard(object(await response.json()));
      return;
    }
    try {
      for await (const data of eventsOf(response)) yield this.binding.heard(object(JSON.parse(data)));
    } finally {
      leave.abort();
    }
  }

  async wholeStream(operation: Operation): Promise<Heard[]> {
    const heard: Heard[] = [];
    for await (const event of this.stream(operation)) heard.push(event);
    return heard;
  }
}

async function* eventsOf(response: globalThis.Response): AsyncGenerator<string, void> {
  let rest = '';
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));
      if (data.length > 0) yield data.join('\n');
    }
  }
}

/** The answer that the pieces of a stream make. */
export const toldIn = (events: readonly Heard[]): string =>
  events.reduce((told, { piece }) => (piece ? (piece.append ? told + piece.text : piece.text) : told), '');

/** The call failed with this code, and says why. */
export function refused(heard: Heard, code: number): void {
  strictEqual(heard.code, code, `expected error ${code}, heard ${JSON.stringify(heard).slice(0, 300)}`);
  ok(heard.text, 'an error must say what is wrong');
}
