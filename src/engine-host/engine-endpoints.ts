import type { TaskStore } from '@a2a-js/sdk/server';
import { Injectable, Optional } from '@nestjs/common';
import { type EngineOptions, Engines, type InstalledEngine } from '../kit/index.js';
import { DoorProofs } from '../machinery/http/door-proofs.js';
import { RequestsUnderWay } from '../machinery/http/requests-under-way.js';
import { Holders } from '../machinery/leadership/holders.js';
import { BugReports } from '../machinery/observability/bug-reports.js';
import { RootLogger } from '../machinery/observability/root-logger.js';
import { Settings } from '../machinery/settings/settings.js';
import { Storage } from '../storage/storage.js';
import { cardSecurity } from './card-security.js';
import { type A2aEndpoint, endpointOf } from './doors/a2a-endpoint.js';
import { cardDocument, engineCard } from './engine-card.js';
import { EngineRequestHandler } from './engine-request-handler.js';
import { EngineRunner } from './execution/engine-runner.js';
import { RecentTasks } from './execution/recent-tasks.js';
import { ReplicatedTasks } from './execution/replicated-tasks.js';

/** One engine as an A2A agent. Made once, used for every request. */
export interface EngineEndpoint extends A2aEndpoint {
  readonly options: EngineOptions;
  /** The card for an engine reached at `url`, as JSON text. */
  card(url: string): string;
  /** Ends the run of a task, if it runs here. */
  stop(taskId: string): Promise<void>;
}

/** The engines of this process as A2A agents. */
@Injectable()
export class EngineEndpoints {
  private readonly endpoints = new Map<string, EngineEndpoint>();
  private readonly tasks: TaskStore;

  constructor(
    private readonly engines: Engines,
    private readonly runner: EngineRunner,
    private readonly bugs: BugReports,
    private readonly proofs: DoorProofs,
    // An engine in a process of its own has none of these, and remembers its tasks itself.
    @Optional() storage?: Storage,
    @Optional() holders?: Holders,
    @Optional() settings?: Settings,
    @Optional() logger?: RootLogger,
    @Optional() private readonly requests?: RequestsUnderWay,
  ) {
    const recent = new RecentTasks();
    this.tasks = recent;
    if (!storage?.shared || !holders || !logger) return;
    // Processes that share an embedded API server with its own one have no Leases there.
    const isAlive = (owner: string) => settings?.kubernetes === 'embedded' || holders.isAlive(owner);
    const shared = new ReplicatedTasks(recent, storage, { self: holders.self, isAlive }, logger);
    shared.onStop((engine, id) => void this.endpoints.get(engine)?.stop(id));
    this.tasks = shared;
  }

  names(): string[] {
    return this.engines.names();
  }

  get(name: string): EngineEndpoint | undefined {
    const installed = this.engines.get(name);
    return installed && this.of(installed);
  }

  /** The endpoint of an engine that is installed. */
  of(installed: InstalledEngine): EngineEndpoint {
    const { name } = installed.options;
    const known = this.endpoints.get(name);
    if (known) return known;
    const endpoint = this.open(installed);
    this.endpoints.set(name, endpoint);
    return endpoint;
  }

  private open(installed: InstalledEngine): EngineEndpoint {
    const { options } = installed;
    const security = cardSecurity(this.proofs);
    const card = engineCard(options, '', security);
    const handler = new EngineRequestHandler(card, installed, this.runner, this.tasks, this.bugs);
    const cards = new Map<string, string>();
    return {
      ...endpointOf(options.name, handler, { leaving: this.requests?.leaving }),
      options,
      stop: (taskId) => handler.stop(taskId),
      card(url) {
        let text = cards.get(url);
        if (text === undefined) {
          text = JSON.stringify(cardDocument(engineCard(options, url, security)));
          cards.set(url, text);
        }
        return text;
      },
    };
  }
}
