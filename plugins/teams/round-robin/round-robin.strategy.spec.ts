import { teamStrategySuite } from 'nest-ark/testing';
import { RoundRobinStrategy } from './round-robin.strategy.js';

teamStrategySuite('round-robin', () => ({
  strategy: new RoundRobinStrategy(),
  turns: [['a'], ['b'], ['c'], ['a'], ['b']],
  endless: true,
}));
