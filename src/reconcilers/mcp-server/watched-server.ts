import type { McpServerConfig, McpTool, Next } from '../../kit/index.js';
import { Secret } from '../../resources/core/secret.resource.js';
import { MCPServer, type MCPServerSpec } from '../../resources/mcp-server/mcp-server.resource.js';
import { Tool } from '../../resources/tool/tool.resource.js';
import { FakeContext } from '../fake-context.js';
import { type AuthorizationFacts, type FoundTools, McpDiscovery, type McpReading } from './mcp-discovery.js';
import { McpServerDiscoveryReconciler } from './mcp-server-discovery.reconciler.js';

export const KEY = { namespace: 'n', name: 'files' };
export const SPEC: MCPServerSpec = {
  address: { value: 'http://mcp.example.com/mcp' },
  pollInterval: '10s',
  headers: [{ name: 'X-Key', value: { valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } } }],
};
export const tool = (name: string): McpTool => ({
  name,
  description: `does ${name}`,
  inputSchema: { type: 'object' },
  hints: {},
});

/** Answers as the test says and keeps what it was asked. */
class ScriptedDiscovery extends McpDiscovery {
  readonly asked: McpServerConfig[] = [];
  readonly forgotten: string[] = [];
  onChange?: () => void;
  answer: () => McpTool[] = () => [tool('read_file'), tool('List')];
  facts: () => AuthorizationFacts = () => ({ resource: 'http://mcp.example.com', resourceMetadataURL: 'https://x' });

  async read({ server, onChange }: McpReading): Promise<FoundTools> {
    this.asked.push(server);
    this.onChange = onChange;
    return { url: server.url, tools: this.answer() };
  }

  forget(id: string): void {
    this.forgotten.push(id);
  }

  async authorization(): Promise<AuthorizationFacts> {
    return this.facts();
  }
}

/** One MCPServer with its reconciler, over objects in memory and a server that a unit spec writes the lines of. */
export class WatchedServer {
  readonly context = new FakeContext();
  readonly discovery = new ScriptedDiscovery();
  readonly reconciler = new McpServerDiscoveryReconciler(this.discovery, { isMine: () => this.mine });
  mine = true;

  constructor() {
    this.secret('keys', { token: 'k-1' });
    this.put();
  }

  put(spec: MCPServerSpec = SPEC, generation = 1): MCPServer {
    return this.context.put<MCPServer>({
      ...this.context.get(MCPServer, KEY),
      apiVersion: 'ark.mckinsey.com/v1alpha1',
      kind: 'MCPServer',
      metadata: { ...KEY, uid: 'u', generation, annotations: { 'ark.mckinsey.com/icon': 'disk', other: 'x' } },
      spec,
    });
  }

  secret(name: string, data: Record<string, string>): Secret {
    const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
    const metadata = { namespace: 'n', name };
    return this.context.put<Secret>({ apiVersion: 'v1', kind: 'Secret', metadata, data: Object.fromEntries(encoded) });
  }

  reconcile(): Promise<Next> {
    return this.reconciler.reconcile(this.context.get(MCPServer, KEY)!, this.context);
  }

  /** As the machinery does: again when an answer has come. */
  async look(): Promise<Next> {
    const woken = this.context.woken.length;
    const next = await this.reconcile();
    if (next.afterMs !== undefined) return next;
    while (this.context.woken.length <= woken) await new Promise((turn) => setImmediate(turn));
    return this.reconcile();
  }

  lookLater(seconds = 12): Promise<Next> {
    this.context.time = new Date(this.context.time.getTime() + seconds * 1_000);
    return this.look();
  }

  status(): MCPServer['status'] {
    return this.context.get(MCPServer, KEY)?.status;
  }

  said(type: string): string | undefined {
    return this.status()?.conditions?.find((each) => each.type === type)?.message;
  }

  conditions(): Record<string, string> {
    const conditions = this.status()?.conditions ?? [];
    return Object.fromEntries(conditions.map((each) => [each.type, `${each.status} ${each.reason}`]));
  }

  tools(): string[] {
    return this.context
      .list(Tool)
      .map(({ metadata }) => metadata.name)
      .sort();
  }
}
