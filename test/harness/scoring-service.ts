import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that scores answers as a test tells it to. */
export class ScoringService {
  readonly seen: { url: string; body: Record<string, unknown> }[] = [];
  answer: (response: ServerResponse, count: number) => void = (response) =>
    response.end('{"score":"0.82","passed":true}');
  private readonly server: Server = createServer((request: IncomingMessage, response) => {
    let text = '';
    request.on('data', (data: Buffer) => (text += data.toString()));
    request.on('end', () => {
      this.seen.push({ url: request.url ?? '', body: JSON.parse(text) as Record<string, unknown> });
      this.answer(response, this.seen.length);
    });
  });

  async listen(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
