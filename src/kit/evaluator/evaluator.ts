import type { TokenUsage } from '../engine/message.js';
import { defineExtensionPoint } from '../extension/extension-point.js';
import type { Logger } from '../logger.js';
import type { ChatMessage } from '../memory/memory-backend.js';
import type { ModelClient } from '../model/model-provider.js';

/** What was asked and what was answered: the thing to judge. */
export interface Exchange {
  /** What was asked. */
  input: string;
  /** What was answered; this is judged. */
  output: string;
  /** The answer that somebody wished for. Only examples of a baseline have one. */
  expected?: string;
  /** What the answerer could know besides the input. */
  context?: string;
  /** The prompt of the agent that answered, as its manifest has it. */
  instructions?: string;
}

/** The Query behind an exchange. */
export interface EvaluatedRun {
  /** Of the Query. */
  name: string;
  namespace: string;
  /** `done`, `error` or `canceled`. */
  phase: string;
  /** How long it took; 0 where its status does not tell. */
  seconds: number;
  /** Prompt and completion together; 0 where its status does not tell. */
  tokens: number;
  target?: { type: string; name: string };
  /** What the answerer said, its tool calls and their results, in order. */
  messages: ChatMessage[];
}

/** A named test of an answer, in the language of the evaluator. */
export interface EvaluationRule {
  name: string;
  /** The test itself. */
  expression: string;
  description?: string;
  /** Share in the score. Default: 1. */
  weight?: number;
}

/** One thing to judge, with every reference resolved. Parameters may hold secrets: never log them. */
export interface EvaluationRequest {
  /** `direct`: a written pair. `query`: an answer to a Query. `baseline`: one example of a list. `event`: a Query by rules. */
  type: 'direct' | 'query' | 'baseline' | 'event';
  /** The Evaluator object's name. */
  evaluator: string;
  /** Of the Evaluation. */
  namespace: string;
  exchange: Exchange;
  /** For the types `query` and `event`. */
  run?: EvaluatedRun;
  rules: EvaluationRule[];
  /** Those of the Evaluator, overridden by those of the Evaluation. */
  parameters: Record<string, string>;
  /** From 0 to 1: the least score that passes. */
  passMark: number;
}

/** What the runtime lends an evaluator while it judges one thing. */
export interface EvaluationContext {
  /** Aborted on time-out and at shutdown. */
  signal: AbortSignal;
  logger: Logger;
  /** The model that the parameters `model.name` and `model.namespace` name; `default` of the Evaluation's namespace else. */
  model(): Promise<ModelClient>;
}

/** What an evaluator found. */
export interface EvaluationResult {
  /** From 0 to 1. */
  score: number;
  /** Default: whether the score reaches the pass mark. */
  passed?: boolean;
  /** Facts to keep beside the score. They become annotations of the Evaluation. */
  metadata?: Record<string, string>;
  /** What judging took. Absent: not told. */
  tokenUsage?: TokenUsage;
}

/**
 * Judges answers.
 *
 * Guarantees: `evaluate` is called with one exchange; calls run concurrently, so state of a call lives in the call.
 * Errors: throw `ArkError` for what the caller can act on; `Unavailable` is tried again. Its text becomes the message of
 * the Evaluation.
 */
export interface Evaluates {
  /** Judges one exchange. */
  evaluate(request: EvaluationRequest, context: EvaluationContext): Promise<EvaluationResult>;
}

/** What an evaluator says of itself. */
export interface EvaluatorOptions {
  /** What Evaluators write in `spec.address`, after `plugin:`. The file is `<name>.evaluator.ts`. */
  name: string;
  /** One sentence for people. */
  description: string;
}

/** The extension point of evaluators. */
export const evaluators = defineExtensionPoint<Evaluates, EvaluatorOptions>({
  point: 'evaluator',
  methods: ['evaluate'],
});

/**
 * Marks a class as an evaluator.
 *
 * @example
 * ```ts
 * @Evaluator({ name: 'brief', description: 'Likes short answers' })
 * export class BriefEvaluator implements Evaluates {
 *   async evaluate({ exchange }: EvaluationRequest) {
 *     return { score: exchange.output.length < 200 ? 1 : 0 };
 *   }
 * }
 * ```
 */
export const Evaluator = evaluators.decorate;

/** The evaluators installed in this process. */
export abstract class Evaluators {
  /** Undefined when none of that name is installed. */
  abstract get(name: string): Evaluates | undefined;
  abstract names(): string[];
}
