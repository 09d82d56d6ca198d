import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

const PROGRAM = resolve('node_modules/@modelcontextprotocol/server-everything/dist/index.js');

/** The reference MCP server of the protocol's authors, as a program on its standard input and output. */
export const everythingProgram = { command: process.execPath, args: [PROGRAM, 'stdio'], env: {} };

/** The same behind HTTP, in a process of its own. */
export class EverythingServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async listen(transport: 'streamableHttp' | 'sse', port?: number): Promise<EverythingServer> {
    port ??= await freePort();
    const env = { ...process.env, PORT: String(port) };
    const child = spawn(process.execPath, [PROGRAM, transport], { env, stdio: 'ignore' });
    const origin = `http://127.0.0.1:${port}`;
    await eventually(() => fetch(origin).then((response) => response.status > 0));
    return new EverythingServer(child, `${origin}/${transport === 'sse' ? 'sse' : 'mcp'}`);
  }

  close(): Promise<void> {
    return new Promise((done) => {
      this.child.once('exit', () => done());
      this.child.kill('SIGKILL');
    });
  }
}
