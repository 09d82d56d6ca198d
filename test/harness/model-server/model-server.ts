import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Counts, RecordedRequest, WireFormat } from './wire-format.js';

export const COUNTS: Counts = { input: 20, output: 4, cached: 8 };
export const TOOL_CALL = { name: 'look_up', arguments: '{"word":"ark"}' };

/**
 * Models of one vendor on a local address, with every request kept. The name of the model says how it behaves:
 * `echo` says the user's words in capitals, or calls the tool it is offered; `silent` says a word and no more; `mute`
 * never answers; `cut` breaks off; `locked` refuses the key and quotes it; `status-NNN` answers that status;
 * `busy-N` answers 429 until it was asked N times, then echoes; `moved` points elsewhere.
 */
export class ModelServer {
  readonly requests: RecordedRequest[] = [];
  /** Sent with every refusal, e.g. `retry-after`. */
  refusalHeaders: Record<string, string> = {};
  /** Answers that their readers did not wait for. */
  hungUp = 0;
  /** Models that the vendor lists. */
  listed: string[] = [];
  /** Awaited before each word of an answer but the first. */
  beforeNextWord: () => Promise<void> = async () => undefined;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  private constructor(private readonly format: WireFormat) {}

  static async listen(format: WireFormat): Promise<ModelServer> {
    const server = new ModelServer(format);
    await new Promise<void>((ready) => server.server.listen(0, '127.0.0.1', ready));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The bodies and headers of completions, without the probes' lists. */
  completions(): RecordedRequest[] {
    return this.requests.filter(({ method }) => method === 'POST');
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const piece of incoming) text += String(piece);
    const { method = '', url: path = '', headers } = incoming;
    const body = (text ? JSON.parse(text) : {}) as RecordedRequest['body'];
    const request = { method, path, headers, body };
    this.requests.push(request);
    if (method === 'GET') {
      const list = this.listed.length > 0 ? this.format.list?.(path, this.listed) : undefined;
      return this.json(response, list ? 200 : 404, list ?? this.format.refusal('no such path'));
    }
    this.behave(request, response);
  }

  private behave(request: RecordedRequest, response: ServerResponse): void {
    const { model, said, tools } = this.format.asked(request);
    const [name, number = '0'] = model.split('-');
    const refuse = (status: number, text: string) => this.json(response, status, this.format.refusal(text));
    if (name === 'mute') return;
    if (name === 'moved') {
      response.writeHead(307, { location: `${this.url}/elsewhere` }).end();
    } else if (name === 'locked') refuse(401, `Incorrect API key provided: ${JSON.stringify(request.headers)}`);
    else if (name === 'status') refuse(Number(number), 'as you wish');
    else if (name === 'busy' && this.completions().length < Number(number)) refuse(429, 'slow down');
    else if ((request.body.messages as unknown[]).length === 0) refuse(400, "[] is too short - 'messages'");
    else void this.answer(response, name === 'silent' || name === 'cut' ? name : 'whole', said, tools);
  }

  private async answer(
    response: ServerResponse,
    how: 'whole' | 'silent' | 'cut',
    said: string,
    tools: boolean,
  ): Promise<void> {
    const { format } = this;
    response.on('close', () => (this.hungUp += response.writableFinished ? 0 : 1));
    response.writeHead(200, { 'content-type': format.contentType });
    response.write(format.begin(COUNTS));
    const [first = '', ...others] = said.toUpperCase().match(/\S+\s*/g) ?? [];
    if (tools) {
      response.write(format.toolCall(TOOL_CALL.name, TOOL_CALL.arguments));
      return void response.end(format.end('tool', COUNTS));
    }
    response.write(format.text(first));
    if (how === 'silent') return;
    if (how === 'cut') return void setImmediate(() => response.destroy());
    for (const piece of others) {
      await this.beforeNextWord();
      response.write(format.text(piece));
    }
    response.end(format.end('text', COUNTS));
  }

  private json(response: ServerResponse, status: number, body: object): void {
    const refused = status >= 300 ? this.refusalHeaders : {};
    response.writeHead(status, { 'content-type': 'application/json', ...refused }).end(JSON.stringify(body));
  }
}
