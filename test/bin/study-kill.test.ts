/** The command `rivalry study`, killed at any moment and gone on with, leaves the bytes of a run that nobody disturbed. */
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { RandomSequence } from '../../engine/numerics/words.ts'
import { MANIFEST_NAME } from '../../engine/files/manifest.ts'
import { inFolder } from '../run/runs.ts'
import { MARKET, digestsIn, resultNames } from '../study/study-definitions.ts'
import { rivalry, start } from './command.ts'

const KILLS = 20

/** Some fifty units in two or three looks: about four seconds of one core. */
const STUDY = `
title: A study that is killed
scenario: ./market.yaml
variants:
  plain: {}
  poor: { startups.first.cash: 4_000_000 }
baseline: plain
design:
  kind: latin-hypercube
  points: 24
  parameters:
    parameters.computePrice: { low: 0.003, high: 0.09, scale: log }
replications: { first: 1400, step: 1400, most: 4200, until: [{ metric: alive, halfWidth: 0.02 }] }
metrics:
  alive: startups.first.alive
  profit: startups.first.profit
`

/** How many units are done in a folder. */
function unitsIn(folder: string): number {
  try {
    const names = readdirSync(join(folder, 'units'), { recursive: true, encoding: 'utf8' })
    return names.filter((name) => name.endsWith('.unit')).length
  } catch {
    // They are not there yet, or not any more.
    return 0
  }
}

test(`a study that is killed ${KILLS} times and resumed each time leaves the same bytes`, async () => {
  await inFolder(async (parent) => {
    writeFileSync(join(parent, 'market.yaml'), MARKET)
    writeFileSync(join(parent, 'study.yaml'), STUDY)
    const [whole, folder] = [join(parent, 'whole'), join(parent, 'killed')]
    const command = (out: string): string[] => [
      'study',
      join(parent, 'study.yaml'),
      '--out',
      out,
      '--workers',
      '1',
      '--resume',
    ]
    const undisturbed = await rivalry(...command(whole))
    expect(undisturbed).toMatchObject({ code: 0 })
    const files = digestsIn(whole)
    expect(Object.keys(files).toSorted()).toEqual(resultNames(whole))
    const { replications } = JSON.parse(undisturbedSummary(whole)) as {
      replications: { looks: number; fewest: number; most: number }
    }
    // The stopping rule has something to decide.
    expect(replications.looks).toBeGreaterThan(1)
    expect(replications.fewest).toBeLessThan(replications.most)

    const random = new RandomSequence({ seed: 'kill', stream: 'moments' })
    const isDone = (): boolean => existsSync(join(folder, MANIFEST_NAME))
    const units = (): number => unitsIn(folder)
    // Tables that follow from all others are empty until the end.
    const hasFinalParts = (): boolean =>
      existsSync(folder) &&
      readdirSync(folder).some(
        (name) =>
          /^statistics\.arrow\..*part$/.test(name) &&
          (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0) > 0,
      )
    const kills = { early: 0, among: 0, final: 0, after: 0 }
    mkdirSync(folder)
    for (let kill = 0; kill < KILLS; kill++) {
      const run = start(command(folder))
      const before = units()
      // At once; after some more units; or when results are written, as soon as that is seen.
      const kind = kill < 3 ? 'early' : kill < KILLS - 4 ? 'among' : 'final'
      const wanted = kind === 'among' ? before + random.below(4) : Infinity
      const isMoment = (): boolean =>
        run.process.exitCode !== null ||
        isDone() ||
        units() >= wanted ||
        (kind === 'final' && hasFinalParts())
      if (kind !== 'early') while (!isMoment()) await delay(1)
      await delay(random.uniform() * { early: 600, among: 60, final: 10 }[kind])
      run.process.kill('SIGKILL')
      const { code, stderr } = await run.finished
      expect([code, stderr]).toEqual(
        code === 0 ? [0, expect.anything()] : ['SIGKILL', expect.not.stringContaining('error')],
      )
      kills[isDone() ? 'after' : kind]++
    }
    expect(kills.early + kills.among).toBeGreaterThan(KILLS / 2)
    const ended = await rivalry(...command(folder))
    expect(ended).toMatchObject({ code: 0 })
    expect(digestsIn(folder)).toEqual(files)
    expect(readdirSync(folder).toSorted()).toEqual(resultNames(whole))
  })
})

function undisturbedSummary(folder: string): string {
  return readFileSync(join(folder, 'summary.json'), 'utf8')
}
