import { Injectable } from '@nestjs/common';
import { type InstalledToolType, ToolTypes, toolTypes } from '../../kit/index.js';
import { InstalledExtensions } from './installed-extensions.js';

/** The tool types of this application. */
@Injectable()
export class InstalledToolTypes extends ToolTypes {
  constructor(private readonly extensions: InstalledExtensions) {
    super();
  }

  get(name: string): InstalledToolType | undefined {
    const found = this.extensions.get(toolTypes, name);
    return found && { options: found.mark.options, tool: found.instance };
  }

  names(): string[] {
    return this.extensions.names(toolTypes.point);
  }
}
