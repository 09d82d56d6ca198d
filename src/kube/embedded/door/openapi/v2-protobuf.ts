import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Writes the fields of one message. */
type Message = (writer: BinaryWriter, value: unknown) => void;
/** Writes a value with the tag of its field. */
type Field = (writer: BinaryWriter, value: unknown) => void;

/**
 * An OpenAPI 2.0 document as the message `openapi.v2.Document` of gnostic, which is the only form kubectl asks for.
 * https://github.com/google/gnostic-models/blob/main/openapiv2/OpenAPIv2.proto
 */
export function openApiV2Protobuf(document: object): Buffer {
  const writer = new BinaryWriter();
  documentMessage(writer, document);
  return Buffer.from(writer.finish());
}

const text = (number: number): Field => {
  return (writer, value) => writer.tag(number, WireType.LengthDelimited).string(String(value));
};
const flag = (number: number): Field => {
  return (writer, value) => writer.tag(number, WireType.Varint).bool(value === true);
};
const whole = (number: number): Field => {
  return (writer, value) => writer.tag(number, WireType.Varint).int64(value as number);
};
const double = (number: number): Field => {
  return (writer, value) => writer.tag(number, WireType.Bit64).double(value as number);
};
const nested = (number: number, message: Message): Field => {
  return (writer, value) => {
    writer.tag(number, WireType.LengthDelimited).fork();
    message(writer, value);
    writer.join();
  };
};
const many = (field: Field): Field => {
  return (writer, value) => {
    for (const each of value as unknown[]) field(writer, each);
  };
};
/** A map: a list of entries of a name and a value. */
const named = (number: number, message: Message): Field => {
  const entry = nested(number, (writer, pair) => {
    const [name, value] = pair as [string, unknown];
    text(1)(writer, name);
    nested(2, message)(writer, value);
  });
  return (writer, value) => {
    for (const each of Object.entries(value as object)) entry(writer, each);
  };
};
/** Any value, as YAML; JSON is YAML. */
const any: Message = (writer, value) => text(2)(writer, JSON.stringify(value));

/** A message by the names its fields have in JSON; `x-…` goes into the field for vendor extensions. */
function message(fields: Record<string, Field>, vendorExtension?: number): Message {
  const extension = vendorExtension === undefined ? undefined : named(vendorExtension, any);
  return (writer, value) => {
    for (const [name, each] of Object.entries(value as object)) {
      if (each === undefined) continue;
      if (name.startsWith('x-')) extension?.(writer, { [name]: each });
      else if (Object.hasOwn(fields, name)) fields[name]!(writer, each);
    }
  };
}

const schemaMessage: Message = (writer, value) => schemaFields(writer, value);
const additionalProperties: Message = (writer, value) => {
  if (typeof value === 'boolean') flag(2)(writer, value);
  else nested(1, schemaMessage)(writer, value);
};
const schemaFields = message(
  {
    $ref: text(1),
    format: text(2),
    title: text(3),
    description: text(4),
    default: nested(5, any),
    multipleOf: double(6),
    maximum: double(7),
    exclusiveMaximum: flag(8),
    minimum: double(9),
    exclusiveMinimum: flag(10),
    maxLength: whole(11),
    minLength: whole(12),
    pattern: text(13),
    maxItems: whole(14),
    minItems: whole(15),
    uniqueItems: flag(16),
    maxProperties: whole(17),
    minProperties: whole(18),
    required: many(text(19)),
    enum: many(nested(20, any)),
    additionalProperties: nested(21, additionalProperties),
    type: nested(22, text(1)),
    items: nested(23, nested(1, schemaMessage)),
    properties: nested(25, named(1, schemaMessage)),
    example: nested(30, any),
  },
  31,
);

const bodyParameter = message({
  description: text(1),
  name: text(2),
  in: text(3),
  required: flag(4),
  schema: nested(5, schemaMessage),
});
const queryParameter = message({
  required: flag(1),
  in: text(2),
  description: text(3),
  name: text(4),
  type: text(6),
  uniqueItems: flag(20),
});
const pathParameter = message({
  required: flag(1),
  in: text(2),
  description: text(3),
  name: text(4),
  type: text(5),
  uniqueItems: flag(19),
});
const nonBodyParameter: Message = (writer, value) => {
  const inPath = (value as { in: string }).in === 'path';
  (inPath ? nested(4, pathParameter) : nested(3, queryParameter))(writer, value);
};
const parameter: Message = (writer, value) => {
  const inBody = (value as { in: string }).in === 'body';
  (inBody ? nested(1, bodyParameter) : nested(2, nonBodyParameter))(writer, value);
};

const response = message({ description: text(1), schema: nested(2, nested(1, schemaMessage)) });
const operation = message(
  {
    description: text(3),
    produces: many(text(6)),
    consumes: many(text(7)),
    parameters: many(nested(8, nested(1, parameter))),
    responses: nested(9, named(1, nested(1, response))),
    schemes: many(text(10)),
  },
  13,
);
const pathItem = message({
  get: nested(2, operation),
  put: nested(3, operation),
  post: nested(4, operation),
  delete: nested(5, operation),
  patch: nested(8, operation),
  parameters: many(nested(9, nested(1, parameter))),
});
const apiKey = message({ type: text(1), name: text(2), in: text(3), description: text(4) });
const documentMessage = message({
  swagger: text(1),
  info: nested(2, message({ title: text(1), version: text(2) })),
  paths: nested(8, named(2, pathItem)),
  definitions: nested(9, named(1, schemaMessage)),
  security: many(nested(12, named(1, many(text(1))))),
  securityDefinitions: nested(13, named(1, nested(2, apiKey))),
});
