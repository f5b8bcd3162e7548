import { expect, test } from 'vitest'
import { latinHypercube, morrisTrajectories, saltelli, sobolPoints } from '../../engine/designs/index.ts'
import { digitsOf, hashOf } from './helper.ts'

// What this program made when these designs were written: a study that is run again has to get the same points.
test('designs of a seed stay the same for ever', () => {
  const seed = 'the same'
  expect({
    latin: hashOf(digitsOf(latinHypercube({ points: 100, dimension: 7, seed }))),
    sobol: hashOf(digitsOf(sobolPoints({ points: 100, dimension: 7, seed, scramble: true }))),
    saltelli: hashOf(digitsOf(saltelli({ base: 64, dimension: 7, seed, scramble: true }))),
    morris: hashOf(digitsOf(morrisTrajectories({ trajectories: 30, levels: 4, dimension: 7, seed }))),
  }).toEqual({ latin: 1969915753, sobol: 2968497217, saltelli: 3121241061, morris: 3065524816 })
})
