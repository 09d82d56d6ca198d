import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';

/** An address of this machine that is not loopback: a runtime in a cluster refuses that. Undefined without a network. */
export function machineAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ internal, family, address }) => !internal && family === 'IPv4' && !address.startsWith('169.254.'))
    ?.address;
}

/** Makes servers on loopback reachable under the machine's address, as a Service would. */
export class OpenDoors {
  private readonly servers: Server[] = [];

  constructor(private readonly address: string) {}

  /** The same URL with a host and port that others can call. */
  async outside(url: string): Promise<string> {
    const inside = new URL(url);
    const { port, hostname } = inside;
    const server = createServer((socket) => {
      const onward = connect(Number(port), hostname);
      socket.pipe(onward).pipe(socket);
      socket.on('error', () => onward.destroy());
      onward.on('error', () => socket.destroy());
    });
    await new Promise<void>((done) => server.listen(0, this.address, done));
    this.servers.push(server);
    inside.host = `${this.address}:${(server.address() as AddressInfo).port}`;
    return inside.href;
  }

  close(): void {
    for (const server of this.servers) server.close();
  }
}
