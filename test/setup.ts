/**
 * Owns what holds for all tests: properties draw the same cases for everyone, so that a failure is nobody's bad luck.
 * RIVALRY_SEED gives another seed; asking for more runs (RIVALRY_RUNS, RIVALRY_FUZZ) gives a new one each time.
 */
import fc from 'fast-check'

const { RIVALRY_SEED, RIVALRY_RUNS, RIVALRY_FUZZ } = process.env
if (RIVALRY_SEED !== undefined) fc.configureGlobal({ seed: Number(RIVALRY_SEED) })
else if (RIVALRY_RUNS === undefined && RIVALRY_FUZZ === undefined) fc.configureGlobal({ seed: 1 })
