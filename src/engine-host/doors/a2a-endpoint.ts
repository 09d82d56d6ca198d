import { LegacyJsonRpcTransportHandler, LegacyRestTransportHandler } from '@a2a-js/sdk/compat/v0_3/server';
import { type A2ARequestHandler, JsonRpcTransportHandler } from '@a2a-js/sdk/server';

/** Something that is reached over A2A: its operations, and how each generation of the protocol calls them. */
export interface A2aEndpoint {
  /** Keeps the tasks of one endpoint apart from those of others. */
  readonly tenant: string;
  readonly handler: A2ARequestHandler;
  readonly current: JsonRpcTransportHandler;
  readonly legacy: LegacyJsonRpcTransportHandler;
  readonly legacyRest: LegacyRestTransportHandler;
  /** Whether its streams only show work that goes on elsewhere: then they end with their reader. */
  readonly streamsFollow: boolean;
  /** Aborted when the process stops and cannot finish what it works on itself. */
  readonly leaving?: AbortSignal;
}

type Traits = Partial<Pick<A2aEndpoint, 'streamsFollow' | 'leaving'>>;

/** The doors to a set of A2A operations. */
export const endpointOf = (
  tenant: string,
  handler: A2ARequestHandler,
  { streamsFollow = false, leaving }: Traits = {},
): A2aEndpoint => ({
  tenant,
  handler,
  current: new JsonRpcTransportHandler(handler),
  legacy: new LegacyJsonRpcTransportHandler(handler),
  legacyRest: new LegacyRestTransportHandler(handler),
  streamsFollow,
  ...(leaving ? { leaving } : {}),
});
