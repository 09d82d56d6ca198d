import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/** A network between replicas and the API server that can be cut: bytes pass through unread. */
export class WayToApiServer {
  private readonly open = new Set<Socket>();
  private readonly server = createServer((near) => this.pass(near));
  cuts = 0;

  private constructor(private readonly port: number) {}

  static async to(kubeconfig: string): Promise<WayToApiServer> {
    const port = Number(/server: "?https:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1]);
    const way = new WayToApiServer(port);
    await new Promise<void>((ready) => way.server.listen(0, '127.0.0.1', ready));
    return way;
  }

  /** A kubeconfig that goes this way, in a folder. */
  kubeconfig(original: string, folder: string): string {
    const { port } = this.server.address() as AddressInfo;
    const file = join(folder, 'way.kubeconfig');
    const text = readFileSync(original, 'utf8').replace(`127.0.0.1:${this.port}`, `127.0.0.1:${port}`);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  /** Ends every connection, watches too, without a goodbye. */
  cut(): void {
    for (const socket of this.open) socket.resetAndDestroy();
    this.open.clear();
    this.cuts += 1;
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((done) => this.server.close(() => done()));
  }

  private pass(near: Socket): void {
    const far = connect(this.port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
