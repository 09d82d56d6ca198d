import { describe, expect, it } from '@jest/globals';
import { InstalledEngines } from './installed-engines.js';
import type { InstalledExtensions } from './installed-extensions.js';

const installed = (...all: { name: string; aliases?: string[] }[]) => {
  const list = all.map((options) => ({ mark: { options }, instance: options.name }));
  const get = (_point: unknown, name: string) => list.find(({ mark }) => mark.options.name === name);
  return new InstalledEngines({ list: () => list, get } as unknown as InstalledExtensions);
};

describe('an engine', () => {
  const engines = installed({ name: 'first', aliases: ['one', 'second'] }, { name: 'second' });

  it('is found by its name, and by another that it goes by', () => {
    expect(engines.get('first')?.engine).toBe('first');
    expect(engines.get('one')?.engine).toBe('first');
    expect(engines.get('none')).toBeUndefined();
  });

  it('that has a name itself comes before one that only goes by it', () => {
    expect(engines.get('second')?.engine).toBe('second');
  });
});
