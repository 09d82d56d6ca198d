import { describe, expect, it } from '@jest/globals';
import { ageText, humanDuration } from './age.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('ages', () => {
  it.each([
    [0, '0s'],
    [-1.5 * SECOND, '0s'],
    [-2 * SECOND, '<invalid>'],
    [119 * SECOND, '119s'],
    [2 * MINUTE, '2m'],
    [3 * MINUTE + 20 * SECOND, '3m20s'],
    [10 * MINUTE + 59 * SECOND, '10m'],
    [179 * MINUTE, '179m'],
    [3 * HOUR, '3h'],
    [7 * HOUR + 5 * MINUTE, '7h5m'],
    [8 * HOUR + 5 * MINUTE, '8h'],
    [47 * HOUR, '47h'],
    [51 * HOUR, '2d3h'],
    [8 * DAY + HOUR, '8d'],
    [729 * DAY, '729d'],
    [750 * DAY, '2y20d'],
    [10 * 365 * DAY, '10y'],
  ])('of %d milliseconds are printed as kubectl prints them', (milliseconds, text) => {
    expect(humanDuration(milliseconds)).toBe(text);
  });

  it('are unknown without a time and invalid for a text that is none', () => {
    expect(ageText(undefined, 0)).toBe('<unknown>');
    expect(ageText('yesterday', 0)).toBe('<invalid>');
    expect(ageText('1970-01-01T00:00:00Z', 90 * SECOND)).toBe('90s');
  });
});
