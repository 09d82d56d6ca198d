import { describe, expect, it } from '@jest/globals';
import type { UntypedObject } from '../../../kit/resource/object.js';
import { fieldSelector } from './field-selector.js';
import { labelSelector } from './label-selector.js';

describe('a label selector', () => {
  const labels = { app: 'web', tier: 'front', 'ex.io/rank': '7' };

  it.each([
    ['app=web', true],
    ['app==web', true],
    ['app=db', false],
    ['app!=db', true],
    ['absent!=x', true],
    ['app in (web, db)', true],
    ['app in (db)', false],
    ['app notin (db)', true],
    ['absent notin (db)', true],
    ['absent in (db)', false],
    ['app', true],
    ['absent', false],
    ['!absent', true],
    ['!app', false],
    ['ex.io/rank>5', true],
    ['ex.io/rank<5', false],
    ['absent>5', false],
    ['app=web,tier!=back,!absent', true],
    ['app=web,tier=back', false],
    ['empty=', false],
    ['', true],
  ])('reads %s', (text, matches) => {
    expect(labelSelector(text)(labels)).toBe(matches);
  });

  it.each([
    ['a b c', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['x in (a', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['=x', "found '=', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a===b', "unable to parse requirement: found '=', expected: identifier"],
    ['a ~ b', "unable to parse requirement: found '~', expected: in, notin, =, ==, !=, gt, lt"],
    ['-a', expect.stringContaining('<nil>: Invalid value: "-a": name part must consist of')],
    ['a~=b', expect.stringContaining('Invalid value: "a~"')],
    ['a/b/c=d', expect.stringContaining('a valid label key must consist of')],
    ['a=b;c', expect.stringContaining('values[0][a]: Invalid value: "b;c": a valid label must be')],
    ['a in (-b)', expect.stringContaining('values[0][a]: Invalid value: "-b"')],
    ['a>x', expect.stringContaining('values[0]: Invalid value: "x": for')],
  ])('refuses %s', (text, message) => {
    expect(() => labelSelector(text)).toThrow(expect.objectContaining({ statusReason: 'BadRequest', message }));
  });
});

describe('a field selector', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'one', namespace: 'team' },
    involvedObject: { kind: 'Agent' },
  } as UntypedObject;

  it.each([
    ['metadata.name=one', true],
    ['metadata.name!=one', false],
    ['metadata.name==one,metadata.namespace=team', true],
    ['involvedObject.kind=Agent', true],
    ['involvedObject.kind=Team', false],
  ])('reads %s', (text, matches) => {
    expect(fieldSelector(text, ['involvedObject.kind'])(object)).toBe(matches);
  });

  it('refuses a field that the kind does not offer', () => {
    expect(() => fieldSelector('spec.x=1')).toThrow('field label not supported: spec.x');
  });

  it.each(['metadata.name=a=b', 'metadata.name=a\\xb', 'metadata.name=a\\'])('refuses the value of %s', (text) => {
    expect(() => fieldSelector(text)).toThrow(expect.objectContaining({ statusReason: 'BadRequest' }));
  });

  it('refuses a text that compares nothing', () => {
    expect(() => fieldSelector('abc')).toThrow("invalid selector: 'abc'; can't understand 'abc'");
  });
});
