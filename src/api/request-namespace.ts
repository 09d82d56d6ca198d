import { Injectable } from '@nestjs/common';
import { invalid } from '../kit/index.js';
import { Settings } from '../machinery/settings/settings.js';

/** The namespace of a request: what it names, else the process's own. */
@Injectable()
export class RequestNamespace {
  constructor(private readonly settings: Settings) {}

  /** @throws Invalid for what can be no namespace */
  read(given: unknown): string {
    const namespace = given ?? this.settings.namespace;
    if (typeof namespace === 'string' && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) return namespace;
    throw invalid('namespace must be given once, as the name of a namespace');
  }
}
