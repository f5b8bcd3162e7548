/** Designs of experiments: points in the unit cube, and the laws that make values of them. */
export { type UnitDesign, isPowerOfTwo, pointOf } from './design.ts'
export {
  type ContinuousDistribution,
  type Distribution,
  distributionProblems,
  valueAt,
} from './distribution.ts'
export { factorial } from './factorial.ts'
export { latinHypercube } from './latin-hypercube.ts'
export { type MorrisDesign, morrisTrajectories } from './morris-trajectories.ts'
export { saltelli, saltelliOf } from './saltelli.ts'
export { sobolPoints } from './sobol-points.ts'
export { MOST_SOBOL_DIMENSIONS } from './sobol-sequence.ts'
