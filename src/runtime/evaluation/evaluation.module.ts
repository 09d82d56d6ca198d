import { Module } from '@nestjs/common';
import { EvaluationRunner } from '../../reconcilers/evaluation/evaluation-runner.js';
import { RuntimeModule } from '../runtime.module.js';
import { Evaluations } from './evaluations.js';

/** Provides `EvaluationRunner`. Expects what `RuntimeModule` expects, and the registry of extensions. */
@Module({
  imports: [RuntimeModule],
  providers: [Evaluations, { provide: EvaluationRunner, useExisting: Evaluations }],
  exports: [EvaluationRunner, Evaluations],
})
export class EvaluationModule {}
