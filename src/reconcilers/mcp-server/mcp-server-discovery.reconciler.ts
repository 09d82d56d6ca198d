import { Next, type ObjectKey, type Reconcile, type ReconcileContext, Reconciler } from '../../kit/index.js';
import { MCP_SERVER_LABEL } from '../../resources/labels.js';
import { MCPServer } from '../../resources/mcp-server/mcp-server.resource.js';
import { mcpServerReferences } from '../../resources/mcp-server/mcp-server-references.js';
import { Tool } from '../../resources/tool/tool.resource.js';
import { Duties } from '../duties.js';
import { followValues } from '../follow-values.js';
import { writeOwned } from '../owned-objects.js';
import { Polls, pollMs } from '../polls.js';
import { type FoundTools, McpDiscovery } from './mcp-discovery.js';
import { eventOf, nextStatus } from './mcp-server-status.checks.js';
import type { Finding } from './mcp-server-words.js';
import { wantedTools } from './mcp-tools.js';
import { type ResolvedServer, resolveOrSay } from './resolve-server.js';
import { visitServer } from './visit-server.js';

const NAME = 'mcp-server-discovery';

/**
 * Asks MCP servers for their tools, makes a Tool object of each, and says how that went. Tools stay while a server is
 * away: only a server that answers can take one back.
 */
@Reconciler({
  name: NAME,
  kind: MCPServer,
  follows: followValues(mcpServerReferences),
  owns: [Tool],
})
export class McpServerDiscoveryReconciler implements Reconcile<MCPServer> {
  private readonly polls: Polls<FoundTools | Finding>;
  private readonly toldOfTokens = new Map<string, string>();

  constructor(
    private readonly discovery: McpDiscovery,
    duties: Duties,
  ) {
    this.polls = new Polls(duties);
  }

  async reconcile(server: MCPServer, context: ReconcileContext): Promise<Next> {
    if (server.metadata.deletionTimestamp) return Next.onChange();
    const othersDuty = this.polls.othersDuty(server);
    if (othersDuty) {
      this.discovery.forget(server.metadata.uid ?? '');
      return othersDuty;
    }
    const resolved = await resolveOrSay(server, context);
    if ('reason' in resolved) {
      // What was read with the old values is over, the session that they opened included.
      this.forget(server.metadata, server.metadata.uid ?? '');
      await tell(server, resolved, context);
      return Next.after(pollMs(server));
    }
    const isNew = !server.status?.conditions?.length && !this.polls.knows(server);
    if (isNew) await tell(server, { reason: 'Initializing' }, context);
    this.tellOfToken(server, resolved, context);
    const { config } = resolved;
    const visit = { server, config, onChange: this.onChange(server, context) };
    const { answer, next } = this.polls.look(
      server,
      {
        host: URL.parse(config.url)?.host ?? `program of ${server.metadata.uid}`,
        askedWith: config,
        ask: (signal) => visitServer(this.discovery, visit, signal),
        failed: (found) => 'reason' in found,
      },
      context,
    );
    // Between two readings too: tools that somebody changed or deleted become again what the server said.
    if (answer) await tell(server, await this.findingOf(server, resolved, answer, context), context);
    return next;
  }

  forget(_key: ObjectKey, uid: string): void {
    this.polls.forget(uid);
    this.toldOfTokens.delete(uid);
    this.discovery.forget(uid);
  }

  private onChange({ metadata: { uid = '', namespace, name } }: MCPServer, context: ReconcileContext): () => void {
    return () => {
      this.polls.expire(uid, context.now());
      context.wake({ namespace, name });
    };
  }

  private async findingOf(
    server: MCPServer,
    { token }: ResolvedServer,
    answer: FoundTools | Finding,
    context: ReconcileContext,
  ): Promise<Finding> {
    if ('reason' in answer) return answer.reason === 'AuthorizationRequired' ? { ...answer, token } : answer;
    const { url: address, tools } = answer;
    const wanted = wantedTools(server, tools);
    const written = { owner: server, kind: Tool, wanted, label: MCP_SERVER_LABEL, maker: NAME };
    const { writing, deleting } = await writeOwned(written, context);
    const problem = writing ?? deleting;
    const count = tools.length;
    if (problem !== undefined) return { reason: 'ToolCreationFailed', address, count, token, message: problem };
    return { reason: 'ToolsDiscovered', address, count, token };
  }

  /** Once per problem, not once per reading. */
  private tellOfToken(server: MCPServer, { token }: ResolvedServer, context: ReconcileContext): void {
    const uid = server.metadata.uid ?? '';
    const problem = token?.problem;
    if (problem === this.toldOfTokens.get(uid)) return;
    if (problem === undefined) this.toldOfTokens.delete(uid);
    else {
      this.toldOfTokens.set(uid, problem);
      context.event(server, { type: 'Warning', reason: 'AuthorizationSecretUnresolvable', message: problem });
    }
  }
}

async function tell(server: MCPServer, finding: Finding, context: ReconcileContext): Promise<void> {
  const status = nextStatus(server, finding, context.now());
  const event = eventOf(server, finding, status);
  await context.applyStatus(server, status);
  if (event) context.event(server, event);
}
