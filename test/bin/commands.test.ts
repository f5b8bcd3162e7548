import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { firstSentence } from '../../bin/scenarios.ts'
import { usableCores } from '../../engine/run/cores.ts'
import { engineVersion, listScenarios, type Summary } from '../../index.ts'
import { inFolder } from '../run/runs.ts'
import { rivalry } from './command.ts'

const SHORT = ['run', 'three-ways', '-n', '9', '--set', 'months=18', '--workers', '1']

describe('rivalry run', () => {
  test('prints the summary, and writes what it prints', async () => {
    await inFolder(async (folder) => {
      const out = join(folder, 'deep/er')
      const { code, stdout, stderr } = await rivalry(...SHORT, '--out', out)
      expect(code).toBe(0)
      expect(stderr).toMatch(/(?:^|\n)9 replications in [\d.]+ s; results in .*deep\/er\n$/)
      expect(stdout).toMatch(/^Three ways to charge: 18 months, 9 replications, seed 1\n/)
      expect(readFileSync(join(out, 'summary.txt'), 'utf8')).toBe(stdout)
      expect(readdirSync(out).toSorted()).toEqual([
        'events.arrow',
        'manifest.json',
        'scenario.json',
        'startups.arrow',
        'summary.json',
        'summary.txt',
      ])
    })
  })

  test('--json prints the same numbers for machines, and --quiet nothing beside them', async () => {
    await inFolder(async (folder) => {
      const { code, stdout, stderr } = await rivalry(
        ...SHORT,
        '--json',
        '--quiet',
        '--out',
        join(folder, 'out'),
      )
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(readFileSync(join(folder, 'out/summary.json'), 'utf8')).toBe(stdout)
      const summary = JSON.parse(stdout) as Summary
      expect(summary).toMatchObject({
        scenario: 'three-ways',
        seed: '1',
        replications: 9,
        months: 18,
        engine: engineVersion,
      })
      expect(summary.startups.map(({ id }) => id)).toEqual(['free-ads', 'freemium', 'subscription'])
    })
  })

  test('--quiet alone prints nothing', async () => {
    expect(await rivalry(...SHORT, '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('--set changes figures, --seed the luck', async () => {
    const json = async (...args: string[]): Promise<Summary> =>
      JSON.parse((await rivalry(...SHORT, '--json', '--quiet', ...args)).stdout) as Summary
    const [usual, dear, other] = await Promise.all([
      json(),
      json('--set', 'parameters.computePrice=0.3'),
      json('--seed', 'x'),
    ])
    expect(dear.scenarioSha256).not.toBe(usual.scenarioSha256)
    expect(dear.startups[0]!.profit.mean).not.toBe(usual.startups[0]!.profit.mean)
    expect(other.scenarioSha256).toBe(usual.scenarioSha256)
    expect(other.startups[0]!.profit.mean).not.toBe(usual.startups[0]!.profit.mean)
  })

  test('takes the path of a file', async () => {
    const file = 'scenarios/three-ways.yaml'
    const { code, stdout } = await rivalry('run', file, '-n', '4', '--set', 'months=6', '--workers', '0')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Three ways to charge: 6 months, 4 replications, seed 1\n/)
  })
})

test('rivalry scenarios lists the packaged ones with one line on each', async () => {
  const { code, stdout } = await rivalry('scenarios')
  expect(code).toBe(0)
  for (const { name } of listScenarios())
    expect(stdout).toMatch(
      new RegExp(`^${name} +\\S.*[.?)]\\n +\\d+ startups?, \\d+ segments?, \\d+ months\\n`, 'm'),
    )
  const listed = JSON.parse((await rivalry('scenarios', '--json')).stdout) as { name: string; file: string }[]
  expect(listed.map(({ name, file }) => ({ name, file }))).toEqual(listScenarios())
})

test.each([
  ['Who wins?  And when. Or not.', 'Who wins?'],
  ['Logit duopoly of Calvano et al. (2020)', 'Logit duopoly of Calvano et al. (2020)'],
  ['After Calvano et al. (2020), with costs. Not calibrated.', 'After Calvano et al. (2020), with costs.'],
  [
    'Plans, e.g. Pro and Team, cost 9.90 a\n month. More below.',
    'Plans, e.g. Pro and Team, cost 9.90 a month.',
  ],
])('the first sentence of %j is whole', (text, sentence) => {
  expect(firstSentence(text)).toBe(sentence)
})

test('rivalry doctor says what is there, and why TensorFlow is or is not', async () => {
  const { code, stdout } = await rivalry('doctor')
  expect(code).toBe(0)
  expect(stdout).toMatch(new RegExp(`^cores +${usableCores()} `, 'm'))
  expect(stdout).toMatch(/^WebAssembly SIMD +yes$/m)
  expect(stdout).toMatch(/^shared memory +yes$/m)
  expect(stdout).toMatch(/^apache-arrow +\d+\.\d+\.\d+$/m)
  expect(stdout).toMatch(/^@tensorflow\/tfjs-node-gpu +(loads, version \d|unavailable: \S)/m)
})

test.each([[], ['run'], ['scenarios'], ['doctor']])(
  'rivalry %s --help shows examples that exist',
  async (...command) => {
    const { code, stdout, stderr } = await rivalry(...command, '--help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const examples = stdout
      .slice(stdout.indexOf('Examples:'))
      .split('\n')
      .slice(1)
      .filter((line) => line.trim() !== '')
    expect(examples.length).toBeGreaterThan(0)
    for (const line of examples) expect(line).toMatch(/^ {2}rivalry (run|scenarios|study|doctor)\b/)
  },
)

test('rivalry without arguments shows its commands, and --version the version', async () => {
  const [bare, version] = await Promise.all([rivalry(), rivalry('--version')])
  expect(bare).toMatchObject({ code: 0, stderr: '' })
  expect(bare.stdout).toMatch(/^Usage: rivalry /)
  expect(version).toEqual({ code: 0, stdout: `${engineVersion}\n`, stderr: '' })
})

test('the engine states the version of its package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  expect(engineVersion).toBe(manifest.version)
})
