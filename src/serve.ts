import { existsSync } from 'node:fs';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EngineTokenGuard } from './auth/engine-token.guard.js';
import { A2aBodies } from './engine-host/doors/a2a-bodies.js';
import { EngineDoorsModule } from './engine-host/engine-doors.module.js';
import { OwnAddress } from './engine-host/own-address.js';
import { ROOT_ENGINE, RootEngineController } from './engine-host/root-engine.controller.js';
import { type ExtensionMark, extensionMark, invalid, type Logger } from './kit/index.js';
import { ApiServer } from './kube/api-server/api-server.js';
import { ResourceCache } from './kube/cache/resource-cache.js';
import { RemoteApiServer } from './kube/remote/remote-api-server.js';
import { ProblemFilter } from './machinery/errors/problem.filter.js';
import { DoorProofs } from './machinery/http/door-proofs.js';
import { createHttpApplication } from './machinery/http/http-application.js';
import { refuseForeignPages } from './machinery/http/known-hosts.js';
import { listen } from './machinery/http/listen.js';
import { reachableAddress } from './machinery/http/reachable-address.js';
import { RequestsUnderWay } from './machinery/http/requests-under-way.js';
import { createLogger } from './machinery/observability/create-logger.js';
import { ObservabilityModule } from './machinery/observability/observability.module.js';
import { startRecording } from './machinery/observability/tracing/start-recording.js';
import { Tracing } from './machinery/observability/tracing/tracing.js';
import { ExtensionsModule } from './machinery/registry/extensions.module.js';
import { readEngineSettings } from './machinery/settings/engine-settings.js';
import { ProcessJournal } from './runtime/approval/process-journal.js';
import { ResumableRuns } from './runtime/approval/resumable-runs.js';
import { QueryHistory } from './runtime/conversation/query-history.js';
import { ConversationHistory } from './runtime/conversation-history.js';
import { Objects, ServerObjects } from './runtime/objects.js';
import { VERSION } from './version.js';

// The public door "nest-ark/serve": an engine as a process of its own.

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount/token';

type Class = Type<object>;

export interface ServeOptions {
  /** Default: `$PORT`, else 8000. 0 takes a free one. */
  port?: number;
  /**
   * Default: `$ARK_HOST`; else every address inside a cluster, and 127.0.0.1 elsewhere. Outside loopback the start is
   * refused without a token, unless `$ARK_AUTH_MODE` is `none`.
   */
  host?: string;
  /**
   * What callers must send as `Authorization: Bearer …`, 16 characters at least; an ExecutionEngine has it in `spec.headers`.
   * Default: `$ARK_ENGINE_TOKEN`, else nobody is asked. `GET /health` stays open. On loopback a process that asks nobody
   * answers to names of this machine only, to that of its public URL and to those in `$ARK_ALLOWED_HOSTS`: others get 421.
   */
  token?: string;
  /** File and context of the cluster. Default: the pod's service account inside a cluster, else `$KUBECONFIG`. */
  kubeconfig?: string;
  context?: string;
  /** Where others reach this process, for the agent card. Default: `$ARK_PUBLIC_URL`, else `$POD_IP` in a cluster, else where it listens. */
  publicUrl?: string;
  /** Classes marked with `@ProvidesModels`, for engines that ask for `context.model()`. */
  modelProviders?: Class[];
  /** End the process on SIGTERM and SIGINT, as {@link ServedEngines.close} does. Default: true. */
  handleSignals?: boolean;
  /** Default: JSON lines on standard output. */
  logger?: Logger;
}

/** A process that serves engines. */
export interface ServedEngines {
  /** `http://host:port`. */
  readonly url: string;
  /** Takes nothing new, answers what is under way within `$ARK_SHUTDOWN_TIMEOUT` (7 s), and ends. */
  close(): Promise<void>;
}

/**
 * Serves engines over A2A, protocol 1.0 and 0.3, and resolves their Queries through the Kubernetes API.
 *
 * Each engine is at `/engines/<name>/`; a single one also at `/`. `GET /health` tells that the process lives.
 *
 * @throws `Invalid` when a class is no engine, a setting is not valid or no cluster is configured; `Unavailable` when the
 * port is taken
 */
