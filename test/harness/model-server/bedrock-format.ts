import { crc32 } from 'node:zlib';
import type { WireFormat } from './wire-format.js';

/** One message of Amazon's event stream: lengths, checksum, headers, payload, checksum. */
function frame(type: string, value: object): Buffer {
  const headers = Buffer.concat(
    Object.entries({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }).map(
      ([name, text]) => {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(text.length);
        // 7: the value is a text.
        return Buffer.concat([
          Buffer.from([name.length]),
          Buffer.from(name),
          Buffer.from([7]),
          length,
          Buffer.from(text),
        ]);
      },
    ),
  );
  const payload = Buffer.from(JSON.stringify(value));
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(12 + headers.length + payload.length + 4, 0);
  lengths.writeUInt32BE(headers.length, 4);
  const head = Buffer.concat([lengths, checksum(lengths), headers, payload]);
  return Buffer.concat([head, checksum(head)]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

/** The Converse API of Amazon Bedrock. */
export const bedrockFormat: WireFormat = {
  contentType: 'application/vnd.amazon.eventstream',
  asked: ({ body, path }) => ({
    model: decodeURIComponent(/\/model\/([^/]+)\//.exec(path)?.[1] ?? ''),
    said:
      (body.messages as { content: { text?: string }[] }[])
        .at(-1)
        ?.content.map(({ text }) => text)
        .join('') ?? '',
    tools: body.toolConfig !== undefined,
  }),
  begin: () => frame('messageStart', { role: 'assistant' }),
  text: (text) => frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text } }),
  toolCall: (name, args) =>
    Buffer.concat([
      frame('contentBlockStart', { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'tooluse_1', name } } }),
      ...[args.slice(0, 4), args.slice(4)].map((input) =>
        frame('contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input } } }),
      ),
      frame('contentBlockStop', { contentBlockIndex: 1 }),
    ]),
  end: (reason, { input, output, cached }) => {
    const usage = {
      inputTokens: input - cached,
      cacheReadInputTokens: cached,
      outputTokens: output,
      totalTokens: input + output,
    };
    return Buffer.concat([
      ...(reason === 'text' ? [frame('contentBlockStop', { contentBlockIndex: 0 })] : []),
      frame('messageStop', { stopReason: reason === 'tool' ? 'tool_use' : 'end_turn' }),
      frame('metadata', { usage, metrics: { latencyMs: 1 } }),
    ]);
  },
  refusal: (message) => ({ message }),
};
