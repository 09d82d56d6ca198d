/** How a scalar of a protobuf message becomes JSON. */
export type Scalar = 'string' | 'int' | 'bool' | 'bytes' | 'time' | 'microTime' | 'intOrString';

export type FieldType = Scalar | MessageTable;

export interface Field {
  name: string;
  type: FieldType;
  repeated?: boolean;
  /** A map from text to `type`. */
  map?: boolean;
  /** A pointer in Go: its zero value was set on purpose and is kept. */
  optional?: boolean;
}

/** The fields of one message, by field number. */
export interface MessageTable {
  fields: Record<number, Field>;
}

/** `one` value. Zero values of scalars are left out, as Go's JSON does with `omitempty`. */
export const one = (name: string, type: FieldType): Field => ({ name, type });
/** A value that is kept even when it is zero. */
export const pointer = (name: string, type: FieldType): Field => ({ name, type, optional: true });
export const many = (name: string, type: FieldType): Field => ({ name, type, repeated: true });
export const mapOf = (name: string, type: FieldType): Field => ({ name, type, map: true });
export const message = (fields: Record<number, Field>): MessageTable => ({ fields });
