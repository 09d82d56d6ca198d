import { describe, expect, it } from '@jest/globals';
import { compileJsonPath } from './json-path.js';

const agent = {
  metadata: { name: 'a', annotations: { 'ex.io/role': 'boss' } },
  spec: {
    model: 'm',
    tools: [
      { name: 'x', port: 80 },
      { name: 'y', port: 443, on: true },
    ],
  },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: "It's", status: 'no' },
    ],
  },
};

describe('a JSONPath of a printer column', () => {
  it.each<[string, unknown[]]>([
    ['.spec.model', ['m']],
    ['{.spec.model}', ['m']],
    ['$.spec.model', ['m']],
    [".metadata.annotations['ex.io/role']", ['boss']],
    ['.metadata.annotations.ex\\.io/role', ['boss']],
    ['.spec.tools[0].name', ['x']],
    ['.spec.tools[-1].name', ['y']],
    ['.spec.tools[*].name', ['x', 'y']],
    ['.spec.tools[0:1].name', ['x']],
    ['.spec.tools[?(@.port>100)].name', ['y']],
    ['.spec.tools[?(@.on)].name', ['y']],
    ['.spec.tools[?(@.on==true)].name', ['y']],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    [".status.conditions[?(@.type=='Ready')].status", ['True']],
    ['.status.conditions[?(@.type=="It\'s")].status', ['no']],
    ['.status.conditions[?(@.type!="Ready")].status', ['no']],
    ['..name', ['a', 'x', 'y']],
    ['.metadata.annotations.*', ['boss']],
    ['.spec.absent.deeper', []],
    ['.spec.model.length', []],
    ['.constructor', []],
  ])('%s finds what kubectl finds', (path, found) => {
    expect(compileJsonPath(path)(agent)).toEqual(found);
  });

  it('that cannot be read names the place', () => {
    expect(() => compileJsonPath('.spec[?(')).toThrow(/\.spec\[\?\(.* cannot be read from .*\[\?\(/);
  });
});
