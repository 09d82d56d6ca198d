import { expect } from '@jest/globals';
import type { StatusCause } from '../../../src/kube/api-server/status.js';
import { type Court, refusal, underEveryJudge } from './court.js';
import type { Widget } from './widget.js';

/** What a schema refuses: the field, the reason and the words after the field's name. */
const REFUSALS: [sentence: string, spec: Record<string, unknown>, cause: StatusCause][] = [
  [
    'a number below its minimum',
    { size: 0 },
    {
      field: 'spec.size',
      reason: 'FieldValueInvalid',
      message: 'Invalid value: 0: spec.size in body should be greater than or equal to 1',
    },
  ],
  [
    'a number above its maximum',
    { size: 101 },
    {
      field: 'spec.size',
      reason: 'FieldValueInvalid',
      message: 'Invalid value: 101: spec.size in body should be less than or equal to 100',
    },
  ],
  [
    'a missing field',
    { size: undefined },
    { field: 'spec.size', reason: 'FieldValueRequired', message: 'Required value' },
  ],
  [
    'a text where a number belongs',
    { size: 'big' },
    {
      field: 'spec.size',
      reason: 'FieldValueTypeInvalid',
      message: 'Invalid value: "string": spec.size in body must be of type integer: "string"',
    },
  ],
  [
    'a fraction where an integer belongs',
    { size: 1.5 },
    {
      field: 'spec.size',
      reason: 'FieldValueTypeInvalid',
      message: 'Invalid value: "number": spec.size in body must be of type integer: "number"',
    },
  ],
  [
    'a value outside its list',
    { colour: 'pink' },
    {
      field: 'spec.colour',
      reason: 'FieldValueNotSupported',
      message: 'Unsupported value: "pink": supported values: "red", "green", "blue"',
    },
  ],
  [
    'a text that does not match',
    { slug: 'ABC' },
    {
      field: 'spec.slug',
      reason: 'FieldValueInvalid',
      message: 'Invalid value: "ABC": spec.slug in body should match \'^[a-z]+$\'',
    },
  ],
  [
    'a text that is too long',
    { slug: 'abcdefghijk' },
    { field: 'spec.slug', reason: 'FieldValueTooLong', message: 'Too long: may not be more than 10 bytes' },
  ],
  [
    'a text that is too short',
    { slug: 'a' },
    {
      field: 'spec.slug',
      reason: 'FieldValueInvalid',
      message: 'Invalid value: "a": spec.slug in body should be at least 2 chars long',
    },
  ],
  [
    'a list that is too long',
    { parts: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name })) },
    { field: 'spec.parts', reason: 'FieldValueTooMany', message: 'Too many: 5: must have at most 4 items' },
  ],
  [
    'a missing field of a list item',
    { steps: [], limits: {}, notes: { a: 1 } },
    {
      field: 'spec.notes.a',
      reason: 'FieldValueTypeInvalid',
      message: 'Invalid value: "integer": spec.notes.a in body must be of type string: "integer"',
    },
  ],
  [
    'a wrong item of a list',
    { steps: ['ok', 3] },
    {
      field: 'spec.steps[1]',
      reason: 'FieldValueTypeInvalid',
      message: 'Invalid value: "integer": spec.steps[1] in body must be of type string: "integer"',
    },
  ],
  [
    'an object where a list belongs',
    { steps: { a: 1 } },
    {
      field: 'spec.steps',
      reason: 'FieldValueTypeInvalid',
      message: 'Invalid value: "object": spec.steps in body must be of type array: "object"',
    },
  ],
  [
    'a truth where an int-or-string belongs',
    { port: true },
    {
      field: 'spec.port',
      reason: 'FieldValueTypeInvalid',
      message: 'Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"',
    },
  ],
  [
    'two items with one key',
    { parts: [{ name: 'a' }, { name: 'a' }] },
    { field: 'spec.parts[1]', reason: 'FieldValueDuplicate', message: 'Duplicate value: {"name":"a"}' },
  ],
  [
    'a set that says a thing twice',
    { tags: ['x', 'x'] },
    { field: 'spec.tags[1]', reason: 'FieldValueDuplicate', message: 'Duplicate value: "x"' },
  ],
  [
    'what breaks a rule',
    { limits: { low: 2, high: 1 } },
    { field: 'spec.limits', reason: 'FieldValueInvalid', message: 'Invalid value: low must not be above high' },
  ],
];

