import { type Environment, Optional, type ParseResult } from '@marcbachmann/cel-js';
import { errorText } from '../../../../kit/errors/ark-error.js';
import type { StatusCause } from '../../../api-server/status.js';
import type { StructuralSchema } from '../../catalogue.js';
import { celEnvironment } from './cel-environment.js';
import { celValue } from './cel-values.js';
import { type CelNode, estimateCost } from './cost/estimate.js';
import { mostValues } from './cost/sizes.js';

export type RuleDeclaration = NonNullable<StructuralSchema['x-kubernetes-validations']>[number];

/** What one rule may cost for one object. */
const MOST_COST = 10_000_000;

/** What all rules of a definition in one version may cost together. */
const MOST_COST_TOGETHER = 100_000_000;
/** How many of the most expensive rules are named when all together cost too much. */
const NAMED = 4;

/**
 * What a rule of a definition costs at most for one object, and why the definition may not have it, if it may not: it does
 * not compile, or it is too expensive.
 *
 * @param times how often it is asked for one object; infinite where only the size of a request bounds it
 */
export function judgeRule(rule: string, schema: StructuralSchema, times: number): { cost: number; error?: string } {
  const broken = (text: string) => ({
    cost: 0,
    error: `Invalid value: ${JSON.stringify(rule)}: compilation failed: ${text}`,
  });
  try {
    const parsed = celEnvironment().parse(rule);
    const { valid, error } = parsed.check();
    if (!valid) return broken(error?.message ?? 'it does not compile');
    const each = estimateCost(parsed.ast as CelNode, schema);
    const cost = each * (Number.isFinite(times) ? times : mostValues(schema));
    return { cost, ...(cost > MOST_COST ? { error: tooExpensive('estimated rule cost', cost / MOST_COST) } : {}) };
  } catch (error) {
    return broken(errorText(error));
  }
}

/** Why the rules of a schema cannot stay together, if they cannot: the dearest of them, and the sum. */
export function costTogether(costs: { path: string; cost: number }[], root: string): StatusCause[] {
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  if (total <= MOST_COST_TOGETHER) return [];
  const reason = 'FieldValueForbidden';
  const dearest = costs.sort((one, other) => other.cost - one.cost).slice(0, NAMED);
  const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
  return [
    ...dearest.map(({ path }) => ({
      reason,
      field: path,
      message: 'Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema',
    })),
    { reason, field: root, message: tooExpensive(what, total / MOST_COST_TOGETHER) },
  ];
}

function tooExpensive(what: string, factor: number): string {
  // Near the limit kube-apiserver says it exactly, so that nobody reads of 1.0x.
  const by = factor > 100 ? 'more than 100x' : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return (
    `Forbidden: ${what} exceeds budget by factor of ${by} (try simplifying the rule, or adding maxItems, ` +
    'maxProperties, and maxLength where arrays, maps, and strings are declared)'
  );
}

/** One `x-kubernetes-validations` entry, compiled when it is needed first. */
export class CelRule {
  /** Whether the rule speaks of the old value. */
  readonly isTransition: boolean;
  /** Whether it is asked even when there is no old value. */
  readonly optionalOldSelf: boolean;
  private program?: ParseResult;
  private messageProgram?: ParseResult;

  constructor(
    private readonly declaration: RuleDeclaration,
    private readonly schema: StructuralSchema,
  ) {
    this.optionalOldSelf = declaration.optionalOldSelf === true;
    this.isTransition = /\boldSelf\b/.test(declaration.rule);
  }

  /** The cause when the rule does not hold. */
  evaluate(environment: Environment, value: unknown, old: unknown, path: string): StatusCause | undefined {
    const context: Record<string, unknown> = { self: celValue(this.schema, value) };
    if (this.isTransition) context.oldSelf = this.oldSelf(old);
    this.program ??= environment.parse(this.declaration.rule);
    try {
      if (this.program(context) === true) return undefined;
    } catch (error) {
      const text = `${errorText(error).split('\n')[0]} evaluating rule: ${this.declaration.message ?? this.declaration.rule}`;
      return this.cause(value, path, text);
    }
    return this.cause(value, path, this.message(environment, context));
  }

  private oldSelf(old: unknown): unknown {
    if (!this.optionalOldSelf) return celValue(this.schema, old);
    return old === undefined ? Optional.none() : Optional.of(celValue(this.schema, old));
  }

  private message(environment: Environment, context: Record<string, unknown>): string {
    const { messageExpression, message, rule } = this.declaration;
    if (messageExpression) {
      try {
        this.messageProgram ??= environment.parse(messageExpression);
        const text: unknown = this.messageProgram(context);
        if (typeof text === 'string' && text.trim() !== '') return text;
      } catch {
        // A message that cannot be made falls back to the fixed one, as in the real server.
      }
    }
    return message ?? `failed rule: ${rule}`;
  }

  private cause(value: unknown, path: string, text: string): StatusCause {
    const { fieldPath, reason = 'FieldValueInvalid' } = this.declaration;
    const field = fieldPath ? `${path}${fieldPath}` : path;
    return { reason, field: field || '<nil>', message: words(reason, value, text) };
  }
}

function words(reason: string, value: unknown, text: string): string {
  if (reason === 'FieldValueForbidden') return `Forbidden: ${text}`;
  if (reason === 'FieldValueRequired') return `Required value: ${text}`;
  const shown = typeof value === 'object' ? '' : `${JSON.stringify(value)}: `;
  return reason === 'FieldValueDuplicate' ? `Duplicate value: ${shown}${text}` : `Invalid value: ${shown}${text}`;
}
