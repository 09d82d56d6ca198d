import { Injectable } from '@nestjs/common';
import { type Engine, Engines, engines, type InstalledEngine } from '../../kit/index.js';
import { InstalledExtensions } from './installed-extensions.js';

/** The engines of this application. */
@Injectable()
export class InstalledEngines extends Engines {
  constructor(private readonly extensions: InstalledExtensions) {
    super();
  }

  get(name: string): InstalledEngine | undefined {
    const found = this.extensions.get(engines, name) ?? this.withAlias(name);
    // Whatever options class it declared, its caller hands it validated instances of that class.
    return found && { options: found.mark.options, engine: found.instance as Engine };
  }

  private withAlias(name: string) {
    return this.extensions.list(engines).find(({ mark }) => mark.options.aliases?.includes(name));
  }

  names(): string[] {
    return this.extensions.names(engines.point);
  }
}
