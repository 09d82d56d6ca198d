import { ModelServer } from './model-server/model-server.js';
import { openAIFormat } from './model-server/openai-format.js';
import { type A2aCall, ScriptedA2aServer } from './scripted-a2a-server.js';

const FACTS = { taskId: 'telling', contextId: 'theirs' };
const working = { kind: 'task', id: FACTS.taskId, contextId: FACTS.contextId, status: { state: 'working' } };
const piece = (text: string, append: boolean) => ({
  ...{ ...FACTS, kind: 'artifact-update', append, lastChunk: append },
  artifact: { artifactId: 'answer', parts: [{ kind: 'text', text }] },
});

/** On the card of the agent. */
export const TELLING = { id: 'tell', name: 'Telling', description: 'Tells two words', tags: ['words'] };

/**
 * A model, and an agent of an A2A server elsewhere: both answer `ONE TWO` in a stream, and say the second word only when
 * a reader has heard the first. Whoever keeps words back until the answer ends never hears the end.
 */
export class WaitingSpeakers {
  private hearing = Promise.withResolvers<void>();

  private constructor(
    readonly model: ModelServer,
    readonly far: ScriptedA2aServer,
  ) {
    model.beforeNextWord = () => this.hearing.promise;
    far.onCall = (call) => void this.tell(call);
  }

  static async listen(): Promise<WaitingSpeakers> {
    const card = (url: string) => ({
      ...{ name: 'Far Teller', description: 'Tells', url, version: '1', protocolVersion: '0.3.0' },
      ...{ capabilities: { streaming: true }, skills: [TELLING] },
    });
    return new WaitingSpeakers(await ModelServer.listen(openAIFormat), await ScriptedA2aServer.listen(card));
  }

  /** The first word has arrived: the second may be said. */
  heard(): void {
    this.hearing.resolve();
  }

  /** From now on it is waited for a reader again. */
  again(): void {
    this.hearing = Promise.withResolvers<void>();
  }

  async close(): Promise<void> {
    await Promise.all([this.model.close(), this.far.close()]);
  }

  private async tell(call: A2aCall): Promise<void> {
    // One who asks besides how far it is.
    if (call.method !== 'message/stream') return call.result(working);
    call.event(working);
    call.event(piece('ONE ', false));
    await this.hearing.promise;
    call.event(piece('TWO', true));
    call.event({ ...FACTS, kind: 'status-update', status: { state: 'completed' }, final: true });
    call.end();
  }
}