export async function serveEngine(engines: Class | Class[], options: ServeOptions = {}): Promise<ServedEngines> {
  const classes = [engines].flat();
  const names = classes.map((target) => markOf(target, 'engine').name);
  for (const target of options.modelProviders ?? []) markOf(target, 'model-provider');
  const tracing = new Tracing();
  const logger = options.logger ?? createLogger('info', process.stdout, () => tracing.facts());
  await startRecording(tracing, { env: process.env, version: VERSION, logger });
  const inCluster = existsSync(SERVICE_ACCOUNT);
  const settings = readEngineSettings(options, process.env, inCluster);
  const server = await RemoteApiServer.connect(clusterOf(options));
  const cache = new ResourceCache(server);
  const address = new ServedAddress();
  const targets = [...classes, ...(options.modelProviders ?? [])];
  // The runtime that waits for an answer has it, and need not ask anew elsewhere.
  const requests = new RequestsUnderWay(settings.shutdownTimeoutMs);
  const module = StandaloneModule.register({
    targets,
    names,
    logger,
    tracing,
    server,
    cache,
    address,
    requests,
    token: settings.token,
  });
  const app = await createHttpApplication(module, logger, { answered: () => requests.answered() });
  requests.watch(app);
  if (settings.token === undefined) {
    refuseForeignPages(app.getHttpAdapter().getInstance(), { ...settings, remedy: 'set ARK_ENGINE_TOKEN' });
  }
  app.get(A2aBodies).accept(() => true);
  const url = await listen(app, { ...settings, portSetting: 'PORT', hostSetting: 'ARK_HOST' });
  address.url = reachableAddress({ ...settings, url, inCluster, podIp: process.env.POD_IP }, logger);
  logger.info({ engines: names, url }, `Serving ${names.join(', ')} on ${url}`);
  const close = closing(app, cache, server, tracing);
  if (options.handleSignals !== false) closeOnSignal(close, logger);
  return { url, close };
}

function markOf(target: Class, point: string): ExtensionMark {
  const mark = extensionMark(target);
  if (mark?.point === point) return mark;
  throw invalid(`class ${target.name} is not marked as ${point}: decorate it with the decorator from 'nest-ark'`);
}

function clusterOf({ kubeconfig: path, context }: ServeOptions) {
  const inCluster = path === undefined && context === undefined && existsSync(SERVICE_ACCOUNT);
  return inCluster ? ({ mode: 'in-cluster' } as const) : ({ mode: 'kubeconfig', path, context } as const);
}

class ServedAddress extends OwnAddress {
  url = '';

  baseUrl(): string {
    return this.url;
  }
}

interface Parts {
  targets: Class[];
  names: string[];
  logger: Logger;
  tracing: Tracing;
  server: ApiServer;
  cache: ResourceCache;
  address: OwnAddress;
  requests: RequestsUnderWay;
  token?: string;
}

/** Engines and what they need of the house, without reconcilers, dispatch and store. */
@Module({})
class StandaloneModule {
  static register(parts: Parts): DynamicModule {
    const { targets, names, logger, tracing, server, cache, address, requests, token } = parts;
    const objects = new ServerObjects(server);
    const providers = [
      { provide: ApiServer, useValue: server },
      { provide: ResourceCache, useValue: cache },
      { provide: OwnAddress, useValue: address },
      { provide: RequestsUnderWay, useValue: requests },
      { provide: DoorProofs, useValue: DoorProofs.ofEngineToken(token) },
      { provide: Objects, useValue: objects },
      { provide: ConversationHistory, useValue: new QueryHistory(cache, objects) },
      { provide: ROOT_ENGINE, useValue: names.length === 1 ? names[0] : undefined },
      { provide: ResumableRuns, useValue: new ResumableRuns(new ProcessJournal(), objects) },
      ProblemFilter,
    ];
    const extensions = targets.map((target) => {
      const mark = extensionMark(target) as ExtensionMark;
      return { mark, target, file: target.name, digest: '' };
    });
    return {
      module: StandaloneModule,
      global: true,
      imports: [
        ObservabilityModule.register({ logger, tracing, metricsAtDoor: true }),
        ExtensionsModule.register(extensions),
        EngineDoorsModule,
      ],
      controllers: [RootEngineController],
      providers: token === undefined ? providers : [...providers, guardedBy(token)],
      exports: providers,
    };
  }
}

const guardedBy = (token: string) => ({
  provide: APP_GUARD,
  inject: [HttpAdapterHost],
  useFactory: (host: HttpAdapterHost) => new EngineTokenGuard(host, token),
});

function closing(
  app: NestFastifyApplication,
  cache: ResourceCache,
  server: RemoteApiServer,
  tracing: Tracing,
): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => {
    closed ??= app
      .close()
      .then(() => cache.close())
      .then(() => server.close())
      .then(() => tracing.close());
    return closed;
  };
}

function closeOnSignal(close: () => Promise<void>, logger: Logger): void {
  const onSignal = (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'Stopping');
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'Stopping failed');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, onSignal);
}
