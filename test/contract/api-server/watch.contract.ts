import { expect } from '@jest/globals';
import type { WatchEvent, WatchOptions } from '../../../src/kube/api-server/api-server.js';
import { eventually } from '../../harness/eventually.js';
import { type Court, refusal, underEveryJudge } from './court.js';
import type { Widget } from './widget.js';

/** A watch that collects what it hears until it is stopped. */
class Ear {
  readonly events: WatchEvent<Widget>[] = [];
  readonly ended: Promise<unknown>;
  private readonly abort = new AbortController();

  constructor(court: Court, options: Partial<WatchOptions>) {
    const events = court.server.watch<Widget>(court.type, {
      namespace: court.namespace,
      ...options,
      signal: this.abort.signal,
    });
    this.ended = (async () => {
      for await (const event of events) this.events.push(event);
    })();
    this.ended.catch(() => undefined);
  }

  /** `TYPE name` of every change heard. */
  get changes(): string[] {
    return this.events
      .filter(({ type }) => type !== 'BOOKMARK')
      .map(({ type, object }) => `${type} ${object.metadata.name}`);
  }

  async heard(...expected: string[]): Promise<void> {
    await eventually(() => expect(this.changes).toEqual(expected));
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.ended;
  }
}

underEveryJudge('Watching', (court) => {
  const ears: Ear[] = [];
  const watch = (options: Partial<WatchOptions>): Ear => {
    const ear = new Ear(court, options);
    ears.push(ear);
    return ear;
  };
  const only = (name: string) => ({ fieldSelector: `metadata.name=${name}` });
  const now = async () => (await court.server.list(court.type, { limit: 1 })).metadata.resourceVersion;

  court.it('tells of present objects first, then of every change', async () => {
    const made = await court.create();
    const { name } = made.metadata;
    const ear = watch(only(name));
    await ear.heard(`ADDED ${name}`);
    const changed = await court.server.update(court.type, { ...made, spec: { size: 2 } });
    await court.server.delete(court.type, court.key(name));
    await ear.heard(`ADDED ${name}`, `MODIFIED ${name}`, `DELETED ${name}`);
    expect(ear.events[0]?.object).toEqual(made);
    expect(ear.events[1]?.object).toEqual(changed);
    await ear.stop();
  });

  court.it('gives a deleted object its last state at a new version', async () => {
    const made = await court.create();
    const { name } = made.metadata;
    const ear = watch({ ...only(name), resourceVersion: made.metadata.resourceVersion });
    await court.server.delete(court.type, court.key(name));
    await ear.heard(`DELETED ${name}`);
    const last = ear.events[0]?.object;
    expect(last?.spec).toEqual(made.spec);
    expect(Number(last?.metadata.resourceVersion)).toBeGreaterThan(Number(made.metadata.resourceVersion));
    await ear.stop();
  });

  court.it('resumes after a version without a gap and without a repeat', async () => {
    const name = court.name();
    const before = await now();
    const first = await court.create(name);
    const second = await court.server.update(court.type, { ...first, spec: { size: 2 } });
    await court.server.update(court.type, { ...second, spec: { size: 3 } });
    const fromStart = watch({ ...only(name), resourceVersion: before });
    await fromStart.heard(`ADDED ${name}`, `MODIFIED ${name}`, `MODIFIED ${name}`);
    const fromSecond = watch({ ...only(name), resourceVersion: second.metadata.resourceVersion });
    await fromSecond.heard(`MODIFIED ${name}`);
    expect(fromSecond.events[0]?.object.spec.size).toBe(3);
    await Promise.all([fromStart.stop(), fromSecond.stop()]);
  });

  court.it('does not tell of a write that changed nothing, or of a dry run', async () => {
    const made = await court.create();
    const { name } = made.metadata;
    const ear = watch({ ...only(name), resourceVersion: made.metadata.resourceVersion });
    await court.server.update(court.type, made);
    await court.server.update(court.type, { ...made, spec: { size: 5 } }, { dryRun: true });
    await court.server.update(court.type, { ...made, spec: { size: 6 } });
    await ear.heard(`MODIFIED ${name}`);
    expect(ear.events[0]?.object.spec.size).toBe(6);
    await ear.stop();
  });

  court.it('tells of an object that leaves the selection as deleted, and of one that enters as added', async () => {
    const wish = court.widget(court.name());
    const run = wish.metadata.name;
    wish.metadata.labels = { run, on: 'yes' };
    const made = await court.server.create(court.type, wish);
    const ear = watch({ labelSelector: `run=${run},on=yes` });
    await ear.heard(`ADDED ${run}`);
    const label = (on: string) =>
      court.server.patch<Widget>(court.type, court.key(run), { type: 'merge', body: { metadata: { labels: { on } } } });
    const off = await label('no');
    await ear.heard(`ADDED ${run}`, `DELETED ${run}`);
    expect(ear.events[1]?.object.metadata).toMatchObject({
      labels: { on: 'yes' },
      resourceVersion: off.metadata.resourceVersion,
    });
    await label('yes');
    await ear.heard(`ADDED ${run}`, `DELETED ${run}`, `ADDED ${run}`);
    expect(made.metadata.uid).toBe(ear.events[2]?.object.metadata.uid);
    await ear.stop();
  });

  court.it('hears one namespace, or all', async () => {
    const before = await now();
    const here = watch({ resourceVersion: before });
    const everywhere = watch({ namespace: undefined, resourceVersion: before });
    const elsewhere = watch({ namespace: 'default', resourceVersion: before });
    const { metadata } = await court.create();
    await here.heard(`ADDED ${metadata.name}`);
    await eventually(() => expect(everywhere.changes).toContain(`ADDED ${metadata.name}`));
    expect(elsewhere.changes).toEqual([]);
    await Promise.all([here.stop(), everywhere.stop(), elsewhere.stop()]);
  });

  court.it('ends by itself when the time asked for is over, with a bookmark for who wants one', async () => {
    const made = await court.create();
    const { resourceVersion } = made.metadata;
    // A real server sends its bookmarks on a timer of its own, so that a short watch may miss one.
    await eventually(async () => {
      const ear = watch({ resourceVersion, allowWatchBookmarks: true, timeoutSeconds: 4 });
      // Something that the watch does not hear of, so that there is a version to tell.
      const elsewhere = court.widget(court.name());
      elsewhere.metadata.namespace = 'default';
      await court.server.create(court.type, elsewhere);
      await ear.ended;
      const bookmark = ear.events.find(({ type }) => type === 'BOOKMARK')?.object;
      expect(bookmark).toMatchObject({ kind: 'Widget', apiVersion: `${court.group}/v1` });
      expect(Number(bookmark?.metadata.resourceVersion)).toBeGreaterThan(Number(resourceVersion));
    });
  });

  court.it('ends quietly when its signal says so', async () => {
    const ear = watch({});
    await ear.stop();
    expect(await ear.ended).toBeUndefined();
  });

  court.it('refuses a version that is none', async () => {
    const ear = watch({ resourceVersion: 'yesterday' });
    const error = await refusal(ear.ended);
    expect(error.code).toBeGreaterThanOrEqual(400);
    expect(error.message).toContain('yesterday');
  });

  court.it('answers Expired for a version that it does not know', async () => {
    // A real server has forgotten its beginnings. A new embedded one remembers all of its life, but not another's.
    const version = court.judge.name === 'real' ? '1' : '987654321';
    const ear = watch({ resourceVersion: version });
    const error = await refusal(ear.ended);
    expect(error).toMatchObject({ statusReason: 'Expired', code: 410 });
    expect(error.message).toMatch(new RegExp(`too old resource version: ${version} \\(\\d+\\)`));
  });

  court.it('serves many watches of one kind at once, to each the same', async () => {
    const name = court.name();
    const before = await now();
    const crowd = Array.from({ length: 40 }, () => watch({ ...only(name), resourceVersion: before }));
    await court.create(name);
    await Promise.all(crowd.map((ear) => ear.heard(`ADDED ${name}`)));
    await Promise.all(crowd.map((ear) => ear.stop()));
  });
});
