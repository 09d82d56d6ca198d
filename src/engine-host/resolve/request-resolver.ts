import { Injectable } from '@nestjs/common';
import {
  type AgentConfig,
  type ExecutionRequest,
  type InstalledEngine,
  invalid,
  type Message,
  type ModelClient,
  type ObjectKey,
  readOptions,
} from '../../kit/index.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { effectiveModel } from '../../resources/agent/effective-model.js';
import { Query } from '../../resources/query/query.resource.js';
import { inputHistory, renderedInput } from '../../resources/query/query-input.js';
import { durationOr } from '../../resources/values/duration.js';
import { renderTemplate } from '../../resources/values/render-template.js';
import { named, resolveParameters } from '../../resources/values/resolve-parameters.js';
import { ConversationHistory } from '../../runtime/conversation-history.js';
import { Objects } from '../../runtime/objects.js';
import { chooseTarget } from '../../runtime/targets.js';
import type { QueryRef } from '../query-extension.js';
import { resolveMcpServers } from './mcp-servers.js';
import { ModelResolver } from './model-resolver.js';

/** Ark's default of `spec.timeout`. */
export const DEFAULT_TIMEOUT_MS = 300_000;

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
  model(): Promise<ModelClient>;
}

/** Who acts: an agent as its manifest says, or a bare model. */
interface Actor {
  config: AgentConfig;
  modelKey?: ObjectKey;
  agent?: Agent;
}

/** Turns the name of a Query into everything an engine needs. Nothing of it crosses a wire. */
@Injectable()
export class RequestResolver {
  constructor(
    private readonly objects: Objects,
    private readonly models: ModelResolver,
    private readonly history: ConversationHistory,
  ) {}

  /** @throws `NotFound` and `Invalid` naming the object that is absent or wrong */
  async resolve(installed: InstalledEngine, { ref, text, contextId }: Incoming): Promise<Resolved> {
    const { name, namespace } = ref;
    const query = await this.objects.need(Query, { name, namespace }, `engine '${installed.options.name}'`);
    const { config, modelKey, agent } = await this.actor(query, ref);
    const { metadata, spec } = query;
    const uid = metadata.uid ?? '';
    const conversationId = contextId || spec.conversationId || query.status?.conversationId || uid;
    const request: ExecutionRequest = {
      agent: config,
      userInput: { role: 'user', content: text || (await renderedInput(query, this.objects)) },
      history: await this.turns(query, conversationId),
      mcpServers: agent ? await resolveMcpServers({ agent, query }, this.objects) : [],
      conversationId,
      query: { name, namespace, uid, sessionId: spec.sessionId ?? uid, annotations: metadata.annotations ?? {} },
      options: optionsOf(installed, agent),
    };
    const who = agent ? `agent '${namespace}/${config.name}'` : `query '${namespace}/${name}'`;
    return { request, deadline: deadlineOf(query), model: () => this.models.open(modelKey, { agent, query }, who) };
  }

  private async actor(query: Query, ref: QueryRef): Promise<Actor> {
    const namespace = query.metadata.namespace ?? '';
    const target = await chooseTarget(query, ref.target, this.objects);
    const wantedBy = `query '${namespace}/${query.metadata.name}'`;
    if (target.type === 'model') return this.modelActor({ namespace, name: target.name }, query);
    if (target.type === 'agent') {
      const agent = await this.objects.need(Agent, { namespace, name: target.name }, wantedBy);
      return this.agentActor(agent, query);
    }
    throw invalid(
      `${wantedBy} asks ${target.type} '${target.name}': this version answers for agents and models. ` +
        `Name an agent or a model in spec.target`,
    );
  }

  private async modelActor(modelKey: ObjectKey, query: Query): Promise<Actor> {
    const model = await this.models.describe(modelKey, query);
    const nothing = { prompt: '', description: '', parameters: [], tools: [], labels: {}, annotations: {} };
    const config = { ...nothing, name: modelKey.name, namespace: modelKey.namespace ?? '', model };
    return { config, modelKey };
  }

  private async agentActor(agent: Agent, query: Query): Promise<Actor> {
    const { metadata, spec } = agent;
    const namespace = metadata.namespace ?? '';
    const values = await named(`agent '${namespace}/${metadata.name}'`, () =>
      resolveParameters(spec.parameters, namespace, this.objects, query),
    );
    const modelKey = effectiveModel(agent);
    const prompt = spec.prompt ?? '';
    const config: AgentConfig = {
      name: metadata.name,
      namespace,
      prompt: spec.parameters?.length ? renderTemplate(prompt, values) : prompt,
      description: spec.description ?? '',
      parameters: Object.entries(values).map(([name, value]) => ({ name, value })),
      tools: (spec.tools ?? []).map(({ name, partial, type }) => ({ name: name ?? partial?.name ?? '', type })),
      model: await this.models.describe(modelKey, query),
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
      outputSchema: spec.outputSchema,
    };
    return { config, modelKey, agent };
  }

  /** Turns written into the Query, and those of earlier Queries when the conversation is older than this one. */
  private async turns(query: Query, conversationId: string): Promise<Message[]> {
    const earlier = conversationId === query.metadata.uid ? [] : await this.history.turns(query, conversationId);
    return [...earlier, ...inputHistory(query.spec)];
  }
}

function optionsOf(installed: InstalledEngine, agent: Agent | undefined): Record<string, unknown> {
  const { name, options } = installed.options;
  const subject = agent
    ? `agent '${agent.metadata.namespace}/${agent.metadata.name}', spec.executionEngine.options for engine '${name}'`
    : `options of engine '${name}'`;
  return readOptions(options, agent?.spec.executionEngine?.options, subject) as Record<string, unknown>;
}

/** Claims are stamped in whole seconds; whoever dispatched keeps the exact time. */
const STAMP_MS = 1_000;

/** The time-out counts from the claim. A Query that nobody holds is asked by a stranger: it counts from now. */
function deadlineOf({ spec, status }: Query): Date {
  const since = status?.phase === 'running' ? Date.parse(status.claim?.since ?? '') : Number.NaN;
  const from = Number.isNaN(since) ? Date.now() : since + STAMP_MS;
  return new Date(from + durationOr(spec.timeout, DEFAULT_TIMEOUT_MS));
}
