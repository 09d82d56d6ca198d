import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';
import { servedKind } from '../testing/served-kind.js';
import { openApiV2Document } from './v2-document.js';
import { openApiV2Protobuf } from './v2-protobuf.js';

const document = openApiV2Document([servedKind()], 'test') as {
  paths: Record<string, Record<string, { consumes: string[]; parameters: object[] }>>;
  definitions: Record<string, object>;
};
const ITEM = '/apis/ex.io/v1/namespaces/{namespace}/agents/{name}';

describe('the OpenAPI 2.0 document', () => {
  it('has the parameters and bodies of operations where 2.0 has them', () => {
    const { patch } = document.paths[ITEM]!;
    expect(patch!.consumes).toContain('application/apply-patch+yaml');
    expect(patch!.parameters).toContainEqual(expect.objectContaining({ name: 'body', in: 'body', required: true }));
    expect(patch!.parameters).toContainEqual({
      name: 'fieldValidation',
      in: 'query',
      type: 'string',
      uniqueItems: true,
    });
  });

  it('refers only to definitions it has', () => {
    const text = JSON.stringify(document);
    expect(text).not.toContain('#/components');
    for (const [, name] of text.matchAll(/"#\/definitions\/([^"]+)"/g)) {
      expect(Object.keys(document.definitions)).toContain(name);
    }
  });

  it('says the same as protobuf', () => {
    const definitions = fields(openApiV2Protobuf(document), 9)[0]!;
    const named = fields(definitions, 1).map((entry) => ({
      name: fields(entry, 1)[0]!.toString(),
      schema: fields(entry, 2)[0]!,
    }));
    expect(named.map(({ name }) => name)).toEqual(Object.keys(document.definitions));
    const { schema } = named.find(({ name }) => name === 'io.ex.v1.Agent')!;
    const properties = fields(fields(schema, 25)[0]!, 1).map((entry) => fields(entry, 1)[0]!.toString());
    expect(properties.sort()).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    const extension = fields(schema, 31)[0]!;
    expect(fields(extension, 1)[0]!.toString()).toBe('x-kubernetes-group-version-kind');
    expect(JSON.parse(fields(fields(extension, 2)[0]!, 2)[0]!.toString())).toEqual([
      { group: 'ex.io', version: 'v1', kind: 'Agent' },
    ]);
  });
});

/** The bytes of every value of one length-delimited field of a message. */
function fields(message: Uint8Array, wanted: number): Buffer[] {
  const found: Buffer[] = [];
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    if (number === wanted && wire === WireType.LengthDelimited) found.push(Buffer.from(reader.bytes()));
    else reader.skip(wire, number);
  }
  return found;
}
