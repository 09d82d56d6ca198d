import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import type { Logger } from '../kit/index.js';
import { Controllers } from './controller/controllers.js';
import { ProblemFilter } from './errors/problem.filter.js';
import { RequestsUnderWay } from './http/requests-under-way.js';
import { Holders } from './leadership/holders.js';
import { LeaseHolders } from './leadership/lease-holders.js';
import { SingleHolder } from './leadership/single-holder.js';
import type { Extension } from './loader/extension.js';
import { HealthController } from './observability/health.controller.js';
import { HealthChecks } from './observability/health-checks.js';
import { MetricsPort } from './observability/metrics/metrics-port.js';
import { ObservabilityModule } from './observability/observability.module.js';
import type { Tracing } from './observability/tracing/tracing.js';
import { ExtensionsModule } from './registry/extensions.module.js';
import { Settings } from './settings/settings.js';

export interface MachineryOptions {
  settings: Settings;
  logger: Logger;
  tracing: Tracing;
  extensions: readonly Extension[];
  /** Modules whose providers extensions may inject, besides the global ones. */
  imports?: ModuleMetadata['imports'];
}

/**
 * Settings, logging, health, holders, extensions and their controllers of one application.
 *
 * Needs `ApiServer` and `ResourceCache` from a global module.
 */
@Module({})
export class MachineryModule {
  static register({ settings, logger, tracing, extensions, imports }: MachineryOptions): DynamicModule {
    // On a person's own machine nobody else finishes the work.
    const waitMs = settings.kubernetes === 'embedded' ? 0 : settings.shutdownTimeoutMs;
    return {
      module: MachineryModule,
      global: true,
      imports: [
        ObservabilityModule.register({ logger, tracing, metricsAtDoor: settings.metricsPort === undefined }),
        ExtensionsModule.register(extensions, imports),
      ],
      controllers: [HealthController],
      providers: [
        { provide: Settings, useValue: settings },
        { provide: Holders, useClass: settings.kubernetes === 'embedded' ? SingleHolder : LeaseHolders },
        HealthChecks,
        // On a person's own machine no other replica takes over what the controllers gave back.
        { provide: RequestsUnderWay, useValue: new RequestsUnderWay(waitMs) },
        MetricsPort,
        ProblemFilter,
        Controllers,
      ],
      exports: [Settings, Holders, HealthChecks, RequestsUnderWay, ProblemFilter],
    };
  }
}
