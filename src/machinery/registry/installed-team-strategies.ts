import { Injectable } from '@nestjs/common';
import { TeamStrategies, type TeamStrategy, teamStrategies } from '../../kit/index.js';
import { InstalledExtensions } from './installed-extensions.js';

/** The team strategies of this application. */
@Injectable()
export class InstalledTeamStrategies extends TeamStrategies {
  constructor(private readonly extensions: InstalledExtensions) {
    super();
  }

  get(name: string): TeamStrategy | undefined {
    return this.extensions.get(teamStrategies, name)?.instance;
  }

  names(): string[] {
    return this.extensions.names(teamStrategies.point);
  }
}
