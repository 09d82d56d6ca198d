import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toolName } from './tool-name.js';

describe('the name of a tool', () => {
  it('is one that every model accepts, and stays itself', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 300, unit: 'binary' }), (name) => {
        expect(toolName(name)).toMatch(/^[\w-]{1,64}$/);
        expect(toolName(toolName(name))).toBe(toolName(name));
      }),
    );
  });

  it('differs for long names that begin alike', () => {
    const long = 'a'.repeat(80);
    expect(toolName(`${long}1`)).not.toBe(toolName(`${long}2`));
    expect(toolName('get-weather')).toBe('get-weather');
  });
});
