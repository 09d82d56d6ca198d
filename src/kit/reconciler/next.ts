/** When a reconciler wants to be called again besides on changes. Failure is thrown, never returned. */
export class Next {
  private constructor(readonly afterMs: number | undefined) {}

  /** Only when something it watches changes. */
  static onChange(): Next {
    return ON_CHANGE;
  }

  /** After so many milliseconds at the latest, or earlier on a change. */
  static after(milliseconds: number): Next {
    return new Next(Math.max(0, milliseconds));
  }
}

const ON_CHANGE: Next = Reflect.construct(Next, [undefined]) as Next;