/** A kind is not checked further by its rules when the schema already refuses it. */
const RULES_SKIPPED = {
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing ' +
    'errors to complete validation',
  field: '<nil>',
};

underEveryJudge('The schema', (court) => {
  for (const [sentence, spec, cause] of REFUSALS) {
    court.it(`refuses ${sentence}`, async () => {
      const name = court.name();
      const error = await refusal(court.create(name, spec));
      expect(error).toMatchObject({ family: 'Invalid', statusReason: 'Invalid', code: 422 });
      expect(error.statusDetails).toMatchObject({ name, group: court.group, kind: 'Widget' });
      const causes = error.statusDetails?.causes ?? [];
      expect(causes).toContainEqual(cause);
      expect(causes.filter(({ field }) => field !== cause.field && field !== '<nil>')).toEqual([]);
      expect(error.message).toContain(`Widget.${court.group} "${name}" is invalid: `);
      expect(error.message).toContain(`${cause.field}: ${cause.message}`);
    });
  }

  court.it('lists every mistake at once, and says that rules were skipped', async () => {
    const name = court.name();
    const error = await refusal(court.create(name, { size: 'big', colour: 'pink' }));
    const texts = [
      'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
      'spec.colour: Unsupported value: "pink": supported values: "red", "green", "blue"',
      `<nil>: ${RULES_SKIPPED.message}`,
    ];
    const head = `Widget.${court.group} "${name}" is invalid: [`;
    expect(error.message.startsWith(head)).toBe(true);
    for (const each of texts) expect(error.message).toContain(each);
    expect(error.statusDetails?.causes).toHaveLength(3);
    expect(error.statusDetails?.causes).toContainEqual(RULES_SKIPPED);
  });

  court.it('fills defaults in, inside present objects only', async () => {
    const made = await court.create(court.name(), { parts: [{ name: 'a' }, { name: 'b', count: 5 }] });
    expect(made.spec).toEqual({
      size: 1,
      colour: 'red',
      parts: [
        { name: 'a', count: 1 },
        { name: 'b', count: 5 },
      ],
    });
    const nested = await court.create(court.name(), { nested: {} });
    expect(nested.spec.nested).toEqual({ deep: 'sea' });
  });

  court.it(
    'replaces a null by the default, drops it where nothing allows it and keeps it where it is allowed',
    async () => {
      const made = await court.create(court.name(), { colour: null, slug: null, maybe: null });
      expect(made.spec).toEqual({ size: 1, colour: 'red', maybe: null });
    },
  );

  court.it('prunes what it does not know, and keeps it where it is told to', async () => {
    const made = await court.server.create(court.type, {
      ...court.widget(court.name(), { what: 1, nested: { ever: 1, other: 'o' }, anything: { goes: [{ here: null }] } }),
      stray: true,
    });
    expect(made.spec).toEqual({
      size: 1,
      colour: 'red',
      nested: { deep: 'sea', other: 'o' },
      anything: { goes: [{ here: null }] },
    });
    expect('stray' in made).toBe(false);
  });

  court.it('takes numbers and texts for an int-or-string, and integers for a number', async () => {
    expect((await court.create(court.name(), { port: 80, weight: 1 })).spec).toMatchObject({ port: 80, weight: 1 });
    expect((await court.create(court.name(), { port: 'http', weight: 0.5 })).spec).toMatchObject({ port: 'http' });
  });

  court.it('holds an update to the schema', async () => {
    const made = await court.create();
    const error = await refusal(court.server.update(court.type, { ...made, spec: { size: 1000 } }));
    expect(error.statusDetails?.causes?.[0]?.field).toBe('spec.size');
  });

  court.it('holds the status to the schema', async () => {
    const made = await court.create();
    const wish = { ...made, status: { seen: 'often' } };
    const error = await refusal(court.server.update(court.type, wish, { subresource: 'status' }));
    expect(error.statusDetails?.causes?.[0]).toMatchObject({ field: 'status.seen', reason: 'FieldValueTypeInvalid' });
  });

  court.it('compares old and new by transition rules', async () => {
    const made = await court.create(court.name(), { code: 'abc' });
    const same = await court.server.update(court.type, { ...made, spec: { size: 2, code: 'abc' } });
    const error = await refusal(court.server.update(court.type, { ...same, spec: { size: 2, code: 'xyz' } }));
    expect(error.message).toBe(
      `Widget.${court.group} "${made.metadata.name}" is invalid: spec.code: Invalid value: "xyz": code is immutable`,
    );
    expect(error.statusDetails?.causes).toEqual([
      { field: 'spec.code', reason: 'FieldValueInvalid', message: 'Invalid value: "xyz": code is immutable' },
    ]);
    const without = await court.server.update<Widget>(court.type, { ...same, spec: { size: 2 } });
    expect(without.spec.code).toBeUndefined();
  });

  unknownFields(court);
});

