import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A push notification as it arrived. */
export interface Notification {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server that takes push notifications. */
export class PushReceiver {
  readonly heard: Notification[] = [];
  /** The status of the answer, for each notification. */
  answer: (notification: Notification) => number = () => 204;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => (body += data.toString()));
      request.on('end', () => {
        const notification = { path: request.url ?? '', headers: request.headers, body };
        this.heard.push(notification);
        response.writeHead(this.answer(notification)).end();
      });
    });
  }

  static async listen(): Promise<PushReceiver> {
    const receiver = new PushReceiver();
    await new Promise<void>((done) => receiver.server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  /** @param path tells the tests of one server apart */
  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  at(path: string): Notification[] {
    return this.heard.filter((notification) => notification.path === path);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
