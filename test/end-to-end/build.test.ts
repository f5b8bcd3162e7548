import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../../engine/tables/digest.ts'
import type { Manifest } from '../../index.ts'
import { inFolder, manifestOf } from '../run/runs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let built: string

/** Runs Node in the repository. */
function node(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
}

beforeAll(() => {
  // Within the repository, so that it finds dependencies and scenarios as dist/ does; built here, so never stale.
  mkdirSync(join(root, '.cache'), { recursive: true })
  built = mkdtempSync(join(root, '.cache/build-'))
  const { status, stdout } = node(
    'node_modules/typescript/bin/tsc',
    '-p',
    'tsconfig.build.json',
    '--outDir',
    built,
  )
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
})

afterAll(() => {
  rmSync(built, { recursive: true, force: true })
})

describe('the built program', () => {
  test('leaves the bytes that the sources leave, each as the manifest says', async () => {
    await inFolder(async (folder) => {
      const out = join(folder, 'out')
      const run = [
        'three-ways',
        '-n',
        '10',
        '--record',
        'months',
        '--set',
        'months=20',
        '--workers',
        '2',
        '--batch',
        '4',
      ]
      const { status, stderr } = node(join(built, 'bin/rivalry.js'), 'run', ...run, '--out', out, '--quiet')
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest
      for (const { name, bytes, sha256: digest } of manifest.files) {
        const content = readFileSync(join(out, name))
        expect([name, content.length, sha256(content)]).toEqual([name, bytes, digest])
      }
      expect(manifest).toEqual(
        await manifestOf({ replications: 10, recording: 'months', set: ['months=20'] }),
      )
    })
  })

  test('runs a strategy of the packaged ones in its threads', () => {
    const run = ['run', 'three-ways', '-n', '8', '--set', 'months=14', '--workers', '1', '--json', '--quiet']
    const usual = node(join(built, 'bin/rivalry.js'), ...run)
    const undercut = node(
      join(built, 'bin/rivalry.js'),
      ...run,
      '--set',
      'startups.subscription.strategy=undercut',
    )
    expect([usual.status, undercut.status, undercut.stderr]).toEqual([0, 0, ''])
    expect(undercut.stdout).not.toBe(usual.stdout)
  })

  test('is a library', () => {
    const program = `
      import { loadScenario, simulate } from ${JSON.stringify(join(built, 'index.js'))}
      const { summary } = await simulate(loadScenario('three-ways', { set: ['months=12'] }), { replications: 12, seed: 7 })
      console.log(summary.startups.map(({ id, survivalAtEnd }) => id + ' ' + (survivalAtEnd.share <= 1)).join())`
    const { status, stdout, stderr } = node('--input-type=module', '--eval', program)
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: 'free-ads true,freemium true,subscription true\n',
      stderr: '',
    })
  })

  test('has what package.json promises', () => {
    const { bin, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      bin: { rivalry: string }
      exports: { '.': Record<string, string> }
    }
    for (const path of [bin.rivalry, ...Object.values(exports['.'])]) {
      expect(existsSync(join(built, path.replace(/^(?:\.\/)?dist\//, '')))).toBe(true)
    }
    expect(readFileSync(join(built, 'bin/rivalry.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  })
})
