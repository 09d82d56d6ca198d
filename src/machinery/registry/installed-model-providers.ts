import { Injectable } from '@nestjs/common';
import { type ModelProvider, ModelProviders, modelProviders } from '../../kit/index.js';
import { InstalledExtensions } from './installed-extensions.js';

/** The model providers of this application. */
@Injectable()
export class InstalledModelProviders extends ModelProviders {
  constructor(private readonly extensions: InstalledExtensions) {
    super();
  }

  get(name: string): ModelProvider | undefined {
    return this.extensions.get(modelProviders, name)?.instance;
  }

  names(): string[] {
    return this.extensions.names(modelProviders.point);
  }
}
