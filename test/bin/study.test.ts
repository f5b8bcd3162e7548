import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { StudyPlan } from '../../bin/study-plan.ts'
import type { StudyManifest, StudyStatus, StudySummary } from '../../index.ts'
import { inFolder } from '../run/runs.ts'
import { rivalry, start } from './command.ts'

/** Two variants at six points, in three units of two points each. */
const SMALL = `title: How cheap must computing be?
scenario: three-ways
set: { demography: expected, months: 24 }
variants:
  as it is: {}
  capped: { startups.freemium.plans.free.cap: 30 }
design:
  kind: latin-hypercube
  points: 6
  parameters: { parameters.computePrice: { low: 0.003, high: 0.09, scale: log } }
metrics: { alive: startups.freemium.alive, profit: startups.freemium.profit }
replications: 400
`

/** A study that takes minutes. */
const LONG = `scenario: three-ways
design:
  kind: latin-hypercube
  points: 2000
  parameters: { parameters.computePrice: { low: 0.003, high: 0.09 } }
replications: 1000
`

/** Points are tried when a study is loaded, but not more than 2,000: the last one makes no market. */
const FAILING = `scenario: three-ways
set: { months: 6, demography: expected, parameters.marginHigh: 0.5 }
metrics: { alive: startups.freemium.alive }
replications: 4
design:
  kind: list
  list:
${Array.from({ length: 2001 }, (_, i) => `    - { parameters.marginLow: ${i < 2000 ? 0.1 : 0.9} }\n`).join('')}`

/** A folder with a study file in it. */
function withStudy(
  text: string,
  use: (given: { folder: string; file: string; out: string }) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    const file = join(folder, 'small.yaml')
    writeFileSync(file, text)
    await use({ folder, file, out: join(folder, 'out') })
  })
}

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8')
const manifestIn = (folder: string): StudyManifest =>
  JSON.parse(read(folder, 'manifest.json')) as StudyManifest
const temporary = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith('rivalry-study-'))

/** Sets variables of the environment that commands inherit, while `use` runs. */
async function withEnvironment<Result>(
  variables: Readonly<Record<string, string>>,
  use: () => Promise<Result>,
): Promise<Result> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, variables)
  try {
    return await use()
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
  }
}

