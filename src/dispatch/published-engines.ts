import { Injectable } from '@nestjs/common';
import { streams } from '../engine-host/engine-card.js';
import { OwnAddress } from '../engine-host/own-address.js';
import { apiVersionOf, type EngineOptions, Engines, resourceType } from '../kit/index.js';
import { ApiServer } from '../kube/api-server/api-server.js';
import { RootLogger } from '../machinery/observability/root-logger.js';
import { ExecutionEngine } from '../resources/execution-engine/execution-engine.resource.js';
import { STREAMING_SUPPORTED } from '../resources/labels.js';
import { ServerObjects } from '../runtime/objects.js';
import { PUBLISHED_BY, PUBLISHER } from './published-by.js';

const FIELD_MANAGER = 'nest-ark';
const TYPE = resourceType(ExecutionEngine);

/** Shows the engines of this process as ExecutionEngine objects, for people and for Ark's own clients. */
@Injectable()
export class PublishedEngines {
  private readonly objects: ServerObjects;

  constructor(
    private readonly engines: Engines,
    private readonly address: OwnAddress,
    private readonly server: ApiServer,
    private readonly logger: RootLogger,
  ) {
    this.objects = new ServerObjects(server);
  }

  /** To be called once the process listens. An object that somebody else made under the same name is left alone. */
  async publish(namespace: string): Promise<void> {
    const installed = this.engines.names().flatMap((name) => this.engines.get(name)?.options ?? []);
    await Promise.all(installed.map((options) => this.publishOne(options, namespace)));
  }

  private async publishOne(options: EngineOptions, namespace: string): Promise<void> {
    const { name, description } = options;
    const existing = await this.objects.get(ExecutionEngine, { namespace, name });
    if (existing && existing.metadata.annotations?.[PUBLISHED_BY] !== PUBLISHER) {
      const sentence = 'An ExecutionEngine of the name of an installed engine exists; it is left alone and wins here';
      this.logger.warn({ engine: name, namespace }, sentence);
      return;
    }
    const annotations = { [PUBLISHED_BY]: PUBLISHER, [STREAMING_SUPPORTED]: String(streams(options)) };
    const object: ExecutionEngine = {
      apiVersion: apiVersionOf(TYPE),
      kind: TYPE.kind,
      metadata: { name, namespace, annotations },
      spec: { address: { value: `${this.address.baseUrl()}/engines/${name}/` }, description },
    };
    await this.server.apply(TYPE, object, { fieldManager: FIELD_MANAGER, force: true });
  }
}
