import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../../src/app.module.js';
import { OwnAddress } from '../../../src/engine-host/own-address.js';
import {
  apiVersionOf,
  type KubeObject,
  type ObjectKey,
  type ResourceClass,
  resourceType,
} from '../../../src/kit/index.js';
import { silentLogger } from '../../../src/kit/testing/index.js';
import { ResourceCache } from '../../../src/kube/cache/resource-cache.js';
import { ApiServerDoor } from '../../../src/kube/embedded/door/api-server-door.js';
import { EmbeddedApiServer } from '../../../src/kube/embedded/embedded-api-server.js';
import { createHttpApplication } from '../../../src/machinery/http/http-application.js';
import { Tracing } from '../../../src/machinery/observability/tracing/tracing.js';
import { readSettings } from '../../../src/machinery/settings/read-settings.js';
import type { SettingOverrides } from '../../../src/machinery/settings/settings.js';
import { loadResources } from '../../../src/resources/find-resources.js';

export const ADMIN_TOKEN = 'the-admin-token-of-this-test-alone';

/** A route as the HTTP server knows it. */
export interface ServedRoute {
  method: string;
  url: string;
}

class TestAddress extends OwnAddress {
  baseUrl(): string {
    return 'http://ark.test';
  }
}

/** The whole house with its doors, on an embedded API server with its own, and the routes it really serves. */
export class GuardedApplication {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly routes: readonly ServedRoute[],
    private readonly cache: ResourceCache,
    private readonly server: EmbeddedApiServer,
    private readonly door: ApiServerDoor,
  ) {}

  static async start(dataDir: string, overrides: SettingOverrides, env = {}): Promise<GuardedApplication> {
    await writeFile(join(dataDir, 'token'), ADMIN_TOKEN);
    const settings = readSettings(
      { ARK_KUBERNETES: 'embedded', ARK_AUDIT_LOG: 'off', ...env },
      { dataDir, ...overrides },
    );
    const resources = await loadResources({ toolTypes: [], teamStrategies: [] });
    const server = await EmbeddedApiServer.open({ dataDir, ...resources });
    const door = await ApiServerDoor.listen({ server, dataDir, port: 0, version: '0.0.0-test' });
    const cache = new ResourceCache(server);
    const module = AppModule.register({
      settings,
      logger: silentLogger,
      tracing: new Tracing(),
      server,
      cache,
      extensions: [],
      address: new TestAddress(),
    });
    const app = await createHttpApplication(module, silentLogger, settings);
    const routes: ServedRoute[] = [];
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRoute', ({ method, url }) => {
        for (const each of [method].flat()) routes.push({ method: each, url });
      });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new GuardedApplication(app, routes, cache, server, door);
  }

  async request(
    route: ServedRoute,
    authorization?: string,
    body?: unknown,
  ): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await this.app.inject({
      method: route.method as 'GET',
      url: route.url,
      headers: { ...json, ...(authorization ? { authorization } : {}) },
      payload: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.statusCode, headers: response.headers, body: response.body };
  }

  /** Stores an object, and its status if one is given. */
  async put<T extends KubeObject>(kind: ResourceClass<T>, object: object, status?: object): Promise<T> {
    const type = resourceType(kind);
    const whole = { apiVersion: apiVersionOf(type), kind: type.kind, ...object } as T;
    const stored = await this.server.create<T>(type, whole);
    return status ? this.setStatus(kind, stored.metadata, status) : stored;
  }

  async setStatus<T extends KubeObject>(kind: ResourceClass<T>, key: ObjectKey, status: object): Promise<T> {
    const stored = await this.get(kind, key);
    return this.server.update<T>(resourceType(kind), { ...stored, status }, { subresource: 'status' });
  }

  get<T extends KubeObject>(kind: ResourceClass<T>, key: ObjectKey): Promise<T> {
    return this.server.get<T>(resourceType(kind), key);
  }

  /** A bearer header of a new key. */
  async key(...roles: string[]): Promise<string> {
    const made = await this.request({ method: 'POST', url: '/v1/api-keys' }, `Bearer ${ADMIN_TOKEN}`, {
      name: 'test',
      roles,
    });
    if (made.status !== 201) throw new Error(made.body);
    const { public_key, secret_key } = JSON.parse(made.body) as { public_key: string; secret_key: string };
    return `Bearer ${public_key}.${secret_key}`;
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.cache.close();
    await this.door.close();
    await this.server.close();
  }
}
