import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inFolder } from '../run/runs.ts'
import { rivalry } from './command.ts'

const SCENARIO = `segments:
  everyone: { kind: consumer, potential: 100000, alfa: 1, growth: much }
startups:
  ada: { model: subscripton }
`

/** Line and column, from 1, of a text in the scenario. */
function at(text: string): string {
  const before = SCENARIO.slice(0, SCENARIO.indexOf(text)).split('\n')
  return `${before.length}:${before.at(-1)!.length + 1}`
}

describe('what a user gets wrong ends with 2, says where and how to mend it, and leaves nothing', () => {
  test('several mistakes in a scenario, all at once, each with file, line, column and key', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'market.yaml')
      writeFileSync(file, SCENARIO)
      const out = join(folder, 'out')
      const { code, stdout, stderr } = await rivalry('run', file, '--out', out, '--set', 'months=soon')
      expect(code).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toContain(`error[unknown-key] ${file}:${at('alfa')} segments.everyone.alfa: `)
      expect(stderr).toContain(`error[wrong-type] ${file}:${at('much')} segments.everyone.growth: `)
      expect(stderr).toContain(`error[unknown-model] ${file}:${at('subscripton')} startups.ada.model: `)
      expect(stderr).toContain("hint: did you mean 'subscription'?")
      expect(stderr).toContain('error[wrong-type] --set months=soon: ')
      expect(stderr).not.toMatch(/^ +at /m)
      expect(existsSync(out)).toBe(false)
    })
  })

  test('a file that is not there', async () => {
    const { code, stderr } = await rivalry('run', './no-such-market.yaml')
    expect(code).toBe(2)
    expect(stderr).toBe(
      "error[scenario-not-found] ./no-such-market.yaml: there is no file './no-such-market.yaml'\n" +
        '  hint: give the path of a YAML file, or the name of a packaged scenario\n',
    )
  })

  test('a name that no packaged scenario has', async () => {
    const { code, stderr } = await rivalry('run', 'three-way')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error\[unknown-scenario\] three-way: .*\n {2}hint: did you mean 'three-ways'/)
  })

  test('options with impossible values, all at once', async () => {
    const options = ['--replications', '0', '--workers', '-1', '--batch', '2.5', '--backend', 'gpu']
    const { code, stderr } = await rivalry(
      'run',
      'three-ways',
      ...options,
      '--record',
      'days',
      '--format',
      'xlsx',
    )
    expect(code).toBe(2)
    const lines = stderr.split('\n').filter((line) => line.startsWith('error'))
    expect(lines).toEqual([
      "error[invalid-option] --replications: replications is '0', not a whole number from 1 to 2147483647",
      "error[invalid-option] --workers: workers is '-1', not a whole number from 0 to 1024",
      "error[invalid-option] --batch: batch is '2.5', not a whole number from 1 to 1048576",
      "error[invalid-option] --backend: backend is 'gpu', not one of wasm, javascript",
      "error[invalid-option] --record: record is 'days', not one of summary, months",
      "error[invalid-option] --format: format is 'xlsx', not one of arrow, parquet, csv",
    ])
  })

  test('an option or a command that does not exist', async () => {
    const [option, command, missing] = await Promise.all([
      rivalry('run', 'three-ways', '--replicatons', '10'),
      rivalry('rum'),
      rivalry('run'),
    ])
    expect([option.code, command.code, missing.code]).toEqual([2, 2, 2])
    expect(option.stderr).toBe(
      "error[unknown-option]: unknown option '--replicatons'\n  hint: did you mean --replications?\n",
    )
    expect(command.stderr).toBe("error[unknown-command]: unknown command 'rum'\n  hint: did you mean run?\n")
    expect(missing.stderr).toMatch(/^error\[missing-argument\]: missing required argument 'scenario'/)
  })

  test('a folder that holds another run, unless it may be overwritten', async () => {
    await inFolder(async (folder) => {
      const run = [
        'run',
        'three-ways',
        '-n',
        '4',
        '--set',
        'months=13',
        '--workers',
        '0',
        '--out',
        folder,
        '--quiet',
      ]
      expect(await rivalry(...run)).toEqual({ code: 0, stdout: '', stderr: '' })
      const before = readdirSync(folder).toSorted()
      const again = await rivalry(...run, '--format', 'csv')
      expect(again.code).toBe(2)
      expect(again.stderr).toMatch(
        /^error\[output-exists\] .*manifest\.json: the folder .* holds the results of another run\n/,
      )
      expect(readdirSync(folder).toSorted()).toEqual(before)
      expect((await rivalry(...run, '--format', 'csv', '--overwrite')).code).toBe(0)
      const csv = before.map((name) => name.replace('.arrow', '.csv'))
      expect(readdirSync(folder).toSorted()).toEqual(csv.toSorted())
    })
  })

  test('a folder with a file of that name in it that no run made, --overwrite or not', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'startups.csv'), 'mine')
      const run = ['run', 'three-ways', '-n', '4', '--format', 'csv', '--out', folder, '--quiet']
      for (const given of [run, [...run, '--overwrite']]) {
        const { code, stderr } = await rivalry(...given)
        expect(code).toBe(2)
        expect(stderr).toMatch(
          /^error\[output-exists\] .*startups\.csv: .* holds a file startups\.csv that no run left/,
        )
        expect(readdirSync(folder)).toEqual(['startups.csv'])
      }
    })
  })

  test('a folder that cannot be written to', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'file'), '')
      const { code, stderr } = await rivalry(
        'run',
        'three-ways',
        '-n',
        '4',
        '--out',
        join(folder, 'file/out'),
        '--quiet',
      )
      expect(code).toBe(2)
      expect(stderr).toMatch(
        /^error\[output-not-writable\] .*file\/out: cannot write .*: a part of the path is not a folder\n/,
      )
      expect(readdirSync(folder)).toEqual(['file'])
    })
  })

  test('a folder in the way of a file', async () => {
    await inFolder(async (folder) => {
      const out = join(folder, 'out')
      mkdirSync(join(out, 'manifest.json'), { recursive: true })
      const { code, stderr } = await rivalry(
        'run',
        'three-ways',
        '-n',
        '4',
        '--out',
        out,
        '--quiet',
        '--overwrite',
      )
      expect(code).toBe(2)
      expect(stderr).toMatch(/^error\[output-/)
      expect(readdirSync(out)).toEqual(['manifest.json'])
    })
  })

  test('mistakes about strategies, with the others, each with file, line, column and key', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'market.yaml')
      const text = `segments:
  everyone: { kind: consumer, potentail: 100000 }
startups:
  ada: { model: subscription, strategy: undercutt }
  bob:
    model: subscription
    strategy: { name: undercut, settings: { by: 2, speed: 1, margin: little } }
  cyd: { model: subscription, strategy: { name: geniuses } }
  dan: { model: subscription, strategy: { settings: { by: 0.1 } } }
`
      writeFileSync(file, text)
      const place = (found: string): string => {
        const before = text.slice(0, text.indexOf(found)).split('\n')
        return `${file}:${before.length}:${before.at(-1)!.length + 1}`
      }
      const { code, stderr } = await rivalry('run', file, '--out', join(folder, 'out'))
      expect(code).toBe(2)
      expect(stderr).toContain(`error[unknown-key] ${place('potentail')} segments.everyone.potentail: `)
      expect(stderr).toContain(
        `error[unknown-strategy] ${place('undercutt')} startups.ada.strategy: there is no strategy 'undercutt'\n  hint: did you mean 'undercut'?\n`,
      )
      expect(stderr).toContain(
        `error[out-of-bounds] ${place('2, speed')} startups.bob.strategy.settings.by: by of startups.bob.strategy.settings is 2, out of bounds\n  hint: strategy undercut takes it from 0 to 0.9\n`,
      )
      expect(stderr).toContain(
        `error[unknown-setting] ${place('speed')} startups.bob.strategy.settings.speed: strategy undercut has no setting 'speed'\n  hint: allowed: by, margin, ceiling\n`,
      )
      expect(stderr).toContain(`error[wrong-type] ${place('little')} startups.bob.strategy.settings.margin: `)
      expect(stderr).toContain(`error[unknown-strategy] ${place('geniuses')} startups.cyd.strategy.name: `)
      expect(stderr).toContain(
        `error[missing-key] ${place('strategy: { settings')} startups.dan.strategy.name: `,
      )
      expect(readdirSync(folder)).toEqual(['market.yaml'])
    })
  })

  test('mistakes about strategies on the command line, where they are', async () => {
    const set = [
      'startups.freemium.strategy=genius',
      'startups.free-ads.strategy={ name: undercut, settings: { by: 5 } }',
      'startups.subscription.strategy.settings.foo=1',
    ]
    const { code, stderr } = await rivalry(
      'run',
      'three-ways',
      ...set.flatMap((setting) => ['--set', setting]),
    )
    expect(code).toBe(2)
    const lines = stderr.split('\n').filter((line) => line.startsWith('error'))
    expect(lines.map((line) => line.replace(/: [^:]*$/, '')).toSorted()).toEqual([
      'error[missing-key] --set startups.subscription.strategy.settings.foo=1',
      'error[out-of-bounds] --set startups.free-ads.strategy={ name: undercut, settings: { by: 5 } }',
      'error[unknown-strategy] --set startups.freemium.strategy=genius',
    ])
  })

  test('a control character reaches no terminal', async () => {
    const { stderr } = await rivalry('run', 'three-ways', '--set', 'months=\u001b[2J')
    expect(stderr).toMatch(/^error\[/)
    expect(stderr).toContain('\\u001b[2J')
    expect(stderr).not.toContain('\u001b')
  })

  test('--verbose adds where the error comes from', async () => {
    const { code, stderr } = await rivalry('run', 'three-ways', '--set', 'months=abc', '--verbose')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error\[wrong-type\][^]*^ +at /m)
  })
})
