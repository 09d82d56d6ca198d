import { deepStrictEqual, ok } from 'node:assert/strict';
import {
  type TeamConfig,
  type TeamReply,
  type TeamState,
  type TeamStrategy,
  teamStrategies,
} from '../team/team-strategy.js';
import type { SuiteCase } from './engine-suite.js';
import { playTeam, teamConfig, teamContext } from './team-plays.js';

/** A team strategy on trial. */
export interface TeamStrategyTrial {
  /** A fresh instance of a class marked with `@TeamStrategy`. */
  strategy: TeamStrategy;
  /** Default: the agents `a`, `b` and `c`. */
  team?: TeamConfig;
  /** What is answered to the questions of the strategy, in order. Default: it asks none. */
  replies?: TeamReply[];
  /** Who speaks, turn by turn, until the strategy ends it or this many turns are over. */
  turns: string[][];
  /** Whether the strategy goes on after these turns. Default: it ends. */
  endless?: boolean;
}

interface Globals {
  describe?: (title: string, body: () => void) => void;
  it?: (title: string, body: () => Promise<void>) => void;
}

/**
 * The contract every team strategy keeps, as test cases; registered like those of `engineSuite`.
 *
 * @example
 * ```ts
 * teamStrategySuite('first-only', () => ({ strategy: new FirstOnlyStrategy(), turns: [['a']] }));
 * ```
 */
export function teamStrategySuite(name: string, make: () => TeamStrategyTrial): SuiteCase[] {
  const cases = CASES.map(([title, check]) => ({ title, run: async () => check(make()) }));
  const { describe, it } = globalThis as Globals;
  if (describe && it) {
    describe(`team strategy contract: ${name}`, () => {
      for (const { title, run } of cases) it(title, run);
    });
  }
  return cases;
}

const teamOf = ({ team }: TeamStrategyTrial) => team ?? teamConfig();

async function played(trial: TeamStrategyTrial, onState?: (state: TeamState) => void) {
  const { strategy, replies, turns, endless } = trial;
  const most = turns.length + (endless ? 0 : 1);
  return playTeam(strategy, teamOf(trial), { context: teamContext(replies), most, onState });
}

const CASES: [title: string, check: (trial: TeamStrategyTrial) => Promise<void>][] = [
  [
    'carries the mark of a team strategy',
    async ({ strategy }) => ok(teamStrategies.markOf(strategy.constructor), 'the class lacks @TeamStrategy'),
  ],
  [
    'lets the members speak in its order, and changes nothing it is given',
    async (trial) => {
      const { turns, end } = await played(trial);
      deepStrictEqual(turns, trial.turns);
      if (!trial.endless) ok(end, 'it did not end after these turns');
    },
  ],
  [
    'decides from the state alone',
    async (trial) => {
      // The states of one run, asked again of a fresh course of the same strategy, backwards.
      if (trial.replies) return;
      const states: TeamState[] = [];
      await played(trial, (state) => states.push(state));
      const decide = async (state: TeamState) => trial.strategy.next(state, teamContext());
      const forwards = await Promise.all(states.map(decide));
      const backwards = await Promise.all([...states].reverse().map(decide));
      deepStrictEqual(backwards.reverse(), forwards);
    },
  ],
  [
    'keeps teams that run at the same time apart',
    async (trial) => {
      const plays = await Promise.all(Array.from({ length: 8 }, () => played(trial)));
      for (const { turns } of plays) deepStrictEqual(turns, trial.turns);
    },
  ],
  [
    'takes as many turns as it says, in small teams and in big ones',
    async (trial) => {
      const { strategy } = trial;
      for (const size of [1, 2, 100]) {
        const members = Array.from({ length: size }, (_, i) => `m${i}`);
        const team = { ...teamOf(trial), members: teamConfig({ members }).members, edges: [] };
        const own = strategy.turnsOf?.(team);
        if (own === undefined) continue;
        const { turns, end } = await playTeam(strategy, team, { most: own + 1 });
        ok(end, `a team of ${size} does not end after ${own} turns`);
        ok(turns.flat().length <= own, `a team of ${size} takes ${turns.flat().length} turns, not ${own}`);
      }
    },
  ],
  [
    'gives the floor to members of the team only',
    async (trial) => {
      const names = teamOf(trial).members.map(({ name }) => name);
      const { turns } = await played(trial);
      for (const turn of turns) {
        ok(turn.length > 0, 'a turn in which nobody speaks');
        for (const name of turn) ok(names.includes(name), `'${name}' is no member`);
      }
    },
  ],
];
