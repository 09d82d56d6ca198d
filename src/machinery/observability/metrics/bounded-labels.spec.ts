import { describe, expect, it } from '@jest/globals';
import { BoundedLabels } from './bounded-labels.js';

describe('labels of a figure', () => {
  it('are kept apart up to a bound, and are all other beyond', () => {
    const labels = new BoundedLabels(['agent', 'model'], 2);
    expect(labels.bound({ agent: 'a', model: 'x' })).toEqual({ agent: 'a', model: 'x' });
    expect(labels.bound({ agent: 'a', model: 'y' })).toEqual({ agent: 'a', model: 'y' });
    expect(labels.bound({ agent: 'b', model: 'x' })).toEqual({ agent: 'other', model: 'other' });
    expect(labels.bound({ agent: 'a', model: 'x' })).toEqual({ agent: 'a', model: 'x' });
  });
});
