/** Scenarios: YAML files, and the markets that they describe. */
export { checkMarket } from '../engine/market/check.ts'
export { loadScenario } from './load.ts'
export { type ScenarioListing, listScenarios, locateScenario } from './locate.ts'
export { type ParseOptions, parseScenario } from './parse.ts'
export { type ScenarioFile, scenarioJsonSchema, scenarioSchema } from './schema.ts'
export { type KnownStrategy } from './strategies.ts'
export { type Figure, getPath, setPath, setPaths } from '../engine/market/set-path.ts'
