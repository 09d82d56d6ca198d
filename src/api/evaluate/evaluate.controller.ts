import { Body, Controller, HttpCode, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { canceled, readOptions } from '../../kit/index.js';
import { Needs } from '../../machinery/http/route-access.js';
import type { EvaluationConfig } from '../../resources/evaluation/evaluation-config.js';
import { type CostAmount, spentStatus } from '../../resources/shared/spent.js';
import type { TokenCounts } from '../../resources/shared/token-counts.js';
import { Evaluations } from '../../runtime/evaluation/evaluations.js';
import { RequestNamespace } from '../request-namespace.js';
import { EvaluateBody } from './evaluate-body.js';

/** What evaluator services of Ark answer. */
export interface EvaluateAnswer {
  /** From 0 to 1, as text. */
  score: string | null;
  passed: boolean;
  metadata: Record<string, string>;
  error: null;
  tokenUsage?: TokenCounts;
  cost?: CostAmount[];
}

/** The names of Ark's own service; no plugin has them. */
const ARKS_OWN = ['', 'ark', 'default'];

function pluginFor(type: EvaluateBody['type'], provider = ''): string {
  if (!ARKS_OWN.includes(provider)) return provider;
  return type === 'event' ? 'rules' : 'judge';
}

/** The evaluators of this process as the service that Ark's Evaluators name in their address. */
@Controller('evaluate')
export class EvaluateController {
  constructor(
    private readonly evaluations: Evaluations,
    private readonly namespaces: RequestNamespace,
  ) {}

  /**
   * Judges one thing: `{"type": "direct" | "query" | "baseline" | "event", "config": {…}, "parameters": {…}}`, where
   * `config` is that of an Evaluation. The parameter `provider` names an installed evaluator; without one the model
   * judges, and rules where the type is `event`. Answers `{"score", "passed", "metadata", "error", "tokenUsage"?, "cost"?}`.
   *
   * @example
   * curl localhost:8080/evaluate -H 'content-type: application/json' \
   *   -d '{"type":"direct","config":{"input":"2+2?","output":"4"},"parameters":{"model.name":"judge"}}'
   */
  @Post()
  @HttpCode(200)
  @Needs('use', 'every')
  async evaluate(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query('namespace') given?: string,
  ): Promise<EvaluateAnswer> {
    const { type, config, parameters, evaluatorName: name } = readOptions(EvaluateBody, body, 'the body');
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort(canceled('the client closed the connection')));
    const asked = { name, namespace: this.namespaces.read(given), parameters };
    const spec = { type, config: config as EvaluationConfig };
    const verdict = await this.evaluations.judge(pluginFor(type, parameters.provider), spec, asked, gone.signal);
    const { score = null, passed, metadata, tokenUsage } = verdict;
    return { score, passed, metadata, error: null, ...spentStatus(tokenUsage) };
  }
}
