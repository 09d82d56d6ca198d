import { describe, expect, it } from '@jest/globals';
import { StoredObject } from '../../store/stored-object.js';
import { EventFrames } from './event-frames.js';

describe('the frames of watch events', () => {
  const stored = (name: string) => new StoredObject({ apiVersion: 'v1', kind: 'X', metadata: { name } }, 1);
  const size = new EventFrames().of({ type: 'ADDED', stored: stored('a') }).length;

  it('are the same bytes for every watcher of one change', () => {
    const frames = new EventFrames();
    const a = stored('a');
    const frame = frames.of({ type: 'ADDED', stored: a });
    expect(frames.of({ type: 'ADDED', stored: a })).toBe(frame);
    expect(frames.of({ type: 'MODIFIED', stored: a })).not.toBe(frame);
    expect(JSON.parse(frame.toString())).toEqual({ type: 'ADDED', object: a.object });
  });

  it('are forgotten, oldest first, when they are too many', () => {
    const frames = new EventFrames(size * 2);
    const events = ['a', 'b', 'c'].map((name) => ({ type: 'ADDED' as const, stored: stored(name) }));
    const [a, b, c] = events.map((event) => frames.of(event));
    expect(frames.of(events[2]!)).toBe(c);
    expect(frames.of(events[1]!)).toBe(b);
    expect(frames.of(events[0]!)).not.toBe(a);
    expect(frames.of(events[0]!).toString()).toBe(a!.toString());
  });
});
