// Loaded with --import: the wall clock of this process is wrong by ARK_TEST_CLOCK_SKEW_MS; its timers are right.
const skew = Number(process.env.ARK_TEST_CLOCK_SKEW_MS ?? 0);
const RealDate = Date;
globalThis.Date = class WrongDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + skew);
    else super(...args);
  }
  static now() {
    return RealDate.now() + skew;
  }
};