function unknownFields(court: Court): void {
  const strange = (name: string) => court.widget(name, { what: 1, nested: { ever: 2 } });

  court.it('refuses unknown fields when asked to be strict', async () => {
    const error = await refusal(court.server.create(court.type, strange(court.name()), { fieldValidation: 'Strict' }));
    expect(error).toMatchObject({ statusReason: 'BadRequest', code: 400 });
    expect(error.message).toBe(
      'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.nested.ever", ' +
        'unknown field "spec.what"',
    );
  });

  court.it('warns of unknown fields when asked to', async () => {
    const heard: string[] = [];
    const made = await court.server.create(court.type, strange(court.name()), {
      fieldValidation: 'Warn',
      onWarning: (text) => heard.push(text),
    });
    expect(heard.sort()).toEqual(['unknown field "spec.nested.ever"', 'unknown field "spec.what"']);
    expect(made.spec.what).toBeUndefined();
  });

  court.it('looks at an object inside another like at one of its own', async () => {
    const nameless = await refusal(court.create(court.name(), { size: 1, template: { spec: {} } }));
    expect(nameless.statusDetails?.causes?.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['spec.template.apiVersion', 'spec.template.kind']),
    );
    const metadata = { name: 'x', labels: { a: 'b' }, wings: 2 };
    const template = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { any: 1 } };
    const { spec } = await court.create(court.name(), { size: 1, template });
    expect(spec.template).toEqual({ ...template, metadata: { name: 'x', labels: { a: 'b' } } });
  });

  court.it('says how many of several ways were gone', async () => {
    const error = await refusal(court.create(court.name(), { size: 1, oneWay: { left: 'a', right: 'b' } }));
    expect(error.message).toContain('must validate one and only one schema (oneOf). Found 2 valid alternatives');
  });

  court.it('reads a label without a value as the empty text', async () => {
    const widget = court.widget(court.name());
    Object.assign(widget.metadata, { labels: { team: null } });
    const { metadata } = await court.server.create(court.type, widget);
    expect(metadata.labels).toEqual({ team: '' });
  });

  court.it('names the owner whose reference is incomplete', async () => {
    const widget = court.widget(court.name());
    widget.metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: '', uid: 'u' }];
    const error = await refusal(court.server.create(court.type, widget));
    expect(error.message).toContain('metadata.ownerReferences.name: Invalid value: "": must not be empty');
  });

  court.it('prunes unknown fields silently when not asked', async () => {
    const heard: string[] = [];
    await court.server.create(court.type, strange(court.name()), { onWarning: (text) => heard.push(text) });
    expect(heard).toEqual([]);
  });

  court.it('is strict about applied and patched objects, too', async () => {
    const { metadata } = await court.create();
    const applied = court.server.apply(court.type, strange(metadata.name), {
      fieldManager: 'alice',
      fieldValidation: 'Strict',
    });
    expect((await refusal(applied)).statusReason).toMatch(/BadRequest|InternalError|Invalid/);
    const patched = court.server.patch(
      court.type,
      court.key(metadata.name),
      { type: 'merge', body: { spec: { what: 1 } } },
      { fieldValidation: 'Strict' },
    );
    const error = await refusal(patched);
    expect(error.message).toContain('unknown field "spec.what"');
  });
}
