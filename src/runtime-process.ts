import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { AuditLog } from './auth/audit/audit-log.js';
import { pathAtHost } from './dashboard/dashboard-path.js';
import { openDataFolder } from './data-folder.js';
import { PublishedEngines } from './dispatch/published-engines.js';
import { OwnAddress } from './engine-host/own-address.js';
import { type Logger, teamStrategies, toolTypes } from './kit/index.js';
import { ResourceCache } from './kube/cache/resource-cache.js';
import { DoorChanges } from './kube/door-changes.js';
import { type Kubernetes, openKubernetes } from './kube/open-kubernetes.js';
import { createHttpApplication } from './machinery/http/http-application.js';
import { listen } from './machinery/http/listen.js';
import { reachableAddress } from './machinery/http/reachable-address.js';
import { RequestsUnderWay } from './machinery/http/requests-under-way.js';
import { builtInRoots, pluginRoots } from './machinery/loader/extension-roots.js';
import { loadExtensions } from './machinery/loader/load-extensions.js';
import { BugReports } from './machinery/observability/bug-reports.js';
import { HealthChecks } from './machinery/observability/health-checks.js';
import { surviveStrayErrors } from './machinery/observability/stray-errors.js';
import type { Tracing } from './machinery/observability/tracing/tracing.js';
import type { Settings } from './machinery/settings/settings.js';
import { loadResources } from './resources/find-resources.js';
import { VERSION } from './version.js';

/** What people call the settings of the HTTP door. */
const DOOR = { portSetting: '--port or ARK_PORT', hostSetting: '--host or ARK_HOST' };

class ListeningAddress extends OwnAddress {
  url = '';
  baseUrl(): string {
    return this.url;
  }
}

/** One running runtime: its API server, its application, and the files by which others find it. */
export class RuntimeProcess {
  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly cache: ResourceCache,
    private readonly kubernetes: Kubernetes,
    private readonly endpointsFile: string,
    private readonly leaveStrayErrors: () => void,
    /** `http://host:port` of the HTTP door. */
    readonly url: string,
  ) {}

  static async start(settings: Settings, logger: Logger, tracing: Tracing): Promise<RuntimeProcess> {
    const dataDir = await openDataFolder(settings.dataDir);
    const roots = [...builtInRoots(), ...pluginRoots(settings.pluginPath, process.cwd())];
    // Plugins are looked at first: a wrong one stops the start before anything is opened.
    const extensions = await loadExtensions({ roots, logger });
    const names = (point: string) => extensions.flatMap(({ mark }) => (mark.point === point ? [mark.name] : []));
    const resources = await loadResources({
      toolTypes: names(toolTypes.point),
      teamStrategies: names(teamStrategies.point),
      // On a person's own machine that is where models run that cost nothing.
      allowLoopback: settings.kubernetes === 'embedded',
    });
    const changes = settings.auditLog === 'off' ? undefined : new DoorChanges();
    const kubernetes = await openKubernetes({
      ...settings,
      ...resources,
      mode: settings.kubernetes,
      port: settings.apiServerPort,
      dataDir,
      version: VERSION,
      logger,
      changes,
    });
    const { server } = kubernetes;
    const cache = new ResourceCache(server, { namespace: settings.watchNamespace });
    let app: NestFastifyApplication | undefined;
    let leaveStrayErrors: (() => void) | undefined;
    try {
      const address = new ListeningAddress();
      const inCluster = settings.kubernetes !== 'embedded';
      const module = AppModule.register({ settings, logger, tracing, server, cache, extensions, address });
      const pathOf = settings.roles.includes('api') ? pathAtHost : undefined;
      // Doors close together, and before what writes down who came through them.
      const answered = () => Promise.all([app?.get(RequestsUnderWay).answered(), kubernetes.closeDoor()]);
      app = await createHttpApplication(module, logger, { ...settings, pathOf, answered });
      app.get(RequestsUnderWay).watch(app);
      changes?.listen((change) => app?.get(AuditLog).changed(change));
      // From here on plugins work.
      leaveStrayErrors = surviveStrayErrors(app.get(BugReports));
      let announced = false;
      app.get(HealthChecks).add('endpoints', () => (announced ? undefined : 'not announced yet'));
      await app.init();
      const url = await listen(app, { ...settings, ...DOOR });
      address.url = reachableAddress({ ...settings, url, inCluster, podIp: process.env.POD_IP }, logger);
      if (settings.roles.includes('engine')) await app.get(PublishedEngines).publish(settings.namespace);
      const endpointsFile = join(dataDir, 'endpoints.json');
      const endpoints = { http: url, apiServer: kubernetes.address, pid: process.pid, version: VERSION };
      await writeFile(endpointsFile, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
      announced = true;
      logger.info({ ...endpoints, kubeconfig: kubernetes.kubeconfigPath }, `nest-ark listens on ${url}`);
      return new RuntimeProcess(app, cache, kubernetes, endpointsFile, leaveStrayErrors, url);
    } catch (error) {
      // Half a start must not keep claims, Leases or a port.
      await app?.close();
      leaveStrayErrors?.();
      await cache.close();
      await kubernetes.close();
      throw error;
    }
  }

  /** Ends in order: controllers, doors with their requests, audit log and database, watches, store. */
  async stop(): Promise<void> {
    await this.app.close();
    await this.cache.close();
    await this.kubernetes.close();
    await rm(this.endpointsFile, { force: true });
    this.leaveStrayErrors();
  }
}
