// The public door "nest-ark/testing": what authors of plugins test with. It needs no test runner of its own.
export { type EngineTrial, engineSuite, type SuiteCase } from './engine-suite.js';
export { evaluationContext, evaluationRequest } from './evaluations.js';
export { type EvaluatorTrial, evaluatorSuite, type TrialEvaluation } from './evaluator-suite.js';
export type { GatewayTrial } from './gateway/conversation.js';
export { gatewaySuite } from './gateway/gateway-suite.js';
export { type MemoryTrial, memoryBackendSuite } from './memory-backend-suite.js';
export { type ModelProviderTrial, modelProviderSuite } from './model-provider-suite.js';
export { executionContext, executionRequest, modelClient, silentLogger } from './requests.js';
export { playTeam, type TeamPlay, teamConfig, teamContext } from './team-plays.js';
export { type TeamStrategyTrial, teamStrategySuite } from './team-strategy-suite.js';
export { toolConfig, toolContext } from './tool-calls.js';
export { type ToolTypeTrial, type TrialCall, toolTypeSuite } from './tool-type-suite.js';
