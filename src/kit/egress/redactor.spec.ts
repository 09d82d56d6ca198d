import { describe, expect, it } from '@jest/globals';
import { redactingStream, redactor } from './redactor.js';

const KEY = 'kö"y /hunter22';

async function streamed(pieces: (string | Uint8Array)[], ...holders: object[]): Promise<Buffer[]> {
  const stream = redactingStream(...holders);
  if (!stream) return [Buffer.from('none')];
  const bytes = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
  const seen: Buffer[] = [];
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const each of bytes) controller.enqueue(each);
      controller.close();
    },
  });
  for await (const chunk of source.pipeThrough(stream)) seen.push(Buffer.from(chunk));
  return seen;
}

describe('a text that is shown', () => {
  it('holds no value that stands under the name of a secret, however deep', () => {
    const redact = redactor(
      { auth: { apiKey: 'hunter22' } },
      { Authorization: 'Bearer abc.def', 'X-Team': 'dark blue' },
    );
    expect(redact('hunter22 of team dark blue sent Bearer abc.def')).toBe('… of team dark blue sent Bearer …');
  });

  it('keeps what only sounds like a secret', () => {
    const redact = redactor({
      author: 'Shakespeare',
      keywords: 'tempest',
      Authorization: 'abc.def',
      ':authority': 'example.com',
    });
    expect(redact('Shakespeare wrote the tempest, said abc.def of example.com')).toBe(
      'Shakespeare wrote the tempest, said … of example.com',
    );
  });

  it('takes the longer of two secrets out whole', () => {
    expect(redactor({ token: 'abcdef', apiKey: 'abcdefgh' })('abcdefgh abcdef')).toBe('… …');
  });

  it('holds no secret as JSON or a URL would write it', () => {
    const redact = redactor({ 'x-api-key': KEY });
    expect(redact(`${KEY} ${JSON.stringify(KEY)} ?k=${encodeURIComponent(KEY)}`)).toBe('… "…" ?k=…');
  });

  it('keeps what is too short for a secret, and keys that only tell calls apart', () => {
    const redact = redactor({ 'x-key': 'test', 'Idempotency-Key': 'order-42-again' });
    expect(redact('test order-42-again')).toBe('test order-42-again');
  });
});

describe('what came out of a Secret', () => {
  it('is taken out whatever it is called', () => {
    expect(redactor(['blue-7 '])('tenant blue-7')).toBe('tenant …');
    expect(redactor(['Bearer abc.def'], { 'X-Team': 'dark blue' })('abc.def of dark blue')).toBe('… of dark blue');
  });

  it('is taken out where it is a word of its own, when it is short', () => {
    expect(redactor(['acme', 'a/b.'])('acme of acmecorp: "acme" xa/b. a/b.')).toBe('… of acmecorp: "…" xa/b. …');
    expect(redactor(['abc', ''])('abc')).toBe('abc');
  });

  it('leaves what JSON cannot do without', () => {
    expect(redactor(['true', '1024', '-1.5'])('{"a":true,"b":1024,"c":-1.5}')).toBe('{"a":true,"b":1024,"c":-1.5}');
  });

  it('leaves the host of an address, which is no secret', () => {
    const hide = redactor(['http://me:pass@host:81/s/hunter22-hunter22/mcp?key=blue-7']);
    expect(hide('http://host:81 of me: pass blue-7 /s/hunter22-hunter22/mcp')).toBe('http://host:81 of me: … … …');
    expect(redactor(['http://host:81/mcp'])('http://host:81/mcp is away')).toBe('http://host:81/mcp is away');
  });

  it('is taken out of a path where it is a segment of it, alone and within others', () => {
    const hide = redactor(['https://hooks.example/services/T0/subscriptions/hunter22hunter22/v1alpha1?x=']);
    expect(hide('no hook hunter22hunter22 at /v2/hunter22hunter22/subscriptions')).toBe(
      'no hook … at /v2/…/subscriptions',
    );
    expect(hide('services of T0: v1alpha1')).toBe('services of T0: v1alpha1');
    const long = redactor(['http://h/onlylettersbutverylong/x']);
    expect(long('"onlylettersbutverylong"')).toBe('"…"');
  });

  it('is taken out of an address as those read it who decode its parts', () => {
    const hide = redactor(['http://me:p%40ss-word@h/hunter22%2Fhunter22%20/x']);
    expect(hide('p%40ss-word p@ss-word hunter22/hunter22  hunter22%2Fhunter22%20')).toBe('… … … …');
    expect(redactor(['http://h/hunter22-hunter22%zz'])('hunter22-hunter22%zz')).toBe('…');
  });

  it('costs little in a path of endless segments', () => {
    const path = Array.from({ length: 10_000 }, (_, i) => `hunter22-${i}-hunter22`);
    const hide = redactor([`http://h/${path.join('/')}`]);
    expect(hide(`${path[0]} and ${path[9_999]}`)).toBe(`… and ${path[9_999]}`);
    expect(hide(`at /${path.join('/')}`)).toBe('at …');
  });

  it('is taken out of a body however it is cut', async () => {
    const whole = Buffer.from('{"tenant":"acme","id":1}');
    for (let cut = 0; cut <= whole.length; cut++) {
      const seen = await streamed([whole.subarray(0, cut), whole.subarray(cut)], ['acme']);
      expect(Buffer.concat(seen).toString()).toBe('{"tenant":"…","id":1}');
    }
  });
});

describe('a body that passes', () => {
  it('loses secrets wherever its pieces are cut', async () => {
    const whole = Buffer.from(`data: ${KEY} é\n\ndata: ${JSON.stringify(KEY)}\n\n`);
    for (let cut = 0; cut <= whole.length; cut++) {
      const seen = await streamed([whole.subarray(0, cut), whole.subarray(cut)], { token: KEY });
      expect(Buffer.concat(seen).toString()).toBe('data: … é\n\ndata: "…"\n\n');
    }
  });

  it('is passed on at once where no secret begins', async () => {
    expect((await streamed(['one hun', 'dred', ' hunter2'], { token: 'hunter22' })).map(String)).toEqual([
      'one ',
      'hundred',
      ' ',
      'hunter2',
    ]);
  });

  it('is left alone when nothing is secret', async () => {
    expect(String(await streamed(['x'], { 'X-Team': 'dark blue' }))).toBe('none');
  });
});
