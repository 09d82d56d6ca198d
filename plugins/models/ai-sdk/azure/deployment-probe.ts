import { ArkError } from 'nest-ark';
import type { ModelWire } from '../http/model-wire.js';

/**
 * Whether a deployment exists and takes our key, for nothing: a chat without messages is refused with 400, and only by
 * a deployment that is there. Azure's list of models knows no deployments.
 *
 * @returns undefined when the refusal is about something else, such as the API version
 */
export async function deploymentAnswers(
  url: string,
  wire: ModelWire,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const headers = { 'content-type': 'application/json' };
  try {
    const response = await wire.fetch(url, { method: 'POST', headers, body: '{"messages":[]}', signal });
    await response.body?.cancel();
    return undefined;
  } catch (error) {
    if (!(error instanceof ArkError) || error.details.status !== 400) throw error;
    return /messages/i.test(error.message) ? true : undefined;
  }
}
