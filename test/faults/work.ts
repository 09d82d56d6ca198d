/** How many acts one run makes, one after the other. */
export const ACTS = 3;
const THINK_MS = 100;
/** For messages over HTTP. One word, which streams do not part; with a thought that is nearly always under way. */
export const AT_THE_DOOR = { name: 'at-the-door', answer: 'Present.', thinkMs: 500 };

const object = (kind: string, name: string, spec: object) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind,
  metadata: { name },
  spec,
});

/** An agent whose scripted model acts three times, one act after the other, and then says so. */
export function workManifests(url: string): { plural: string; object: object }[] {
  const act = (step: number) => [{ name: 'act', arguments: { step } }];
  const script = [
    { match: 'work', toolCalls: act(1), delayMs: THINK_MS },
    ...Array.from({ length: ACTS - 1 }, (_, i) => ({
      afterTool: `act ${i + 1} done`,
      toolCalls: act(i + 2),
      delayMs: THINK_MS,
    })),
    { afterTool: `act ${ACTS} done`, answer: 'all done', delayMs: THINK_MS },
  ];
  return [
    {
      plural: 'models',
      object: object('Model', 'script', {
        provider: 'scripted',
        model: { value: 's' },
        config: { scripted: { script } },
      }),
    },
    {
      plural: 'tools',
      object: object('Tool', 'act', {
        type: 'http',
        description: 'Acts',
        inputSchema: { type: 'object', properties: { step: { type: 'integer' } }, required: ['step'] },
        http: { url: `${url}/acts/{step}`, method: 'POST' },
      }),
    },
    {
      plural: 'agents',
      object: object('Agent', 'worker', {
        prompt: 'You work.',
        modelRef: { name: 'script' },
        tools: [{ type: 'custom', name: 'act' }],
      }),
    },
    ...atTheDoor(),
  ];
}

function atTheDoor() {
  const { name, answer, thinkMs: delayMs } = AT_THE_DOOR;
  const config = { scripted: { script: [{ match: 'there', answer, delayMs }] } };
  return [
    { plural: 'models', object: object('Model', name, { provider: 'scripted', model: { value: 's' }, config }) },
    { plural: 'agents', object: object('Agent', name, { prompt: 'You answer.', modelRef: { name } }) },
  ];
}
