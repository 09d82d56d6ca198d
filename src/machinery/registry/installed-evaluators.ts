import { Injectable } from '@nestjs/common';
import { type Evaluates, Evaluators, evaluators } from '../../kit/index.js';
import { InstalledExtensions } from './installed-extensions.js';

/** The evaluators of this application. */
@Injectable()
export class InstalledEvaluators extends Evaluators {
  constructor(private readonly extensions: InstalledExtensions) {
    super();
  }

  get(name: string): Evaluates | undefined {
    return this.extensions.get(evaluators, name)?.instance;
  }

  names(): string[] {
    return this.extensions.names(evaluators.point);
  }
}
