import { IsInt, IsOptional, Max, Min } from 'class-validator';
import {
  type Engine,
  type EngineEvent,
  type ExecutionContext,
  ExecutionEngine,
  type ExecutionRequest,
  text,
} from 'nest-ark';
import { numbersIn, sum } from './sum.js';

/** Settings of an agent on this engine: `spec.executionEngine.options`. */
export class AbacusOptions {
  /** Digits after the point. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10)
  decimals = 0;
}

/** Adds up the numbers that it is told, and says how it came there. */
@ExecutionEngine({ name: 'abacus', description: 'Adds up the numbers it is told', options: AbacusOptions })
export class AbacusEngine implements Engine<AbacusOptions> {
  async *execute(request: ExecutionRequest<AbacusOptions>, context: ExecutionContext): AsyncIterable<EngineEvent> {
    const numbers = numbersIn(request.userInput.content);
    context.signal.throwIfAborted();
    if (numbers.length === 0) yield text('nothing');
    for (const [index, number] of numbers.entries()) {
      context.signal.throwIfAborted();
      yield text(index === 0 ? String(number) : ` + ${number}`);
    }
    context.signal.throwIfAborted();
    yield text(` = ${sum(numbers).toFixed(request.options.decimals)}`);
  }
}
