import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, yaml } from '../harness/manifests.js';
import { OtlpCollector } from '../harness/otlp-collector.js';
import { Runtime } from '../harness/runtime.js';

const AVAILABLE = 'jsonpath={.status.conditions[?(@.type=="Available")].status}';
const WITHIN = { within: 60_000 };
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('three runtimes in a row', () => {
  let collector: OtlpCollector;
  let far: Runtime;
  let there: Runtime;
  let here: Runtime;
  beforeAll(async () => {
    collector = await OtlpCollector.listen();
    const start = (service: string) => Runtime.start({ env: collector.env(service) });
    [far, there, here] = await Promise.all([start('far'), start('there'), start('here')]);
    await ark(far, yaml(agent('scholar', { description: 'Knows it all', executionEngine: { name: 'echo' } })));
    await hosts(there, far);
    await hosts(here, there);
  }, 180_000);
  afterAll(async () => {
    await Promise.all([far?.dispose(), there?.dispose(), here?.dispose()]);
    collector?.close();
  });

  async function ark(runtime: Runtime, input: string): Promise<void> {
    const { code, stderr } = await runtime.ark(['apply', '-f', '-'], { input });
    if (code !== 0) throw new Error(stderr);
  }

  /** Makes the scholar of one runtime an agent of another. */
  async function hosts(runtime: Runtime, neighbour: Runtime): Promise<void> {
    await ark(runtime, a2aServer('neighbour', `${neighbour.endpoints.http}/agent/scholar`));
    await available(runtime, 'scholar');
  }

  const a2aServer = (name: string, value: string) =>
    yaml({
      apiVersion: 'ark.mckinsey.com/v1prealpha1',
      kind: 'A2AServer',
      metadata: { name },
      spec: { address: { value }, pollInterval: '1s' },
    });
  const speaker = (name: string) => yaml(agent(name, { description: name, executionEngine: { name: 'echo' } }));
  const available = (runtime: Runtime, name: string) =>
    eventually(async () => {
      const { stdout } = await runtime.ark(['get', 'agent', name, '-o', AVAILABLE]);
      expect(stdout.trim()).toBe('True');
    }, WITHIN);
  const namesOf = async (runtime: Runtime) =>
    (await runtime.ark(['get', 'agents', '-o', 'jsonpath={.items[*].metadata.name}'])).stdout.split(' ');

  it('host the agents of each other: what one asks here, another answers there', async () => {
    expect(await there.ark(['agent', 'scholar', 'What is the time?'])).toMatchObject({
      code: 0,
      stdout: 'What is the time?\n',
    });
    const { stdout } = await far.ark(['get', 'queries', '-o', 'jsonpath={.items[*].spec.input}']);
    expect(stdout).toContain('What is the time?');
    const through = await there.ark(['a2a', 'send', `${there.endpoints.http}/agent/scholar/`, 'And through both?']);
    expect(through).toMatchObject({ code: 0, stdout: 'And through both?\n' });
  });

  it("host all agents of each other by their lists, and none that is not the neighbour's own", async () => {
    await ark(there, speaker('poet'));
    await ark(there, a2aServer('far', `${far.endpoints.http}/agents`));
    await ark(far, a2aServer('there', `${there.endpoints.http}/a2a/agents`));
    await Promise.all([available(there, 'far-scholar'), available(far, 'there-poet')]);
    for (const [near, name] of [
      [there, 'far-scholar'],
      [far, 'there-poet'],
    ] as const) {
      expect(await near.ark(['agent', name, `Who is ${name}?`])).toMatchObject({
        code: 0,
        stdout: `Who is ${name}?\n`,
      });
    }
    // Lists that were read after each had the agents of the other.
    await ark(far, speaker('novice'));
    await ark(there, speaker('rhymer'));
    await Promise.all([available(there, 'far-novice'), available(far, 'there-rhymer')]);
    const handed = [...(await namesOf(there)), ...(await namesOf(far))].filter((name) =>
      /far-there|there-far|there-scholar/.test(name),
    );
    expect(handed).toEqual([]);
    const inspected = await here.ark(['a2a', 'inspect', `${far.endpoints.http}/agents`]);
    expect(inspected).toMatchObject({ code: 0, stdout: expect.stringMatching(/Name: +there-poet\n/) });
  });

  it('answer as a chain, in one trace from the client to the last of them', async () => {
    const traceparent = `traceparent: 00-${TRACE}-00f067aa0ba902b7-01`;
    const url = `${here.endpoints.http}/agent/scholar/`;
    expect(await here.ark(['a2a', 'send', url, 'Through all three?', '--header', traceparent])).toMatchObject({
      code: 0,
      stdout: 'Through all three?\n',
    });
    await eventually(() => {
      for (const [near, next] of [
        ['here', 'there'],
        ['there', 'far'],
      ]) {
        const inTrace = collector.spans.filter(({ traceId }) => traceId === TRACE);
        const calls = inTrace.filter((span) => span.service === near && span.kind === 3);
        const doors = inTrace.filter((span) => span.service === next && span.kind === 2);
        const passedOn = doors.filter((door) => calls.some((call) => call.spanId === door.parentSpanId));
        expect({ near, next, passedOn: passedOn.length > 0 }).toEqual({ near, next, passedOn: true });
      }
    }, WITHIN);
  });
});
