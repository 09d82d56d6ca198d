import { expect } from '@jest/globals';
import type { ResourceType } from '../../../src/kit/resource/resource.js';
import type { StatusCause } from '../../../src/kube/api-server/status.js';
import { type Court, refusal, underEveryJudge } from './court.js';
import { type Widget, widgetDefinition } from './widget.js';

const text = { type: 'string', maxLength: 64 };
const integer = { type: 'integer' };
const texts = { type: 'array', maxItems: 8, items: text };
const map = { type: 'object', maxProperties: 8, additionalProperties: text };
const point = { type: 'object', properties: { x: integer, y: integer, name: text } };

interface RuleCase {
  schema: Record<string, unknown>;
  rule: string;
  good: unknown[];
  bad: unknown[];
  /** More of `x-kubernetes-validations`. */
  more?: Record<string, unknown>;
  /** What the refusal of the first bad value says; default: the reason and the message `broken`. */
  cause?: Partial<StatusCause>;
}

/** One field for each rule; the field's name is the key. */
const RULES: Record<string, RuleCase> = {
  presence: {
    schema: point,
    rule: 'has(self.x) != has(self.y)',
    good: [{ x: 1 }, { y: 1 }],
    bad: [{}, { x: 1, y: 2 }],
  },
  arithmetic: { schema: integer, rule: 'self % 2 == 0 && self * 3 - 1 > 0', good: [2, 4], bad: [3, 0] },
  division: { schema: integer, rule: 'self / 2 == 2', good: [4, 5], bad: [6, 3] },
  fractions: { schema: { type: 'number' }, rule: 'self > 0.5 && self <= 2.0', good: [0.75, 2, 1], bad: [0.5, 3] },
  ternary: { schema: text, rule: "self == 'a' ? true : self == 'b'", good: ['a', 'b'], bad: ['c'] },
  membership: { schema: text, rule: "self in ['a', 'b']", good: ['a'], bad: ['c'] },
  patterns: { schema: text, rule: "self.matches('^[a-z]+(-[0-9]{2})?$')", good: ['ab', 'ab-12'], bad: ['ab-1', 'A'] },
  strings: {
    schema: text,
    rule: "self.startsWith('a') && self.endsWith('z') && self.contains('m') && self.size() < 6",
    good: ['amz', 'a_m_z'],
    bad: ['amzz__', 'am'],
  },
  extended: {
    schema: text,
    rule: "self.lowerAscii().replace('-', '').trim().substring(0, 1) == 'a' && self.split(',').size() == 2",
    good: ['-A,b', ' a,'],
    bad: ['a', 'b,a'],
  },
  characters: { schema: text, rule: 'size(self) == 2', good: ['ab', 'üé', '🙂🙂'], bad: ['🙂', 'abc'] },
  lists: {
    schema: texts,
    rule: "self.all(each, each != '') && !self.exists(each, each == 'no') && self.exists_one(each, each == 'one')",
    good: [['one'], ['one', 'two']],
    bad: [['two'], ['one', 'one'], ['one', 'no'], ['one', '']],
  },
  shapes: {
    schema: texts,
    rule: "self.filter(each, each.startsWith('a')).map(each, each.size()) == [1, 2]",
    good: [['a', 'b', 'ab']],
    bad: [['ab', 'a'], []],
  },
  keys: {
    schema: map,
    rule: "self.all(key, key.startsWith('k') && self[key] != '') && 'k1' in self",
    good: [{ k1: 'a', k2: 'b' }],
    bad: [{ k2: 'a' }, { k1: '' }, { k1: 'a', x: 'b' }],
  },
  durations: {
    schema: { ...text, format: 'duration' },
    rule: "self > duration('1s') && self <= duration('1h30m')",
    good: ['2s', '90m'],
    bad: ['1s', '2h'],
  },
  spans: { schema: text, rule: "duration(self) > duration('0s')", good: ['5m', '1.5h', '100ms'], bad: ['0s', '-1m'] },
  times: {
    schema: { ...text, format: 'date-time' },
    rule: "self > timestamp('2020-01-01T00:00:00Z')",
    good: ['2024-05-06T07:08:09Z', '2024-05-06T07:08:09.5+02:00'],
    bad: ['2019-12-31T23:59:59Z'],
  },
  urls: {
    schema: text,
    rule: "isURL(self) && url(self).getScheme() == 'https' && url(self).getHostname() == 'a.example'",
    good: ['https://a.example/x?y=z', 'https://a.example:8443'],
    bad: ['http://a.example', 'nonsense', 'https://b.example'],
  },
  quantities: {
    schema: text,
    rule: "isQuantity(self) && quantity(self).isGreaterThan(quantity('500m'))",
    good: ['1', '2Gi', '501m'],
    bad: ['500m', 'much'],
  },
  finds: { schema: text, rule: "self.find('[0-9]+') == '42'", good: ['a42b', '42'], bad: ['a4', '7 42'] },
  sums: {
    schema: { ...texts, items: integer },
    rule: 'self.sum() == 6 && self.isSorted()',
    good: [[1, 2, 3]],
    bad: [[3, 2, 1], [1]],
  },
  optional: {
    schema: point,
    rule: "self.?name.orValue('none') == 'none' || self.?x.hasValue()",
    good: [{}, { name: 'a', x: 1 }],
    bad: [{ name: 'a' }],
  },
  eitherPort: {
    schema: { 'x-kubernetes-int-or-string': true },
    rule: "type(self) == string ? self == 'http' : self < 1024",
    good: ['http', 80],
    bad: ['https', 8080],
  },
  worded: {
    schema: text,
    rule: "self == 'a'",
    more: { message: 'unused', messageExpression: "'must be a, is ' + self" },
    good: ['a'],
    bad: ['b'],
    cause: { message: 'Invalid value: "b": must be a, is b', reason: 'FieldValueInvalid' },
  },
  forbidden: {
    schema: point,
    rule: '!has(self.x)',
    more: { reason: 'FieldValueForbidden', fieldPath: '.x', message: 'x is not for you' },
    good: [{}],
    bad: [{ x: 1 }],
    cause: { field: 'spec.forbidden.x', reason: 'FieldValueForbidden', message: 'Forbidden: x is not for you' },
  },
  wordless: {
    schema: integer,
    rule: 'self > 0',
    more: { message: undefined },
    good: [1],
    bad: [0],
    cause: { message: 'Invalid value: 0: failed rule: self > 0' },
  },
};

