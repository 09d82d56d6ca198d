import { Injectable } from '@nestjs/common';
import {
  type AgentConfig,
  type ExecutionRequest,
  type InstalledEngine,
  type McpServerConfig,
  type Message,
  type ModelClient,
  type ObjectKey,
  renderTemplate,
  type ToolBox,
} from '../../kit/index.js';
import { Agent, type AgentTool } from '../../resources/agent/agent.resource.js';
import { effectiveModel } from '../../resources/agent/effective-model.js';
import type { ModelPrices } from '../../resources/model/model-prices.js';
import { Query } from '../../resources/query/query.resource.js';
import { deadlineOf } from '../../resources/query/query-deadline.js';
import { inputHistory, renderedInput } from '../../resources/query/query-input.js';
import type { QueryTarget } from '../../resources/shared/reference.js';
import { named, resolveParameters } from '../../resources/values/resolve-parameters.js';
import { ConversationHistory } from '../../runtime/conversation-history.js';
import { Objects } from '../../runtime/objects.js';
import { chooseTarget } from '../../runtime/targets.js';
import type { ServerOf } from '../../runtime/tool-gate/tool-settings.js';
import type { QueryRef } from '../query-extension.js';
import { AgentOptions } from './agent-options.js';
import { resolveMcpServers, serverConfig, ungated } from './mcp-servers.js';
import { ModelResolver } from './model-resolver.js';

/** A message as it came in. */
export interface Incoming {
  ref: QueryRef;
  /** The user's words, parameters filled in by the caller. Empty: taken from the Query. */
  text: string;
  contextId: string;
}

export interface Resolved {
  request: ExecutionRequest;
  deadline: Date;
  query: Query;
  /** What the manifest says of the tools that may be used. */
  tools: readonly AgentTool[];
  model(): Promise<ModelClient>;
  /** Of the model. Absent: not known. */
  prices?: ModelPrices;
  /** The request's MCP servers, less the tools that only the tool gate may call. */
  directServers(): Promise<McpServerConfig[]>;
  serverOf: ServerOf;
  /** Takes the place of all tools. */
  offered?: ToolBox;
}

/** Who acts: an agent as its manifest says, a bare model, or a tool that is asked directly. */
interface Actor {
  target: QueryTarget;
  config: AgentConfig;
  modelKey?: ObjectKey;
  prices?: ModelPrices;
  agent?: Agent;
  tools?: AgentTool[];
}

/** The Query that is worked on, and the objects as its work sees them. */
interface View {
  query: Query;
  objects: Objects;
}

/** Turns the name of a Query into everything an engine needs. Nothing of it crosses a wire. */
@Injectable()
export class RequestResolver {
  private readonly options = new AgentOptions();

  constructor(
    private readonly objects: Objects,
    private readonly models: ModelResolver,
    private readonly history: ConversationHistory,
  ) {}

  /** @throws `NotFound` and `Invalid` naming the object that is absent or wrong */
  async resolve(installed: InstalledEngine, { ref, text, contextId }: Incoming): Promise<Resolved> {
    const { name, namespace } = ref;
    const query = await this.objects.need(Query, { name, namespace }, `engine '${installed.options.name}'`);
    const view = await this.viewOf(query);
    const { target, asked } = await chooseTarget(query, ref.target, view.objects);
    const actor = await this.actor(view, target);
    const { metadata, spec } = query;
    const uid = metadata.uid ?? '';
    const content = text || (await renderedInput(query, view.objects));
    if (asked) {
      // Whoever asks puts what others said into the text; the conversation of the Query is not this agent's.
      const conversationId = ref.conversationId ?? contextId;
      return this.resolved(installed, view, actor, { content, history: [], conversationId });
    }
    const conversationId = contextId || spec.conversationId || query.status?.conversationId || uid;
    const history = await this.turns(query, conversationId);
    return this.resolved(installed, view, actor, { content, history, conversationId });
  }

  /**
   * The same for somebody who is asked by others while they work on the Query: the own prompt, model and tools, and of
   * the conversation only what is given.
   */
  async resolveAsked(
    installed: InstalledEngine,
    query: Query,
    who: { agent: Agent } | { model: ObjectKey },
    said: { content: string; history: Message[]; conversationId: string },
  ): Promise<Resolved> {
    const view = await this.viewOf(query);
    const actor = await ('agent' in who ? this.agentActor(who.agent, view) : this.modelActor(who.model, view));
    return this.resolved(installed, view, actor, said);
  }

  private async viewOf(query: Query): Promise<View> {
    return { query, objects: await this.objects.seenBy(query) };
  }

