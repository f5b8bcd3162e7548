/** Statistics over replications: estimates with intervals, comparisons, survival. All in a fixed order. */
export { type Bootstrap, type BootstrapOptions, bootstrap } from './bootstrap.ts'
export { meanRanks, pearson, spearman, spearmanInterval } from './correlation.ts'
export {
  type Difference,
  type PairedDifference,
  type WelchDifference,
  PairedMoments,
  pairedDifference,
  welchDifference,
} from './differences.ts'
export { type Duration, type Exits, exitsOf, monthlyExits } from './exits.ts'
export { type Interval } from './interval.ts'
export { type LogRank, logRank } from './log-rank.ts'
export { type MeanInterval, meanInterval } from './mean-interval.ts'
export { Moments, RunningMean } from './mean.ts'
export { pairedProportions } from './paired-proportions.ts'
export { type Proportion, wilson } from './proportion.ts'
export { OrderStatistics, type Ranked } from './order-statistics.ts'
export { type QuantileInterval, quantileInterval, quantiles } from './quantiles.ts'
export { type SurvivalCurve, type SurvivalScale, type SurvivalStep, kaplanMeier, stepAt } from './survival.ts'
