import { expect } from '@jest/globals';
import { type Court, refusal, underEveryJudge } from './court.js';
import { CONFIG_MAP, NAMESPACE, type Widget } from './widget.js';

underEveryJudge('Listing', (court) => {
  const labelled = async (labels: Record<string, string>) => {
    const wish = court.widget(court.name());
    wish.metadata.labels = labels;
    return (await court.server.create(court.type, wish)).metadata.name;
  };
  const names = async (court: Court, options: { labelSelector?: string; fieldSelector?: string }) => {
    const { items } = await court.server.list<Widget>(court.type, { namespace: court.namespace, ...options });
    return items.map(({ metadata }) => metadata.name);
  };

  court.it('answers whole objects in the order of their names, at one version', async () => {
    const run = court.name('order');
    const wishes = ['c', 'a', 'b'].map((each) => court.widget(`${run}-${each}`));
    for (const wish of wishes) await court.server.create(court.type, wish);
    const last = await court.server.get<Widget>(court.type, court.key(`${run}-b`));
    const { items, metadata } = await court.server.list<Widget>(court.type, { namespace: court.namespace });
    const mine = items.filter((each) => each.metadata.name.startsWith(run));
    expect(mine.map((each) => each.metadata.name)).toEqual(['a', 'b', 'c'].map((each) => `${run}-${each}`));
    expect(mine[1]).toEqual(last);
    expect(Number(metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(last.metadata.resourceVersion));
  });

  court.it('says the kind of each item of a built-in kind, too', async () => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'listed', namespace: court.namespace } };
    await court.server.create(CONFIG_MAP, config);
    const { items } = await court.server.list(CONFIG_MAP, {
      namespace: court.namespace,
      fieldSelector: 'metadata.name=listed',
    });
    expect(items).toMatchObject([config]);
  });

  court.it('reads page by page at the version of the first page', async () => {
    const run = court.name('page');
    for (const each of [1, 2, 3, 4, 5]) {
      const wish = court.widget(`${run}-${each}`);
      wish.metadata.labels = { run };
      await court.server.create(court.type, wish);
    }
    const options = { namespace: court.namespace, limit: 2 };
    const seen: string[] = [];
    let page = await court.server.list<Widget>(court.type, options);
    const version = page.metadata.resourceVersion;
    expect(page.metadata.remainingItemCount).toBeGreaterThanOrEqual(3);
    await court.create(`${run}-6`);
    for (;;) {
      expect(page.items.length).toBeLessThanOrEqual(2);
      expect(page.metadata.resourceVersion).toBe(version);
      seen.push(...page.items.map(({ metadata }) => metadata.name));
      if (!page.metadata.continue) break;
      page = await court.server.list<Widget>(court.type, { ...options, continue: page.metadata.continue });
    }
    expect(seen.filter((name) => name.startsWith(run))).toEqual([1, 2, 3, 4, 5].map((each) => `${run}-${each}`));
    expect(page.metadata.continue ?? '').toBe('');
  });

  court.it('refuses a continue token that it did not give', async () => {
    const error = await refusal(court.server.list(court.type, { limit: 2, continue: 'nonsense' }));
    expect(error).toMatchObject({ statusReason: 'BadRequest', code: 400 });
    expect(error.message).toContain('continue key is not valid');
  });

  court.it('selects by labels in every form', async () => {
    const run = court.name('sel');
    const web = await labelled({ run, app: 'web', tier: 'front' });
    const db = await labelled({ run, app: 'db' });
    const bare = await labelled({ run });
    const cases: [selector: string, expected: string[]][] = [
      ['app=web', [web]],
      ['app==web', [web]],
      ['app!=web', [db, bare]],
      ['app in (web, db)', [web, db]],
      ['app notin (web)', [db, bare]],
      ['tier', [web]],
      ['!tier', [db, bare]],
      ['app=web,tier=front', [web]],
      ['app=web,tier=back', []],
    ];
    for (const [selector, expected] of cases) {
      const found = await names(court, { labelSelector: `run=${run},${selector}` });
      expect([selector, ...found.sort()]).toEqual([selector, ...expected.sort()]);
    }
  });

  court.it('selects by name and namespace', async () => {
    const { metadata } = await court.create();
    expect(await names(court, { fieldSelector: `metadata.name=${metadata.name}` })).toEqual([metadata.name]);
    expect(await names(court, { fieldSelector: `metadata.name!=${metadata.name}` })).not.toContain(metadata.name);
    const everywhere = await court.server.list<Widget>(court.type, {
      fieldSelector: `metadata.namespace=${court.namespace},metadata.name=${metadata.name}`,
    });
    expect(everywhere.items).toHaveLength(1);
  });

  court.it('refuses selectors that it cannot understand', async () => {
    const labels = await refusal(court.server.list(court.type, { labelSelector: 'a in' }));
    expect(labels).toMatchObject({ statusReason: 'BadRequest', code: 400 });
    const fields = await refusal(court.server.list(court.type, { fieldSelector: 'spec.size=1' }));
    expect(fields).toMatchObject({ statusReason: 'BadRequest', code: 400 });
    expect(fields.message).toContain('field label not supported: spec.size');
  });

  court.it('lists one namespace or all', async () => {
    const other = `${court.namespace}-other`;
    await court.server.create(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: other } });
    const wish = court.widget(court.name('far'));
    wish.metadata.namespace = other;
    await court.server.create(court.type, wish);
    const inOther = await court.server.list<Widget>(court.type, { namespace: other });
    expect(inOther.items.map(({ metadata }) => metadata.name)).toEqual([wish.metadata.name]);
    expect(await names(court, {})).not.toContain(wish.metadata.name);
    const all = await court.server.list<Widget>(court.type);
    expect(all.items.map(({ metadata }) => metadata.name)).toContain(wish.metadata.name);
    await court.server.delete(NAMESPACE, { name: other });
  });

  court.it('selects Events by what they are about', async () => {
    const EVENT = { ...CONFIG_MAP, kind: 'Event', plural: 'events' };
    const event = (name: string, about: string, reason: string) => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace: court.namespace },
      involvedObject: { kind: 'Widget', name: about, namespace: court.namespace },
      reason,
      type: 'Normal',
    });
    await court.server.create(EVENT, event('e1', 'one', 'Done'));
    await court.server.create(EVENT, event('e2', 'two', 'Done'));
    await court.server.create(EVENT, event('e3', 'two', 'Failed'));
    const { items } = await court.server.list(EVENT, {
      namespace: court.namespace,
      fieldSelector: 'involvedObject.name=two,reason=Done,involvedObject.kind=Widget,type=Normal',
    });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['e2']);
  });
});
