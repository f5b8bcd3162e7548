import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inFolder } from '../run/runs.ts'
import { start } from './command.ts'

/** Waits until a part of a result has bytes in it, so that the run is in its middle. */
async function underWay(folder: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.part'))) return
    await delay(50)
  }
  throw new Error('the run never began')
}

test.each([
  ['SIGINT', '2', 130, []],
  ['SIGINT', '0', 130, ['--batch', '4000']],
  ['SIGTERM', '1', 143, []],
  ['SIGHUP', '1', 129, []],
] as const)(
  '%s ends a run on %s workers within a second, with nothing left behind',
  async (signal, workers, exitCode, more) => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'mine.txt'), 'mine')
      const out = join(folder, 'out')
      const run = start([
        'run',
        'three-ways',
        '-n',
        '2000000',
        '--record',
        'months',
        '--workers',
        workers,
        ...more,
        '--out',
        out,
      ])
      await underWay(out)
      // Well into the simulation, also where the machine is busy.
      await delay(1500)
      const from = performance.now()
      run.process.kill(signal)
      const { code, stdout, stderr } = await run.finished
      expect(performance.now() - from).toBeLessThan(1000)
      expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
      expect(stderr.split('\n').at(-2)).toBe('interrupted: nothing was left behind')
      expect(readdirSync(folder)).toEqual(['mine.txt'])
    })
  },
)
