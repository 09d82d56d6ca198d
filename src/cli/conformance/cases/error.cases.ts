import { randomUUID } from 'node:crypto';
import { readAnswer } from '../answer.js';
import { type Dialect, type Reply, readReply, request, type Words } from '../dialect.js';
import { type ConformanceCase, type DefineCases, expects, NotApplicable, plainQuery, type Trial } from '../trial.js';

const NOBODY = 'surely-not-a-query';

const send = (dialect: Dialect, trial: Trial, words: Partial<Words>) =>
  dialect.send({ text: trial.question, messageId: randomUUID(), ...words }, AbortSignal.timeout(trial.timeoutMs));

/** Whatever is no answer: an error of the protocol, or a task that failed. */
function refusal(reply: Reply): string {
  if (reply.error) return String(reply.error.message);
  const answer = readAnswer(reply.result);
  expects(answer.state === 'failed' || answer.state === 'rejected', `it answered "${answer.text.slice(0, 80)}"`);
  return answer.text;
}

/** What a JSON-RPC door says to a body. */
async function codeOf(trial: Trial, body: string): Promise<unknown> {
  if (!trial.dialects.some(({ name }) => name.includes('JSON-RPC'))) throw new NotApplicable('it has no JSON-RPC door');
  const reply = await readReply(
    await request(trial.wire, trial.url, { body, signal: AbortSignal.timeout(trial.timeoutMs) }),
  );
  expects(reply.error, 'it answered with a result');
  return reply.error.code;
}

const doorCase = (title: string, body: string, code: number): ConformanceCase => ({
  title,
  level: 'must',
  run: async (trial) => {
    const found = await codeOf(trial, body);
    expects(found === code, `the code is ${String(found)}`);
  },
});

const casesOf = (dialect: Dialect): ConformanceCase[] => [
  {
    title: `${dialect.name}: a message that names no Query is refused`,
    level: 'must',
    run: async (trial) => void refusal(await send(dialect, trial, {})),
  },
  {
    title: `${dialect.name}: a Query that does not exist is an error that names it`,
    level: 'must',
    run: async (trial) => {
      const { namespace } = plainQuery(trial);
      const said = refusal(await send(dialect, trial, { query: { name: NOBODY, namespace } }));
      expects(said.includes(NOBODY), `the error does not name the Query: ${said.slice(0, 120)}`);
    },
  },
  {
    title: `${dialect.name}: options that the engine does not know are refused`,
    level: 'should',
    run: async (trial) => {
      if (!trial.queries) throw new NotApplicable(trial.noQuery);
      refusal(await send(dialect, trial, { query: trial.queries.badOptions }));
    },
  },
  {
    title: `${dialect.name}: a task that does not exist cannot be read or canceled`,
    level: 'must',
    run: async (trial) => {
      const signal = () => AbortSignal.timeout(trial.timeoutMs);
      expects((await dialect.getTask(randomUUID(), signal())).error, 'reading it succeeds');
      expects((await dialect.cancel(randomUUID(), signal())).error, 'canceling it succeeds');
    },
  },
];

const defineCases: DefineCases = ({ dialects }) => [
  doorCase('a body that is no JSON is refused with -32700', '{"jsonrpc":', -32700),
  doorCase(
    'an unknown method is refused with -32601',
    '{"jsonrpc":"2.0","id":1,"method":"message/sing","params":{}}',
    -32601,
  ),
  ...dialects.flatMap(casesOf),
];
export default defineCases;
