import type { Environment } from '@marcbachmann/cel-js';
import { ProcessorLimit } from '../../../kit/limits/processor-limit.js';
import type { UntypedObject } from '../../../kit/resource/object.js';
import type { StatusCause } from '../../api-server/status.js';
import type { StructuralSchema } from '../catalogue.js';
import { celEnvironment } from './cel/cel-environment.js';
import { evaluateRules } from './cel/evaluate-rules.js';
import { applyDefaults, defaultField, type Nulls, yields } from './defaults.js';
import { pruneMetadata } from './metadata-fields.js';
import { pruneField } from './prune.js';
import { type SchemaNode, schemaNode } from './schema-node.js';
import { validate } from './validate.js';

/** The envelope has the same shape in every kind and is looked after elsewhere. */
const ENVELOPE = new Set(['apiVersion', 'kind', 'metadata']);
/** With one of these, rules would speak about values they cannot read. */
const BLOCKING = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);
const NOT_CHECKED: StatusCause = {
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
  field: '<nil>',
};

/** Of the processor, for all patterns and rules of one object. */
const LIMIT_MS = 500;
const TOO_SLOW: StatusCause = {
  reason: 'FieldValueInvalid',
  message: `Invalid value: null: the patterns and rules of the definition took longer than ${LIMIT_MS} ms: write them without nested repetitions`,
  field: '<nil>',
};

/** The schema of a kind: prunes, fills in defaults and validates whole objects. Prepared once, at first use. */
export class ObjectSchema {
  private prepared?: SchemaNode;
  private environment?: Environment;
  private limit?: ProcessorLimit;
  private slow?: boolean;

  constructor(
    private readonly schema: StructuralSchema,
    private readonly statusSubresource: boolean,
    private readonly author: 'house' | 'stranger' = 'house',
  ) {}

  get root(): SchemaNode {
    this.prepared ??= schemaNode(this.schema);
    return this.prepared;
  }

  /**
   * Prunes, then fills in defaults, in place. `main` leaves the status alone when it is a subresource, `status` touches
   * nothing else. Returns the paths of the fields that were dropped.
   */
  prepare(object: UntypedObject, part: 'main' | 'status' = 'main', nulls: Nulls = 'drop'): string[] {
    const { root } = this;
    const unknown: string[] = [];
    if (part === 'main') pruneMetadata(object.metadata, unknown);
    for (const field of Object.keys(object)) {
      if (this.touches(field, part)) pruneField(root, object, field, '', unknown);
    }
    for (const [field, node] of root.properties) {
      if (!this.touches(field, part)) continue;
      if (object[field] === null && yields(node, nulls)) delete object[field];
      else if (object[field] !== undefined) applyDefaults(node, object[field], nulls);
      defaultField(node, object, field);
    }
    return unknown;
  }

  /**
   * Everything that is wrong with the object. `old` is the stored one on an update. What strangers wrote into a schema
   * gets a limit of time.
   */
  validate(object: UntypedObject, old?: UntypedObject): StatusCause[] {
    if (!this.isSlow()) return this.causes(object, old);
    this.limit ??= new ProcessorLimit(LIMIT_MS);
    return this.limit.run(() => this.causes(object, old)) ?? [TOO_SLOW];
  }

  /** Patterns and rules are all that can take long. */
  private isSlow(): boolean {
    this.slow ??=
      this.author === 'stranger' && /"(pattern|x-kubernetes-validations)":/.test(JSON.stringify(this.schema));
    return this.slow;
  }

  private causes(object: UntypedObject, old?: UntypedObject): StatusCause[] {
    const { root } = this;
    const causes: StatusCause[] = [];
    for (const field of root.schema.required ?? []) {
      if (object[field] !== undefined || ENVELOPE.has(field)) continue;
      causes.push({ reason: 'FieldValueRequired', message: 'Required value', field });
    }
    for (const [field, node] of root.properties) {
      if (ENVELOPE.has(field) || object[field] === undefined) continue;
      validate(node, object[field], old?.[field], field, causes);
    }
    if (!root.ruled) return causes;
    if (causes.some((cause) => BLOCKING.has(cause.reason))) return [...causes, NOT_CHECKED];
    this.environment ??= celEnvironment();
    evaluateRules(this.environment, root, object, old, '', causes);
    return causes;
  }

  /** The schema of one top-level field, for walks that start there. */
  field(name: string): SchemaNode | undefined {
    return this.root.properties.get(name);
  }

  private touches(field: string, part: 'main' | 'status'): boolean {
    if (ENVELOPE.has(field)) return false;
    if (!this.statusSubresource) return true;
    return (field === 'status') === (part === 'status');
  }
}