/** What the schema itself refuses before any rule is asked. */
const FORMATS: [format: string, good: string[], bad: string[]][] = [
  ['date-time', ['2024-05-06T07:08:09Z', '2024-05-06T07:08:09.123+02:00'], ['yesterday', '2024-05-06']],
  ['date', ['2024-05-06'], ['06.05.2024']],
  ['uuid', ['123e4567-e89b-42d3-a456-426614174000'], ['123']],
  ['ipv4', ['10.0.0.1'], ['10.0.0.256', '::1']],
  ['byte', ['YWJj'], ['???']],
];

function define(court: Court): {
  type: ResourceType;
  widget(name: string, spec: object): Widget;
  ready(): Promise<void>;
} {
  const plural = 'rulers';
  const kind = 'Ruler';
  const type = { ...court.type, kind, plural };
  const widget = (name: string, spec: object) => ({
    ...court.widget(name),
    kind,
    spec: spec as Record<string, unknown>,
  });
  const ready = async () => {
    const definition = widgetDefinition(court.group, plural, kind);
    const properties: Record<string, unknown> = {};
    for (const [field, { schema, rule, more }] of Object.entries(RULES)) {
      properties[field] = { ...schema, 'x-kubernetes-validations': [{ rule, message: 'broken', ...more }] };
    }
    for (const [format] of FORMATS) properties[`format-${format}`] = { ...text, format };
    properties.once = {
      ...text,
      'x-kubernetes-validations': [
        { rule: "oldSelf.orValue('') == '' || self == oldSelf.value()", message: 'once', optionalOldSelf: true },
      ],
    };
    properties.grows = {
      ...integer,
      'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'grows may only grow' }],
    };
    const spec = { type: 'object', properties };
    const rules = [
      { rule: "self.metadata.name.startsWith('r') && self.kind == 'Ruler'", message: 'names begin with r' },
    ];
    const schema = { type: 'object', properties: { spec }, 'x-kubernetes-validations': rules };
    const [version] = (definition.spec as { versions: { schema: unknown }[] }).versions;
    version!.schema = { openAPIV3Schema: schema };
    await court.define(definition, type);
  };
  return { type, widget, ready };
}

underEveryJudge('Rules', (court) => {
  const rulers = define(court);
  let defined: Promise<void> | undefined;
  const create = async (name: string, spec: object) => {
    defined ??= rulers.ready();
    await defined;
    return court.server.create(rulers.type, rulers.widget(name, spec), { dryRun: true });
  };

  for (const [field, { rule, good, bad, cause }] of Object.entries(RULES)) {
    court.it(`judge by ${rule}`, async () => {
      for (const value of good) {
        const shown = await create('r', { [field]: value });
        expect(shown.spec[field]).toEqual(value);
      }
      for (const [index, value] of bad.entries()) {
        const error = await refusal(create('r', { [field]: value }));
        expect([value, error.statusDetails?.causes?.length]).toEqual([value, 1]);
        const expected = { field: `spec.${field}`, reason: 'FieldValueInvalid', ...cause };
        const [seen] = error.statusDetails?.causes ?? [];
        if (index === 0) expect(seen).toMatchObject(expected);
        if (cause === undefined) expect(seen?.message).toMatch(/^Invalid value: (.*: )?broken$/);
      }
    });
  }

  for (const [format, good, bad] of FORMATS) {
    court.it(`leave the format ${format} to the schema`, async () => {
      const field = `format-${format}`;
      for (const value of good) expect((await create('r', { [field]: value })).spec[field]).toBe(value);
      for (const value of bad) {
        const error = await refusal(create('r', { [field]: value }));
        expect(error.message).toContain(`spec.${field} in body must be of type ${format}: "${value}"`);
      }
    });
  }

  court.it('see the name and the kind of the whole object', async () => {
    const error = await refusal(create('x', {}));
    expect(error.message).toContain('names begin with r');
  });

  court.it('compare with what was there before, if there was anything', async () => {
    await create('r', {});
    const name = court.name('r');
    const made = await court.server.create(rulers.type, rulers.widget(name, { grows: 2, once: 'a' }));
    const grown = await court.server.update(rulers.type, { ...made, spec: { grows: 3, once: 'a' } });
    const shrunk = await refusal(court.server.update(rulers.type, { ...grown, spec: { grows: 1, once: 'b' } }));
    expect(shrunk.statusDetails?.causes?.map(({ message }) => message).sort()).toEqual([
      'Invalid value: "b": once',
      'Invalid value: 1: grows may only grow',
    ]);
  });
});
