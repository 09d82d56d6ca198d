import { Injectable } from '@nestjs/common';
import { type ArkError, notFound } from '../../kit/index.js';
import { HostedTasks } from '../../reconcilers/a2a-task/hosted-tasks.js';
import type { A2ATask, A2ATaskStatus } from '../../resources/a2a-task/a2a-task.resource.js';
import { withPhase } from '../../resources/a2a-task/task-phase.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { Objects } from '../../runtime/objects.js';
import { foreignFailure, isUnknownTask } from '../foreign/foreign-failure.js';
import { HostedAgents } from './hosted-agents.js';
import type { HostedPlace } from './hosted-place.js';
import { statusOfTask } from './task-status.js';

const TIMEOUT_MS = 30_000;
const HISTORY = 100;

/** Looks at tasks on A2A servers, and stops them, through the agents they belong to. */
@Injectable()
export class ServedTasks extends HostedTasks {
  constructor(
    private readonly objects: Objects,
    private readonly agents: HostedAgents,
  ) {
    super();
  }

  async look(task: A2ATask, signal: AbortSignal): Promise<A2ATaskStatus> {
    const place = await this.placeOf(task);
    const before = task.status ?? {};
    const params = { tenant: '', id: task.spec.taskId, historyLength: HISTORY };
    try {
      const found = await place.door.transport.getTask(params, optionsFor(place, signal));
      return statusOfTask(found, undefined, before, new Date());
    } catch (error) {
      if (!isUnknownTask(error)) throw failureOf(place, error);
      return withPhase('failed', 'the server does not know the task any more', before, new Date());
    }
  }

  async cancel(task: A2ATask, signal: AbortSignal): Promise<void> {
    const place = await this.placeOf(task);
    try {
      const params = { tenant: '', id: task.spec.taskId, metadata: {} };
      await place.door.transport.cancelTask(params, optionsFor(place, signal));
    } catch (error) {
      throw failureOf(place, error);
    }
  }

  private async placeOf({ spec, metadata }: A2ATask): Promise<HostedPlace> {
    const key = { name: spec.agentRef.name ?? '', namespace: spec.agentRef.namespace || metadata.namespace };
    const agent = key.name ? await this.objects.get(Agent, key) : undefined;
    if (!agent) throw notFound(`A2ATask '${metadata.name}': its agent '${key.namespace}/${key.name}' does not exist`);
    return this.agents.place(agent);
  }
}

const optionsFor = ({ door }: HostedPlace, signal: AbortSignal) => ({
  signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  serviceParameters: door.headers,
});

const failureOf = ({ server, address }: HostedPlace, error: unknown): ArkError =>
  foreignFailure(`A2AServer '${server}'`, address, error);
