import { describe, expect, it } from '@jest/globals';
import { Response } from 'undici';
import { beginning, bounded } from './bounded-response.js';

describe('the body of an answer', () => {
  it('passes while it is within its bound', async () => {
    const response = bounded(new Response('x'.repeat(10), { status: 201 }), 'the model', 10);
    expect([response.status, await response.text()]).toEqual([201, 'x'.repeat(10)]);
  });

  it('fails when it outgrows its bound, naming the model', async () => {
    const response = bounded(new Response('x'.repeat((1 << 20) + 1)), "model 'n/m'", 1 << 20);
    await expect(response.text()).rejects.toMatchObject({
      family: 'Unavailable',
      message: "model 'n/m' sent more than 1 MiB for one answer",
    });
  });

  it('of a refusal is read no further than a message can be long', async () => {
    const text = await beginning(new Response('y'.repeat(1 << 20)));
    expect(text.length).toBeLessThanOrEqual(1 << 20);
    expect(text).toMatch(/^y+$/);
  });
});
