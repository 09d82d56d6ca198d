import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { RecordingLogger } from '../controller/fakes/recording-server.js';
import { BugReports } from './bug-reports.js';
import { surviveStrayErrors } from './stray-errors.js';

describe('errors that nobody catches', () => {
  let source: EventEmitter;
  let bugs: BugReports;
  let time: number;
  let gaveUp: number;
  let stop: () => void;
  beforeEach(() => {
    source = new EventEmitter();
    bugs = new BugReports(new RecordingLogger());
    time = 0;
    gaveUp = 0;
    stop = surviveStrayErrors(
      bugs,
      () => gaveUp++,
      source,
      () => time,
    );
  });
  const stray = (event: string, times: number) => {
    for (let i = 0; i < times; i++) source.emit(event, new Error('stray'));
  };

  it('are counted, and rejections never end the process', () => {
    stray('unhandledRejection', 1_000);
    expect(bugs.count).toBe(1_000);
    expect(gaveUp).toBe(0);
  });

  it('end the process when ten are thrown within a minute, not when they are rare', () => {
    stray('uncaughtException', 9);
    time = 60_000;
    stray('uncaughtException', 9);
    expect(gaveUp).toBe(0);
    stray('uncaughtException', 1);
    expect(gaveUp).toBe(1);
  });

  it('are left to Node again afterwards', () => {
    stop();
    expect(source.eventNames()).toEqual([]);
  });
});
