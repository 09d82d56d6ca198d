import { describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { type Engine, type EngineEvent, Engines, ExecutionEngine, extensionMark, text } from '../../kit/index.js';
import type { Extension } from '../loader/extension.js';
import { ExtensionsModule } from './extensions.module.js';

@Injectable()
class Greeting {
  word = 'hello';
}

@ExecutionEngine({ name: 'greeter', description: 'Greets' })
class Greeter implements Engine {
  constructor(
    readonly greeting: Greeting,
    readonly others: Engines,
  ) {}

  async *execute(): AsyncIterable<EngineEvent> {
    yield text(`${this.greeting.word} from one of ${this.others.names().length}`);
  }
}

@Module({ providers: [Greeting], exports: [Greeting] })
class GreetingModule {}

const greeter: Extension = { mark: extensionMark(Greeter)!, target: Greeter, file: 'f', digest: 'd' };

const application = () =>
  Test.createTestingModule({ imports: [ExtensionsModule.register([greeter], [GreetingModule])] });

describe('the registry', () => {
  it('gives engines their dependencies and finds them by name', async () => {
    const engines = (await application().compile()).get(Engines);
    expect(engines.names()).toEqual(['greeter']);
    expect(engines.get('other')).toBeUndefined();
    const installed = engines.get('greeter')!;
    expect(installed.options.description).toBe('Greets');
    const events: EngineEvent[] = [];
    for await (const event of installed.engine.execute(undefined as never, undefined as never)) events.push(event);
    expect(events).toEqual([{ type: 'text', text: 'hello from one of 1' }]);
  });

  it('keeps two applications of one process apart', async () => {
    const [one, two] = await Promise.all([application().compile(), application().compile()]);
    expect(one.get(Engines).get('greeter')?.engine).not.toBe(two.get(Engines).get('greeter')?.engine);
  });
});
