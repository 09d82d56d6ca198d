import { Agent, type Dispatcher, request as send } from 'undici';
import {
  type EgressRules,
  errorText,
  guardedLookup,
  invalid,
  redactor,
  refuseEgress,
  type TokenUsage,
  unavailable,
} from '../../kit/index.js';
import type { Verdict } from '../../reconcilers/evaluation/evaluation-runner.js';
import { readScore } from './score.js';

const LARGEST_ANSWER = 1 << 20;
const EXCERPT = 300;

/** The request that evaluator services of Ark understand. */
export interface WireRequest {
  type: string;
  config: object;
  parameters: Record<string, string>;
  evaluatorName: string;
}

/** Asks services that score answers: one POST of JSON, one JSON object back. */
export class ForeignEvaluators {
  private readonly connections: Agent;

  constructor(private readonly egress: EgressRules) {
    this.connections = new Agent({ connect: { lookup: guardedLookup(egress) }, headersTimeout: 0, bodyTimeout: 0 });
  }

  close(): Promise<void> {
    return this.connections.destroy();
  }

  /**
   * @param secrets what the address and the body hold that came out of Secrets
   * @throws `Unavailable` when the service fails or does not answer, `Invalid` when it refuses or answers with what
   * nobody understands; the signal's reason when it was aborted
   */
  async judge(url: URL, body: WireRequest, signal: AbortSignal, secrets: readonly string[]): Promise<Verdict> {
    const subject = `evaluator '${body.evaluatorName}' at ${url.host}`;
    refuseEgress(url, this.egress);
    const answer = await this.post(url, JSON.stringify(body), signal, subject);
    const { status } = answer;
    const text = redactor(Object.fromEntries(url.searchParams), secrets)(answer.text);
    if (status !== 200) {
      const refusal = `${subject} answered ${status}: ${text.slice(0, EXCERPT)}`;
      throw status >= 500 || status === 429 ? unavailable(refusal) : invalid(refusal);
    }
    return readVerdict(text, subject);
  }

  private async post(url: URL, body: string, signal: AbortSignal, subject: string) {
    const headers = { 'content-type': 'application/json', accept: 'application/json', 'accept-encoding': 'identity' };
    try {
      const response = await send(url, { method: 'POST', headers, body, signal, dispatcher: this.connections });
      return { status: response.statusCode, text: await textOf(response) };
    } catch (error) {
      signal.throwIfAborted();
      throw unavailable(`${subject} does not answer: ${errorText(error)}`, { cause: error });
    }
  }
}

async function textOf({ headers, body }: Pick<Dispatcher.ResponseData, 'headers' | 'body'>): Promise<string> {
  const encoding = String(headers['content-encoding'] ?? 'identity');
  if (encoding !== 'identity') {
    await body.dump();
    throw new Error(`its answer is packed (${encoding}), which nobody asked for`);
  }
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > LARGEST_ANSWER) throw new Error(`its answer is larger than ${LARGEST_ANSWER >> 20} MiB`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function readVerdict(text: string, subject: string): Verdict {
  const answer = objectOf(text);
  if (!answer) throw invalid(`${subject} answered with no JSON object: ${text.slice(0, EXCERPT)}`);
  const { score, passed, metadata, error, tokenUsage } = answer;
  if (typeof error === 'string' && error !== '') throw invalid(`${subject}: ${error}`);
  const read = readScore(score, subject);
  if (read === undefined && typeof passed !== 'boolean') throw invalid(`${subject} gave neither score nor passed`);
  const usage = usageOf(tokenUsage);
  return {
    ...(read === undefined ? {} : { score: read }),
    passed: passed === true,
    message: `${read === undefined ? 'no score' : `score ${read}`}, ${passed === true ? 'passed' : 'not passed'}`,
    metadata: textsOf(metadata),
    ...(usage ? { tokenUsage: usage } : {}),
  };
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function textsOf(metadata: unknown): Record<string, string> {
  if (typeof metadata !== 'object' || metadata === null) return {};
  const texts = Object.entries(metadata).map(([key, value]: [string, unknown]) => {
    return [key, typeof value === 'string' ? value : JSON.stringify(value)] as const;
  });
  return Object.fromEntries(texts);
}

function usageOf(usage: unknown): TokenUsage | undefined {
  const { promptTokens = 0, completionTokens = 0, totalTokens } = (usage ?? {}) as Partial<TokenUsage>;
  const total = totalTokens ?? promptTokens + completionTokens;
  const counts = [promptTokens, completionTokens, total];
  if (!counts.every((each) => Number.isSafeInteger(each) && each >= 0) || total === 0) return undefined;
  return { promptTokens, completionTokens, totalTokens: total };
}