  private async resolved(
    installed: InstalledEngine,
    { query, objects }: View,
    { target, config, modelKey, prices, agent, tools = agent?.spec.tools ?? [] }: Actor,
    said: { content: string; history: Message[]; conversationId: string },
  ): Promise<Resolved> {
    const { name, namespace = '', uid = '', annotations = {} } = query.metadata;
    const askers = { agent, query };
    const servers = async (listed: readonly AgentTool[]) =>
      agent ? resolveMcpServers({ agent, query, listed }, objects) : [];
    const mcpServers = tools.length > 0 ? await servers(tools) : [];
    const request: ExecutionRequest = {
      target: { type: target.type, name: target.name },
      agent: config,
      userInput: { role: 'user', content: said.content },
      history: said.history,
      mcpServers,
      conversationId: said.conversationId,
      query: { name, namespace, uid, sessionId: query.spec.sessionId ?? uid, annotations },
      options: this.options.of(installed, agent),
    };
    const who = agent ? `agent '${namespace}/${config.name}'` : `query '${namespace}/${name}'`;
    const free = tools.filter(ungated);
    return {
      request,
      query,
      tools,
      prices,
      // Most callers bring their own.
      get deadline() {
        return deadlineOf(query);
      },
      model: () => this.models.open(modelKey, askers, who),
      directServers: async () => (free.length === tools.length ? mcpServers : servers(free)),
      serverOf: (server, tool) => serverConfig(server, [tool], askers, objects),
    };
  }

  private async actor(view: View, target: QueryTarget): Promise<Actor> {
    const { query, objects } = view;
    const namespace = query.metadata.namespace ?? '';
    const wantedBy = `query '${namespace}/${query.metadata.name}'`;
    if (target.type === 'model') return this.modelActor({ namespace, name: target.name }, view);
    if (target.type === 'tool') return toolActor(target, namespace);
    if (target.type === 'agent') {
      const agent = await objects.need(Agent, { namespace, name: target.name }, wantedBy);
      return this.agentActor(agent, view);
    }
    return { target, config: { ...NOTHING, name: target.name, namespace } };
  }

  private async modelActor(modelKey: ObjectKey, { query, objects }: View): Promise<Actor> {
    const { model, prices } = await this.models.describe(modelKey, query, objects);
    const config = { ...NOTHING, name: modelKey.name, namespace: modelKey.namespace ?? '', model };
    return { target: { type: 'model', name: modelKey.name }, config, modelKey, prices };
  }

  private async agentActor(agent: Agent, view: View): Promise<Actor> {
    const { query, objects } = view;
    const { metadata, spec } = agent;
    const namespace = metadata.namespace ?? '';
    const values = spec.parameters?.length ? await this.parameters(agent, view) : {};
    const modelKey = effectiveModel(agent);
    const { model, prices } = modelKey ? await this.models.describe(modelKey, query, objects) : {};
    const prompt = spec.prompt ?? '';
    const config: AgentConfig = {
      name: metadata.name,
      namespace,
      prompt: spec.parameters?.length ? renderTemplate(prompt, values) : prompt,
      description: spec.description ?? '',
      parameters: Object.entries(values).map(([name, value]) => ({ name, value })),
      tools: (spec.tools ?? []).map(({ name, partial, type }) => ({ name: name ?? partial?.name ?? '', type })),
      model,
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
      outputSchema: spec.outputSchema,
    };
    return { target: { type: 'agent', name: metadata.name }, config, modelKey, prices, agent };
  }

  private parameters({ metadata, spec }: Agent, { query, objects }: View): Promise<Record<string, string>> {
    const { name, namespace = '' } = metadata;
    return named(`agent '${namespace}/${name}'`, () => resolveParameters(spec.parameters, namespace, objects, query));
  }

  /** Turns written into the Query, and those of earlier Queries when the conversation is older than this one. */
  private async turns(query: Query, conversationId: string): Promise<Message[]> {
    const earlier = conversationId === query.metadata.uid ? [] : await this.history.turns(query, conversationId);
    return [...earlier, ...inputHistory(query.spec)];
  }
}

const NOTHING = { prompt: '', description: '', parameters: [], tools: [], labels: {}, annotations: {} };

/** Type `custom` stands for whatever type the Tool object has. */
function toolActor(target: QueryTarget, namespace: string): Actor {
  const tool = { type: 'custom', name: target.name };
  return { target, config: { ...NOTHING, name: target.name, namespace, tools: [tool] }, tools: [tool] };
}
