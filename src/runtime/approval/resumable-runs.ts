import { Inject, Injectable } from '@nestjs/common';
import type { Query } from '../../resources/query/query.resource.js';
import { JournalEntries } from '../../storage/journal-entries.js';
import { Objects } from '../objects.js';
import { RunApprovals } from './run-approvals.js';
import { RunJournal } from './run-journal.js';

export interface RunOpening {
  /** Tells several runs for one Query apart, e.g. `agent/weather`. */
  part: string;
  /** Whether this is known to be a later attempt; what the Query's status says counts besides. */
  again?: boolean;
  /** Id of the A2A task that the run is, where it has one already. */
  taskId?: string;
  /** Ends the run, with `PersonNeeded` when it has to wait for a person. */
  stop(reason: unknown): void;
}

/** Opens what a run needs to pause and to go on. One that never pauses costs the database nothing. */
@Injectable()
export class ResumableRuns {
  constructor(
    @Inject(JournalEntries) private readonly entries: Pick<JournalEntries, 'load' | 'save'>,
    private readonly objects: Objects,
  ) {}

  /** @throws `Unavailable` when the journal of an earlier attempt cannot be read */
  async open(query: Query, opening: RunOpening): Promise<{ journal: RunJournal; approvals: RunApprovals }> {
    const { part, again, taskId, stop } = opening;
    const journal = await this.journal(query, part, again || mayHavePaused(query));
    return { journal, approvals: new RunApprovals({ query, objects: this.objects, journal, taskId, stop }) };
  }

  private async journal({ metadata: { uid = '' } }: Query, part: string, again: boolean): Promise<RunJournal> {
    const prefix = `${part}|`;
    const save = (entries: [string, string][]) =>
      this.entries.save(
        uid,
        entries.map(([key, value]) => [prefix + key, value] as const),
      );
    const stored = again ? [...(await this.entries.load(uid))] : [];
    const own = stored.filter(([key]) => key.startsWith(prefix));
    return RunJournal.open(new Map(own.map(([key, value]) => [key.slice(prefix.length), JSON.parse(value)])), save);
  }
}

/** A first attempt has nothing to remember, and most Queries have one. */
const mayHavePaused = ({ status }: Query): boolean =>
  (status?.claim?.attempt ?? 1) > 1 ||
  [status?.response, ...(status?.responses ?? [])].some((response) => response?.a2a?.taskId);
