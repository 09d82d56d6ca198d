// The model of first-token.mjs, in a process of its own so that it does not share the processor's time with the callers'
// loop. It says its first word at once, and the rest after it.
import { createServer } from 'node:http';

const chunk = (delta, finish_reason = null) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const WORDS = Array.from({ length: 20 }, (_, i) => chunk({ content: `word${i} ` }));
const REST = `${WORDS.slice(1).join('')}${chunk({}, 'stop')}data: [DONE]\n\n`;

const http = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(WORDS[0]);
    setImmediate(() => response.end(REST));
  });
});
http.keepAliveTimeout = 60_000;
http.listen(0, '127.0.0.1', () => process.send({ port: http.address().port }));
process.on('disconnect', () => process.exit());
