/** Who sends a request, in the words of `kubectl auth whoami`. */
export interface Caller {
  username: string;
  uid?: string;
  groups: string[];
  /** What else is known, such as which token was shown. */
  extra?: Record<string, string[]>;
}
