import type { Message, Task } from '@a2a-js/sdk';
import { ServerCallContext } from '@a2a-js/sdk/server';
import type { EngineEndpoint } from '../engine-host/engine-endpoints.js';
import { withEngineCall } from '../engine-host/execution/engine-call.js';
import { QUERY_EXTENSION } from '../resources/labels.js';
import { messageFor, type TargetCall } from './target-call.js';

/** Asks an engine of this process through the same A2A request handler that HTTP uses, without HTTP or JSON text. */
export function askOwnEngine(endpoint: EngineEndpoint, call: TargetCall): Promise<Message | Task> {
  const context = new ServerCallContext({
    requestedVersion: '1.0',
    tenant: endpoint.options.name,
    requestedExtensions: [QUERY_EXTENSION],
  });
  const { signal, deadline, again, floor, onText, onTool, onNote, onUsage } = call;
  const idempotencyKey = call.query.metadata.uid;
  return endpoint.handler.sendMessage(
    messageFor(call),
    withEngineCall(context, { signal, deadline, idempotencyKey, again, floor, onText, onTool, onNote, onUsage }),
  );
}
