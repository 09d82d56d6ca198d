import { Injectable } from '@nestjs/common';
import { invalid, MemoryBackends, type MemoryProvider, memoryBackends } from '../../kit/index.js';
import { InstalledExtensions } from './installed-extensions.js';

/** The memory backends of this application, by the schemes of addresses. */
@Injectable()
export class InstalledMemoryBackends extends MemoryBackends {
  constructor(private readonly extensions: InstalledExtensions) {
    super();
  }

  forAddress(address: string): MemoryProvider {
    if (!URL.canParse(address)) throw invalid(`the address "${address}" is not a URL`);
    const scheme = new URL(address).protocol.slice(0, -1);
    const installed = this.extensions.list(memoryBackends);
    const [found, second] = installed.filter(({ mark }) => mark.options.schemes.includes(scheme));
    if (second) {
      const names = `'${found?.mark.name}' and '${second.mark.name}'`;
      throw invalid(`the memory backends ${names} both serve addresses that begin with ${scheme}: remove one`);
    }
    if (found) return found.instance;
    const schemes = installed.flatMap(({ mark }) => mark.options.schemes).join(', ') || 'none';
    throw invalid(`no memory backend serves addresses that begin with ${scheme}; installed: ${schemes}`);
  }
}
