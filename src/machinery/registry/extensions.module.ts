import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { Engines, Evaluators, MemoryBackends, ModelProviders, TeamStrategies, ToolTypes } from '../../kit/index.js';
import type { Extension } from '../loader/extension.js';
import { InstalledEngines } from './installed-engines.js';
import { InstalledEvaluators } from './installed-evaluators.js';
import { EXTENSIONS, InstalledExtensions } from './installed-extensions.js';
import { InstalledMemoryBackends } from './installed-memory-backends.js';
import { InstalledModelProviders } from './installed-model-providers.js';
import { InstalledTeamStrategies } from './installed-team-strategies.js';
import { InstalledToolTypes } from './installed-tool-types.js';

/** Makes loaded extensions ordinary providers of one application, with injection and lifecycle hooks. */
@Module({})
export class ExtensionsModule {
  /** `imports`: modules whose providers extensions may inject, besides the global ones. */
  static register(extensions: readonly Extension[], imports: ModuleMetadata['imports'] = []): DynamicModule {
    return {
      module: ExtensionsModule,
      global: true,
      imports,
      providers: [
        ...extensions.map(({ target }) => target),
        { provide: EXTENSIONS, useValue: extensions },
        InstalledExtensions,
        { provide: Engines, useClass: InstalledEngines },
        { provide: Evaluators, useClass: InstalledEvaluators },
        { provide: MemoryBackends, useClass: InstalledMemoryBackends },
        { provide: ModelProviders, useClass: InstalledModelProviders },
        { provide: TeamStrategies, useClass: InstalledTeamStrategies },
        { provide: ToolTypes, useClass: InstalledToolTypes },
      ],
      exports: [InstalledExtensions, Engines, Evaluators, MemoryBackends, ModelProviders, TeamStrategies, ToolTypes],
    };
  }
}
