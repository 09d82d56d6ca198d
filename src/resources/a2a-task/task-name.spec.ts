import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { queryNameLabel, taskName } from './task-name.js';

describe('the name of a task', () => {
  it('holds the id where a name can', () => {
    expect(taskName('77')).toBe('a2a-task-77');
    expect(taskName('0b4c1a8e-9d1e-4f6a-8a55-2f4e7d0c9b11')).toBe('a2a-task-0b4c1a8e-9d1e-4f6a-8a55-2f4e7d0c9b11');
  });

  it('is a name for any id, and another one for another id', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 400 }), fc.string({ minLength: 1, maxLength: 400 }), (a, b) => {
        expect(taskName(a)).toMatch(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
        expect(taskName(a).length).toBeLessThanOrEqual(253);
        if (a !== b) expect(taskName(a)).not.toBe(taskName(b));
      }),
    );
    expect(taskName('A')).not.toBe(taskName('a'));
  });

  it('is found by a label that fits', () => {
    const value = (name: string) => Object.values(queryNameLabel(name))[0] ?? '';
    expect(value('q')).toBe('q');
    const long = `${'q'.repeat(60)}.${'r'.repeat(60)}`;
    expect(value(long)).toMatch(/^q+-[0-9a-f]{10}$/);
    expect(value(long).length).toBeLessThanOrEqual(63);
    expect(value(long)).not.toBe(value(`${long}x`));
  });
});
