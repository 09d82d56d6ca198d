import { expect } from '@jest/globals';
import { refusal, underEveryJudge } from './court.js';
import { CRD, widgetDefinition } from './widget.js';

type Schema = Record<string, unknown>;

const word = (maxLength?: number): Schema => ({ type: 'string', ...(maxLength === undefined ? {} : { maxLength }) });
const list = (items: Schema, maxItems?: number): Schema => ({
  type: 'array',
  items,
  ...(maxItems === undefined ? {} : { maxItems }),
});
const map = (entry: Schema, maxProperties?: number): Schema => ({
  type: 'object',
  additionalProperties: entry,
  ...(maxProperties === undefined ? {} : { maxProperties }),
});
const integer: Schema = { type: 'integer' };
const ruled = (schema: Schema, rule: string): Schema => ({ ...schema, 'x-kubernetes-validations': [{ rule }] });

/** A field, and whether a cluster takes a rule of that cost: well below its limit, or well above. */
const CASES: [title: string, field: Schema, taken: boolean][] = [
  ['a pattern for one text', ruled(word(), "self.matches('^a+$')"), true],
  ['a pattern for each text of a list', list(ruled(word(), "self.matches('^a+$')")), false],
  ['a pattern for each of ten texts', list(ruled(word(), "self.matches('^a+$')"), 10), true],
  ['a pattern for each of forty texts', list(ruled(word(), "self.matches('^a+$')"), 40), false],
  ['a pattern for each of forty short texts', list(ruled(word(100), "self.matches('^a+$')"), 40), true],
  ['each number of a list', ruled(list(integer), 'self.all(x, x > 0)'), true],
  ['each pair of a list', ruled(list(integer), 'self.all(x, self.all(y, x <= y))'), false],
  ['each pair of a hundred', ruled(list(integer, 100), 'self.all(x, self.all(y, x <= y))'), true],
  ['each pair of five thousand', ruled(list(integer, 5000), 'self.all(x, self.exists(y, x <= y))'), false],
  ['each text of a list of texts', ruled(list(word()), "self.all(x, x.contains('ab'))"), false],
  ['each text of a short list of short texts', ruled(list(word(64), 64), "self.all(x, x.contains('ab'))"), true],
  ['each entry of a map', ruled(map(word()), "self.all(k, self[k] != '')"), true],
  ['each key of a map beside each', ruled(map(word()), 'self.all(k, self.exists(l, k != l))'), false],
  ['the length of a text', ruled(word(), 'self.size() < 10'), true],
  ['a field of each item', list(ruled({ type: 'object', properties: { n: integer } }, 'self.n > 0')), true],
];

underEveryJudge('The cost of rules', (court) => {
  for (const [title, field, taken] of CASES) {
    court.it(`is ${taken ? 'taken' : 'refused'}: ${title}`, async () => {
      const plural = court.name('dear').replace('-', '');
      const definition = widgetDefinition(court.group, plural, `D${plural.slice(1)}`);
      const { versions } = definition.spec as { versions: object[] };
      Object.assign(versions[0] ?? {}, {
        schema: {
          openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { field } } } },
        },
        additionalPrinterColumns: [],
      });
      const asked = court.server.create(CRD, definition, { dryRun: true });
      if (taken) {
        await asked;
        return;
      }
      const { statusDetails, code } = await refusal(asked);
      expect(code).toBe(422);
      expect(statusDetails?.causes?.[0]).toMatchObject({
        reason: 'FieldValueForbidden',
        field: expect.stringMatching(/field\].*x-kubernetes-validations\[0\]\.rule$/),
        message: expect.stringMatching(
          /^Forbidden: estimated rule cost exceeds budget by factor of (more than 100|1\.\d{6}|\d+\.\d)x \(try simplifying the rule/,
        ),
      });
    });
  }

  /** Fields with a rule each that costs a little more than a quarter of what one may. */
  const together = (count: number) => {
    const dear = list(ruled(word(), "self.matches('^a$')"), 9);
    const definition = widgetDefinition(court.group, court.name('sum').replace('-', ''), 'Sum');
    const { versions } = definition.spec as { versions: object[] };
    const fields = Array.from({ length: count }, (_, i) => [`f${i}`, dear] as const);
    Object.assign(versions[0] ?? {}, {
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: { spec: { type: 'object', properties: Object.fromEntries(fields) } },
        },
      },
      additionalPrinterColumns: [],
    });
    return court.server.create(CRD, definition, { dryRun: true });
  };

  court.it('is counted together, too', async () => {
    await together(30);
    const { statusDetails, code } = await refusal(together(40));
    expect(code).toBe(422);
    const causes = statusDetails?.causes ?? [];
    const sum = causes.filter(({ field }) => field?.endsWith('openAPIV3Schema'));
    expect(sum.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of \d/,
      ),
    ]);
    const dearest = causes.filter(({ field }) => field?.endsWith('x-kubernetes-validations[0].rule'));
    expect(dearest.map(({ message }) => message)).toEqual(
      Array.from({ length: 4 }, () => expect.stringContaining('contributed to estimated rule cost total exceeding')),
    );
  });
});
