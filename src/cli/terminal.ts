/** Everything the commands touch of the outside world, so that tests can bring their own. */
export interface Terminal {
  /** Results only. */
  out(text: string): void;
  /** Progress, events, errors. */
  err(text: string): void;
  /** Whether a person sees stdout, stderr. */
  readonly outIsTty: boolean;
  readonly errIsTty: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly home: string;
  /** All of stdin. */
  readInput(): Promise<string>;
  /** Calls back on Ctrl-C. Returns the way to stop listening. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once; only for a second Ctrl-C. */
  exit(code: number): void;
}

// The launcher forwards Ctrl-C and the terminal sends it too: what comes within this time is one key press.
const ONE_KEY_PRESS_MS = 150;

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outIsTty: process.stdout.isTTY === true,
    errIsTty: process.stderr.isTTY === true,
    env: process.env,
    cwd: process.cwd(),
    home: process.env.HOME ?? process.env.USERPROFILE ?? '',
    async readInput() {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    },
    onInterrupt(listener) {
      let last = 0;
      const handler = () => {
        const now = Date.now();
        if (now - last > ONE_KEY_PRESS_MS) listener();
        last = now;
      };
      process.on('SIGINT', handler);
      return () => void process.off('SIGINT', handler);
    },
    exit: (code) => process.exit(code),
  };
}

const CODES = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, grey: 90 } as const;

/** Colours stderr text for a person; plain where nobody looks or `NO_COLOR` is set. */
export function paint(terminal: Terminal, colour: keyof typeof CODES, text: string): string {
  if (!terminal.errIsTty || terminal.env.NO_COLOR) return text;
  return `\u001b[${CODES[colour]}m${text}\u001b[0m`;
}
