import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import type { Logger } from '../kit/index.js';
import { Controllers } from './controller/controllers.js';
import { ProblemFilter } from './errors/problem.filter.js';
import { Holders } from './leadership/holders.js';
import { LeaseHolders } from './leadership/lease-holders.js';
import { SingleHolder } from './leadership/single-holder.js';
import type { Extension } from './loader/extension.js';
import { BugReports } from './observability/bug-reports.js';
import { HealthController } from './observability/health.controller.js';
import { HealthChecks } from './observability/health-checks.js';
import { MetricsController } from './observability/metrics.controller.js';
import { RootLogger } from './observability/root-logger.js';
import { ExtensionsModule } from './registry/extensions.module.js';
import { Settings } from './settings/settings.js';

export interface MachineryOptions {
  settings: Settings;
  logger: Logger;
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
  static register({ settings, logger, extensions, imports }: MachineryOptions): DynamicModule {
    return {
      module: MachineryModule,
      global: true,
      imports: [ExtensionsModule.register(extensions, imports)],
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: Settings, useValue: settings },
        { provide: RootLogger, useValue: logger },
        { provide: Holders, useClass: settings.kubernetes === 'embedded' ? SingleHolder : LeaseHolders },
        BugReports,
        HealthChecks,
        ProblemFilter,
        Controllers,
      ],
      exports: [Settings, RootLogger, Holders, BugReports, HealthChecks, ProblemFilter],
    };
  }
}
