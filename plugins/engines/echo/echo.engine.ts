import { setTimeout as wait } from 'node:timers/promises';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import {
  type Engine,
  type EngineEvent,
  type ExecutionContext,
  ExecutionEngine,
  type ExecutionRequest,
  text,
} from 'nest-ark';

/** Settings of an agent on the echo engine: `spec.executionEngine.options`. */
export class EchoOptions {
  /** Said before the echo. */
  @IsOptional()
  @IsString()
  prefix = '';

  /** Milliseconds of silence between two words. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(60_000)
  delayMs = 0;
}

/** Says what it hears, word by word. For first steps, tests and load measurements. */
@ExecutionEngine({ name: 'echo', description: 'Says again what the user says, word by word', options: EchoOptions })
export class EchoEngine implements Engine<EchoOptions> {
  async *execute(request: ExecutionRequest<EchoOptions>, context: ExecutionContext): AsyncIterable<EngineEvent> {
    const { prefix, delayMs } = request.options;
    let first = true;
    for (const word of words(prefix + request.userInput.content)) {
      if (!first && delayMs > 0) await wait(delayMs, undefined, { signal: context.signal });
      context.signal.throwIfAborted();
      first = false;
      yield text(word);
    }
  }
}

/** Words with the white space that follows them: joined again they are the text. */
const words = (value: string): string[] => value.match(/\s*\S+\s*|\s+/g) ?? [];
