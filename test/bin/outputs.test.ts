/** What the program does when what it prints cannot be written, or nobody reads it. */
import { spawn } from 'node:child_process'
import { existsSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { inFolder } from '../run/runs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const SHORT = ['run', 'three-ways', '-n', '9', '--set', 'months=18', '--workers', '1']

/** Runs the program with given outputs; `closed` ones are pipes whose other side is closed at once. */
function rivalry(
  args: readonly string[],
  { stdout = 'pipe', stderr = 'pipe' }: { stdout?: number | 'pipe' | 'closed'; stderr?: 'pipe' | 'closed' },
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/rivalry.ts', ...args], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', stdout === 'closed' ? 'pipe' : stdout, 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  for (const [name, how] of [
    ['stdout', stdout],
    ['stderr', stderr],
  ] as const) {
    if (how === 'closed') child[name]!.destroy()
    else child[name]?.setEncoding('utf8').on('data', (text: string) => (texts[name] += text))
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...texts }))
  })
}

test.skipIf(!existsSync('/dev/full'))(
  'a full disk behind the standard output is an error in plain words (needs /dev/full)',
  async () => {
    for (const args of [[...SHORT, '--quiet', '--json'], ['scenarios'], ['doctor']]) {
      const { code, stderr } = await rivalry(args, { stdout: openSync('/dev/full', 'w') })
      expect(code).toBe(2)
      expect(stderr).toBe(
        'error[disk-full] the standard output: no space left on the disk for the standard output\n' +
          '  hint: free some space, or name a folder on another disk, and run it again\n',
      )
    }
  },
)

test('a reader who has seen enough is no error', async () => {
  expect(await rivalry([...SHORT, '--quiet', '--json'], { stdout: 'closed' })).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  })
})

test('a run goes on to its end when nobody reads its messages', async () => {
  await inFolder(async (folder) => {
    const out = join(folder, 'out')
    const args = [...SHORT, '--out', out]
    // A warning at the start, and the time it took at the end.
    const { code, stdout } = await rivalry([...args, '--workers', '1000'], { stderr: 'closed' })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Three ways to charge/)
    expect(readdirSync(out)).toContain('manifest.json')
    expect(readdirSync(out).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

test('more workers than cores by far are warned of, and no more are started than there are batches', async () => {
  const { code, stderr } = await rivalry([...SHORT, '--workers', '1000'], {})
  expect(code).toBe(0)
  expect(stderr).toMatch(/^warning: 1000 workers share \d+ cores?; more than \d+ make nothing faster\n/)
})
