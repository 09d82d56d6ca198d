import { Global, Module, type Provider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EngineDoorsModule } from '../../src/engine-host/engine-doors.module.js';
import { OwnAddress } from '../../src/engine-host/own-address.js';
import {
  type Engine,
  Engines,
  engines,
  type InstalledEngine,
  type Logger,
  Metrics,
  ModelProviders,
  noMetrics,
  TeamStrategies,
  ToolTypes,
} from '../../src/kit/index.js';
import { silentLogger } from '../../src/kit/testing/index.js';
import { ApiServer } from '../../src/kube/api-server/api-server.js';
import { ResourceCache } from '../../src/kube/cache/resource-cache.js';
import { ProblemFilter } from '../../src/machinery/errors/problem.filter.js';
import { DoorProofs } from '../../src/machinery/http/door-proofs.js';
import { createHttpApplication } from '../../src/machinery/http/http-application.js';
import { BugReports } from '../../src/machinery/observability/bug-reports.js';
import { RootLogger } from '../../src/machinery/observability/root-logger.js';
import { Tracing } from '../../src/machinery/observability/tracing/tracing.js';
import { ProcessJournal } from '../../src/runtime/approval/process-journal.js';
import { ResumableRuns } from '../../src/runtime/approval/resumable-runs.js';
import { ConversationHistory } from '../../src/runtime/conversation-history.js';
import { Objects } from '../../src/runtime/objects.js';

/** The engines of a test, by the names in their marks. */
export function installedEngines(...instances: Engine<never>[]): Engines {
  const byName = new Map<string, InstalledEngine>(
    instances.map((engine) => {
      const options = engines.markOf(engine.constructor)!.options;
      return [options.name, { options, engine: engine as Engine }];
    }),
  );
  return { get: (name) => byName.get(name), names: () => [...byName.keys()] };
}

/** A logger that keeps what it is told about errors. */
export function rememberingLogger(): Logger & { errors: object[] } {
  const errors: object[] = [];
  const logger = { ...silentLogger, errors, error: (facts: object) => void errors.push(facts), child: () => logger };
  return logger;
}

/** Engines behind a real listening server, with the objects a test gives; no cluster. */
export class EngineProcess {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
  ) {}

  static listen(objects: Objects, ...instances: Engine<never>[]): Promise<EngineProcess> {
    return EngineProcess.listenWith([], objects, ...instances);
  }

  /** @param more what it has besides, for example a database */
  static async listenWith(more: Provider[], objects: Objects, ...instances: Engine<never>[]): Promise<EngineProcess> {
    let url = '';
    const logger = rememberingLogger();
    const providers: Provider[] = [
      ...more,
      { provide: Objects, useValue: objects },
      { provide: Engines, useValue: installedEngines(...instances) },
      { provide: ModelProviders, useValue: { get: () => undefined, names: () => [] } },
      { provide: TeamStrategies, useValue: { get: () => undefined, names: () => [] } },
      { provide: ToolTypes, useValue: { get: () => undefined, names: () => [] } },
      { provide: ApiServer, useValue: {} },
      { provide: ResourceCache, useValue: {} },
      { provide: OwnAddress, useValue: { baseUrl: () => url } },
      { provide: DoorProofs, useValue: new DoorProofs([]) },
      { provide: RootLogger, useValue: logger },
      { provide: ConversationHistory, useValue: { turns: async () => [] } },
      { provide: ResumableRuns, useValue: new ResumableRuns(new ProcessJournal(), objects) },
      { provide: Metrics, useValue: noMetrics },
      { provide: Tracing, useValue: new Tracing() },
      BugReports,
      ProblemFilter,
    ];
    class Surroundings {}
    Module({ providers, exports: providers as never[] })(Surroundings);
    Global()(Surroundings);
    class Root {}
    Module({ imports: [Surroundings, EngineDoorsModule] })(Root);
    const app = await createHttpApplication({ module: Root }, silentLogger);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    return new EngineProcess(app, url);
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
