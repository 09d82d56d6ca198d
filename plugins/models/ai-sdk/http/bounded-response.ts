import { type ArkError, unavailable } from 'nest-ark';
import type { Response } from 'undici';

/** A provider that sends more than this for one completion is broken. Streams spend some 200 bytes on a token. */
export const LARGEST_ANSWER = 64 << 20;
const LARGEST_REFUSAL = 64 << 10;

/** The same response, whose body fails when it grows beyond `largest` bytes, and passes through `redacting`. */
export function bounded(
  response: Response,
  subject: string,
  largest: number,
  redacting?: TransformStream<Uint8Array, Uint8Array>,
): Response {
  const tooLarge = () =>
    unavailable(`${subject} sent more than ${largest >> 20} MiB for one answer`, { reason: 'AnswerTooLarge' });
  if (!response.body) return response;
  const counted = response.body.pipeThrough(counter(largest, tooLarge) as never);
  const body = redacting ? counted.pipeThrough(redacting as never) : counted;
  const Same = response.constructor as new (body: unknown, init: object) => Response;
  return new Same(body, { status: response.status, headers: response.headers });
}

/** The beginning of a body as text, however long it is. */
export async function beginning(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > LARGEST_REFUSAL) break;
  }
  return text;
}

function counter(largest: number, tooLarge: () => ArkError): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0;
  return new TransformStream({
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen > largest) controller.error(tooLarge());
      else controller.enqueue(chunk);
    },
  });
}