describe('rivalry study', () => {
  test('prints the text that it writes, says where files are, and does nothing a second time', async () => {
    await withStudy(SMALL, async ({ file, out }) => {
      const first = await rivalry('study', file, '--out', out, '--workers', '1')
      expect(first.code).toBe(0)
      expect(first.stdout).toMatch(/^How cheap must computing be\?: study small, seed 1\n/)
      expect(first.stdout).toBe(read(out, 'summary.txt'))
      expect(first.stderr).toMatch(
        /4800 replications in [\d.]+ s; results in .*out: .*\bstatistics\.arrow\b.*\n$/,
      )
      for (const { name } of manifestIn(out).files) expect(existsSync(join(out, name))).toBe(true)
      expect(existsSync(join(out, 'units'))).toBe(false)
      const second = await rivalry('study', file, '--out', out, '--json')
      expect(second.code).toBe(0)
      expect(second.stdout).toBe(read(out, 'summary.json'))
      expect(second.stderr).toMatch(/^the study was finished before; results in /)
    })
  })

  test('takes packaged names, and --dry-run says what would be computed and computes nothing', async () => {
    const { code, stdout, stderr } = await rivalry(
      'study',
      'freemium-or-subscription',
      '--dry-run',
      '-n',
      '400',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^variants +4: freemium \(baseline\), /m)
    expect(stdout).toMatch(/^points +1 \(point\)$/m)
    expect(stdout).toMatch(/^replications +400, of each variant at each point$/m)
    // Four variants of three startups for 60 months.
    expect(stdout).toMatch(/^startup-months +288,000$/m)
  })

  test('--dry-run shows the first points, in lines of at most 110 characters', async () => {
    const [text, json] = await Promise.all([
      rivalry('study', 'where-free-survives', '--dry-run'),
      rivalry('study', 'where-free-survives', '--dry-run', '--json'),
    ])
    for (const line of text.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(110)
    const plan = JSON.parse(json.stdout) as StudyPlan
    expect(plan).toMatchObject({
      points: 500,
      replications: { first: 40, most: 40 },
      design: 'latin-hypercube',
    })
    const [, price] = /^parameters\.computePrice +([\d.]+) /m.exec(text.stdout)!
    expect(Number(price)).toBeCloseTo(plan.firstPoints[0]!['parameters.computePrice'] as number, 6)
    expect(text.stdout).toMatch(/^and \d+ more points$/m)
  })

  test('without --out nothing is kept, and it says so', async () => {
    await withStudy(SMALL, async ({ file, folder }) => {
      const { code, stdout, stderr } = await withEnvironment({ TMPDIR: folder }, () =>
        rivalry('study', file, '-n', '8', '--set', 'months=6', '--seed', '7'),
      )
      expect(code).toBe(0)
      expect(stdout).toMatch(/seed 7\n/)
      expect(stdout).toMatch(/\b96 replications: 8 of each variant at each point/)
      expect(stderr).toMatch(/; nothing was kept; --out FOLDER keeps the tables\n$/)
      expect(temporary(folder)).toEqual([])
    })
  })

  test('names every wrong flag at once, with a hint', async () => {
    const wrong = '--workers many --shard 7/5 --wait --resume --overwrite --queue localhost --format xls -n 0'
    const { code, stdout, stderr } = await rivalry('study', 'freemium-or-subscripton', ...wrong.split(' '))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    for (const flag of ['workers', 'format', 'replications', 'shard', 'resume', 'overwrite', 'queue'])
      expect(stderr).toMatch(new RegExp(`^error\\[invalid-option\\] --${flag}: `, 'm'))
    expect(stderr).toMatch(
      /^error\[unknown-study\] freemium-or-subscripton: .*\n {2}hint: .*freemium-or-subscription/m,
    )
    const alone = await rivalry('study', 'freemium-or-subscription', '--wait', '--out', 'nowhere')
    expect(alone).toMatchObject({ code: 2 })
    expect(alone.stderr).toBe(
      'error[invalid-option] --wait: wait is for parts of a study\n  hint: name one with --shard, or leave out --wait\n',
    )
  })

  test('an unfinished study is neither gone on with nor dropped unasked', async () => {
    await withStudy(SMALL, async ({ file, out }) => {
      expect(await rivalry('study', file, '--shard', '1/3', '--out', out, '-q')).toMatchObject({ code: 0 })
      const refused = await rivalry('study', file, '--out', out)
      expect(refused).toMatchObject({ code: 2, stdout: '' })
      expect(refused.stderr).toMatch(/^error\[study-unfinished\] .*\n {2}hint: .*--resume.*--overwrite/)
      const resumed = await rivalry('study', file, '--out', out, '--resume')
      expect(resumed).toMatchObject({ code: 0 })
      expect(resumed.stderr).toMatch(/^found 1 unit done before$/m)
    })
  })

  test('units that fail are listed with their place and luck, and end with 3; status says the same', async () => {
    await withStudy(FAILING, async ({ file, out }) => {
      const { code, stdout, stderr } = await rivalry('study', file, '--out', out)
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      const failure =
        'error[out-of-order] study small, variant base, point 2000 (parameters.marginLow=0.9), replication 0, seed 1: ' +
        'marginLow is 0.9, above marginHigh, 0.5\n  hint: exchange them, or widen the range\n'
      expect(stderr).toContain(failure)
      expect(stderr).toMatch(/^1 unit failed; \d+ of \d+ units? (?:is|are) done; --resume tries them again$/m)
      const again = await rivalry('study', file, '--out', out, '--resume', '--quiet')
      expect(again).toMatchObject({ code: 3, stdout: '' })
      expect(again.stderr).toContain(failure)
      const status = await rivalry('status', out)
      expect({ code: status.code, stderr: status.stderr }).toEqual({ code: 3, stderr: '' })
      expect(status.stdout).toContain(failure)
    })
  })
})

describe('parts of a study', () => {
  test('in folders of their own are merged to the bytes of one machine, and what is missing is listed', async () => {
    await withStudy(SMALL, async ({ file, folder, out }) => {
      const part = (i: number): string => join(folder, `part-${i}`)
      const parts = await Promise.all(
        [1, 2, 3].map((i) => rivalry('study', file, '--shard', `${i}/3`, '--out', part(i), '--workers', '0')),
      )
      for (const { code, stdout, stderr } of parts) {
        expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
        expect(stderr).toMatch(
          /part \d of 3 is done; 2 units of others are missing \(1 of 3 units is done\)\n.*rivalry merge/,
        )
      }
      const whole = join(folder, 'whole')
      const partly = await rivalry('merge', part(1), part(3), '--out', whole)
      expect(partly).toMatchObject({ code: 3, stdout: '' })
      expect(partly.stderr).toMatch(/^not complete: 1 unit is missing in .*; 2 of 3 units are done$/m)
      expect(partly.stderr).toMatch(/^ {2}unit 1: points 2 to 3, replications 0 to 399$/m)
      const status = await rivalry('status', whole, '--shards', '3', '--json')
      expect(status.code).toBe(3)
      expect(JSON.parse(status.stdout)).toMatchObject({
        isFinished: false,
        units: { done: 2, total: 3 },
        shards: [{ shard: 2, missing: 1 }],
      })
      const merged = await rivalry('merge', part(2), '--out', whole, '--json', '-q')
      expect({ code: merged.code, stderr: merged.stderr }).toEqual({ code: 0, stderr: '' })
      expect((JSON.parse(merged.stdout) as StudySummary).points).toBe(6)
      expect(await rivalry('study', file, '--out', out, '-q')).toEqual({ code: 0, stdout: '', stderr: '' })
      expect(manifestIn(whole)).toEqual(manifestIn(out))
      expect(await rivalry('status', whole)).toEqual({
        code: 0,
        stdout: `small: finished; results in ${whole}\n`,
        stderr: '',
      })
    })
  })

  test('know their number from the job array that they run in', async () => {
    await withStudy(SMALL, async ({ file, out }) => {
      const task = { SLURM_ARRAY_TASK_ID: '8', SLURM_ARRAY_TASK_MIN: '7', SLURM_ARRAY_TASK_COUNT: '3' }
      const done = await withEnvironment(task, () => rivalry('study', file, '--shard', 'auto', '--out', out))
      expect(done.stderr).toMatch(/^part 2 of 3 is done; /m)
      const { missing } = JSON.parse((await rivalry('status', out, '--json')).stdout) as StudyStatus
      expect(missing.map(({ ordinal }) => ordinal)).toEqual([0, 2])
    })
  })
})

describe('folders without a study', () => {
  test('are an error of status and merge, and so is a merge to nowhere', async () => {
    await inFolder(async (folder) => {
      mkdirSync(join(folder, 'empty'))
      const [status, merge, nowhere] = await Promise.all([
        rivalry('status', join(folder, 'empty')),
        rivalry('merge', join(folder, 'empty'), '--out', join(folder, 'out')),
        rivalry('merge', join(folder, 'empty')),
      ])
      for (const { code, stdout, stderr } of [status, merge]) {
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
        expect(stderr).toMatch(/^error\[no-study\] .*empty: no study was begun in .*\n {2}hint: /)
      }
      expect(nowhere).toMatchObject({ code: 2 })
      expect(nowhere.stderr).toMatch(
        /^error\[invalid-option\] --out: out names no folder\n {2}hint: .*--out FOLDER/,
      )
      expect(readdirSync(folder)).toEqual(['empty'])
    })
  })
})

describe('an interrupted study', () => {
  /** Waits until a unit is done. */
  async function underWay(out: string): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      const units = join(out, 'units')
      const names = existsSync(units) ? readdirSync(units, { recursive: true, encoding: 'utf8' }) : []
      if (names.some((name) => name.endsWith('.unit'))) return
      await delay(50)
    }
    throw new Error('no unit was ever done')
  }

  test.each([
    ['SIGINT', '1', 130],
    ['SIGTERM', '0', 143],
  ] as const)('by %s on %s workers says what is kept, within a second', async (signal, workers, exitCode) => {
    await withStudy(LONG, async ({ file, out }) => {
      const run = start(['study', file, '--out', out, '--workers', workers])
      await underWay(out)
      const from = performance.now()
      run.process.kill(signal)
      const { code, stdout, stderr } = await run.finished
      expect(performance.now() - from).toBeLessThan(1000)
      expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
      const [, kept, total] =
        /^interrupted: (\d+) of (\d+) units (?:is|are) kept in .*out; --resume goes on$/m.exec(stderr)!
      const units = readdirSync(join(out, 'units'), { recursive: true, encoding: 'utf8' })
      expect(Number(kept)).toBe(units.filter((name) => name.endsWith('.unit')).length)
      const status = JSON.parse((await rivalry('status', out, '--json')).stdout) as StudyStatus
      expect(status.units).toEqual({ done: Number(kept), total: Number(total) })
      expect(readdirSync(out)).toEqual(['units'])
    })
  })

  test('leaves nothing without --out', async () => {
    await withStudy(LONG, async ({ file, folder }) => {
      const run = await withEnvironment({ TMPDIR: folder }, () =>
        Promise.resolve(start(['study', file, '--workers', '1'])),
      )
      while (temporary(folder).length === 0) await delay(50)
      await delay(1500)
      run.process.kill('SIGINT')
      const { code, stderr } = await run.finished
      expect(code).toBe(130)
      expect(stderr.split('\n').at(-2)).toBe('interrupted: nothing was left behind')
      expect(temporary(folder)).toEqual([])
    })
  })
})

test('packaged studies are listed beside scenarios', async () => {
  const { code, stdout } = await rivalry('scenarios')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^freemium-or-subscription +\S.*\.\n +4 variants, 1 point, \d+ to \d+ replications$/m,
  )
  const listed = JSON.parse((await rivalry('scenarios', '--studies', '--json')).stdout) as { name: string }[]
  expect(listed.map(({ name }) => name)).toContain('where-free-survives')
})

test.each(['study', 'status', 'merge'])(
  'rivalry %s --help shows examples of commands that exist',
  async (command) => {
    const { code, stdout, stderr } = await rivalry(command, '--help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const examples = stdout.slice(stdout.indexOf('Examples:')).split('\n').slice(1)
    const lines = examples.filter((line) => line.trim() !== '')
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toMatch(new RegExp(`^ {2}rivalry ${command}\\b`))
  },
)
