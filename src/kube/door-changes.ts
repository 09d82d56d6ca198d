/** A request of a client of the embedded API server that changes something, once it was answered. */
export interface DoorChange {
  /** Whose token it was. Absent: nobody's. */
  user?: string;
  /** In whose name it was made: `kubectl --as`. */
  as?: string;
  address: string;
  method: string;
  /** As RBAC calls it: create, update, patch, delete or deletecollection. */
  verb: string;
  /** The path, with the places of names instead of names. */
  route: string;
  /** e.g. `agents`, or `agents/status`. */
  resource: string;
  namespace?: string;
  /** Absent for a whole collection, and for an object that was not made. */
  name?: string;
  /** HTTP status of the answer. */
  code: number;
}

/** What comes before anybody listens is kept, as far as that. */
const MOST_KEPT = 1_000;

/** Changes through the door of the embedded API server, for who writes them down. The door is open before that one is there. */
export class DoorChanges {
  private kept: DoorChange[] = [];
  private listener = (change: DoorChange): void => {
    if (this.kept.length < MOST_KEPT) this.kept.push(change);
  };

  note(change: DoorChange): void {
    this.listener(change);
  }

  /** Hands on what came so far, and what comes. */
  listen(listener: (change: DoorChange) => void): void {
    this.listener = listener;
    for (const change of this.kept.splice(0)) listener(change);
  }
}
