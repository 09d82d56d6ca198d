import { ArkError, type EngineEvent, invalid, unavailable } from '../../kit/index.js';
import type { BugReports } from '../../machinery/observability/bug-reports.js';
import { abortable } from './abortable.js';
import { faultOf } from './event-fault.js';

export interface EventSource {
  engine: string;
  execute(): AsyncIterable<EngineEvent>;
  signal: AbortSignal;
  bugs: BugReports;
  /** What the log says beside the stack of a bug. */
  facts: object;
}

/**
 * Hears an engine to its end, each event checked.
 *
 * @throws the engine's own `ArkError`; the signal's reason when it is aborted; `Invalid` naming the engine and what it
 * yielded when that is no event; `Unavailable` naming the engine when it threw anything else, whose text stays in the log
 */
export async function hearEngine(source: EventSource, heard: (event: EngineEvent) => void): Promise<void> {
  const { engine, signal } = source;
  try {
    for await (const event of abortable(iterable(source), signal)) {
      const fault = faultOf(event);
      if (fault) throw invalid(`engine '${engine}' yielded ${fault}`, { reason: 'InvalidEngineEvent' });
      heard(event);
    }
  } catch (error) {
    if (error instanceof ArkError || signal.aborted) throw error;
    source.bugs.report(error, { ...source.facts, engine });
    const message = `engine '${engine}' failed with an internal error: the log of the process that runs it says why`;
    throw unavailable(message, { reason: 'EngineFailed', cause: error });
  }
}

function iterable({ engine, execute }: EventSource): AsyncIterable<EngineEvent> {
  const events = execute() as AsyncIterable<EngineEvent> | null | undefined;
  if (typeof events?.[Symbol.asyncIterator] === 'function') return events;
  const given = events === null ? 'null' : typeof events;
  throw invalid(`engine '${engine}' gave no events: execute() must be an async generator, and returned ${given}`, {
    reason: 'InvalidEngineEvent',
  });
}
