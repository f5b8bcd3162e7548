/**
 * Owns how the benchmark starts its own programs: each measured thing runs in a process of its own, loaded through
 * tsx, with no flag of V8 that a user would not have, and prints what it measured as JSON on its last line.
 */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'

import { assert } from '../engine/errors.ts'

const timeoutMs = 20 * 60_000

/** The folder of package.json above this file. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    assert(parent !== folder, 'the benchmark lies in a project with a package.json')
    folder = parent
  }
  return folder
}

/** Arguments of Node that run a program of `bench/`, given by its file's name. */
export function programArguments(file: string, flags: readonly string[] = []): string[] {
  return [...flags, '--import', import.meta.resolve('tsx'), join(projectRoot(), 'bench', file)]
}

/** Runs a command and parses the last line that it prints. @throws Error when it fails or prints something else. */
export async function runForJson<Result>(command: string, args: readonly string[]): Promise<Result> {
  // The parent's loaders and hooks are not the child's.
  const env = { ...process.env, NODE_OPTIONS: '' }
  const options = { env, timeout: timeoutMs, cwd: projectRoot(), maxBuffer: 2 ** 26 }
  const { stdout } = await promisify(execFile)(command, [...args], options)
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Result
}

/** Runs a program of `bench/` with options, `{ replications: 100 }` given as `--replications 100`. */
export function runProgram<Result>(
  file: string,
  options: Readonly<Record<string, string | number>>,
  flags: readonly string[] = [],
): Promise<Result> {
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  return runForJson(process.execPath, [...programArguments(file, flags), ...given])
}

/** The options of a command line, all of which take a value, over their defaults; exits with 2 on any other. */
export function readOptions<const Defaults extends Readonly<Record<string, string>>>(
  defaults: Defaults,
): Record<keyof Defaults, string> {
  const declared = Object.entries(defaults).map(([name, value]) => [
    name,
    { type: 'string', default: value } as const,
  ])
  try {
    return parseArgs({ options: Object.fromEntries(declared) }).values as Record<keyof Defaults, string>
  } catch (error) {
    exitWith('bad-option', error instanceof Error ? error.message : String(error))
  }
}

/** A number that an option gives; exits with 2 when it is none or below `lowest`. */
export function readNumber(name: string, text: string, lowest: number, isAllowed = Number.isInteger): number {
  const value = Number(text)
  if (text.trim() !== '' && isAllowed(value) && value >= lowest) return value
  const kind = isAllowed === Number.isInteger ? 'an integer' : 'a number'
  exitWith('bad-option', `--${name} must be ${kind} of at least ${lowest}, not '${text}'`)
}

function exitWith(code: string, message: string): never {
  console.error(`error[${code}] ${message}`)
  process.exit(2)
}

/** Does `work` in a new empty folder, which is removed afterwards. */
export async function inTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(os.tmpdir(), 'rivalry-bench-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
